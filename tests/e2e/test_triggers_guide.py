"""docs/triggers.md: its `console` blocks in one shell, against a server, and its fragments of definitions."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import yaml

from e2e.command import environment
from e2e.test_docs_cli import pattern, steps
from headrace.spec.flowapp import parse_definition

PAGE = Path(__file__).parents[2] / "docs" / "triggers.md"
HEAD = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: a}
spec:
  version: 1.0.0
  steps: [{a: {set: {x: 1}}}]
"""


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def test_every_command_of_the_page(tmp_path: Path) -> None:
    port = free_port()
    page = (
        PAGE.read_text()
        .replace(":8420", f":{port}")
        .replace("headrace up shop", f"headrace up shop --port {port}")
    )
    script = steps(page)
    assert len(script) > 15
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


def test_every_fragment_of_a_definition_is_valid() -> None:
    fragments = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    checked = 0
    for fragment in fragments:
        # A property that is shown twice is shown in two forms.
        for part in re.split(r"^(?=access:|response:)", fragment, flags=re.MULTILINE):
            data = yaml.safe_load(part)
            if data is None:
                continue
            if isinstance(data, dict) and "triggers" in data:
                triggers = data["triggers"]
            elif isinstance(data, list):
                triggers = data
            else:
                triggers = [{"name": "t", "http": {"path": "/t", "reply": "output", **data}}]
            definition, problems = parse_definition(HEAD + _spec(triggers), "page")
            assert definition is not None, problems
            checked += len(triggers)
    assert checked >= 12


def _spec(triggers: object) -> str:
    text = yaml.safe_dump({"triggers": triggers})
    return "".join(f"  {line}\n" for line in text.splitlines())
