"""A walk over a document: what it finds wrong, and what it finds for later rules to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import msgspec

from headrace.spec.problem import Problem
from headrace.spec.source import SourceDocument

if TYPE_CHECKING:
    from headrace.spec.shape import Shape


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What an expression or a flow directive can see where it stands.

    `arguments` are the DSL's (`context`, `input`, ...), `variables` those of loops and catches, both
    without `$`. `place` names the place for messages. `siblings` are the names of the tasks of the same
    list, `None` outside a list; `parallel` tells that the list is the branches of a fork.
    """

    arguments: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    place: str = "this place"
    siblings: tuple[str, ...] | None = None
    parallel: bool = False


class Site(NamedTuple):
    """A value that a rule looks at after the walk: what it is (`role`), where, and in which scope."""

    role: str
    pointer: str
    value: Any
    scope: Scope


# Makes the scope of a property from the scope of its owner and the owner's data.
Rescope: TypeAlias = Callable[[Scope, Any], Scope]


class Walk:
    """One walk over one document: the problems and the sites found so far."""

    def __init__(self, source: SourceDocument, definitions: Mapping[str, Shape]) -> None:
        self.source = source
        self.definitions = definitions
        self.problems: list[Problem] = []
        self.sites: list[Site] = []

    def error(
        self, code: str, pointer: str, message: str, remedy: str | None = None, *, at_key: bool = False
    ) -> None:
        """Record a structural error."""
        self.problems.append(self.source.problem(code, pointer, message, remedy, at_key=at_key))

    def warning(
        self, code: str, pointer: str, message: str, remedy: str | None = None, *, at_key: bool = False
    ) -> None:
        """Record something that is allowed and probably a mistake."""
        self.problems.append(
            self.source.problem(code, pointer, message, remedy, severity="warning", at_key=at_key)
        )


_SECRET_PROPERTIES = frozenset({"password", "secret", "token", "assertion"})


def type_name(data: Any) -> str:
    """Return an author's word for the type of a JSON value."""
    match data:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int():
            return "a whole number"
        case float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
    return "a map"


def wrong_type(walk: Walk, expected: str, data: Any, pointer: str) -> None:
    """Report a value of the wrong type, with the remedy for the usual slips."""
    remedy = None
    name = pointer.rpartition("/")[2]
    if data is None:
        remedy = f"give `{name}` a value, or remove it"
    elif "a text" in expected and isinstance(data, bool | int | float):
        # What may be a secret is not repeated: messages end up in logs.
        shown = None if name in _SECRET_PROPERTIES else walk.source.written(pointer) or data
        remedy = "put it in quotes" if shown is None else f'put it in quotes: "{shown}"'
    elif isinstance(data, dict) and "a list" in expected:
        remedy = "start each entry with `- `"
    elif isinstance(data, str) and "number" in expected:
        remedy = "write the number without quotes"
    # A value that is missing has no place of its own that helps; its key has.
    walk.error(
        "wrong-type", pointer, f"expected {expected}, found {type_name(data)}", remedy, at_key=data is None
    )
