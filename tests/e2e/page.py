"""A page of the guide, its commands run in one shell, as a reader would, beside a server that they start."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

from e2e.command import environment
from e2e.test_docs_cli import pattern


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def check_commands(script: list[tuple[str, str]], tmp_path: Path) -> None:
    """Run (command, output) pairs in order; each must end with 0 and print what the page says."""
    lines = ["exec 2>&1", "trap 'kill $(jobs -p) 2>/dev/null' EXIT"]
    for number, (command, _) in enumerate(script):
        lines += [f"echo; echo '@@ {number}'", command, 'echo "@@ code $?"']
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        env=environment(PATH=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))),
        check=False,
    )
    parts = re.findall(r"\n@@ \d+\n(.*?)@@ code (\d+)\n", done.stdout, re.DOTALL)
    log = tmp_path / "up.log"
    assert len(parts) == len(script), done.stdout + (log.read_text() if log.exists() else "")
    for (command, output), (printed, code) in zip(script, parts, strict=True):
        assert code == "0", f"$ {command}\nends with {code}:\n{printed}\n{log.read_text()}"
        assert pattern(output).fullmatch(printed), f"$ {command}\n{printed}\nis not\n{output}"
