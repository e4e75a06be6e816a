"""The dashboard's forms are made of the validator's shapes, of which a copy is kept there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[3]


def test_the_copy_is_up_to_date() -> None:
    script = PROJECT / "ui" / "scripts" / "grammar.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
