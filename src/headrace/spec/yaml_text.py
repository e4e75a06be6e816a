"""YAML text to a tree of `Node`, by the YAML 1.2 core schema.

libyaml (through PyYAML) reads the syntax; this module decides what a plain scalar is, because PyYAML's
own answer is YAML 1.1's, where `no` and `on` are booleans and `2024-01-01` is a date. Keys are always
strings, as they are written, because the data is JSON's.
"""

from __future__ import annotations

import math
import re
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.scanner import Scanner

from headrace.spec.source import DEPTH_MAX, Entry, Node, SyntaxProblem


class _PurePythonParser(Reader, Scanner, Parser):
    """PyYAML's own parser, for installations that have no libyaml: the same events, 10 times slower."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


try:
    from yaml.cyaml import CParser as _EventParser  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover - depends on how PyYAML was built
    _EventParser = _PurePythonParser  # type: ignore[misc,assignment]

_TAG = "tag:yaml.org,2002:"
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_NUMBER_START = frozenset("+-.0123456789")

_REMEDIES = {
    "mapping values are not allowed in this context": (
        "quote the text if it contains `: `, or check the indentation of this line"
    ),
    "did not find expected key": "check the indentation of this line",
    "did not find expected '-' indicator": "check the indentation of this line",
    "did not find expected <document start>": "check the indentation of this line",
    "could not find expected ':'": "write `key: value`, and quote texts that span lines",
    "found unexpected end of stream": "a quote is opened but never closed",
    "found unknown escape character": "put the text in single quotes, where a backslash is a backslash",
    "found undefined tag handle": "quote the text that starts with `!`",
}


def compose(text: str) -> Node | None:
    """Read the one document of `text`; `None` when it is empty. Raises `SyntaxProblem` with the place."""
    try:
        parser = _EventParser(text)
        return _Composer(parser).document()
    except ReaderError as error:
        position = error.position if isinstance(error.position, int) else 0
        before = text.encode("utf-8", "surrogatepass")[:position].decode("utf-8", "ignore")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        character = error.character if isinstance(error.character, int) else ord(error.character[:1] or "\0")
        raise SyntaxProblem(
            "yaml-syntax",
            line,
            column,
            f"the character U+{character:04X} is not allowed in YAML",
            'remove it, or write it as an escape in a double-quoted text: "\\x07"',
        ) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _translated(text, line, column, error.problem or "the text is not YAML") from error


def _translated(text: str, line: int, column: int, message: str) -> SyntaxProblem:
    lines = text.splitlines()
    character = lines[line - 1][column - 1 : column] if 0 < line <= len(lines) else ""
    if message == "found character that cannot start any token":
        if character == "\t":
            return SyntaxProblem("yaml-syntax", line, column, "a tab indents this line", "indent with spaces")
        return SyntaxProblem(
            "yaml-syntax", line, column, f"no plain text starts with `{character}`", "put the text in quotes"
        )
    return SyntaxProblem("yaml-syntax", line, column, message, _REMEDIES.get(message))


class _Composer:
    def __init__(self, parser: Any) -> None:
        self._next = parser.get_event
        self._anchors: dict[str, Node] = {}
        self._open: set[int] = set()
        self._depth = 0

    def document(self) -> Node | None:
        self._next()  # the start of the stream
        event = self._next()
        if isinstance(event, StreamEndEvent):
            return None
        root = self._node(self._next())
        self._next()  # the end of the document
        event = self._next()
        if isinstance(event, DocumentStartEvent):
            mark: Any = event.start_mark
            raise SyntaxProblem(
                "yaml-multiple-documents",
                mark.line + 1,
                mark.column + 1,
                "a second document starts here; one file holds one definition",
                "move it to a file of its own",
            )
        return root

    def _node(self, event: Any) -> Node:
        kind = type(event)
        mark: Any = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if kind is ScalarEvent:
            return self._anchored(event, Node("scalar", line, column, _scalar(event, line, column)))
        if kind is AliasEvent:
            return self._alias(event, line, column)
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise SyntaxProblem(
                "too-deep",
                line,
                column,
                f"maps and lists nest more than {DEPTH_MAX} levels deep",
                "move inner tasks into `use.functions` or a workflow of their own",
            )
        if kind is SequenceStartEvent:
            items: list[Node] = []
            node = self._anchored(event, Node("list", line, column, items))
            self._check_tag(event, "seq", line, column)
            self._open.add(id(node))
            while type(item := self._next()) is not SequenceEndEvent:
                items.append(self._node(item))
        else:
            entries: list[Entry] = []
            node = self._anchored(event, Node("map", line, column, entries))
            self._check_tag(event, "map", line, column)
            self._open.add(id(node))
            while type(key := self._next()) is not MappingEndEvent:
                entries.append(self._entry(key))
        self._open.discard(id(node))
        self._depth -= 1
        return node

    def _entry(self, event: Any) -> Entry:
        mark: Any = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if isinstance(event, AliasEvent):
            target = self._alias(event, line, column).value
            if target.kind != "scalar":
                _refuse_key(line, column)
            name, merge = _text(target.value), False
        elif isinstance(event, ScalarEvent):
            name = event.value
            merge = name == "<<" and event.implicit[0]
            if event.anchor:
                self._anchored(event, Node("scalar", line, column, name))
        else:
            _refuse_key(line, column)
        return Entry(name, line, column, self._node(self._next()), merge)

    def _anchored(self, event: Any, node: Node) -> Node:
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: Any, line: int, column: int) -> Node:
        target = self._anchors.get(event.anchor)
        if target is None:
            raise SyntaxProblem(
                "yaml-alias",
                line,
                column,
                f"the alias `*{event.anchor}` has no anchor before it",
                f"write `&{event.anchor}` at the value it stands for, or quote the text",
            )
        if id(target) in self._open:
            raise SyntaxProblem(
                "yaml-alias", line, column, f"`*{event.anchor}` stands for a value that contains it"
            )
        return Node("alias", line, column, target)

    @staticmethod
    def _check_tag(event: Any, kind: str, line: int, column: int) -> None:
        if event.tag not in (None, "!", _TAG + kind):
            _refuse_tag(event.tag, line, column)


def _refuse_key(line: int, column: int) -> NoReturn:
    raise SyntaxProblem(
        "yaml-key", line, column, "a key must be a text", "quote it if it starts with `{` or `[`: '{…}'"
    )


def _refuse_tag(tag: str, line: int, column: int) -> NoReturn:
    shown = "!!" + tag.removeprefix(_TAG) if tag.startswith(_TAG) else tag
    raise SyntaxProblem(
        "yaml-tag", line, column, f"the tag `{shown}` is not supported", "remove it; the data is JSON's"
    )


def _text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _scalar(event: Any, line: int, column: int) -> Any:
    text: str = event.value
    tag = event.tag
    if tag is None or tag == "!":
        if tag is None and event.implicit[0]:
            return _plain(text, line, column)
        return text
    if tag == _TAG + "str":
        return text
    value = _plain(text, line, column)
    match tag.removeprefix(_TAG), value:
        case ("null", None) | ("bool", True | False) | ("float", float()):
            return value
        case ("int", int()) if not isinstance(value, bool):
            return value
        case "float", int() if not isinstance(value, bool):
            return float(value)
        case ("null" | "bool" | "int" | "float") as kind, _:
            raise SyntaxProblem("yaml-tag", line, column, f"`{text}` is not a value of the tag `!!{kind}`")
    _refuse_tag(tag, line, column)


def _plain(text: str, line: int, column: int) -> Any:
    """Resolve a plain scalar by the core schema (YAML 1.2.2, 10.3.2)."""
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if text[0] not in _NUMBER_START:
        return text
    if _INTEGER.fullmatch(text):
        return _integer(text, 10, line, column)
    if _OCTAL.fullmatch(text):
        return _integer(text[2:], 8, line, column)
    if _HEXADECIMAL.fullmatch(text):
        return _integer(text[2:], 16, line, column)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if math.isinf(number):
            _refuse_number(text, line, column)
        return number
    if _NOT_FINITE.fullmatch(text):
        raise SyntaxProblem(
            "number", line, column, f"`{text}` is no JSON number", f'quote it if a text is meant: "{text}"'
        )
    return text


def _integer(digits: str, base: int, line: int, column: int) -> int:
    if len(digits) <= 24:
        number = int(digits, base)
        if -(2**63) <= number < 2**64:
            return number
    return _refuse_number(digits, line, column)


def _refuse_number(text: str, line: int, column: int) -> NoReturn:
    shown = text if len(text) <= 40 else text[:40] + "…"
    raise SyntaxProblem(
        "number", line, column, f"the number {shown} does not fit into 64 bits", "put it in quotes, as a text"
    )
