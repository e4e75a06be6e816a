"""docs/triggers.md: its `console` blocks in one shell, against a server, and its fragments of definitions."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from e2e.page import check_commands, free_port
from e2e.test_docs_cli import steps
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


def test_every_command_of_the_page(tmp_path: Path) -> None:
    port = free_port()
    page = (
        PAGE.read_text()
        .replace(":8420", f":{port}")
        .replace("headrace up shop", f"headrace up shop --port {port}")
    )
    script = steps(page)
    assert len(script) > 15
    check_commands(script, tmp_path)


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
