"""Which events a task listens to: filters and correlation (dsl-reference.md, "Event Filter", "Correlation").

An attribute of a filter matches when it is

* a constant: the event's attribute is equal; for text with the signs of a regular expression, also when the
  expression matches the whole attribute;
* `${ ... }`: evaluated on the event's attribute; a boolean result decides, any other must be equal;
* an object (for `data`): each of its members matches the member of the event's data.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from headrace.engine.evaluate import Compiler, Evaluable
from headrace.engine.fault import Fault
from headrace.expr import is_expression
from headrace.spec.component import EventConsumptionStrategy, EventFilter

if TYPE_CHECKING:
    from headrace.engine.machine import Machine
    from headrace.engine.planner import Planner
    from headrace.engine.state import Frame

# Text with one of these is tried as a regular expression; a dot alone, as in every event type, is not one.
_REGEX_SIGNS = re.compile(r"[\\^$*+?()\[\]{}|]")

# A pattern is only tried on attributes up to this length, which bounds what a bad pattern can cost.
PATTERN_SUBJECT_LENGTH_MAX = 1024


class AttributePlan:
    """One attribute of a filter."""

    __slots__ = ("constant", "expression", "members", "pattern")

    def __init__(self, value: Any, planner: Planner, pointer: str, compiler: Compiler) -> None:
        self.constant: Any = None
        self.expression: Evaluable | None = None
        self.members: dict[str, AttributePlan] | None = None
        self.pattern: re.Pattern[str] | None = None
        if isinstance(value, str) and is_expression(value):
            self.expression = planner.compile(pointer, compiler.expression, value)
        elif isinstance(value, dict):
            self.members = {
                key: AttributePlan(part, planner, f"{pointer}/{key}", compiler) for key, part in value.items()
            }
        else:
            self.constant = value
            if isinstance(value, str) and _REGEX_SIGNS.search(value):
                try:
                    self.pattern = re.compile(value)
                except re.error:
                    self.pattern = None

    def matches(self, machine: Machine, frame: Frame, actual: Any) -> bool:
        """Tell whether an attribute (or member of data) of an event is what the filter asks for."""
        if self.expression is not None:
            result = self.expression.evaluate(machine, frame, actual)
            return result if isinstance(result, bool) else _same(result, actual)
        if self.members is not None:
            return isinstance(actual, dict) and all(
                part.matches(machine, frame, actual.get(key)) for key, part in self.members.items()
            )
        if _same(self.constant, actual):
            return True
        return (
            self.pattern is not None
            and isinstance(actual, str)
            and len(actual) <= PATTERN_SUBJECT_LENGTH_MAX
            and self.pattern.fullmatch(actual) is not None
        )


class FilterPlan:
    """One event filter: attributes and correlations."""

    __slots__ = ("attributes", "correlations", "type")

    def __init__(self, filter_: EventFilter, planner: Planner, pointer: str, compiler: Compiler) -> None:
        self.attributes = {
            name: AttributePlan(value, planner, f"{pointer}/with/{name}", compiler)
            for name, value in filter_.with_.items()
        }
        kind = self.attributes.get("type")
        # The coarse index of subscriptions needs a type only where it is one constant.
        self.type: str | None = (
            kind.constant
            if kind is not None and isinstance(kind.constant, str) and kind.pattern is None
            else None
        )
        self.correlations: dict[str, tuple[Evaluable, Evaluable | None]] = {}
        for name, correlation in filter_.correlate.items():
            place = f"{pointer}/correlate/{name}"
            self.correlations[name] = (
                planner.compile(f"{place}/from", compiler.expression, correlation.from_),
                None
                if correlation.expect is None
                else planner.compile(f"{place}/expect", compiler.template, correlation.expect),
            )

    def accepts(
        self, machine: Machine, frame: Frame, event: dict[str, Any], correlated: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Return the correlation values that the event brings when it matches, else None.

        `correlated` are the values that earlier events of the same task fixed. An event on which an
        expression of the filter fails does not match: who publishes odd data must not end who listens.
        Raises `Fault` when `expect` fails, which is not about the event.
        """
        try:
            for name, attribute in self.attributes.items():
                if not attribute.matches(machine, frame, event.get(name)):
                    return None
            extracted = [from_.evaluate(machine, frame, event) for from_, _ in self.correlations.values()]
        except Fault:
            return None
        values: dict[str, Any] = {}
        for (name, (_, expect)), value in zip(self.correlations.items(), extracted, strict=True):
            if value is None:
                return None
            if expect is not None:
                wanted = expect.evaluate(machine, frame, frame.input)
                if not _same(wanted, value) and str(wanted) != str(value):
                    return None
            elif name in correlated and not _same(correlated[name], value):
                return None
            values[name] = value
        return values


class StrategyPlan:
    """What a task listens to: `all`, `any` or `one` of the filters, and until when."""

    __slots__ = ("filters", "mode", "until", "until_expression")

    def __init__(
        self, strategy: EventConsumptionStrategy, planner: Planner, pointer: str, compiler: Compiler
    ) -> None:
        self.until: StrategyPlan | None = None
        self.until_expression: Evaluable | None = None
        if strategy.all is not None:
            self.mode, filters = "all", strategy.all
        elif strategy.one is not None:
            self.mode, filters = "one", (strategy.one,)
        else:
            self.mode, filters = "any", strategy.any or ()
            if isinstance(strategy.until, str):
                self.until_expression = planner.compile(
                    f"{pointer}/until", compiler.expression, strategy.until
                )
            elif strategy.until is not None:
                self.until = StrategyPlan(strategy.until, planner, f"{pointer}/until", compiler)
        self.filters = tuple(
            FilterPlan(filter_, planner, f"{pointer}/{self.mode}/{index}", compiler)
            for index, filter_ in enumerate(filters)
        )

    def types(self) -> tuple[str, ...]:
        """Return the event types that may match; empty when any type may."""
        filters = [*self.filters, *(self.until.filters if self.until is not None else ())]
        if not self.filters or any(filter_.type is None for filter_ in filters):
            return ()
        return tuple(dict.fromkeys(filter_.type for filter_ in filters if filter_.type is not None))


def read_event(event: dict[str, Any], mode: str) -> Any:
    """Return what an author reads of an event: its `data`, its `envelope`, or its `raw` data as text."""
    if mode == "envelope":
        return event
    if mode == "raw":
        if "data_base64" in event:
            return event["data_base64"]
        data = event.get("data")
        return data if isinstance(data, str) or data is None else json.dumps(data, separators=(",", ":"))
    return event.get("data", event.get("data_base64"))


def _same(left: Any, right: Any) -> bool:
    """Compare as JSON: true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)
