"""`make run`: the platform with its examples; the lines that it prints work as they are printed."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_lines_that_make_run_prints(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "examples" / "run.py")],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if line.startswith("Ctrl-C"):
                break
        assert "deployed shop/order-fulfilment 1.0.0" in said
        assert "deployed shop/restock 1.0.0" in said
        assert re.search(r"backordered\s+completed", said), said
        first, second = (
            command.strip() for command in re.findall(r"^  (curl .*?)\n\n", said, re.MULTILINE | re.DOTALL)
        )
        answer = json.loads(bash(first))
        assert (answer["order"], answer["status"]) == ("SO-1", "shipped")
        history = json.loads(bash(second))
        assert any(run["name"] == "announce" for run in history["items"])
    finally:
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=60)
    assert process.returncode == 0, complaints


def bash(command: str) -> str:
    done = subprocess.run(
        ["bash", "-c", f"{command} --silent --fail"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
