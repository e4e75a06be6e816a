"""The history of an item.

A plain life (enqueued, leased, completed) costs no row and no text: it is read off the item's own columns.
Only when a lease ends otherwise is it written down, in the item's `log`.
"""

from __future__ import annotations

import msgspec

from headrace.queue.port import ItemEvent

# Older events make room: an item that is released for ever must not grow for ever.
EVENTS_MAX = 100
DETAIL_LENGTH_MAX = 1000

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(list[ItemEvent])


def read_log(log: bytes | None) -> list[ItemEvent]:
    """Return the events that were written down."""
    return _decoder.decode(log) if log else []


def append(log: bytes | None, events: list[ItemEvent]) -> bytes:
    """Return the log with `events` added."""
    return _encoder.encode([*read_log(log), *events][-EVENTS_MAX:])


def of_lease(
    leased_at: float, worker: str | None, attempt: int, extensions: int, extended_at: float | None
) -> list[ItemEvent]:
    """Return the events of a lease up to its end; many extensions are one event, the last one."""
    worker = worker or None
    events = [ItemEvent(at=leased_at, what="leased", worker=worker, attempt=attempt)]
    if extended_at is not None:
        detail = f"{extensions} times" if extensions > 1 else None
        events.append(
            ItemEvent(at=extended_at, what="extended", worker=worker, attempt=attempt, detail=detail)
        )
    return events
