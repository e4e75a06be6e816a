"""From the engine's records to the store's rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from headrace.engine.record import RunRecord
from headrace.store.port import TaskRun

Write = Callable[[Any], bytes]


def task_run_row(execution_id: str, record: RunRecord, write: Write) -> TaskRun:
    """Return the history row of a task run; `write` encodes a payload, without secrets."""
    return TaskRun(
        execution_id=execution_id,
        run_id=record.run_id,
        parent_id=record.parent_id,
        pointer=record.pointer,
        name=record.name,
        kind=record.kind,
        status=record.status,
        started_sequence=record.started_sequence,
        ended_sequence=record.ended_sequence,
        started_at=record.started_at,
        ended_at=record.ended_at,
        attempt=record.attempt,
        iteration=record.iteration,
        count=record.count,
        # A host may have come of a secret.
        worker=None if record.worker is None else orjson.loads(write(record.worker)),
        input=None if record.input is None else write(record.input),
        output=None if record.output is None else write(record.output),
        error=None if record.error is None else write(record.error),
        variables=None if record.variables is None else write(record.variables),
        context=write(record.context) if record.exported else None,
        details=None if record.details is None else write(record.details),
    )
