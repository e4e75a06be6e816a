"""docs/approvals.md: its `console` blocks in one shell, against a server, with the flow that it shows."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from e2e.command import environment
from e2e.test_docs_cli import pattern, steps

PAGE = Path(__file__).parents[2] / "docs" / "approvals.md"


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def test_every_command_of_the_page(tmp_path: Path) -> None:
    if shutil.which("jq") is None:
        if os.environ.get("CI"):
            pytest.fail("jq is not installed: apt-get install jq")
        pytest.skip("jq is not installed: apt-get install jq")
    flow = re.search(r"^```yaml\n(apiVersion.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert flow is not None
    (tmp_path / "expenses" / "config").mkdir(parents=True)
    (tmp_path / "expenses" / "config" / "flowapp.yaml").write_text(flow[1])
    port = str(free_port())
    page = PAGE.read_text().replace(":8420", f":{port}")
    script = steps(page.replace("headrace up expenses", f"headrace up expenses --port {port}"))
    assert len(script) > 20
    lines = ["exec 2>&1", "trap 'kill %1' EXIT"]
    for number, (command, _) in enumerate(script):
        lines += [f"echo; echo '@@ {number}'", command, 'code=$?; echo; echo "@@ code $code"']
    (tmp_path / "page.sh").write_text("\n".join(lines))
    done = subprocess.run(
        ["bash", "page.sh"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        env=environment(PATH=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))),
        check=False,
    )
    parts = re.findall(r"\n@@ \d+\n(.*?)\n@@ code (\d+)\n", done.stdout, re.DOTALL)
    log = (tmp_path / "up.log").read_text()
    assert len(parts) == len(script), done.stdout + log
    for (command, output), (printed, code) in zip(script, parts, strict=True):
        assert code == "0", f"$ {command}\nends with {code}:\n{printed}\n{log}"
        shown = printed.rstrip("\n") + "\n" if printed.strip() else ""
        assert pattern(output).fullmatch(shown), f"$ {command}\n{shown}\nis not\n{output}"
