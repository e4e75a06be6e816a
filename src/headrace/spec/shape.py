"""Shapes: what a document may look like, as a table that one walk checks.

`grammar` writes the DSL's schema down with these classes. A walk over the data reports every structural
problem with its place, and collects *sites* (`walk.Site`) for the rules that come after. Data that is
broken in one place is still walked everywhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from headrace.spec.problem import did_you_mean, escape, listed, nearest, shortened
from headrace.spec.walk import Rescope, Scope, Site, Walk, type_name, wrong_type


class Shape:
    """Base of all shapes. `expected` is what an author is told, e.g. "a text"."""

    expected = "a value"

    def accepts(self, data: Any) -> bool:
        """Tell whether the JSON type of `data` is this shape's."""
        raise NotImplementedError

    def check(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        """Report what is wrong with `data`, whose type is accepted."""
        raise NotImplementedError

    def visit(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        """Check the type, then the rest."""
        if self.accepts(data):
            self.check(walk, data, pointer, scope)
        else:
            wrong_type(walk, self.expected, data, pointer)


class Anything(Shape):
    """Any value."""

    def __init__(self, role: str | None = None) -> None:
        self.role = role

    def accepts(self, data: Any) -> bool:
        return True

    def check(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        if self.role:
            walk.sites.append(Site(self.role, pointer, data, scope))


class Text(Shape):
    """A string: of a pattern, one of a few values, or what `complaint` has no complaint about."""

    expected = "a text"

    def __init__(
        self,
        *,
        pattern: re.Pattern[str] | None = None,
        means: str = "",
        example: str = "",
        values: tuple[str, ...] = (),
        complaint: Callable[[str], str | None] | None = None,
        code: str = "pattern",
        role: str | None = None,
    ) -> None:
        self.pattern = pattern
        self.means = means
        self.example = example
        self.values = values
        self.complaint = complaint
        self.code = code
        self.role = role

    def accepts(self, data: Any) -> bool:
        return isinstance(data, str)

    def check(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        if self.values and data not in self.values:
            walk.error(
                "value",
                pointer,
                f"`{shortened(data)}` is none of {listed(self.values)}",
                did_you_mean(data, self.values),
            )
            return
        if self.pattern is not None and not self.pattern.search(data):
            remedy = f"write it like `{self.example}`" if self.example else None
            walk.error(self.code, pointer, f"`{shortened(data)}` is not {self.means}", remedy)
            return
        if self.complaint is not None and (complaint := self.complaint(data)):
            walk.error(self.code, pointer, complaint.replace(data, shortened(data)))
            return
        if self.role:
            walk.sites.append(Site(self.role, pointer, data, scope))


class Whole(Shape):
    """An integer. As in JSON Schema, `1.0` is one."""

    expected = "a whole number"

    def __init__(self, minimum: int | None = None, maximum: int | None = None) -> None:
        self.minimum = minimum
        self.maximum = maximum

    def accepts(self, data: Any) -> bool:
        if isinstance(data, float):
            return data.is_integer()
        return isinstance(data, int) and not isinstance(data, bool)

    def check(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        if self.minimum is not None and data < self.minimum:
            walk.error("range", pointer, f"{data} is less than {self.minimum}")
        elif self.maximum is not None and data > self.maximum:
            walk.error("range", pointer, f"{data} is more than {self.maximum}")


class Flag(Shape):
    """`true` or `false`."""

    expected = "true or false"

    def accepts(self, data: Any) -> bool:
        return isinstance(data, bool)

    def check(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        pass


class Number(Shape):
    """Any number."""

    expected = "a number"

    def accepts(self, data: Any) -> bool:
        return isinstance(data, int | float) and not isinstance(data, bool)

    def check(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        pass


class ListOf(Shape):
    """A list of one shape."""

    expected = "a list"

    def __init__(self, item: Shape, *, role: str | None = None) -> None:
        self.item = item
        self.role = role

    def accepts(self, data: Any) -> bool:
        return isinstance(data, list)

    def check(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        if self.role:
            walk.sites.append(Site(self.role, pointer, data, scope))
        for index, item in enumerate(data):
            self.item.visit(walk, item, f"{pointer}/{index}", scope)


class MapOf(Shape):
    """A map from any name to one shape."""

    expected = "a map"

    def __init__(
        self, value: Shape, *, minimum: int = 0, role: str | None = None, rescope: Rescope | None = None
    ) -> None:
        self.value = value
        self.minimum = minimum
        self.role = role
        self.rescope = rescope

    def accepts(self, data: Any) -> bool:
        return isinstance(data, dict)

    def check(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        if len(data) < self.minimum:
            walk.error("empty", pointer, "the map needs at least one entry")
        if self.role:
            walk.sites.append(Site(self.role, pointer, data, scope))
        if self.rescope:
            scope = self.rescope(scope, data)
        for name, value in data.items():
            self.value.visit(walk, value, f"{pointer}/{escape(name)}", scope)


class NamedList(Shape):
    """A list of maps with one key: `- name: value`. `noun` says what an entry is, e.g. "task"."""

    expected = "a list"

    def __init__(
        self, value: Shape, noun: str, role: str, *, minimum: int = 0, rescope: Rescope | None = None
    ) -> None:
        self.value = value
        self.noun = noun
        self.role = role
        self.minimum = minimum
        self.rescope = rescope

    def accepts(self, data: Any) -> bool:
        return isinstance(data, list)

    def check(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        if len(data) < self.minimum:
            walk.error("empty", pointer, f"the list needs at least one {self.noun}")
        if self.rescope:
            scope = self.rescope(scope, data)
        walk.sites.append(Site(self.role, pointer, data, scope))
        for index, item in enumerate(data):
            self._item(walk, item, f"{pointer}/{index}", scope)

    def _item(self, walk: Walk, item: Any, pointer: str, scope: Scope) -> None:
        if not isinstance(item, dict):
            walk.error(
                "wrong-type",
                pointer,
                f"expected a {self.noun} as a map with one key, found {type_name(item)}",
                f"write `- name: …`, where the name is the {self.noun}'s",
            )
            return
        if not item:
            walk.error(
                "named-entry", pointer, f"this entry has no {self.noun}", "write `- name: …`, or remove it"
            )
            return
        first, *others = item
        if others:
            second = others[0]
            if item[first] is None:
                remedy = f"indent what belongs to `{first}` deeper than `{first}`"
            else:
                remedy = f"start `{second}` with `- `, or indent it if it belongs to `{first}`"
            walk.error(
                "named-entry",
                f"{pointer}/{escape(second)}",
                f"one list entry is one {self.noun}, but `{second}` follows `{first}` in the same entry",
                remedy,
                at_key=True,
            )
            if item[first] is None:
                return
        for name, value in item.items():
            self.value.visit(walk, value, f"{pointer}/{escape(name)}", scope)


class Either(Shape):
    """One of several shapes, told by the JSON type."""

    def __init__(self, *shapes: Shape) -> None:
        self.shapes = shapes

    @property
    def expected(self) -> str:  # type: ignore[override]
        return " or ".join(shape.expected for shape in self.shapes)

    def accepts(self, data: Any) -> bool:
        return any(shape.accepts(data) for shape in self.shapes)

    def check(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        for shape in self.shapes:
            if shape.accepts(data):
                shape.check(walk, data, pointer, scope)
                return


class Unportable(Shape):
    """A shape that the specification's JSON Schema refuses and Headrace takes, with a warning."""

    def __init__(self, shape: Shape, message: str, remedy: str) -> None:
        self.shape = shape
        self.expected = shape.expected
        self.message = message
        self.remedy = remedy

    def accepts(self, data: Any) -> bool:
        return self.shape.accepts(data)

    def check(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        walk.warning("portability", pointer, self.message, self.remedy)
        self.shape.check(walk, data, pointer, scope)


class Ref(Shape):
    """The definition of that name; makes recursion possible."""

    def __init__(self, name: str, expected: str = "a map") -> None:
        self.name = name
        self.expected = expected

    def accepts(self, data: Any) -> bool:
        # What is referred to is a map, or (durations, endpoints) told apart when it is visited.
        return isinstance(data, list if self.expected == "a list" else dict)

    def check(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        walk.definitions[self.name].visit(walk, data, pointer, scope)

    def visit(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        walk.definitions[self.name].visit(walk, data, pointer, scope)


class Property(NamedTuple):
    """A property of an object whose value stands in another scope than its owner."""

    shape: Shape
    rescope: Rescope


# A further rule of an object; reports through the walk.
Rule: TypeAlias = Callable[[Walk, dict[str, Any], str], None]


class Object(Shape):
    """A map with known properties.

    `required` must be there, of each group in `one_of` exactly one. `open_` objects may have other
    properties: their schema allows them, so they are a warning, and only when they look like a
    misspelling. `extra` is the shape of other properties where they are meant to be.
    """

    expected = "a map"

    def __init__(
        self,
        noun: str,
        properties: Mapping[str, Shape | Property],
        *,
        required: tuple[str, ...] = (),
        one_of: tuple[tuple[str, ...], ...] = (),
        open_: bool = False,
        extra: Shape | None = None,
        rules: tuple[Rule, ...] = (),
        role: str | None = None,
        rescope: Rescope | None = None,
    ) -> None:
        self.noun = noun
        self.properties = dict(properties)
        self.required = required
        self.one_of = one_of
        self.open = open_
        self.extra = extra
        self.rules = rules
        self.role = role
        self.rescope = rescope

    def accepts(self, data: Any) -> bool:
        return isinstance(data, dict)

    def check(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        self.check_except(walk, data, pointer, scope, frozenset())

    def check_except(
        self, walk: Walk, data: Any, pointer: str, scope: Scope, ignored: frozenset[str]
    ) -> None:
        """Check as `check` does, without a word about unknown properties named in `ignored`."""
        if self.rescope:
            scope = self.rescope(scope, data)
        if self.role:
            walk.sites.append(Site(self.role, pointer, data, scope))
        misspelt: set[str] = set()
        for name, value in data.items():
            rule = self.properties.get(name)
            if isinstance(rule, Property):
                rule.shape.visit(walk, value, f"{pointer}/{escape(name)}", rule.rescope(scope, data))
            elif rule is not None:
                rule.visit(walk, value, f"{pointer}/{escape(name)}", scope)
            elif name not in ignored:
                self._unknown(walk, data, name, pointer, scope, misspelt)
        for name in self.required:
            if name not in data and name not in misspelt:
                walk.error(
                    "missing-property", pointer, f"{self.noun} needs the property `{name}`", at_key=True
                )
        for group in self.one_of:
            present = [name for name in data if name in group]
            if not present and not misspelt.intersection(group):
                walk.error(
                    "missing-property", pointer, f"{self.noun} needs one of {listed(group)}", at_key=True
                )
            elif len(present) > 1:
                walk.error(
                    "exclusive-properties",
                    f"{pointer}/{escape(present[1])}",
                    f"{self.noun} has only one of {listed(group)}, and `{present[0]}` is there too",
                    "remove one of them",
                    at_key=True,
                )
        for further in self.rules:
            further(walk, data, pointer)

    def _unknown(
        self, walk: Walk, data: dict[str, Any], name: str, pointer: str, scope: Scope, misspelt: set[str]
    ) -> None:
        unused = [known for known in self.properties if known not in data]
        match = nearest(name, unused)
        below = f"{pointer}/{escape(name)}"
        if self.extra is not None:
            self.extra.visit(walk, data[name], below, scope)
        elif self.open:
            if match:
                walk.warning(
                    "unknown-property",
                    below,
                    f"unknown property `{name}`",
                    f"did you mean `{match}`?",
                    at_key=True,
                )
        else:
            if match:
                # A misspelt property is not missing too: one mistake, one message.
                misspelt.add(match)
                remedy = f"did you mean `{match}`?"
            else:
                remedy = f"{self.noun} has {listed(self.properties, 'and')}"
            walk.error("unknown-property", below, f"unknown property `{name}`", remedy, at_key=True)


class Variant(Shape):
    """A map whose properties tell which of several objects it is (a task, a call)."""

    expected = "a map"

    def __init__(
        self, choose: Callable[[Walk, dict[str, Any], str], tuple[Shape, frozenset[str]] | None]
    ) -> None:
        self.choose = choose

    def accepts(self, data: Any) -> bool:
        return isinstance(data, dict)

    def check(self, walk: Walk, data: Any, pointer: str, scope: Scope) -> None:
        chosen = self.choose(walk, data, pointer)
        if chosen is None:
            return
        shape, ignored = chosen
        if ignored and isinstance(shape, Object):
            shape.check_except(walk, data, pointer, scope, ignored)
        else:
            shape.visit(walk, data, pointer, scope)
