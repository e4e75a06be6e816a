"""Which events a trigger wants: the engine's filters, outside of any execution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from headrace.engine.correlate import StrategyPlan
from headrace.engine.evaluate import Compiler
from headrace.engine.fault import Fault
from headrace.engine.machine import RUNTIME_DESCRIPTOR
from headrace.errors import ExpressionError
from headrace.source.port import SourceError
from headrace.spec.component import EventConsumptionStrategy

if TYPE_CHECKING:
    from headrace.engine.machine import Machine
    from headrace.engine.planner import Planner
    from headrace.engine.state import Frame


class _Place:
    """Compiles expressions of a trigger for the engine's filters, which ask a planner for that."""

    def __init__(self, trigger: str) -> None:
        self._trigger = trigger

    def compile(self, pointer: str, compile_source: Any, source: Any) -> Any:
        try:
            return compile_source(source)
        except ExpressionError as error:
            raise SourceError(f"{self._trigger}, {pointer}, does not compile: {error}") from error


class _Moment:
    """What a filter may ask while there is no execution: the time, and the runtime."""

    runtime_descriptor = RUNTIME_DESCRIPTOR

    def __init__(self, now: float) -> None:
        self.now = now


class _NoTask:
    """A filter's task, where there is none: no input, no variables."""

    input = None
    variables = None


_NO_TASK = cast("Frame", _NoTask())


class Filters:
    """The compiled filters of an event consumption strategy."""

    def __init__(self, strategy: EventConsumptionStrategy, language: str, mode: str, trigger: str) -> None:
        planner = cast("Planner", _Place(trigger))
        self.plan = StrategyPlan(strategy, planner, "", Compiler(language, mode))
        self.types = frozenset(self.plan.types())

    @property
    def gathers(self) -> bool:
        """Whether several events may start one execution together."""
        plan = self.plan
        return plan.mode == "all" or plan.until is not None or plan.until_expression is not None

    def may_want(self, event: dict[str, Any]) -> bool:
        """Tell roughly, by its type alone, whether some filter could match an event."""
        return not self.types or event.get("type") in self.types

    def wants(self, event: dict[str, Any], now: float) -> bool:
        """Tell whether an event matches one of the filters; no filter matches every event."""
        return not self.plan.filters or bool(self.matching(event, now))

    def matching(self, event: dict[str, Any], now: float) -> list[tuple[int, dict[str, Any]]]:
        """Return the filters that an event matches, by their index, with its values for correlation."""
        return _matching(self.plan, event, now)

    def until_matching(self, event: dict[str, Any], now: float) -> list[tuple[int, dict[str, Any]]]:
        """Return the filters of `until` that an event matches."""
        return [] if self.plan.until is None else _matching(self.plan.until, event, now)

    def until_holds(self, consumed: list[Any], now: float) -> bool:
        """Tell whether `until`, as an expression, holds on what was gathered; a fault is a no."""
        if self.plan.until_expression is None:
            return False
        try:
            return bool(self.plan.until_expression.evaluate(_machine(now), _NO_TASK, consumed))
        except Fault:
            return False

    def free_names(self, index: int, *, until: bool = False) -> frozenset[str]:
        """Return the correlations of a filter that other events of the same group have to share."""
        plan = self.plan.until if until and self.plan.until is not None else self.plan
        correlations = plan.filters[index].correlations
        return frozenset(name for name, (_, expect) in correlations.items() if expect is None)


def _machine(now: float) -> Machine:
    return cast("Machine", _Moment(now))


def _matching(plan: StrategyPlan, event: dict[str, Any], now: float) -> list[tuple[int, dict[str, Any]]]:
    found = []
    for index, filter_ in enumerate(plan.filters):
        try:
            values = filter_.accepts(_machine(now), _NO_TASK, event, {})
        except Fault:
            continue  # `expect` failed: nothing can be equal to it
        if values is not None:
            found.append((index, values))
    return found
