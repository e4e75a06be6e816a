"""The events that an execution consumed, as events to publish. Pure.

History keeps what a `listen` read of each event: with `read: data` its data alone. The attributes are then
those that the filter asks for, so the event is one that the filter takes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from headrace.engine.plan import Plan
from headrace.expr import is_expression
from headrace.store.port import TaskRun

_REGEX_SIGNS = re.compile(r"[\\^$*+?()\[\]{}|]")


class _Consumed(NamedTuple):
    """One event that a `listen` took; `at` orders them as far as history tells."""

    at: float
    run: TaskRun
    when: str
    event: dict[str, Any]


def recorded_publications(
    plan: Plan, runs: Sequence[TaskRun], execution_id: str
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return what to publish for the `listen` tasks among `runs`, in order, and notes on what is guessed."""
    consumed: list[_Consumed] = []
    notes: list[str] = []
    names = Counter(node.name for node in plan.nodes.values())
    for run in runs:
        node = plan.nodes.get(run.pointer)
        if node is not None and node.kind == "listen" and run.details is not None:
            when = node.name if names[node.name] == 1 else node.pointer
            consumed += _consumed(node.definition["listen"], node.name, run, runs, when, notes)
    publications: list[_Consumed] = []
    for each in sorted(consumed, key=lambda each: each.at):
        if str(each.event.get("id", "")).startswith(f"{execution_id}."):
            continue  # the execution's own: it publishes it again
        same = next((n for n, other in enumerate(publications) if _is_same(each, other)), None)
        if same is None:
            publications.append(each)
        elif publications[same].run.started_sequence < each.run.started_sequence:
            # Published once, when the last of them listened.
            publications[same] = publications[same]._replace(when=each.when, run=each.run)
    return [{"event": each.event, "when": each.when} for each in publications], list(dict.fromkeys(notes))


def _consumed(
    listen: dict[str, Any], name: str, run: TaskRun, runs: Sequence[TaskRun], when: str, notes: list[str]
) -> Iterator[_Consumed]:
    """Return the events that one run of a `listen` took."""
    left = _filters(listen["to"])
    begun = {
        child.iteration: child.started_sequence
        for child in reversed(runs)
        if child.parent_id == run.run_id and child.iteration is not None
    }
    items = orjson.loads(run.details or b"{}").get("consumed") or []
    if begun and run.status != "completed":
        items = items[: max(begun) + 1]  # the others came while it worked, and nothing came of them
    for number, item in enumerate(items):
        event, sure = _event(item, listen.get("read", "data"), left, every="all" in listen["to"])
        # Work on an event (`foreach`) begins with it; else it is known when the last one came.
        yield _Consumed(begun.get(number, run.ended_sequence), run, when, event)
        if not sure:
            notes.append(
                f"The events of `{name}` are on record without their attributes, which are written "
                "here as its filters ask for them; check them if the test does not pass."
            )
    until = listen["to"].get("until")
    if isinstance(until, dict) and run.status == "completed":
        last = _filters(until) if "all" in until else _filters(until)[:1]
        for each in last:
            yield _Consumed(run.ended_sequence, run, when, _attributes(each))
        notes.append(
            f"The event that ended `{name}` (its `until`) is not on record; one that its filter "
            "takes stands for it."
        )


def _is_same(one: _Consumed, other: _Consumed) -> bool:
    """Tell whether two tasks that listened at the same time took one and the same event."""
    return (
        one.event == other.event
        and one.run is not other.run
        and one.run.started_sequence < other.run.ended_sequence
        and other.run.started_sequence < one.run.ended_sequence
    )


def _filters(strategy: dict[str, Any]) -> list[dict[str, Any]]:
    if "one" in strategy:
        return [strategy["one"]["with"]]
    return [each["with"] for each in strategy.get("all") or strategy.get("any") or []]


def _event(
    item: Any, read: str, filters: list[dict[str, Any]], *, every: bool
) -> tuple[dict[str, Any], bool]:
    """Return the event of which `item` was read, and whether all of its attributes are known."""
    if read == "envelope" and isinstance(item, dict) and "type" in item:
        return {name: value for name, value in item.items() if name != "specversion"}, True
    chosen = next((each for each in filters if _takes(each.get("data"), item)), filters[0] if filters else {})
    if every and chosen in filters:
        filters.remove(chosen)  # each filter of `all` takes one event
    event = {**_attributes(chosen), "data": item}
    return event, set(chosen) <= {"type", "data"} and isinstance(chosen.get("type"), str)


def _attributes(filter_: dict[str, Any]) -> dict[str, Any]:
    """Return an event with the attributes that a filter gives as constants."""
    constants = {
        name: value
        for name, value in filter_.items()
        if name != "data" and isinstance(value, str) and not is_expression(value) and not _is_regex(value)
    }
    event = {"type": constants.pop("type", "test"), **constants}
    if _is_constant(filter_.get("data")):
        event["data"] = filter_["data"]
    return event


def _takes(wanted: Any, item: Any) -> bool:
    """Tell whether the data that a filter asks for is that of an event, as far as constants tell."""
    if isinstance(wanted, dict):
        return isinstance(item, dict) and all(_takes(part, item.get(name)) for name, part in wanted.items())
    if wanted is None or not _is_constant(wanted):
        return True
    return bool(wanted == item)


def _is_constant(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_constant(part) for part in value.values())
    return value is not None and not (isinstance(value, str) and (is_expression(value) or _is_regex(value)))


def _is_regex(text: str) -> bool:
    return _REGEX_SIGNS.search(text) is not None
