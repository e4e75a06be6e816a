"""Looking at queues: what runs on a connection that cannot write."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from headrace.queue.port import DeadLetter, ItemEvent, ItemRecord, State, Stats
from headrace.queue.sqlite import history
from headrace.queue.sqlite.ledger import Ledger, decode_options
from headrace.queue.sqlite.queries import QUERIES

_STATES: tuple[State, ...] = ("ready", "delayed", "leased", "completed", "dead")
_KEPT = ("completed", "dead")

_decode_headers = msgspec.json.Decoder(dict[str, str]).decode


def _ledger(connection: sqlite3.Connection, queue: int) -> Ledger:
    return Ledger(queue, connection.execute(QUERIES["select_ledger"], (queue,)).fetchone())


def _kept_since(ledger: Ledger, state: str, now: float) -> float:
    """Since when items are kept: older ones are as good as deleted."""
    seconds = ledger.options.result_seconds if state == "completed" else ledger.options.dead_seconds
    return now - seconds


def names(connection: sqlite3.Connection, _queue: int, _now: float) -> list[str]:
    """Return the queues of the file."""
    return [name for (name,) in connection.execute(QUERIES["names"])]


def stats(connection: sqlite3.Connection, queue: int, now: float) -> Stats:
    ledger = _ledger(connection, queue)
    oldest = None
    if ledger.ready:
        (oldest,) = connection.execute(QUERIES["oldest_ready"], (queue,)).fetchone()
    return Stats(
        ready=ledger.ready,
        delayed=ledger.delayed,
        leased=ledger.leased,
        dead=ledger.dead,
        enqueued_total=ledger.enqueued_total,
        completed_total=ledger.completed_total,
        retried_total=ledger.retried_total,
        expired_total=ledger.expired_total,
        dead_total=ledger.dead_total,
        oldest_ready_seconds=None if oldest is None else max(0.0, now - oldest),
        paused=ledger.paused,
    )


def stats_of(
    connection: sqlite3.Connection, _queue: int, now: float, names: Sequence[str]
) -> dict[str, Stats]:
    """Return the counts of those of these queues that there are, by name."""
    rows = ((name, connection.execute(QUERIES["find_queue"], (name,)).fetchone()) for name in names)
    return {name: stats(connection, row[0], now) for name, row in rows if row is not None}


def peek(
    connection: sqlite3.Connection, queue: int, now: float, state: State, limit: int
) -> list[ItemRecord]:
    if state in _KEPT:
        since = _kept_since(_ledger(connection, queue), state, now)
        rows = connection.execute(QUERIES[f"peek_{state}"], (queue, since, limit)).fetchall()
    else:
        rows = connection.execute(QUERIES[f"peek_{state}"], (queue, limit)).fetchall()
    return [_record(connection, row) for row in rows]


def inspect(connection: sqlite3.Connection, queue: int, now: float, item_id: str) -> ItemRecord | None:
    row = connection.execute(QUERIES["inspect"], (queue, item_id)).fetchone()
    if row is None:
        return None
    state, since = _STATES[row[3]], row[5]
    if state in _KEPT and since <= _kept_since(_ledger(connection, queue), state, now):
        return None
    return _record(connection, row)


def inspect_all(
    connection: sqlite3.Connection, queue: int, now: float, ids: Sequence[str]
) -> list[ItemRecord]:
    found = (inspect(connection, queue, now, item_id) for item_id in ids)
    return [record for record in found if record is not None]


def dead_letters(
    connection: sqlite3.Connection, queue: int, now: float, after: str | None, limit: int
) -> list[DeadLetter]:
    since = _kept_since(_ledger(connection, queue), "dead", now)
    start: tuple[float, int] = (since, 0)
    if after is not None:
        # A letter that was redriven or deleted meanwhile is no place to go on from: start over.
        start = connection.execute(QUERIES["find_dead"], (queue, after)).fetchone() or start
    rows = connection.execute(QUERIES["select_dead_letters"], (queue, *start, limit)).fetchall()
    return [
        DeadLetter(
            id=item_id,
            payload=_payload(connection, seq, large, payload) or b"",
            reason=reason,
            error=error,
            attempts=attempts,
            enqueued_at=enqueued_at,
            died_at=died_at,
            priority=priority,
            headers=_headers(headers),
        )
        for (
            seq,
            large,
            item_id,
            payload,
            reason,
            error,
            attempts,
            enqueued_at,
            died_at,
            priority,
            headers,
        ) in rows
        if died_at > since
    ]


def next_due(connection: sqlite3.Connection, queue: int) -> tuple[float | None, float | None]:
    """Return when the next item comes back, and when the next one is to be forgotten; None: nothing is."""
    delayed, leased, completed, dead, dedupe, options_data = connection.execute(
        QUERIES["next_due"], (queue,)
    ).fetchone()
    options = decode_options(options_data)
    back_at = min((time for time in (delayed, leased) if time is not None), default=None)
    times = [] if dedupe is None else [dedupe]
    if completed is not None:
        times.append(completed + options.result_seconds)
    if dead is not None:
        times.append(dead + options.dead_seconds)
    return back_at, min(times, default=None)


def is_ready(connection: sqlite3.Connection, queue: int) -> bool:
    """Whether there is anything to lease."""
    row = connection.execute(QUERIES["is_ready"], (queue,)).fetchone()
    return row is not None and bool(row[0])


def _payload(connection: sqlite3.Connection, seq: int, large: int, payload: bytes | None) -> bytes | None:
    if large:
        row = connection.execute(QUERIES["select_body"], (seq,)).fetchone()
        return None if row is None else row[0]
    return payload


def _headers(data: bytes | None) -> dict[str, str] | None:
    return None if data is None else _decode_headers(data)


def _record(connection: sqlite3.Connection, row: tuple[Any, ...]) -> ItemRecord:
    (
        seq,
        large,
        item_id,
        state_number,
        priority,
        due_at,
        attempts,
        enqueued_at,
        leased_at,
        worker,
        extensions,
        extended_at,
        error,
        log,
        headers,
        payload,
        result,
    ) = row
    state = _STATES[state_number]
    events = [ItemEvent(at=enqueued_at, what="enqueued"), *history.read_log(log)]
    if state in ("leased", "completed"):
        events += history.of_lease(leased_at, worker, attempts, extensions, extended_at)
    if state == "completed":
        events.append(ItemEvent(at=due_at, what="completed", worker=worker or None, attempt=attempts))
    return ItemRecord(
        id=item_id,
        state=state,
        payload=_payload(connection, seq, large, payload),
        attempts=attempts,
        enqueued_at=enqueued_at,
        priority=priority,
        run_at=due_at if state == "delayed" else None,
        leased_by=(worker or None) if state == "leased" else None,
        expires_at=due_at if state == "leased" else None,
        result=result,
        error=error,
        headers=_headers(headers),
        history=tuple(events),
    )
