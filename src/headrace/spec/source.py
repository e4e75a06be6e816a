"""A document with the place of each of its values.

The YAML and the JSON reader both produce a tree of `Node`; `construct` turns it into plain JSON data and
the table of places, expanding aliases and merge keys within bounds.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import msgspec

from headrace.spec.problem import Problem, Severity, escape

# Limits that no honest document reaches; they keep a hostile one from using up memory or the stack.
BYTES_MAX = 8 * 1024 * 1024
DEPTH_MAX = 128
NODES_MAX = 200_000


_PLAIN = re.compile(r"[^\s,#}\]]+")


class Place(NamedTuple):
    """Where a value and its key stand; all count from 1. An item of a list has no key: both are the value."""

    line: int
    column: int
    key_line: int
    key_column: int


class Node:
    """One value of the text: `kind` is `scalar`, `map`, `list` or `alias` (then `value` is the target)."""

    __slots__ = ("column", "kind", "line", "value")

    def __init__(self, kind: str, line: int, column: int, value: Any) -> None:
        self.kind = kind
        self.line = line
        self.column = column
        self.value = value


class Entry(NamedTuple):
    """One entry of a map node. `merge` marks YAML's `<<`."""

    name: str
    line: int
    column: int
    node: Node
    merge: bool = False


class SourceDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A parsed file: its text, its plain JSON data, and the place of each value by JSON Pointer."""

    file: str
    text: str
    data: Any
    positions: dict[str, Place]

    def place(self, pointer: str, *, of_key: bool = False) -> tuple[int, int]:
        """Return line and column of the value at `pointer` (or of its key), or of the nearest parent's."""
        while pointer not in self.positions:
            if not pointer:
                return 1, 1
            pointer = pointer.rpartition("/")[0]
            of_key = False
        found = self.positions[pointer]
        return (found.key_line, found.key_column) if of_key else (found.line, found.column)

    def written(self, pointer: str) -> str:
        """Return a plain scalar as it is written, e.g. `1.10`, of which the data only knows 1.1."""
        line, column = self.place(pointer)
        lines = self.text.split("\n", line)
        found = _PLAIN.match(lines[line - 1], column - 1) if line <= len(lines) else None
        return found[0] if found else ""

    def problem(
        self,
        code: str,
        pointer: str,
        message: str,
        remedy: str | None = None,
        *,
        severity: Severity = "error",
        at_key: bool = False,
    ) -> Problem:
        """Make a problem about the value at `pointer`, placed at its key when `at_key`."""
        line, column = self.place(pointer, of_key=at_key)
        return Problem(
            severity=severity,
            file=self.file,
            line=line,
            column=column,
            pointer=pointer,
            message=message,
            remedy=remedy,
            code=code,
        )


class SyntaxProblem(Exception):
    """The text cannot be read; carries the place. Internal to parsing: `parse` turns it into a `Problem`."""

    def __init__(self, code: str, line: int, column: int, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.line = line
        self.column = column
        self.message = message
        self.remedy = remedy


class Construction:
    """Builds plain data from nodes; collects the places and the duplicate keys."""

    def __init__(self) -> None:
        self.positions: dict[str, Place] = {}
        # (pointer, entry, first entry of that name)
        self.duplicates: list[tuple[str, Entry, Entry]] = []
        self._nodes = 0

    def build(self, node: Node, pointer: str, key_line: int, key_column: int) -> Any:
        """Return the data of `node`; raises `SyntaxProblem` for merge keys that are wrong and for bombs."""
        if node.kind == "alias":
            node = node.value
        self._nodes += 1
        if self._nodes > NODES_MAX:
            raise SyntaxProblem(
                "too-large",
                node.line,
                node.column,
                f"the document has more than {NODES_MAX:,} values once its aliases are expanded",
                "use fewer aliases, or split the document",
            )
        self.positions[pointer] = Place(
            node.line, node.column, key_line or node.line, key_column or node.column
        )
        if node.kind == "scalar":
            return node.value
        if node.kind == "list":
            return [self.build(item, f"{pointer}/{index}", 0, 0) for index, item in enumerate(node.value)]
        if pointer.count("/") > DEPTH_MAX * 2:
            raise SyntaxProblem("too-deep", node.line, node.column, "aliases nest too deeply")
        result: dict[str, Any] = {}
        seen: dict[str, Entry] = {}
        merges: list[Entry] = []
        for entry in node.value:
            if entry.merge:
                merges.append(entry)
                continue
            if entry.name in seen:
                self.duplicates.append((f"{pointer}/{escape(entry.name)}", entry, seen[entry.name]))
            else:
                seen[entry.name] = entry
            result[entry.name] = self._entry(entry, pointer)
        for entry in merges:
            for merged in _merged_entries(entry):
                if merged.name not in result:
                    result[merged.name] = self._entry(merged, pointer)
        return result

    def _entry(self, entry: Entry, pointer: str) -> Any:
        return self.build(entry.node, f"{pointer}/{escape(entry.name)}", entry.line, entry.column)


def _merged_entries(merge: Entry) -> list[Entry]:
    """Return the entries that a `<<` brings in, first source first; earlier sources win."""
    source = merge.node.value if merge.node.kind == "alias" else merge.node
    sources = source.value if source.kind == "list" else [source]
    entries: list[Entry] = []
    for node in sources:
        target = node.value if node.kind == "alias" else node
        if target.kind != "map":
            raise SyntaxProblem(
                "yaml-merge",
                merge.line,
                merge.column,
                "`<<` takes a map or a list of maps",
                "write `<<: *anchor`, where the anchor is on a map",
            )
        entries += [entry for entry in target.value if not entry.merge]
        for entry in target.value:
            if entry.merge:
                entries += _merged_entries(entry)
    return entries
