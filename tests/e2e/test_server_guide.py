"""docs/server.md: its `console` blocks in one shell, against the server that they start."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

from e2e.command import environment
from e2e.test_docs_cli import pattern, steps

PAGE = Path(__file__).parents[2] / "docs" / "server.md"


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def test_every_command_of_the_page(tmp_path: Path) -> None:
    port = str(free_port())
    page = PAGE.read_text().replace(":8420", f":{port}").replace("headrace up", f"headrace up --port {port}")
    script = steps(page)
    assert len(script) > 50
    work = tmp_path / "work"
    work.mkdir()
    lines = ["exec 2>&1", "trap 'kill %1' EXIT"]
    for number, (command, _) in enumerate(script):
        lines += [f"echo; echo '@@ {number}'", command, 'echo "@@ code $?"']
    (tmp_path / "page.sh").write_text("\n".join(lines))
    done = subprocess.run(
        ["bash", str(tmp_path / "page.sh")],
        cwd=work,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=240,
        env=environment(
            PATH=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
            XDG_CONFIG_HOME=str(tmp_path / "settings"),
        ),
        check=False,
    )
    parts = re.findall(r"\n@@ \d+\n(.*?)@@ code (\d+)\n", done.stdout, re.DOTALL)
    log = (work / "up.log").read_text()
    assert len(parts) == len(script), done.stdout + log
    wrong = [
        f"$ {command}\n{printed}\nends with {code}, and is not\n{output}"
        for (command, output), (printed, code) in zip(script, parts, strict=True)
        if code != "0" or not pattern(squeezed(output)).fullmatch(squeezed(printed))
    ]
    assert not wrong, "\n".join([*wrong, log])


def squeezed(text: str) -> str:
    """Return a text without the widths of columns, which differ with the port and with what is long ago."""
    return re.sub(r" {2,}", "  ", text)
