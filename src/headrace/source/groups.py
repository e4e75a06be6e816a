"""Events that start one execution together: `all` of some, or `any` until something holds. Pure.

A group gathers events that share what they correlate by. An event goes to the oldest group that wants it, or
begins one. What a group has is JSON data, so that it can be kept.
"""

from __future__ import annotations

from typing import Any

import msgspec
import orjson

from headrace.engine.correlate import read_event
from headrace.source.matching import Filters

# Groups that never become complete must not pile up: beyond so many the oldest one is given up.
GROUPS_MAX = 10_000


class Group(msgspec.Struct, kw_only=True):
    """Events on the way to one execution. `correlated` has values as JSON text, to be compared."""

    since: float
    events: list[dict[str, Any]] = msgspec.field(default_factory=list)
    correlated: dict[str, str] = msgspec.field(default_factory=dict)
    open: list[int] = msgspec.field(default_factory=list)  # filters of `all` that no event matched yet
    until_open: list[int] = msgspec.field(default_factory=list)

    @property
    def id(self) -> str:
        """The first event's identity: no other group of the trigger has it."""
        return identity(self.events[0])

    @property
    def key(self) -> str:
        """What tells this group's execution: all its events."""
        return " ".join(identity(event) for event in self.events)


class Change(msgspec.Struct, kw_only=True):
    """What an event did: the group that it changed, completed or none, and one that was given up for it."""

    kept: Group | None = None
    complete: Group | None = None
    given_up: Group | None = None


def identity(event: dict[str, Any]) -> str:
    """Return what tells an event from all others: its source and id."""
    return f"{event.get('source')}#{event.get('id')}"


class Groups:
    """The open groups of one trigger."""

    def __init__(self, filters: Filters, read: str) -> None:
        self._filters = filters
        self._read = read
        self._groups: dict[str, Group] = {}

    def load(self, groups: list[Group]) -> None:
        """Have these open groups, oldest first."""
        self._groups = {group.id: group for group in groups}

    def __len__(self) -> int:
        return len(self._groups)

    @property
    def oldest(self) -> Group | None:
        """The group that waits the longest."""
        return next(iter(self._groups.values()), None)

    def take(self, event: dict[str, Any], now: float) -> Change | None:
        """Give an event to a group; None when nobody wants it. A complete group is open no more."""
        ends = [(index, _texts(values)) for index, values in self._filters.until_matching(event, now)]
        matches = [(index, _texts(values)) for index, values in self._filters.matching(event, now)]
        anything = not self._filters.plan.filters and self._filters.plan.mode == "any" and not ends
        if not ends and not matches and not anything:
            return None
        for group in list(self._groups.values()):
            if self._ends(group, ends):
                return self._over(group) if self._until_met(group) else Change(kept=group)
            if self._consumes(group, event, matches, anything):
                return self._over(group) if self._complete(group, now) else Change(kept=group)
        group = Group(since=now)
        if self._filters.plan.mode == "all":
            group.open = list(range(len(self._filters.plan.filters)))
        if self._filters.plan.until is not None:
            group.until_open = list(range(len(self._filters.plan.until.filters)))
        if not self._consumes(group, event, matches, anything):
            return None
        if self._complete(group, now):
            return Change(complete=group)
        given_up = None
        if len(self._groups) >= GROUPS_MAX:
            given_up = self._groups.pop(next(iter(self._groups)))
        self._groups[group.id] = group
        return Change(kept=group, given_up=given_up)

    def _over(self, group: Group) -> Change:
        del self._groups[group.id]
        return Change(complete=group)

    def _consumes(
        self, group: Group, event: dict[str, Any], matches: list[tuple[int, dict[str, str]]], anything: bool
    ) -> bool:
        for index, values in matches:
            if self._filters.plan.mode == "all" and index not in group.open:
                continue
            if not self._shared(group, values, self._filters.free_names(index)):
                continue
            if self._filters.plan.mode == "all":
                group.open.remove(index)
            group.correlated.update(values)
            group.events.append(event)
            return True
        if anything:
            group.events.append(event)
        return anything

    def _ends(self, group: Group, ends: list[tuple[int, dict[str, str]]]) -> bool:
        """Take an event for `until`; it is no part of what is gathered."""
        until = self._filters.plan.until
        for index, values in ends:
            if not self._shared(group, values, self._filters.free_names(index, until=True)):
                continue
            if until is not None and until.mode == "all":
                if index not in group.until_open:
                    continue
                group.until_open.remove(index)
            else:
                group.until_open = []
            return True
        return False

    def _until_met(self, group: Group) -> bool:
        return not group.until_open

    def _complete(self, group: Group, now: float) -> bool:
        plan = self._filters.plan
        if plan.mode == "all":
            return not group.open
        if plan.until_expression is not None:
            consumed = [read_event(event, self._read) for event in group.events]
            return self._filters.until_holds(consumed, now)
        return False

    @staticmethod
    def _shared(group: Group, values: dict[str, str], names: frozenset[str]) -> bool:
        return all(group.correlated.get(name, values[name]) == values[name] for name in names)


def _texts(values: dict[str, Any]) -> dict[str, str]:
    return {name: orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() for name, value in values.items()}
