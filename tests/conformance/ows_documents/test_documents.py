"""The specification's own documents: examples are accepted, invalid ones refused at the right place."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path
from typing import Any

from headrace.spec.convert import build
from headrace.spec.flowapp import flowapp_to_ows, ows_to_flowapp, parse_definition
from headrace.spec.model import BUILT_IN_CALLS, CallTask, NamedTask, child_lists, load_arguments

# What each invalid document is refused for, and where.
REFUSED = {
    "extra-property-in-call.yaml": ["12:7 unknown-property"],
    "listen-any-until-any-until.yaml": ["7:1 duplicate-key", "14:13 exclusive-properties"],
    "two-tasks-in-one-item.yaml": ["12:5 named-entry"],
}
# Blocks of the prose that are not what they mean to show.
NOT_YAML = "\\($task.reference)"


def _visit(tasks: tuple[NamedTask, ...]) -> None:
    for _, task in ((named.name, named.task) for named in tasks):
        if isinstance(task, CallTask) and task.call in BUILT_IN_CALLS:
            load_arguments(task.call, task.with_ or {})
        for _, inner in child_lists(task):
            _visit(inner)


def test_examples_are_valid_and_load(ows: Path, example: str) -> None:
    definition, problems = parse_definition((ows / "examples" / example).read_text(), example)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    assert definition is not None
    _visit(definition.workflow.do)


def test_examples_become_flowapps_and_come_back(ows: Path, example: str) -> None:
    definition, _ = parse_definition((ows / "examples" / example).read_text(), example)
    assert definition is not None
    flowapp = ows_to_flowapp(definition.ows)
    assert flowapp_to_ows(flowapp) == definition.ows
    as_flowapp, problems = parse_definition(json.dumps(flowapp), "flowapp.json")
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    assert as_flowapp is not None
    assert (as_flowapp.kind, as_flowapp.ows) == ("FlowApp", definition.ows)


def test_invalid_documents_are_refused_at_the_right_place(ows: Path, invalid: str) -> None:
    definition, problems = parse_definition((ows / "invalid" / invalid).read_text(), invalid)
    assert definition is None
    assert [f"{p.line}:{p.column} {p.code}" for p in problems] == REFUSED[invalid]


def _blocks(path: Path) -> list[str]:
    pattern = r"^```yaml\n(.*?)^```" if path.suffix == ".md" else r'"""yaml\n(.*?)"""'
    found = re.findall(pattern, path.read_text(), re.DOTALL | re.MULTILINE)
    blocks = [textwrap.dedent(block) for block in found]
    return [
        block for block in blocks if re.search(r"^\s*dsl:", block, re.MULTILINE) and NOT_YAML not in block
    ]


def test_documents_in_the_prose_and_in_the_conformance_kit_are_valid(ows: Path) -> None:
    paths = [ows / "dsl-reference.md", ows / "dsl.md", *sorted((ows / "ctk" / "features").glob("*.feature"))]
    count = 0
    for path in paths:
        for block in _blocks(path):
            count += 1
            _, problems = parse_definition(block, path.name)
            assert [str(p) for p in problems if p.severity == "error"] == [], block
    assert count > 50


def test_building_again_gives_the_same(ows: Path, example: str) -> None:
    definition, _ = parse_definition((ows / "examples" / example).read_text(), example)
    assert definition is not None
    data: Any = definition.ows
    assert build(type(definition.workflow), data) == definition.workflow
