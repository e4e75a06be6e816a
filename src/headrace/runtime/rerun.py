"""Rerun on a store: reads the earlier execution's history and starts the new one."""

from __future__ import annotations

from typing import Any

import msgspec
import orjson

from headrace.engine.decide import new_execution
from headrace.engine.record import RunRecord
from headrace.engine.rerun import Rebuild, RerunError, pick
from headrace.engine.state import FINAL_STATUSES
from headrace.runtime.definitions import Deployed
from headrace.runtime.ids import new_execution_id
from headrace.runtime.runtime import Runtime
from headrace.store.port import Starter, TaskRun

PAGE = 5000


async def rerun(
    runtime: Runtime,
    execution_id: str,
    *,
    from_run: int | None = None,
    task: str | None = None,
    input: Any = ...,
    deployed: Deployed | None = None,
    started_by: Starter | None = None,
) -> str:
    """Start a new execution from a task run of an earlier one; return its id when it is durable.

    `input` is that of the task run (of the workflow where neither `from_run` nor `task` is given); `...`
    is the recorded one. Raises `RerunError`.
    """
    row = await runtime.store.execution(execution_id)
    if row is None:
        raise RerunError(f"there is no execution {execution_id}")
    if row.status not in FINAL_STATUSES:
        raise RerunError(
            f"execution {execution_id} is {row.status}; it can be rerun when it is final (or cancel it first)"
        )
    if deployed is None:
        deployed = await runtime.definitions.by_digest(row.definition_digest)
    now = runtime.clock.now()
    recorded_input = _decoded(row.input)
    if from_run is None and task is None:
        execution = new_execution(
            deployed.plan, new_execution_id(now), recorded_input if input is ... else input, now
        )
        return await runtime.begin(
            deployed, execution, rerun_of=execution_id, rerun_run_id=0, started_by=started_by
        )
    rows = await _history(runtime, execution_id)
    records = [_record(each) for each in rows]
    target = pick(records, run_id=from_run, task=task)
    rebuild = Rebuild(deployed.plan, records, target, earlier=execution_id)
    execution = new_execution(deployed.plan, new_execution_id(now), recorded_input, now)
    by_run = {each.run_id: each for each in rows}
    carried = [
        msgspec.structs.replace(by_run[record.run_id], execution_id=execution.execution_id, carried=True)
        for record in rebuild.carried()
    ]
    return await runtime.begin(
        deployed,
        execution,
        rerun_of=execution_id,
        rerun_run_id=target.run_id,
        carried=carried,
        started_by=started_by,
        rebuild=lambda new: rebuild.apply(new, now, input),
    )


async def _history(runtime: Runtime, execution_id: str) -> list[TaskRun]:
    found: list[TaskRun] = []
    while True:
        page = await runtime.store.history(
            execution_id, after=found[-1].ended_sequence if found else -1, limit=PAGE
        )
        found += page
        if len(page) < PAGE:
            return found


def _record(row: TaskRun) -> RunRecord:
    return RunRecord(
        run_id=row.run_id,
        parent_id=row.parent_id,
        pointer=row.pointer,
        name=row.name,
        kind=row.kind,
        status=row.status,
        started_sequence=row.started_sequence,
        ended_sequence=row.ended_sequence,
        started_at=row.started_at,
        ended_at=row.ended_at,
        attempt=row.attempt,
        iteration=row.iteration,
        count=row.count,
        input=_decoded(row.input),
        output=_decoded(row.output),
        error=_decoded(row.error),
        variables=_decoded(row.variables),
        exported=row.context is not None,
        context=_decoded(row.context),
        details=_decoded(row.details),
        worker=row.worker,
    )


def _decoded(data: bytes | None) -> Any:
    return None if data is None else orjson.loads(data)
