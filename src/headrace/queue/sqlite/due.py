"""What comes with time: leases that end, delays that are over, results and letters that were kept enough.

Done inside every lease, and by a timer where nobody leases.
"""

from __future__ import annotations

from headrace.queue.port import ITEMS_PER_CALL_MAX, ItemEvent
from headrace.queue.sqlite import history
from headrace.queue.sqlite.ledger import DEAD, READY, Ledger, Transaction
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


def bring_back(transaction: Transaction, ledger: Ledger) -> None:
    """Make ready what is due, some at a time; items whose last attempt ran out are dead."""
    if ledger.leased:
        _expire(transaction, ledger)
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


def _expire(transaction: Transaction, ledger: Ledger) -> None:
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


def keep_house(transaction: Transaction, queue: int) -> None:
    """Bring back what is due and forget what was kept long enough, some at a time."""
    ledger = transaction.ledger(queue)
    bring_back(transaction, ledger)
    cursor, now, options = transaction.cursor, transaction.now, ledger.options
    cursor.execute(QUERIES["prune_completed"], (queue, now - options.result_seconds, AT_A_TIME))
    cursor.execute(QUERIES["prune_dead"], (queue, now - options.dead_seconds, AT_A_TIME))
    ledger.dead -= cursor.rowcount
    cursor.execute(QUERIES["prune_dedupe"], (queue, now, AT_A_TIME))
