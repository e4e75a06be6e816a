"""Enqueueing: what runs inside a write transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from headrace.queue.ids import new_item_id
from headrace.queue.port import Enqueued, Put
from headrace.queue.sqlite.ledger import DELAYED, READY, Ledger, Transaction
from headrace.queue.sqlite.queries import QUERIES

# A payload up to this size lies in the item's row, a larger one in a row of its own.
INLINE_BYTES_MAX = 2048

_INSERT = QUERIES["insert_item"]
_encode_headers = msgspec.json.Encoder().encode


def put(transaction: Transaction, queue: int, puts: Sequence[Put]) -> list[Enqueued]:
    """Add items in order; each is added or a duplicate."""
    ledger = transaction.ledger(queue)
    for one in puts:
        if one.id is not None or one.dedupe_key is not None or len(one.payload) > INLINE_BYTES_MAX:
            return [_put_one(transaction, ledger, one) for one in puts]
    # Nothing can be a duplicate, and nothing has to be asked of the rows one by one.
    answers = []
    rows = []
    for one in puts:
        item_id = new_item_id()
        rows.append(_row(ledger, one, item_id, transaction.now))
        answers.append(Enqueued(item_id))
    transaction.cursor.executemany(_INSERT, rows)
    return answers


def _put_one(transaction: Transaction, ledger: Ledger, one: Put) -> Enqueued:
    cursor, now = transaction.cursor, transaction.now
    if one.dedupe_key is not None:
        known = cursor.execute(QUERIES["find_dedupe"], (ledger.queue, one.dedupe_key, now)).fetchone()
        if known is not None:
            return Enqueued(known[0], duplicate=True)
    if one.id is not None and cursor.execute(QUERIES["is_known"], (ledger.queue, one.id)).fetchone():
        return Enqueued(one.id, duplicate=True)
    item_id = new_item_id() if one.id is None else one.id
    cursor.execute(_INSERT, _row(ledger, one, item_id, now))
    if len(one.payload) > INLINE_BYTES_MAX:
        cursor.execute(QUERIES["insert_body"], (cursor.lastrowid, one.payload))
    if one.dedupe_key is not None and one.dedupe_seconds > 0:
        until = now + one.dedupe_seconds
        cursor.execute(QUERIES["set_dedupe"], (ledger.queue, one.dedupe_key, item_id, until))
    return Enqueued(item_id)


def _row(ledger: Ledger, one: Put, item_id: str, now: float) -> tuple[Any, ...]:
    """Return the values of `insert_item`, counted in the ledger."""
    ledger.position += 1
    ledger.enqueued_total += 1
    if one.delay_seconds > 0:
        ledger.delayed += 1
        state, due_at = DELAYED, now + one.delay_seconds
    else:
        ledger.ready += 1
        ledger.woke = True
        state, due_at = READY, None
    payload = one.payload
    large = len(payload) > INLINE_BYTES_MAX
    return (
        ledger.queue,
        item_id,
        state,
        one.priority,
        ledger.position,
        due_at,
        one.max_attempts,
        now,
        large,
        None if one.headers is None else _encode_headers(one.headers),
        None if large else payload,
    )
