"""What `call: batch` may say, and what authors are told where it may not."""

from __future__ import annotations

import pytest

from unit.spec.documents import problems_of, shown

FLOWAPP = """apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {{name: a}}
spec:
  version: 1.0.0
  functions: {{resize: {{source: cmd/resize}}}}
  steps:
    - all: {{call: batch, with: {{{arguments}}}}}
"""


@pytest.mark.parametrize(
    "arguments",
    [
        "function: resize, items: [1, {a: 2}, x]",
        "function: resize, items: '${ .urls }', concurrency: '${ .many }', collect: list",
        "function: resize, file: {path: in.csv, format: csv}, tolerate: {failures: 10, stop: true}",
        "function: resize, file: {path: '${ .file }'}, collect: {as: file, path: '${ .out }'}",
        "function: resize, queue: {name: orders, address: 'redis://r'}, attempts: 3, lease: PT5M",
        "function: resize, items: [], tolerate: {share: 0.05}, concurrency: 100, lease: {seconds: 5}",
    ],
)
def test_what_is_accepted(arguments: str) -> None:
    assert problems_of(FLOWAPP.format(arguments=arguments)) == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("items: [1]", ["missing-property a batch needs the property `function`"]),
        (
            "function: resize",
            ["missing-property a batch needs one of `items`, `file` or `queue`"],
        ),
        (
            "function: resize, items: [1], file: {path: a}",
            [
                "exclusive-properties a batch has only one of `items`, `file` or `queue`, "
                "and `items` is there too"
            ],
        ),
        ("function: resise, items: [1]", ["unknown-function no function `resise` is known"]),
        (
            "function: '${ .f }', items: [1]",
            ["unknown-function a function is called by its name; an expression cannot choose one"],
        ),
        (
            "function: resize, items: a.txt, concurrency: 0, tolerate: {share: 5}, collect: table",
            [
                "pattern `a.txt` is not a runtime expression",
                "range 0 is less than 1",
                "range 5 is no share; shares are from 0 to 1",
                "value `table` is none of `file`, `list` or `none`",
            ],
        ),
        (
            "function: resize, items: [1], collect: {as: list, path: x}",
            ["no-effect `path` says where a file is written, and the results are collected as `list`"],
        ),
        (
            "function: resize, items: [1], tolerate: {failures: 1, share: 0.5}",
            [
                "exclusive-properties `tolerate` has only one of `failures` or `share`, "
                "and `failures` is there too"
            ],
        ),
        (
            "function: resize, file: {path: a, format: xml}",
            ["value `xml` is none of `jsonl`, `lines` or `csv`"],
        ),
        ("function: resize, items: [1], parallel: 3", ["unknown-property unknown property `parallel`"]),
    ],
)
def test_what_is_refused(arguments: str, expected: list[str]) -> None:
    problems = problems_of(FLOWAPP.format(arguments=arguments))
    assert sorted(line.split(" ", 1)[1] for line in shown(problems)) == sorted(expected)


def test_remedies_say_what_to_write() -> None:
    text = FLOWAPP.format(arguments="function: resise, items: [1], tolerate: {share: 5}")
    remedies = {problem.code: problem.remedy for problem in problems_of(text)}
    assert remedies["unknown-function"] == "did you mean `resize`?"
    assert remedies["range"] == "write 0.05 for 5%, or `failures: 5` for so many items"


def test_a_function_of_that_name_is_never_called() -> None:
    text = FLOWAPP.format(arguments="function: resize, items: [1]").replace(
        "functions: {", "functions: {batch: {source: cmd/batch}, "
    )
    (problem,) = problems_of(text)
    assert (problem.severity, problem.code, problem.remedy) == (
        "warning",
        "shadowed-function",
        "give it another name",
    )


def test_it_calls_functions_that_have_code() -> None:
    text = FLOWAPP.format(arguments="function: local, items: [1]") + (
        "  use: {functions: {local: {call: resize}}}\n"
    )
    (problem,) = problems_of(text)
    assert problem.message == "`local` is a task of `use.functions`; a batch calls a function that has code"
