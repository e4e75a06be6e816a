"""Dead letters made ready again, and items deleted: what runs inside a write transaction."""

from __future__ import annotations

from collections.abc import Sequence

from headrace.queue.port import ItemEvent
from headrace.queue.sqlite import history
from headrace.queue.sqlite.ledger import Transaction
from headrace.queue.sqlite.queries import QUERIES


def redrive(transaction: Transaction, queue: int, ids: Sequence[str] | None, limit: int) -> int:
    """Make dead letters ready again at the end of the queue, the oldest or these; return how many."""
    ledger, cursor = transaction.ledger(queue), transaction.cursor
    if ids is None:
        rows = cursor.execute(QUERIES["select_dead"], (queue, limit)).fetchall()
    else:
        rows = []
        for item_id in dict.fromkeys(ids):
            rows += cursor.execute(QUERIES["select_dead_by_id"], (queue, item_id)).fetchall()
    for seq, log in rows:
        ledger.position += 1
        log = history.append(log, [ItemEvent(at=transaction.now, what="redriven")])
        cursor.execute(QUERIES["redrive"], (ledger.position, log, seq))
    ledger.dead -= len(rows)
    ledger.ready += len(rows)
    ledger.woke = ledger.woke or bool(rows)
    return len(rows)


def purge(transaction: Transaction, queue: int, state: str, limit: int) -> int:
    """Delete up to `limit` items in this state, which is not `leased`; return how many."""
    ledger = transaction.ledger(queue)
    gone = transaction.cursor.execute(QUERIES[f"purge_{state}"], (queue, limit)).rowcount
    if state == "ready":
        ledger.ready -= gone
    elif state == "delayed":
        ledger.delayed -= gone
    elif state == "dead":
        ledger.dead -= gone
    return gone
