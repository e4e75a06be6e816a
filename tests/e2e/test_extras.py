"""The extras can be installed: no two packages of one ask for what cannot be had together."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.long


@pytest.mark.parametrize("extra", ["dev", "bench"])
def test_an_extra_can_be_installed(extra: str) -> None:
    """On an empty environment; nothing is installed."""
    _resolve(f"{ROOT}[{extra}]")


def test_what_the_benchmarks_install_beside_their_extra_is_there() -> None:
    """The packages that `make bench` takes without what they depend on."""
    _resolve("--no-deps", "--requirement", str(ROOT / "bench" / "no-deps.txt"))


def _resolve(*wanted: str) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"]
    done = subprocess.run([*pip, *wanted], capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
