"""The dashboard's forms are made of the validator's shapes: what is kept of them there is what they are now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[3]


def test_kept_grammar_is_the_validators() -> None:
    script = PROJECT / "ui" / "scripts" / "grammar.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
