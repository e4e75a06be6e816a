"""What comes with time: leases that end, delays that are over, results and letters that were kept enough.

Done inside every lease, and by a timer where nobody leases.
"""

from __future__ import annotations

from headrace.queue.port import ITEMS_PER_CALL_MAX, ItemEvent
from headrace.queue.sqlite import history
from headrace.queue.sqlite.ledger import COMPLETED, DEAD, READY, Ledger, Transaction
from headrace.queue.sqlite.queries import QUERIES

# How much is done at a time, so that no lease waits long for the house work of others.
AT_A_TIME = ITEMS_PER_CALL_MAX

_EXPIRED, _DUE = QUERIES["select_expired"], QUERIES["select_due"]


def give_back(
    transaction: Transaction,
    seq: int,
    state: int,
    *,
    attempts: int,
    error: str | None,
    log: bytes,
    position: int | None = None,
    due_at: float | None = None,
    reason: str | None = None,
) -> None:
    """End the lease of an item without completing it. Without a `position` it keeps its place."""
    transaction.cursor.execute(
        QUERIES["give_back"], (state, position, due_at, attempts, error, reason, log, seq)
    )


def bring_back(transaction: Transaction, ledger: Ledger) -> bool:
    """Make ready what is due; items whose last attempt ran out are dead. Return whether more may be due."""
    more = False
    if ledger.leased:
        more = _expire(transaction, ledger)
    if ledger.delayed:
        due = transaction.cursor.execute(_DUE, (ledger.queue, transaction.now, AT_A_TIME)).fetchall()
        if due:
            last = ledger.position
            rows = [(last + place, seq) for place, (seq,) in enumerate(due, 1)]
            transaction.cursor.executemany(QUERIES["make_ready"], rows)
            ledger.position += len(due)
            ledger.delayed -= len(due)
            ledger.ready += len(due)
            ledger.woke = True
            more = more or len(due) == AT_A_TIME
    return more


def _expire(transaction: Transaction, ledger: Ledger) -> bool:
    now = transaction.now
    expired = transaction.cursor.execute(_EXPIRED, (ledger.queue, now, AT_A_TIME)).fetchall()
    for row in expired:
        seq, attempts, max_attempts, ended_at, leased_at, worker, extensions, extended_at, log, error = row
        events = history.of_lease(leased_at, worker, attempts, extensions, extended_at)
        events.append(ItemEvent(at=ended_at, what="expired", worker=worker or None, attempt=attempts))
        if attempts >= (max_attempts or ledger.options.max_attempts):
            events.append(ItemEvent(at=now, what="dead", attempt=attempts, detail="expired"))
            state, due_at, reason = DEAD, now, "expired"
            ledger.dead += 1
            ledger.dead_total += 1
        else:
            state, due_at, reason = READY, None, None
            ledger.ready += 1
            ledger.woke = True
        give_back(
            transaction,
            seq,
            state,
            attempts=attempts,
            error=error,
            log=history.append(log, events),
            due_at=due_at,
            reason=reason,
        )
    ledger.leased -= len(expired)
    ledger.expired_total += len(expired)
    return len(expired) == AT_A_TIME


def keep_house(transaction: Transaction, queue: int) -> bool:
    """Bring back what is due and forget what was kept long enough; return whether more is to be done."""
    ledger = transaction.ledger(queue)
    more = bring_back(transaction, ledger)
    cursor, now, options = transaction.cursor, transaction.now, ledger.options
    for state, seconds in ((COMPLETED, options.result_seconds), (DEAD, options.dead_seconds)):
        gone = cursor.execute(QUERIES["prune_ended"], (queue, state, now - seconds, AT_A_TIME)).rowcount
        if state == DEAD:
            ledger.dead -= gone
        more = more or gone == AT_A_TIME
    forgotten = cursor.execute(QUERIES["prune_dedupe"], (queue, now, AT_A_TIME)).rowcount
    return more or forgotten == AT_A_TIME
