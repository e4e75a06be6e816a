"""Dead letters made ready again, and items deleted: what runs inside a write transaction."""

from __future__ import annotations

from collections.abc import Sequence

from headrace.queue.port import ItemEvent
from headrace.queue.sqlite import history
from headrace.queue.sqlite.ledger import COMPLETED, DEAD, DELAYED, LEASED, READY, Transaction
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


_STATES = {
    "ready": (READY,),
    "delayed": (DELAYED,),
    "dead": (DEAD,),
    "all": (READY, DELAYED, COMPLETED, DEAD),
}


def purge_these(transaction: Transaction, queue: int, what: str, ids: Sequence[str]) -> int:
    """Delete those of the items that are in such a state, which is never `leased`; return how many."""
    ledger, cursor = transaction.ledger(queue), transaction.cursor
    gone = dict.fromkeys((READY, DELAYED, LEASED, COMPLETED, DEAD), 0)
    for item_id in ids:
        row = cursor.execute(QUERIES["select_state"], (queue, item_id)).fetchone()
        if row is not None and row[1] in _STATES[what]:
            cursor.execute(QUERIES["delete_item"], (row[0],))
            gone[row[1]] += 1
    ledger.ready -= gone[READY]
    ledger.delayed -= gone[DELAYED]
    ledger.dead -= gone[DEAD]
    return gone[READY] + gone[DELAYED] + gone[DEAD]
