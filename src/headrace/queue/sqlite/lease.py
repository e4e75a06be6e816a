"""Leases: what runs inside a write transaction.

A lease holds while its row has its token and its time is not over; whatever is done under another is refused
and changes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from headrace.queue.port import Done, Failed, Held, ItemEvent, Leased
from headrace.queue.sqlite import history
from headrace.queue.sqlite.due import bring_back, give_back
from headrace.queue.sqlite.ledger import DEAD, DELAYED, READY, Ledger, Transaction
from headrace.queue.sqlite.queries import QUERIES

# Longer error texts are cut: they are read by people, and kept with each dead letter.
ERROR_LENGTH_MAX = 16_384
# Doubling stops being a number long before it stops being a loop.
_DOUBLINGS_MAX = 60

_LEASE, _COMPLETE, _FORGET = QUERIES["lease"], QUERIES["complete"], QUERIES["complete_and_forget"]
_decode_headers = msgspec.json.Decoder(dict[str, str]).decode


def lease(
    transaction: Transaction, queue: int, max_items: int, lease_seconds: float, worker: str
) -> list[Leased]:
    """Bring back what is due, then take up to `max_items`."""
    ledger = transaction.ledger(queue)
    bring_back(transaction, ledger)
    if not ledger.ready or ledger.paused or max_items == 0:
        return []
    ledger.fence += 1
    token, now, cursor = ledger.fence, transaction.now, transaction.cursor
    expires_at = now + lease_seconds
    rows = cursor.execute(_LEASE, (expires_at, token, now, worker, queue, max_items)).fetchall()
    ledger.ready -= len(rows)
    ledger.leased += len(rows)
    # RETURNING keeps no order. Positions are unique, so nothing after them is compared.
    rows.sort()
    rows.sort(key=_priority, reverse=True)
    attempts_max = ledger.options.max_attempts
    return [
        Leased(
            id=item_id,
            token=token,
            payload=payload if not large else _body(cursor, seq),
            attempt=attempts,
            expires_at=expires_at,
            enqueued_at=enqueued_at,
            priority=priority,
            max_attempts=max_attempts or attempts_max,
            headers=None if headers is None else _decode_headers(headers),
        )
        for (
            priority,
            _position,
            item_id,
            attempts,
            max_attempts,
            enqueued_at,
            headers,
            payload,
            large,
            seq,
        ) in rows
    ]


def _priority(row: tuple[Any, ...]) -> int:
    priority: int = row[0]
    return priority


def _body(cursor: sqlite3.Cursor, seq: int) -> bytes:
    payload: bytes = cursor.execute(QUERIES["select_body"], (seq,)).fetchone()[0]
    return payload


def complete(transaction: Transaction, queue: int, done: Sequence[Done]) -> list[str]:
    """Complete leases and keep the results; return the refused ids."""
    ledger = transaction.ledger(queue)
    now = transaction.now
    rows: list[tuple[Any, ...]]
    if ledger.options.result_seconds > 0:
        statement = _COMPLETE
        rows = [(now, one.result, queue, one.id, one.token, now) for one in done]
    else:
        statement = _FORGET
        rows = [(queue, one.id, one.token, now) for one in done]
    refused = _change_each(transaction.cursor, statement, rows, done)
    count = len(done) - len(refused)
    ledger.leased -= count
    ledger.completed_total += count
    return refused


def complete_and_lease(
    transaction: Transaction,
    queue: int,
    done: Sequence[Done],
    max_items: int,
    lease_seconds: float,
    worker: str,
) -> tuple[list[str], list[Leased]]:
    refused = complete(transaction, queue, done)
    return refused, lease(transaction, queue, max_items, lease_seconds, worker)


def extend(transaction: Transaction, queue: int, held: Sequence[Held], lease_seconds: float) -> list[str]:
    """Let leases end `lease_seconds` from now; return the refused ids."""
    now = transaction.now
    rows = [(now + lease_seconds, now, queue, one.id, one.token, now) for one in held]
    return _change_each(transaction.cursor, QUERIES["extend"], rows, held)


def _change_each(
    cursor: sqlite3.Cursor, statement: str, rows: list[tuple[Any, ...]], named: Sequence[Done | Held]
) -> list[str]:
    """Run a statement that changes one row for each lease that holds; return the ids of the others."""
    if not rows:
        return []
    # Nearly always all of them hold, which one count tells. Only when not, find out one by one.
    cursor.execute("SAVEPOINT leases")
    cursor.executemany(statement, rows)
    refused = []
    if cursor.rowcount != len(rows):
        cursor.execute("ROLLBACK TO leases")
        for row, one in zip(rows, named, strict=True):
            if cursor.execute(statement, row).rowcount == 0:
                refused.append(one.id)
    cursor.execute("RELEASE leases")
    return refused


def release(transaction: Transaction, queue: int, held: Sequence[Held]) -> list[str]:
    """Make items ready again where they were in the order; return the refused ids."""
    ledger = transaction.ledger(queue)

    def back(one: Held, row: tuple[Any, ...]) -> None:
        seq, attempts, _, _, leased_at, worker, extensions, extended_at, log, error = row
        events = history.of_lease(leased_at, worker, attempts, extensions, extended_at)
        events.append(ItemEvent(at=transaction.now, what="released", worker=worker or None, attempt=attempts))
        give_back(
            transaction, seq, READY, attempts=attempts - 1, error=error, log=history.append(log, events)
        )
        ledger.ready += 1
        ledger.woke = True

    return _end_each(transaction, ledger, held, back)


def fail(transaction: Transaction, queue: int, failed: Sequence[Failed]) -> list[str]:
    """Make items delayed, or dead letters; return the refused ids."""
    ledger = transaction.ledger(queue)

    def back(one: Failed, row: tuple[Any, ...]) -> None:
        _fail(transaction, ledger, one, row)

    return _end_each(transaction, ledger, failed, back)


def _fail(transaction: Transaction, ledger: Ledger, one: Failed, row: tuple[Any, ...]) -> None:
    seq, attempts, max_attempts, _, leased_at, worker, extensions, extended_at, log, _ = row
    now, options = transaction.now, ledger.options
    # Text of any program: what UTF-8 cannot hold (lone surrogates) is replaced.
    error = one.error[:ERROR_LENGTH_MAX].encode("utf-8", "replace").decode()
    events = history.of_lease(leased_at, worker, attempts, extensions, extended_at)
    detail = error[: history.DETAIL_LENGTH_MAX]
    events.append(ItemEvent(at=now, what="failed", worker=worker or None, attempt=attempts, detail=detail))
    attempts_max = max_attempts or options.max_attempts
    reason = "final" if one.final else "attempts" if attempts >= attempts_max else None
    position = due_at = None
    if reason is not None:
        events.append(ItemEvent(at=now, what="dead", attempt=attempts, detail=reason))
        state, due_at = DEAD, now
        ledger.dead += 1
        ledger.dead_total += 1
    else:
        ledger.retried_total += 1
        pause = one.retry_in
        if pause is None:
            doubled = options.backoff_seconds * 2.0 ** min(attempts - 1, _DOUBLINGS_MAX)
            pause = min(doubled, options.backoff_seconds_max)
        if pause > 0:
            state, due_at = DELAYED, now + pause
            ledger.delayed += 1
        else:
            state = READY
            ledger.position += 1
            position = ledger.position
            ledger.ready += 1
            ledger.woke = True
    give_back(
        transaction,
        seq,
        state,
        position=position,
        due_at=due_at,
        attempts=attempts,
        error=error,
        reason=reason,
        log=history.append(log, events),
    )


def _end_each(
    transaction: Transaction,
    ledger: Ledger,
    named: Sequence[Any],
    back: Callable[[Any, tuple[Any, ...]], None],
) -> list[str]:
    """Call `back` with each lease that holds and its row; return the ids of the others."""
    refused = []
    for one in named:
        row = transaction.cursor.execute(
            QUERIES["select_held"], (ledger.queue, one.id, one.token, transaction.now)
        ).fetchone()
        if row is None:
            refused.append(one.id)
        else:
            ledger.leased -= 1
            back(one, row)
    return refused
