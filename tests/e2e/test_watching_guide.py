"""docs/metrics.md and docs/alerts.md: their `console` blocks, each page in one shell, against a server."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from e2e.command import environment
from e2e.test_docs_cli import pattern, steps

DOCS = Path(__file__).parents[2] / "docs"


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.mark.parametrize("name", ["metrics", "alerts"])
def test_every_command_of_the_page(name: str, tmp_path: Path) -> None:
    port = free_port()
    page = (DOCS / f"{name}.md").read_text().replace(":8420", f":{port}")
    script = steps(re.sub(r"headrace up (\S+)", rf"headrace up \1 --port {port}", page))
    assert len(script) >= 8
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
    log = (tmp_path / "up.log").read_text()
    assert len(parts) == len(script), done.stdout + log
    for (command, output), (printed, code) in zip(script, parts, strict=True):
        assert code == "0", f"$ {command}\nends with {code}:\n{printed}\n{log}"
        assert pattern(output).fullmatch(printed), f"$ {command}\n{printed}\nis not\n{output}"
