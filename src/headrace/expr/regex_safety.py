"""Keeps Python's backtracking `re` from running for ages: it cannot be interrupted.

Before a pattern is used, its tree is searched for repeats that can divide the same text in many
ways. Nested ones, like `(a+)+`, may take exponential time: they are used on short texts only. Repeats
in a row, like `.*.*x`, take polynomial time: the text may only be so long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from headrace.errors import ExpressionLimitError
from headrace.expr.limits import Budget

# Internal modules of `re`; `sre_parse` is their deprecated name.
_parser: Any = re._parser  # type: ignore[attr-defined]
_op: Any = re._constants  # type: ignore[attr-defined]

# About a second of backtracking.
_WORK = 1_000_000_000
# 2 ** 24 ways to divide a text take well under a second.
_LONGEST_EXPONENTIAL = 24

Letters = frozenset[str]
_SAMPLE = frozenset(chr(code) for code in range(0x20, 0x7F)) | {"\n", "\t", "\u00e9", "\u4e00", "\u00a0"}
_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "CATEGORY_DIGIT": str.isdigit,
    "CATEGORY_SPACE": str.isspace,
    "CATEGORY_WORD": lambda char: char.isalnum() or char == "_",
    "CATEGORY_NOT_DIGIT": lambda char: not char.isdigit(),
    "CATEGORY_NOT_SPACE": lambda char: not char.isspace(),
    "CATEGORY_NOT_WORD": lambda char: not (char.isalnum() or char == "_"),
}


@dataclass(frozen=True)
class Danger:
    """How the time of a pattern grows: `degree` ambiguous repeats in a row, or exponentially.

    `lines` says that no ambiguous repeat goes beyond the end of a line; `anchored` that a match can
    only begin at the start of one.
    """

    degree: int
    exponential: bool
    lines: bool
    anchored: bool


def check_subject(pattern: str, danger: Danger, subject: str, budget: Budget) -> None:
    """Raise ExpressionLimitError for a text too long for the pattern; charge its length."""
    budget.charge(len(subject) // 64)
    budget.check_clock()
    size = len(subject)
    if size <= _LONGEST_EXPONENTIAL:
        return
    if danger.exponential:
        work = _WORK + 1
    else:
        length = max(map(len, subject.split("\n"))) if danger.lines else size
        work = size * length ** max(danger.degree - danger.anchored, 0)
    if work > _WORK:
        raise ExpressionLimitError(
            f"the regular expression {pattern!r} may take too long on a text of {size} characters; "
            "let no two repeats in it match the same text, as in `(a+)+` or `.*.*`, or shorten the text"
        )


def examine(pattern: str, flags: int) -> Danger:
    """Return how dangerous a pattern in Python's syntax is. Raises re.error."""
    tree = _parser.parse(pattern, flags)
    analysis = _Analysis(tree.state.flags)
    items = list(tree)
    analysis.collect(items)
    analysis.walk(items, frozenset(), looping=False)
    anchored = (
        bool(items)
        and items[0][0] is _op.AT
        and items[0][1]
        in (
            _op.AT_BEGINNING,
            _op.AT_BEGINNING_STRING,
        )
    )
    return Danger(analysis.degree, analysis.exponential, analysis.lines, anchored)


