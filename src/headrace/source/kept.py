"""What a trigger remembers, in memory and in the store."""

from __future__ import annotations

from typing import Any

import orjson

from headrace.store.triggers import TriggerState, TriggerStore


class Kept:
    """The state of one trigger: how far it got (`cursor`), and a note of its kind's own (JSON data)."""

    def __init__(self, state: TriggerState, store: TriggerStore) -> None:
        self.state = state
        self.store = store

    @property
    def name(self) -> str:
        """The trigger, for messages."""
        return str(self.state.name)

    @property
    def paused(self) -> bool:
        """Whether people paused this trigger."""
        return self.state.paused

    @property
    def cursor(self) -> float | None:
        """How far it got; None when it did not begin, or needs none."""
        return self.state.cursor

    @property
    def note(self) -> Any:
        """What its kind noted, an empty map at first."""
        return {} if self.state.note is None else orjson.loads(self.state.note)

    async def save(self, *, cursor: float | None = None, note: Any = None) -> None:
        """Remember a cursor, a note or both, durably. Raises `StoreUnavailable`, changing nothing."""
        state = self.state
        new_cursor = state.cursor if cursor is None else cursor
        new_note = state.note if note is None else orjson.dumps(note)
        await self.store.advance(state.name, new_cursor, new_note)
        state.cursor, state.note = new_cursor, new_note

    async def forget_cursor(self) -> None:
        """Have no cursor any more, durably."""
        await self.store.advance(self.state.name, None, self.state.note)
        self.state.cursor = None

    def moved(self, cursor: float) -> None:
        """Take note of a cursor that was saved together with something else."""
        self.state.cursor = cursor

    async def set_paused(self, paused: bool) -> None:
        """Remember whether people paused it, durably."""
        await self.store.set_paused(self.state.name, paused)
        self.state.paused = paused
