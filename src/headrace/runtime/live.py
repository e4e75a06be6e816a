"""An execution as it is held in memory while it has something to do."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from headrace.engine.events import Event
from headrace.engine.state import Codec, Execution
from headrace.runtime.secrets import Masker


class Posted:
    """An event in a mailbox, with who waits for it to be committed."""

    __slots__ = ("done", "event")

    def __init__(self, event: Event, done: asyncio.Future[None] | None) -> None:
        self.event = event
        self.done = done


class Live:
    """One execution in memory: its state, the state's version in the store, and its mailbox."""

    __slots__ = (
        "busy",
        "codec",
        "execution",
        "execution_id",
        "mailbox",
        "masker",
        "secrets",
        "version",
    )

    def __init__(self, execution_id: str) -> None:
        self.execution_id = execution_id
        self.execution: Execution | None = None  # None: to be loaded
        self.version = 0
        self.mailbox: deque[Posted] = deque()
        self.busy = False
        self.codec = _PLAIN_CODEC
        self.masker: Masker | None = None
        self.secrets: dict[str, Any] | None = None  # None: not asked for yet

    def write(self, value: Any) -> bytes:
        """Encode a payload for people to read: without secrets."""
        if self.masker is None:
            assert self.execution is not None
            return self.codec.encode_payload(self.execution, value)
        return self.masker.mask(self.masker.encode(value))


_PLAIN_CODEC = Codec()
