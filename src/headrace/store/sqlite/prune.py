"""Deleting finished executions with all that they own, in steps that other commits can pass between."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence

from headrace.store.sqlite.queries import QUERIES

# What one step deletes at most: about 10 ms of the writer's time.
ROWS_PER_STEP = 1_000
EXECUTIONS_PER_STEP = 50

Step = Callable[[sqlite3.Cursor], bool]


def in_steps(ids: Sequence[str]) -> Iterator[Step]:
    """Yield steps; each is to be called, in transactions of their own, until it returns True.

    History and logs go first and the execution last, so that a step cut short by a crash leaves an
    execution that the next prune finds again. Blobs go with the last row that uses them.
    """
    for start in range(0, len(ids), EXECUTIONS_PER_STEP):
        yield _step(ids[start : start + EXECUTIONS_PER_STEP])


def _step(ids: Sequence[str]) -> Step:
    # Keeps no record of its progress: a step may be rolled back, and deleting again deletes nothing.
    def step(cursor: sqlite3.Cursor) -> bool:
        budget = ROWS_PER_STEP
        done = 0
        for execution_id in ids:
            for statement in ("prune_runs", "prune_logs"):
                budget -= cursor.execute(QUERIES[statement], (execution_id, budget)).rowcount
                if budget <= 0:
                    return False
            for statement in ("delete_subscriptions", "prune_decision_links", "prune_decisions"):
                cursor.execute(QUERIES[statement], (execution_id,))
            budget -= cursor.execute(QUERIES["prune_execution"], (execution_id,)).rowcount
            done += 1
            if budget <= 0:
                break
        return done == len(ids)

    return step


def events(published_before: float, limit: int) -> Callable[[sqlite3.Cursor], int]:
    """Return a job that deletes up to `limit` delivered events, and with them the memory of their ids."""

    def job(cursor: sqlite3.Cursor) -> int:
        return cursor.execute(QUERIES["prune_events"], (published_before, limit)).rowcount

    return job
