"""`metadata.approval` of a `listen` task: every problem, with its place and what to do."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from headrace.spec.flowapp import parse_definition

TO = {"one": {"with": {"type": "a.decided"}}}


def problems_of(approval: Any, to: Any = None, **more: Any) -> list[tuple[str, str]]:
    task = {"listen": {"to": to or TO}, "metadata": {"approval": approval}, **more}
    document = {
        "apiVersion": "headrace.dev/v1alpha1",
        "kind": "FlowApp",
        "metadata": {"name": "a"},
        "spec": {"version": "1.0.0", "steps": [{"ask": task}]},
    }
    _, problems = parse_definition(yaml.safe_dump(document), "a.yaml")
    return [(each.code, each.pointer.removeprefix("/spec/steps/0/ask")) for each in problems]


def test_a_whole_one_is_valid() -> None:
    assert not problems_of(
        {
            "title": "Expenses of ${ .name }",
            "description": "${ .reason }",
            "data": "${ {amount} }",
            "choices": ["approve", {"name": "reject", "title": "Send back", "tone": "negative"}],
            "form": {"type": "object", "properties": {"note": {"type": "string"}}, "required": ["note"]},
            "answerers": {"role": "editor", "users": ["ada"]},
            "due": "PT1H",
        }
    )


AT = "/metadata/approval"
FORM = f"{AT}/form"


@pytest.mark.parametrize(
    ("approval", "code", "pointer"),
    [
        ({}, "missing-property", AT),
        ("yes", "wrong-type", AT),
        ({"title": "x", "titel": "y"}, "unknown-property", f"{AT}/titel"),
        ({"title": "${ .a +"}, "expression", f"{AT}/title"),
        ({"title": "x", "data": {"a": "${ $nobody }"}}, "unknown-variable", f"{AT}/data/a"),
        ({"title": "x", "choices": []}, "empty", f"{AT}/choices"),
        ({"title": "x", "choices": ["a", {"name": "a"}]}, "duplicate-choice", f"{AT}/choices/1"),
        ({"title": "x", "choices": ["a b"]}, "pattern", f"{AT}/choices/0"),
        ({"title": "x", "choices": [{"name": "a", "tone": "red"}]}, "value", f"{AT}/choices/0/tone"),
        ({"title": "x", "form": {"type": "array"}}, "schema", f"{AT}/form/type"),
        (
            {"title": "x", "form": {"properties": {"a": {"type": 1}}}},
            "schema",
            f"{AT}/form/properties/a/type",
        ),
        ({"title": "x", "answerers": {}}, "empty", f"{AT}/answerers"),
        ({"title": "x", "answerers": {"role": "boss"}}, "value", f"{AT}/answerers/role"),
        ({"title": "x", "due": "soon"}, "duration", f"{AT}/due"),
    ],
)
def test_what_is_wrong_with_it(approval: Any, code: str, pointer: str) -> None:
    assert (code, pointer) in problems_of(approval)


@pytest.mark.parametrize(
    ("to", "pointer"),
    [
        ({"any": [{"with": {"type": "a"}}]}, "/listen/to"),
        ({"one": {"with": {"source": "a"}}}, "/listen/to/one/with"),
        ({"one": {"with": {"type": "a", "subject": "b"}}}, "/listen/to/one/with/subject"),
        ({"one": {"with": {"type": "a"}, "correlate": {"x": {"from": ".x"}}}}, "/listen/to/one/correlate"),
    ],
)
def test_what_it_listens_for(to: Any, pointer: str) -> None:
    assert ("approval", pointer) in problems_of({"title": "x"}, to)


def test_it_is_one_event() -> None:
    assert ("approval", "/foreach") in problems_of({"title": "x"}, foreach={"do": [{"b": {"set": {"c": 1}}}]})


def test_other_metadata_and_other_tasks_are_nobodys_business() -> None:
    task = {"set": {"a": 1}, "metadata": {"approval": "by the board"}}
    document = {
        "document": {"dsl": "1.0.3", "namespace": "a", "name": "b", "version": "1.0.0"},
        "do": [{"x": task}, {"y": {"listen": {"to": TO}, "metadata": {"owner": 7}}}],
    }
    _, problems = parse_definition(yaml.safe_dump(document), "a.yaml")
    assert not problems
