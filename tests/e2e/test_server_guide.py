"""docs/server.md: its `console` blocks in one shell, against the server that they start."""

from __future__ import annotations

import re
from pathlib import Path

from e2e.page import free_port, run_commands
from e2e.test_docs_cli import pattern, steps

PAGE = Path(__file__).parents[2] / "docs" / "server.md"


def test_every_command_of_the_page(tmp_path: Path) -> None:
    port = str(free_port())
    page = PAGE.read_text().replace(":8420", f":{port}").replace("headrace up", f"headrace up --port {port}")
    script = steps(page)
    assert len(script) > 50
    work = tmp_path / "work"
    work.mkdir()
    told = run_commands(script, work, XDG_CONFIG_HOME=str(tmp_path / "settings"))
    wrong = [
        f"$ {command}\n{printed}\nends with {code}, and is not\n{output}"
        for (command, output), (printed, code) in zip(script, told, strict=True)
        if code != "0" or not pattern(squeezed(output)).fullmatch(squeezed(printed))
    ]
    assert not wrong, "\n".join([*wrong, (work / "up.log").read_text()])


def squeezed(text: str) -> str:
    """Return a text without the widths of columns, which differ with the port and with what is long ago."""
    return re.sub(r" {2,}", "  ", text)
