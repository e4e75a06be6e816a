"""`headrace validate`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headrace.cli import exit_codes
from headrace.cli.options import OutputOption
from headrace.cli.output import Format, write

if TYPE_CHECKING:
    from headrace.spec.problem import Problem


def validate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="FlowApps or OWS documents. Default: config/flowapp.yaml."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    output: OutputOption = Format.table,
) -> None:
    """Check definitions and list everything that is wrong with them, with places.

    Exit codes: 0 when they can be run, 1 when not, 2 when a file cannot be read.
    """
    from headrace.cli import project
    from headrace.spec.flowapp import parse_definition

    problems: list[Problem] = []
    texts: dict[str, str] = {}
    for file in files or [project.find_file(None)]:
        path = project.find_file(file)
        text = project.read_text(path, "validate")
        texts[str(path)] = text
        _, found = parse_definition(text, str(path))
        problems += found
    if output is Format.table:
        _print(problems, texts)
    else:
        write([_as_data(problem) for problem in problems], output)
    failing = [problem for problem in problems if strict or problem.severity == "error"]
    sys.exit(exit_codes.FAULTED if failing else exit_codes.COMPLETED)


def _as_data(problem: Problem) -> dict[str, Any]:
    import msgspec

    data: dict[str, Any] = msgspec.to_builtins(problem)
    return data


def _print(problems: list[Problem], texts: dict[str, str]) -> None:
    from headrace.cli.explain import source_lines
    from headrace.cli.terminal import Paint, is_terminal
    from headrace.cli.words import count

    paint = Paint.of(sys.stdout)
    for problem in problems:
        colour = "red" if problem.severity == "error" else "yellow"
        print(str(problem).replace(f" {problem.severity}:", f" {paint(problem.severity + ':', colour)}", 1))
        if is_terminal(sys.stdout):
            for line in source_lines(texts[problem.file], problem.line, problem.column, paint):
                print(line)
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    files = count(len(texts), "file")
    if problems:
        summary = ", ".join(
            count(number, word) for number, word in ((errors, "error"), (warnings, "warning")) if number
        )
        print(f"{files}: {summary}", file=sys.stderr)
    else:
        print(f"{files}: {paint('valid', 'green')}", file=sys.stderr)
