"""Executions and task runs as the API shows them. Times are epoch seconds (UTC), durations seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from litestar.params import PathParameter

from headrace.access.role import Principal
from headrace.api.platform import Platform
from headrace.api.problem import not_found
from headrace.engine.state import FINAL_STATUSES
from headrace.engine.waiting import Waiting
from headrace.runtime.open_state import OpenRun, OpenState, open_state
from headrace.runtime.why import why
from headrace.store.port import ExecutionRow, Starter, TaskRun

Status = Literal["pending", "running", "waiting", "suspended", "cancelled", "faulted", "completed"]

# A child's id is its parent's with the number of the task run that started it, however deep.
EXECUTION_ID_CHARACTERS_MAX = 300

Namespace = Annotated[str, PathParameter(max_length=253, description="A namespace.")]
ExecutionId = Annotated[
    str, PathParameter(max_length=EXECUTION_ID_CHARACTERS_MAX, description="An execution's id.")
]
RunId = Annotated[
    int, PathParameter(ge=0, le=2**53, description="The number of a task run; 0: the workflow.")
]


class ExecutionSummary(msgspec.Struct, kw_only=True):
    """An execution in a list. `duration_seconds` is up to now where it has not ended.

    `started_by` is the principal who started it over the API, as the log of changes names them, also by a
    rerun or a trigger fired by hand; null where a trigger fired by itself, and for children.
    """

    id: str
    namespace: str
    flow: str
    version: str
    digest: str
    status: Status
    created_at: float
    started_at: float | None
    ended_at: float | None
    duration_seconds: float
    key: str | None
    trigger: str | None
    started_by: str | None
    started_by_name: str | None
    parent_id: str | None
    parent_run_id: int | None
    rerun_of: str | None
    rerun_run_id: int | None


class Why(msgspec.Struct, kw_only=True):
    """Why an execution is not final: an open task and what it waits for, in words and as data."""

    words: str
    waiting: Waiting


class ExecutionDetail(ExecutionSummary, kw_only=True):
    """An execution with its payloads; `why` is empty when it is final."""

    input: Any
    output: Any
    error: Any
    why: list[Why]


class TaskRunSummary(msgspec.Struct, kw_only=True):
    """A task run. One that is open has the status `running` or `waiting` and no end.

    `sequence` orders what ended; `count` > 1: so many runs of a loop of pure tasks, summed up; `carried`:
    taken over from the execution that this one reruns; `worker`: who performed its call, or has it now.
    """

    run_id: int
    parent_id: int
    task: str
    name: str
    kind: str
    status: Literal["running", "waiting", "completed", "faulted", "cancelled", "skipped"]
    started_at: float
    ended_at: float | None
    duration_seconds: float
    sequence: int | None
    attempt: int
    iteration: int | None
    count: int
    carried: bool
    worker: str | None


class TaskRunDetail(TaskRunSummary, kw_only=True):
    """A task run with its payloads. What is null is not there, or is null."""

    input: Any
    output: Any
    error: Any
    variables: Any
    context: Any
    details: Any


def starter_of(principal: Principal) -> Starter:
    """Return who starts an execution, for its record."""
    return Starter(principal.id, principal.name)


def raw(payload: bytes | None) -> Any:
    """Return a stored payload for an answer: it is JSON already."""
    return None if payload is None else msgspec.Raw(payload)


def summary_of(row: ExecutionRow, now: float) -> ExecutionSummary:
    """Return an execution as lists show it."""
    return ExecutionSummary(**_facts(row, now))


def _facts(row: ExecutionRow, now: float) -> dict[str, Any]:
    began = row.created_at if row.started_at is None else row.started_at
    return {
        "id": row.id,
        "namespace": row.namespace,
        "flow": row.name,
        "version": row.workflow_version,
        "digest": row.definition_digest,
        "status": row.status,
        "created_at": row.created_at,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "duration_seconds": max((now if row.ended_at is None else row.ended_at) - began, 0.0),
        "key": row.key,
        "trigger": row.trigger,
        "started_by": row.started_by,
        "started_by_name": row.started_by_name,
        "parent_id": row.parent_id,
        "parent_run_id": row.parent_run_id,
        "rerun_of": row.rerun_of,
        "rerun_run_id": row.rerun_run_id,
    }


def detail_of(row: ExecutionRow, waiting: Sequence[Waiting], now: float) -> ExecutionDetail:
    """Return an execution with its payloads and why it is not final."""
    return ExecutionDetail(
        **_facts(row, now),
        input=raw(row.input),
        output=raw(row.output),
        error=raw(row.error),
        why=[Why(words=why(each, now), waiting=each) for each in waiting],
    )


def run_summary(run: TaskRun) -> TaskRunSummary:
    """Return a task run that ended."""
    return TaskRunSummary(**_run_facts(run))


def run_detail(run: TaskRun) -> TaskRunDetail:
    """Return a task run that ended, with its payloads."""
    payloads = ("input", "output", "error", "variables", "context", "details")
    return TaskRunDetail(**_run_facts(run), **{name: raw(getattr(run, name)) for name in payloads})


def _run_facts(run: TaskRun) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "parent_id": run.parent_id,
        "task": run.pointer,
        "name": run.name,
        "kind": run.kind,
        "status": run.status,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "duration_seconds": max(run.ended_at - run.started_at, 0.0),
        "sequence": run.ended_sequence,
        "attempt": run.attempt,
        "iteration": run.iteration,
        "count": run.count,
        "carried": run.carried,
        "worker": run.worker,
    }


def open_run_facts(run: OpenRun, now: float, waiting: Sequence[Waiting] = ()) -> dict[str, Any]:
    """Return what a task run that has not ended shows; `waiting` is what its execution waits for."""
    holders = ((each.item or {}).get("leased_by") for each in waiting if each.run_id == run.run_id)
    return {
        "run_id": run.run_id,
        "parent_id": run.parent_id,
        "task": run.pointer,
        "name": run.name,
        "kind": run.kind,
        "status": run.status,
        "started_at": run.started_at,
        "ended_at": None,
        "duration_seconds": max(now - run.started_at, 0.0),
        "sequence": None,
        "attempt": run.attempt,
        "iteration": run.iteration,
        "count": 1,
        "carried": False,
        "worker": next((holder for holder in holders if holder), None),
    }


async def known(platform: Platform, namespace: str, execution_id: str) -> ExecutionRow:
    """Return an execution of this namespace. Raises `Problem` 404 for any other."""
    row = await platform.store.execution(execution_id)
    if row is None or row.namespace != namespace:
        raise not_found("execution", execution_id, "list them with GET .../executions")
    return row


async def open_of(platform: Platform, row: ExecutionRow) -> OpenState:
    """Return what an execution has open: its task runs, and what they wait for."""
    if row.status in FINAL_STATUSES:
        return OpenState([], [])
    state = await open_state(platform.store, row.id, platform.definitions)
    if platform.look is not None:
        await platform.look(state.waiting)
    return state
