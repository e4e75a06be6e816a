"""Small documents for the tests of validation."""

from __future__ import annotations

import textwrap

from headrace.spec.parse import parse
from headrace.spec.problem import Problem
from headrace.spec.validate import validate

HEAD = "document: {dsl: 1.0.3, namespace: test, name: flow, version: 1.0.0}\n"


def problems_of(text: str, **options: object) -> list[Problem]:
    """Return what is wrong with a whole document."""
    source, problems = parse(textwrap.dedent(text), "flow.yaml")
    assert source is not None, problems
    return problems + validate(source, **options)  # type: ignore[arg-type]


def workflow_problems(text: str, **options: object) -> list[Problem]:
    """Return what is wrong with a workflow, whose first line (`document`) is added here."""
    return problems_of(HEAD + textwrap.dedent(text).lstrip("\n"), **options)


def shown(problems: list[Problem]) -> list[str]:
    """Return problems as `line:column code message`, for comparing."""
    return [f"{p.line}:{p.column} {p.code} {p.message}" for p in problems]


def codes(problems: list[Problem]) -> list[str]:
    """Return the codes of problems, in order."""
    return [problem.code for problem in problems]