class _Analysis:
    def __init__(self, flags: int) -> None:
        self.flags = flags
        self.alphabet: Letters = _SAMPLE
        self.groups: dict[int, list[Any]] = {}
        self.degree = 0
        self.exponential = False
        self.lines = True

    def collect(self, items: Iterable[Any]) -> None:
        """Add every letter of the pattern to the sample."""
        for kind, value in items:
            if kind in (_op.LITERAL, _op.NOT_LITERAL):
                self.alphabet |= {chr(value)}
            elif kind is _op.IN:
                self.alphabet |= {chr(v) for k, v in value if k is _op.LITERAL}
                for k, v in value:
                    if k is _op.RANGE:
                        self.alphabet |= {chr(v[0]), chr(v[1])}
            for inner in _children(kind, value):
                self.collect(inner)
            if kind is _op.SUBPATTERN and value[0] is not None:
                self.groups[value[0]] = list(value[3])

    def letters(self, kind: Any, value: Any) -> Letters:
        """Return the sample letters that a single-letter item matches."""
        if kind is _op.LITERAL:
            return self._cases({chr(value)})
        if kind is _op.NOT_LITERAL:
            return self.alphabet - {chr(value)}
        if kind is _op.ANY:
            return self.alphabet if self.flags & re.DOTALL else self.alphabet - {"\n"}
        found: set[str] = set()
        negated = False
        for k, v in value:
            if k is _op.NEGATE:
                negated = True
            elif k is _op.LITERAL:
                found.add(chr(v))
            elif k is _op.RANGE:
                found |= {char for char in self.alphabet if v[0] <= ord(char) <= v[1]}
            elif k is _op.CATEGORY:
                test = _CATEGORIES[str(v)]
                found |= {char for char in self.alphabet if test(char)}
        matched = self._cases(found)
        return self.alphabet - matched if negated else matched

    def _cases(self, found: set[str]) -> Letters:
        if self.flags & re.IGNORECASE:
            found = found | {char.lower() for char in found} | {char.upper() for char in found}
        return frozenset(found)

    def first(self, items: list[Any]) -> tuple[Letters, bool]:
        """Return what a sequence can begin with, and whether it can be empty."""
        found: Letters = frozenset()
        for kind, value in items:
            start, empty = self._first_of(kind, value)
            found |= start
            if not empty:
                return found, False
        return found, True

    def _first_of(self, kind: Any, value: Any) -> tuple[Letters, bool]:
        if kind in (_op.LITERAL, _op.NOT_LITERAL, _op.ANY, _op.IN):
            return self.letters(kind, value), False
        if kind in (_op.AT, _op.ASSERT, _op.ASSERT_NOT):
            return frozenset(), True
        if kind is _op.GROUPREF:
            return self.alphabet, True
        results = [self.first(list(inner)) for inner in _children(kind, value)]
        start: Letters = frozenset().union(*(letters for letters, _ in results))
        empty = any(may for _, may in results) or not results
        if kind in _REPEATS and value[0] == 0:
            empty = True
        return start, empty

    def everything(self, items: list[Any]) -> Letters:
        """Return all letters that occur in what a sequence matches."""
        found: Letters = frozenset()
        for kind, value in items:
            if kind in (_op.LITERAL, _op.NOT_LITERAL, _op.ANY, _op.IN):
                found |= self.letters(kind, value)
            elif kind is _op.GROUPREF:
                found |= self.alphabet
            for inner in _children(kind, value):
                found |= self.everything(list(inner))
        return found

    def walk(self, items: list[Any], after: Letters, *, looping: bool) -> None:
        """Look for ambiguity in a sequence; `after` is what can follow it.

        `looping` is true inside an unbounded repeat: ambiguity is then multiplied each turn.
        """
        for position, (kind, value) in enumerate(items):
            follow, may_end = self.first(items[position + 1 :])
            if may_end:
                follow |= after
            if kind in _REPEATS:
                self._repeat(kind, value, follow, looping=looping)
                continue
            inner = [list(child) for child in _children(kind, value)]
            if kind is _op.BRANCH and looping:
                seen: Letters = frozenset()
                for branch in inner:
                    start, _ = self.first(branch)
                    if start & seen:
                        self.exponential = True
                    seen |= start
                if seen & follow and any(self.first(branch)[1] for branch in inner):
                    self.exponential = True
            for child in inner:
                self.walk(child, follow, looping=looping)

    def _repeat(self, kind: Any, value: Any, follow: Letters, *, looping: bool) -> None:
        low, high, body = value
        items = list(body)
        # A possessive repeat never gives back what it took.
        unbounded = high is _op.MAXREPEAT or high - low > 16
        inside = self.everything(items)
        if kind is _op.POSSESSIVE_REPEAT or not unbounded:
            if looping and low != high and inside & follow:
                self.exponential = True
            again = looping or (kind is not _op.POSSESSIVE_REPEAT and high > 8)
            self.walk(items, follow | self.first(items)[0], looping=again)
            return
        if inside & follow:
            if looping:
                self.exponential = True
            self.degree += 1
            self.lines = self.lines and "\n" not in inside
        again, empty = self.first(items)
        if empty and len(items) >= 1 and any(k in _REPEATS for k, _ in items):
            self.exponential = True
        self.walk(items, follow | again, looping=True)


_REPEATS = (_op.MAX_REPEAT, _op.MIN_REPEAT, _op.POSSESSIVE_REPEAT)


def _children(kind: Any, value: Any) -> list[Any]:
    """Return the sequences inside an item."""
    if kind in _REPEATS:
        return [value[2]]
    if kind is _op.SUBPATTERN:
        return [value[3]]
    if kind is _op.BRANCH:
        return list(value[1])
    if kind in (_op.ASSERT, _op.ASSERT_NOT):
        return [value[1]]
    if kind is _op.ATOMIC_GROUP:
        return [value]
    if kind is _op.GROUPREF_EXISTS:
        return [branch for branch in value[1:] if branch is not None]
    return []
