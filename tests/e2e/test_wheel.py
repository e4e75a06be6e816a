"""The wheel: it has the dashboard, and needs no Node.js where it is installed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.long


def test_a_wheel_serves_the_dashboard_without_nodejs(tmp_path: Path) -> None:
    """Built by pip as anybody would build it, unpacked, and run from there."""
    wheels = tmp_path / "wheels"
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), str(ROOT)],
        check=True,
        timeout=280,
    )
    (wheel,) = wheels.glob("headrace-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "installed")
    nowhere = tmp_path / "bin"
    nowhere.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "PATH": str(nowhere)}
    program = (
        f"import headrace; assert headrace.__file__.startswith({str(tmp_path)!r}); "
        "from headrace.cli import main; main()"
    )
    (tmp_path / "projects").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", program, "up", str(tmp_path / "projects"), "--port", "0"],
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = next(found[0] for line in process.stdout if (found := re.search(r"http://127[^\s/#]+", line)))
        with urllib.request.urlopen(f"{url}/n/default/flows/orders", timeout=30) as answer:
            page = answer.read().decode()
            ahead = answer.headers["link"]
        files = [*re.findall(r'(?:src|href)="(/assets/[^"]+)"', page), *re.findall(r"</assets/[^>]+>", ahead)]
        assert len(files) > 10
        for file in files:
            with urllib.request.urlopen(url + file.strip("<>"), timeout=30) as answer:
                assert "immutable" in answer.headers["cache-control"], file
    finally:
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=60)
    assert process.returncode == 0, complaints
