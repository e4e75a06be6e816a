"""docs/security.md: its `console` blocks in one shell, against a server of their own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from e2e.command import environment
from e2e.test_docs_cli import pattern, steps
from headrace.main.access import read_settings

PAGE = Path(__file__).parents[2] / "docs" / "security.md"


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def test_every_command_of_the_page(tmp_path: Path) -> None:
    port = str(free_port())
    page = PAGE.read_text().replace(":8420", f":{port}").replace("headrace up", f"headrace up --port {port}")
    script = steps(page)
    assert len(script) > 20
    # An alias is known from the next line that is read on: the shell reads from a file, line by line.
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
    log = (tmp_path / "server.log").read_text()
    assert len(parts) == len(script), done.stdout + log
    for (command, output), (printed, code) in zip(script, parts, strict=True):
        assert code == "0", f"$ {command}\nends with {code}:\n{printed}\n{log}"
        # What curl prints has no line end of its own.
        shown = printed.rstrip("\n") + "\n" if printed.strip() else ""
        assert pattern(output).fullmatch(shown), f"$ {command}\n{shown}\nis not\n{output}"


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
