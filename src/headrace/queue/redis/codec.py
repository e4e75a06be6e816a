"""How items, results and events are written: the layouts of scripts/prelude.lua and complete_and_lease.lua.

The head of an item is of fixed size, so that scripts read what they need from it by position; they never
decode headers or payloads.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import msgspec

from headrace.queue.port import DeadLetter, ItemEvent, ItemRecord, Leased, Put, State, Stats

# priority, max_attempts (0: the queue's), bytes of the headers; the server puts the time before them.
_NEW = struct.Struct(">BII")
_HEAD = struct.Struct(">dBII")
_RESULT = struct.Struct(">dddIHHI")
_LENGTH = struct.Struct(">I")
_UINT32_MAX = 0xFFFF_FFFF

# Names of workers and errors in the history are cut to this many characters, errors of items to the second.
WORKER_CHARACTERS_MAX = 200
ERROR_CHARACTERS_MAX = 500
LAST_ERROR_CHARACTERS_MAX = 10_000

_headers_of = msgspec.msgpack.Decoder(dict[str, str]).decode
_packed = msgspec.msgpack.Encoder().encode
_event_of = msgspec.msgpack.Decoder(tuple[float, str, str | bool | None, int | bool, str | bool]).decode


def head_of(priority: int, headers: dict[str, str] | None) -> bytes:
    """Return what is put before the payload of an item that has nothing but these."""
    written = b"" if headers is None else _packed(headers)
    return _NEW.pack(priority, 0, len(written)) + written


def write_item(put: Put) -> bytes:
    """Return what is kept of `put`, but for its time."""
    headers = b"" if put.headers is None else _packed(put.headers)
    return (
        _NEW.pack(put.priority, min(put.max_attempts or 0, _UINT32_MAX), len(headers)) + headers + put.payload
    )


def read_leased(answer: Sequence[Any]) -> list[Leased]:
    """Return the items of an answer of complete_and_lease.lua."""
    _, token, expires_ms, max_attempts, ids, blobs, attempts, _ = answer
    token, expires_at = int(token), expires_ms / 1000
    if not attempts:
        attempts = [None] * len(ids)
    leased = []
    for item_id, blob, tried in zip(ids, blobs, attempts, strict=True):
        enqueued_ms, priority, own_max, headers_size = _HEAD.unpack_from(blob)
        start = 17 + headers_size
        leased.append(
            Leased(
                id=item_id.decode(),
                token=token,
                payload=blob[start:],
                attempt=1 if tried is None else 1 + int(tried),
                expires_at=expires_at,
                enqueued_at=enqueued_ms / 1000,
                priority=priority,
                max_attempts=own_max or max_attempts,
                headers=_headers_of(blob[17:start]) if headers_size else None,
            )
        )
    return leased


def read_record(told: Sequence[Any]) -> ItemRecord:
    """Return an item as look.lua tells it."""
    item_id, state_, blob, attempts, error, history, held, batch, score, _, result = told
    state: State = state_.decode()
    if state == "completed":
        return _read_completed(item_id.decode(), result)
    enqueued_ms, priority, _, headers_size = _HEAD.unpack_from(blob)
    ended = int(attempts or 0)
    events = [ItemEvent(at=enqueued_ms / 1000, what="enqueued"), *_read_history(history or b"")]
    record = ItemRecord(
        id=item_id.decode(),
        state=state,
        payload=blob[17 + headers_size :],
        attempts=ended + 1 if state == "leased" else ended,
        enqueued_at=enqueued_ms / 1000,
        priority=priority,
        error=None if error is None else error.decode(),
        headers=_headers_of(blob[17 : 17 + headers_size]) if headers_size else None,
    )
    if state == "delayed":
        record.run_at = float(score) / 1000
    elif state == "leased":
        leased_ms, expires_ms, _, worker = batch.split(b" ", 3)
        extended = held.split(b" ")[1:]
        record.leased_by = worker.decode() or None
        record.expires_at = int(extended[0] if extended else expires_ms) / 1000
        events += _lease_events(int(leased_ms), record.leased_by, ended + 1, extended[1:])
    record.history = tuple(events)
    return record


def read_dead_letter(told: Sequence[Any]) -> DeadLetter:
    """Return a dead letter as look.lua tells it."""
    item_id, _, blob, attempts, error, _, _, _, died_ms, reason, _ = told
    enqueued_ms, priority, _, headers_size = _HEAD.unpack_from(blob)
    return DeadLetter(
        id=item_id.decode(),
        payload=blob[17 + headers_size :],
        reason=reason.decode(),
        error=None if error is None else error.decode(),
        attempts=int(attempts or 0),
        enqueued_at=enqueued_ms / 1000,
        died_at=float(died_ms) / 1000,
        priority=priority,
        headers=_headers_of(blob[17 : 17 + headers_size]) if headers_size else None,
    )


def _read_completed(item_id: str, kept: bytes) -> ItemRecord:
    _, completed_ms, leased_ms, attempt, worker_size, extended_size, history_size = _RESULT.unpack_from(kept)
    at = _RESULT.size
    worker = kept[at : at + worker_size].decode() or None
    at += worker_size
    extended = kept[at : at + extended_size].split()
    at += extended_size
    history = kept[at : at + history_size]
    at += history_size
    enqueued_ms, priority, _, headers_size = _HEAD.unpack_from(kept, at)
    at += 17
    headers = _headers_of(kept[at : at + headers_size]) if headers_size else None
    at += headers_size
    return ItemRecord(
        id=item_id,
        state="completed",
        payload=None,
        attempts=attempt,
        enqueued_at=enqueued_ms / 1000,
        priority=priority,
        result=kept[at + 1 :] if kept[at : at + 1] == b"1" else None,
        headers=headers,
        history=(
            ItemEvent(at=enqueued_ms / 1000, what="enqueued"),
            *_read_history(history),
            *_lease_events(leased_ms, worker, attempt, extended),
            ItemEvent(at=completed_ms / 1000, what="completed", worker=worker, attempt=attempt),
        ),
    )


def _lease_events(
    leased_ms: float, worker: str | None, attempt: int, extended: Sequence[bytes]
) -> list[ItemEvent]:
    events = [ItemEvent(at=leased_ms / 1000, what="leased", worker=worker, attempt=attempt)]
    if extended:
        at_ms, times = extended
        events.append(
            ItemEvent(
                at=int(at_ms) / 1000,
                what="extended",
                worker=worker,
                attempt=attempt,
                detail=f"{times.decode()} times",
            )
        )
    return events


def _read_history(kept: bytes) -> list[ItemEvent]:
    events = []
    at = 0
    while at < len(kept):
        (size,) = _LENGTH.unpack_from(kept, at)
        at_ms, what, worker, attempt, detail = _event_of(kept[at + 4 : at + 4 + size])
        # Lua has no null within a list: false stands for it.
        events.append(
            ItemEvent(
                at=at_ms / 1000,
                what=what,
                worker=worker if isinstance(worker, str) and worker else None,
                attempt=None if isinstance(attempt, bool) else attempt,
                detail=detail if isinstance(detail, str) else None,
            )
        )
        at += 4 + size
    return events


def read_stats(told: Sequence[int]) -> Stats:
    """Read what scripts/stats.lua answers."""
    ready, delayed, leased, dead, enqueued, completed, retried, expired, died, oldest_ms, paused = told
    return Stats(
        ready=ready,
        delayed=delayed,
        leased=leased,
        dead=dead,
        enqueued_total=enqueued,
        completed_total=completed,
        retried_total=retried,
        expired_total=expired,
        dead_total=died,
        oldest_ready_seconds=None if oldest_ms < 0 else oldest_ms / 1000,
        paused=bool(paused),
    )
