"""Our structural verdict is the official JSON Schema's, on thousands of variants of the examples.

A variant is an example in which nodes were deleted, renamed, retyped, added, or replaced by nodes of other
examples. Where the verdicts differ, the difference must be one of those that are made on purpose.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headrace.spec.parse import parse
from headrace.spec.problem import Problem
from headrace.spec.source import SourceDocument
from headrace.spec.validate import STRUCTURAL_CODES, validate

Validator = jsonschema_rs.Draft202012Validator

# Variants that we accept and the schema refuses, by the code of the warning that tells the author.
ACCEPTED_ON_PURPOSE = {
    "portability": "the reference says that values of `query` are `any`, and authors loop over lists of "
    "numbers; the schema wants strings and maps",
}
# Variants that we refuse and the schema accepts, by a part of the message.
REFUSED_ON_PURPOSE = {
    "an authentication policy has only one of": "two schemes, one of them broken, pass the schema's `oneOf`",
    "is not a URI: it is empty or has spaces in it": "the schema checks no pattern in `oauth2.endpoints`",
}
VALUES: list[Any] = [
    None,
    True,
    0,
    -3,
    1.5,
    2.0,
    "",
    "x",
    "a b",
    "${ .a }",
    "PT5S",
    "P",
    "https://x.y/{z}",
    "https://x.y/{z",
    "/a/b",
    "2026-01-01T00:00:00Z",
    "http",
    [],
    {},
    ["a"],
    {"a": 1},
    {"a": "b"},
    {"use": "x"},
    {"seconds": 1},
    [{"a": {"set": {"b": 1}}}],
    [{"a": {"set": {"b": 1}}, "c": {"wait": "PT1S"}}],
]
_MORE = """
    all any one until use authentication authentications export timeout timeouts backoff constant
    linear jitter lifetime server channel message subscription schedule read on every after cron
    stdio http resource title instance detail code source exceptWhen when queue each while compete
    foreach item at tags metadata foo
"""
MORE_NAMES = _MORE.split()


class Material:
    """The examples, and the names, values and subtrees that variants are made of."""

    def __init__(self, ows: Path) -> None:
        schema, _ = parse((ows / "schema" / "workflow.yaml").read_text(), "workflow.yaml")
        assert schema is not None
        self.schema = Validator(schema.data, validate_formats=True)
        paths = [*sorted((ows / "examples").glob("*.yaml")), *sorted((ows / "invalid").glob("*.yaml"))]
        self.documents = {path.name: _data(path) for path in paths}
        everything = [(path, _at(data, path)) for data in self.documents.values() for path in _paths(data)]
        self.names = sorted(
            {part for path, _ in everything for part in path if isinstance(part, str)} | set(MORE_NAMES)
        )
        self.subtrees = [value for _, value in everything]


@pytest.fixture(scope="session")
def material(ows: Path) -> Material:
    return Material(ows)


def _data(path: Path) -> Any:
    source, _ = parse(path.read_text(), path.name)
    assert source is not None
    return source.data


def _paths(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for name, value in entries:
        yield from _paths(value, (*path, name))


def _at(data: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        data = data[part]
    return data


def _vary(rng: random.Random, data: Any, material: Material) -> None:
    paths = [path for path in _paths(data) if path]
    if not paths:
        return
    path = rng.choice(paths)
    parent, last = _at(data, path[:-1]), path[-1]
    match rng.choice(["delete", "rename", "retype", "graft", "add", "append"]):
        case "delete":
            del parent[last]
        case "rename" if isinstance(parent, dict):
            parent[rng.choice(material.names)] = parent.pop(last)
        case "retype":
            parent[last] = copy.deepcopy(rng.choice(VALUES))
        case "graft":
            parent[last] = copy.deepcopy(rng.choice(material.subtrees))
        case "add" if isinstance(parent, dict):
            parent[rng.choice(material.names)] = copy.deepcopy(rng.choice(VALUES + material.subtrees))
        case "append" if isinstance(parent, list):
            parent.append(copy.deepcopy(rng.choice(VALUES)))


def _problems(data: Any) -> list[Problem]:
    return validate(SourceDocument(file="variant", text="", data=data, positions={}), known_functions=None)


def _structural(problems: list[Problem]) -> list[Problem]:
    unrecognised = {"unknown-document"}
    return [p for p in problems if p.severity == "error" and p.code in STRUCTURAL_CODES | unrecognised]


def _disagreement(data: Any, material: Material) -> str | None:
    """Return what is wrong with our verdict on `data`, or `None`."""
    problems = _problems(data)
    structural = _structural(problems)
    official = material.schema.is_valid(data)
    if official == (not structural):
        return None
    if official:
        if any(known in problem.message for problem in structural for known in REFUSED_ON_PURPOSE):
            return None
        return f"refused, but the schema accepts it: {[str(p) for p in structural]}"
    if any(problem.code in ACCEPTED_ON_PURPOSE for problem in problems):
        return None
    return (
        f"accepted, but the schema refuses it: {[e.message for e in material.schema.iter_errors(data)][:1]}"
    )


def test_verdicts_agree_on_the_specifications_documents(material: Material) -> None:
    for name, data in material.documents.items():
        assert _disagreement(data, material) is None, name


@pytest.mark.parametrize("seed", range(10))
def test_verdicts_agree_on_variants(material: Material, seed: int) -> None:
    rng = random.Random(seed)
    documents = list(material.documents.values())
    refused = 0
    for _ in range(1000):
        data = copy.deepcopy(rng.choice(documents))
        for _ in range(rng.choice([1, 1, 1, 2])):
            _vary(rng, data, material)
        assert _disagreement(data, material) is None, f"seed {seed}: {data}"
        refused += bool(_structural(_problems(data)))
    assert 200 < refused < 900


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_verdicts_agree_on_variants_that_hypothesis_chooses(
    material: Material, seed: int, changes: int
) -> None:
    rng = random.Random(seed)
    data = copy.deepcopy(rng.choice(list(material.documents.values())))
    for _ in range(changes):
        _vary(rng, data, material)
    assert _disagreement(data, material) is None
