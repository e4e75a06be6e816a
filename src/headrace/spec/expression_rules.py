"""Rules about expressions: they compile, and use only what exists where they stand.

Conditions and transformations (`if`, `when`, `input.from`, ...) are expressions, bare or in `${ }`. In all
other values only strings with `${ }` are (in loose mode any string may be one, so nothing is refused).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

import msgspec

from headrace.errors import ExpressionError
from headrace.expr import is_expression
from headrace.spec.facts import Facts
from headrace.spec.problem import did_you_mean, escape, listed, nearest
from headrace.spec.reference_rules import check_secret
from headrace.spec.scopes import ALL_ARGUMENTS
from headrace.spec.source import SourceDocument
from headrace.spec.walk import Scope, Walk

# (text, bare, language, mode, variables): compiles or raises ExpressionError. `bare` tells that the text is
# an expression even without `${ }`.
Compile = Callable[[str, bool, str, str, Collection[str]], None]

_VARIABLE = re.compile(r"\$([A-Za-z_]\w*)(?!\w|::)")
_SECRET = re.compile(r'\$secrets\s*(?:\.\s*([A-Za-z_]\w*)|\.?\s*\[\s*"([^"\\]*)"\s*\]|\."([^"\\]*)")')


def check_expressions(walk: Walk, facts: Facts, compile_expression: Compile) -> None:
    """Compile every expression of the document under the names that exist at its place."""
    for site in walk.sites:
        if site.role in ("expression", "condition"):
            _check(walk, facts, compile_expression, site.value, True, site.pointer, site.scope)
        elif site.role in ("template", "uri", "duration"):
            for text, pointer in _strings(site.value, site.pointer):
                if "${" in text:
                    _check(walk, facts, compile_expression, text, False, pointer, site.scope)


def _strings(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield value, pointer
        case dict():
            for name, part in value.items():
                yield from _strings(part, f"{pointer}/{escape(name)}")
        case list():
            for index, part in enumerate(value):
                yield from _strings(part, f"{pointer}/{index}")


def _check(
    walk: Walk, facts: Facts, compile_expression: Compile, text: str, bare: bool, pointer: str, scope: Scope
) -> None:
    allowed = scope.arguments | scope.variables
    try:
        compile_expression(text, bare, facts.language, facts.mode, allowed)
    except ExpressionError as error:
        _explain(walk, facts, compile_expression, text, bare, pointer, scope, error)
        return
    for match in _SECRET.finditer(text):
        check_secret(walk, facts, match[1] or match[2] or match[3] or "", pointer)


def _explain(
    walk: Walk,
    facts: Facts,
    compile_expression: Compile,
    text: str,
    bare: bool,
    pointer: str,
    scope: Scope,
    error: ExpressionError,
) -> None:
    """Report why `text` does not compile: a name that is not there, or the syntax."""
    allowed = scope.arguments | scope.variables
    unknown = [name for name in dict.fromkeys(_VARIABLE.findall(text)) if name not in allowed]
    try:
        compile_expression(text, bare, facts.language, facts.mode, allowed | set(unknown))
    except ExpressionError:
        offset = getattr(error, "offset", None)
        if offset is not None and is_expression(text):
            # The offset counts inside of `${ }`.
            offset += text.index("${") + 2
        _report(walk, "expression", pointer, text, offset, f"the expression does not compile: {error}")
        return
    for name in unknown:
        try:
            compile_expression(text, bare, facts.language, facts.mode, allowed | (set(unknown) - {name}))
        except ExpressionError:
            message, remedy = _unknown_name(facts, scope, name)
            offset = text.find(f"${name}")
            _report(walk, "unknown-variable", pointer, text, offset, message, remedy)


def _unknown_name(facts: Facts, scope: Scope, name: str) -> tuple[str, str | None]:
    here = sorted(scope.arguments | scope.variables)
    shown = listed([f"${known}" for known in here], "and")
    if name in ALL_ARGUMENTS:
        return f"`${name}` does not exist in {scope.place}", f"it has {shown}"
    if match := nearest(name, here):
        return f"no variable `${name}` is set here", f"did you mean `${match}`?"
    if name in facts.variables:
        return (
            f"no variable `${name}` is set here",
            "it exists only inside the loop or the catch that sets it",
        )
    return f"no variable `${name}` is set here", did_you_mean(name, here, f"there are {shown}")


def _report(
    walk: Walk,
    code: str,
    pointer: str,
    text: str,
    offset: int | None,
    message: str,
    remedy: str | None = None,
) -> None:
    problem = walk.source.problem(code, pointer, message, remedy)
    if offset is not None and (column := _column(walk.source, pointer, text, offset)) is not None:
        walk.problems.append(msgspec.structs.replace(problem, column=column))
    else:
        walk.problems.append(problem)


def _column(source: SourceDocument, pointer: str, text: str, offset: int) -> int | None:
    """Return the column of a character of a scalar, when the scalar is written on one line as it is."""
    line, column = source.place(pointer)
    lines = source.text.split("\n")
    if not 0 < line <= len(lines):
        return None
    written = lines[line - 1][column - 1 :]
    if written.startswith(text):
        return column + offset
    if written[1:].startswith(text) and written[0] in "'\"":
        return column + 1 + offset
    return None
