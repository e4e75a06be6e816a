"""The tree of a parsed jq program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """Any expression. `offset` fields are 0-based characters in the source."""


@dataclass(frozen=True, slots=True)
class Identity(Node):
    """`.`"""


@dataclass(frozen=True, slots=True)
class Recurse(Node):
    """`..`"""


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A constant: never changed, so evaluations may share it."""

    value: Any


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A string with interpolations: `parts` are str or Node; `format` is e.g. `text` or `base64`."""

    format: str
    parts: tuple[str | Node, ...]


@dataclass(frozen=True, slots=True)
class Format(Node):
    """`@name` on its own."""

    name: str


@dataclass(frozen=True, slots=True)
class Index(Node):
    """`term[key]`, `term.key`"""

    term: Node
    key: Node


@dataclass(frozen=True, slots=True)
class Slice(Node):
    """`term[start:end]`"""

    term: Node
    start: Node | None
    end: Node | None


@dataclass(frozen=True, slots=True)
class Iterate(Node):
    """`term[]`"""

    term: Node


@dataclass(frozen=True, slots=True)
class Array(Node):
    """`[body]`"""

    body: Node | None


@dataclass(frozen=True, slots=True)
class Object(Node):
    """`{key: value, ...}`"""

    entries: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """`-body`"""

    body: Node


@dataclass(frozen=True, slots=True)
class Pipe(Node):
    """`left | right`"""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comma(Node):
    """`left, right`"""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Arithmetic or comparison; `op` is the operator as written."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    """`left and right`"""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Or(Node):
    """`left or right`"""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Alternative(Node):
    """`left // right`"""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Assign(Node):
    """`target op value`; `op` is `=`, `|=`, `+=`, ... `//=`."""

    op: str
    target: Node
    value: Node


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then yes else no end`; a missing else is Identity."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Try(Node):
    """`try body catch handler`, or `body?` without a handler."""

    body: Node
    handler: Node | None


@dataclass(frozen=True, slots=True)
class Pattern:
    """What stands after `as`."""


@dataclass(frozen=True, slots=True)
class PatternVariable(Pattern):
    """`$name`"""

    name: str


@dataclass(frozen=True, slots=True)
class PatternArray(Pattern):
    """`[pattern, ...]`"""

    items: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class PatternObject(Pattern):
    """`{key: pattern}`; an entry is (key, variable that takes the same value, pattern)."""

    entries: tuple[tuple[Node, str | None, Pattern | None], ...]


@dataclass(frozen=True, slots=True)
class Bind(Node):
    """`source as pattern ?// pattern | body`"""

    source: Node
    patterns: tuple[Pattern, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Reduce(Node):
    """`reduce source as pattern (start; update)`"""

    source: Node
    patterns: tuple[Pattern, ...]
    start: Node
    update: Node


@dataclass(frozen=True, slots=True)
class Foreach(Node):
    """`foreach source as pattern (start; update; extract)`"""

    source: Node
    patterns: tuple[Pattern, ...]
    start: Node
    update: Node
    extract: Node | None


@dataclass(frozen=True, slots=True)
class Function(Node):
    """`def name(params): body;` `params` names start with `$` for values."""

    name: str
    params: tuple[str, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Define(Node):
    """A definition and the expression that may use it."""

    function: Function
    body: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`name(args)`"""

    name: str
    args: tuple[Node, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """`$name`"""

    name: str
    offset: int


@dataclass(frozen=True, slots=True)
class Label(Node):
    """`label $name | body`"""

    name: str
    body: Node


@dataclass(frozen=True, slots=True)
class BreakTo(Node):
    """`break $name`"""

    name: str
    offset: int
