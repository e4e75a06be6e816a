"""Text of a definition file to plain JSON data with places (YAML 1.2 core schema, or JSON).

Parsing says whether the text can be read; whether it is a valid definition is `validate`'s question.
"""

from __future__ import annotations

from typing import Literal

from headrace.spec import json_text, yaml_text
from headrace.spec.problem import Problem
from headrace.spec.source import BYTES_MAX, Construction, Node, SourceDocument, SyntaxProblem

Syntax = Literal["yaml", "json"]


def parse(
    text: str, file: str, *, syntax: Syntax | None = None
) -> tuple[SourceDocument | None, list[Problem]]:
    """Read the one document of `text`; `file` is only named in problems.

    The syntax is JSON when the file's name ends in `.json`, else YAML, of which JSON is a part; `syntax`
    overrides that. Returns no document when the text cannot be read. Duplicate keys are problems, but
    the document is returned with the last of them, so that the rest can be validated.
    """
    if syntax is None:
        syntax = "json" if file.endswith(".json") else "yaml"
    text = text.removeprefix("\ufeff")
    construction = Construction()
    try:
        _check_size(text)
        root = json_text.compose(text) if syntax == "json" else _compose_yaml(text)
        if root is None:
            raise SyntaxProblem("empty", 1, 1, "the file is empty", "write a FlowApp or an OWS document")
        data = construction.build(root, "", 0, 0)
    except SyntaxProblem as error:
        return None, [
            Problem(
                severity="error",
                file=file,
                line=error.line,
                column=error.column,
                pointer="",
                message=error.message,
                remedy=error.remedy,
                code=error.code,
            )
        ]
    source = SourceDocument(file=file, text=text, data=data, positions=construction.positions)
    problems = [
        Problem(
            severity="error",
            file=file,
            line=second.line,
            column=second.column,
            pointer=pointer,
            message=f"the key `{second.name}` is written twice; first at {first.line}:{first.column}",
            remedy="remove or rename one of them",
            code="duplicate-key",
        )
        for pointer, second, first in construction.duplicates
    ]
    return source, problems


def _compose_yaml(text: str) -> Node | None:
    if text.lstrip().startswith(("{", "[")):
        # JSON is YAML 1.2, but libyaml refuses surrogate pairs in escapes; so what is JSON is read as JSON.
        try:
            return json_text.compose(text)
        except SyntaxProblem:
            pass
    return yaml_text.compose(text)


def _check_size(text: str) -> None:
    try:
        size = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError as error:
        before = text[: error.start]
        line, column = before.count("\n") + 1, error.start - (before.rfind("\n") + 1) + 1
        raise SyntaxProblem(
            "encoding", line, column, "the text has half of a surrogate pair", "save it as UTF-8"
        ) from None
    if size > BYTES_MAX:
        raise SyntaxProblem("too-large", 1, 1, f"the file has {size:,} bytes; {BYTES_MAX:,} are allowed")
