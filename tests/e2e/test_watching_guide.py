"""docs/metrics.md and docs/alerts.md: their `console` blocks, each page in one shell, against a server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from e2e.page import check_commands, free_port
from e2e.test_docs_cli import steps

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["metrics", "alerts"])
def test_every_command_of_the_page(name: str, tmp_path: Path) -> None:
    port = free_port()
    page = (DOCS / f"{name}.md").read_text().replace(":8420", f":{port}")
    script = steps(re.sub(r"headrace up (\S+)", rf"headrace up \1 --port {port}", page))
    assert len(script) >= 8
    check_commands(script, tmp_path)
