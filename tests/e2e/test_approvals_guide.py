"""docs/approvals.md: its `console` blocks in one shell, against a server, with the flow that it shows."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from e2e.page import check_commands, free_port
from e2e.test_docs_cli import steps

PAGE = Path(__file__).parents[2] / "docs" / "approvals.md"


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
    check_commands(script, tmp_path)
