"""The events that an execution consumed, as events to publish. Pure.

History keeps what a `listen` read of each event: with `read: data` its data alone. The attributes are then
those that the filter asks for, so the event is one that the filter takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import orjson

from headrace.engine.plan import Plan
from headrace.expr import is_expression
from headrace.store.port import TaskRun

_REGEX_SIGNS = re.compile(r"[\\^$*+?()\[\]{}|]")


def recorded_publications(plan: Plan, runs: Iterable[TaskRun]) -> tuple[list[dict[str, Any]], list[str]]:
    """Return what to publish for the `listen` tasks among `runs`, in order, and notes on what is guessed."""
    publications: list[dict[str, Any]] = []
    notes: list[str] = []
    names: dict[str, int] = {}
    for each in plan.nodes.values():
        names[each.name] = names.get(each.name, 0) + 1
    for run in runs:
        node = plan.nodes.get(run.pointer)
        if node is None or node.kind != "listen" or run.details is None:
            continue
        consumed = (orjson.loads(run.details).get("consumed")) or []
        listen = node.definition["listen"]
        when = node.name if names[node.name] == 1 else node.pointer
        left = _filters(listen["to"])
        for item in consumed:
            event, sure = _event(item, listen.get("read", "data"), left, every="all" in listen["to"])
            publications.append({"event": event, "when": when})
            if not sure:
                notes.append(
                    f"The events of `{node.name}` are on record without their attributes, which are written "
                    "here as its filters ask for them; check them if the test does not pass."
                )
        until = listen["to"].get("until")
        if isinstance(until, dict) and run.status == "completed":
            last = _filters(until) if "all" in until else _filters(until)[:1]
            publications += [{"event": _attributes(each), "when": when} for each in last]
            notes.append(
                f"The event that ended `{node.name}` (its `until`) is not on record; one that its filter "
                "takes stands for it."
            )
    return publications, list(dict.fromkeys(notes))


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
