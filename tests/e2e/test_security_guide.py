"""docs/security.md: its `console` blocks in one shell, against a server of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from e2e.page import check_commands, free_port
from e2e.test_docs_cli import steps
from headrace.main.access import read_settings

PAGE = Path(__file__).parents[2] / "docs" / "security.md"


def test_every_command_of_the_page(tmp_path: Path) -> None:
    port = str(free_port())
    page = PAGE.read_text().replace(":8420", f":{port}").replace("headrace up", f"headrace up --port {port}")
    script = steps(page)
    assert len(script) > 20
    check_commands(script, tmp_path)


def test_the_settings_of_the_page_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADRACE_OIDC_CLIENT_SECRET", "from-the-environment")
    (text,) = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    (tmp_path / "access.yaml").write_text(text)
    settings = read_settings(tmp_path / "access.yaml")
    assert settings.oidc is not None
    assert settings.oidc.client_secret == "from-the-environment"
    assert [rule.role for rule in settings.oidc.roles] == ["operator", "editor", "admin"]
    # What the page shows are the defaults, where there are any.
    assert settings.limits == type(settings)().limits
    assert (settings.idle_seconds, settings.session_seconds) == (28_800, 86_400)
    assert yaml.safe_load(text)["public_url"] == settings.public_url
