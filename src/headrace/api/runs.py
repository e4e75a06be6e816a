"""The history of an execution: its task runs, and the lines that functions wrote in them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import orjson
from litestar.params import QueryParameter

from headrace.api.execution import (
    ExecutionId,
    Namespace,
    RunId,
    TaskRunDetail,
    TaskRunSummary,
    known,
    open_of,
    open_run_facts,
    run_detail,
    run_summary,
)
from headrace.api.page import Cursor, Limit, Page, after, cursor
from headrace.api.platform import Platform
from headrace.api.problem import not_found
from headrace.api.route import get
from headrace.api.rule import rule
from headrace.store.port import TaskRun

TAG = "Executions"
# Lines that come with a task run; more are in `/logs`.
LINES_WITH_RUN = 200
# A page with payloads ends where they have so many bytes.
PAYLOAD_BYTES_MAX = 4 * 1024 * 1024


class LogEntry(msgspec.Struct, kw_only=True):
    """A line that a function wrote. `stream`: stdout, stderr, or log."""

    number: int
    run_id: int
    attempt: int
    at: float
    stream: str
    text: str


class HistoryRun(TaskRunSummary, kw_only=True):
    """A task run in a history; its payloads are there where they were asked for."""

    input: Any = msgspec.UNSET
    output: Any = msgspec.UNSET
    error: Any = msgspec.UNSET
    variables: Any = msgspec.UNSET
    context: Any = msgspec.UNSET
    details: Any = msgspec.UNSET


class HistoryPage(msgspec.Struct, kw_only=True):
    """Task runs in the order in which they ended. `open` are those that have not, in order of starting.

    `next` is there, too, at the end of an execution that is not final: what ends later comes after it.
    """

    items: list[HistoryRun]
    open: list[TaskRunSummary]
    next: str | None = None


class RunRecord(TaskRunDetail, kw_only=True):
    """A task run with everything: payloads, attempts that failed (each with its worker), the first lines."""

    attempts: list[dict[str, Any]]
    logs: list[LogEntry]


@get("/executions/{execution_id:str}/history", rule("viewer"), tag=TAG, id="getHistory")
async def get_history(
    platform: Platform,
    namespace: Namespace,
    execution_id: ExecutionId,
    payloads: Annotated[bool, QueryParameter(description="With input, output, error and the rest.")] = False,
    limit: Limit = 100,
    after_cursor: Cursor = None,
) -> HistoryPage:
    """Return the task runs of an execution in the order in which they ended, and those that are open."""
    since = _since(after_cursor, -1)
    row = await known(platform, namespace, execution_id)
    # The state before the history: what ends in between is then in both, and never in neither.
    opened = await open_of(platform, row)
    runs = await platform.lists.history(execution_id, after=since, limit=limit + 1, payloads=payloads)
    more = len(runs) > limit
    runs = runs[:limit]
    if payloads:
        fitting = _fitting(runs)
        more, runs = more or fitting < len(runs), runs[:fitting]
    ended = {run.run_id for run in runs}
    now = platform.clock.now()
    last = runs[-1].ended_sequence if runs else since
    return HistoryPage(
        items=[
            HistoryRun(**msgspec.structs.asdict(run_detail(run) if payloads else run_summary(run)))
            for run in runs
        ],
        open=[
            TaskRunSummary(**open_run_facts(run, now, opened.waiting))
            for run in opened.runs
            if run.run_id not in ended
        ],
        next=cursor(last) if more or (row.ended_at is None and last >= 0) else None,
    )


def _since(text: str | None, first: int) -> int:
    key = after(text, (int,))
    return first if key is None else max(min(int(str(key[0])), 2**62), first)


def _fitting(runs: list[TaskRun]) -> int:
    """Return how many of the runs, at least one, go on a page with their payloads."""
    size = 0
    for number, run in enumerate(runs):
        payloads = (run.input, run.output, run.error, run.variables, run.context, run.details)
        size += sum(len(payload) for payload in payloads if payload is not None)
        if size > PAYLOAD_BYTES_MAX:
            return max(number, 1)
    return len(runs)


@get("/executions/{execution_id:str}/runs/{run_id:int}", rule("viewer"), tag=TAG, id="getRun")
async def get_run(
    platform: Platform, namespace: Namespace, execution_id: ExecutionId, run_id: RunId
) -> RunRecord:
    """Return one task run: inputs, outputs, attempts, error, worker, and its first lines."""
    row = await known(platform, namespace, execution_id)
    opened = await open_of(platform, row)
    run = await platform.lists.run(execution_id, run_id)
    lines = await _lines(platform, execution_id, run_id, 0, LINES_WITH_RUN)
    if run is not None:
        details = {} if run.details is None else orjson.loads(run.details)
        facts = msgspec.structs.asdict(run_detail(run))
        return RunRecord(**facts, attempts=list(details.get("attempts") or ()), logs=lines)
    for waiting in opened.runs:
        if waiting.run_id == run_id:
            last_errors = [each.last_error for each in opened.waiting if each.run_id == run_id]
            return RunRecord(
                **open_run_facts(waiting, platform.clock.now(), opened.waiting),
                input=None,
                output=None,
                error=None,
                variables=None,
                context=None,
                details=None,
                attempts=[{"error": error} for error in last_errors if error is not None],
                logs=lines,
            )
    raise not_found("task run", str(run_id), "list them with GET .../history")


@get("/executions/{execution_id:str}/logs", rule("viewer"), tag=TAG, id="getLogs")
async def get_logs(
    platform: Platform,
    namespace: Namespace,
    execution_id: ExecutionId,
    run: Annotated[int | None, QueryParameter(ge=0, le=2**53, description="Only of this task run.")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=5000)] = 1000,
    after_cursor: Cursor = None,
) -> Page[LogEntry]:
    """Return the lines that functions wrote. `next` is there always: later lines come after it."""
    since = _since(after_cursor, 0)
    await known(platform, namespace, execution_id)
    lines = await _lines(platform, execution_id, run, since, limit)
    return Page(items=lines, next=cursor(lines[-1].number if lines else since))


async def _lines(
    platform: Platform, execution_id: str, run_id: int | None, since: int, limit: int
) -> list[LogEntry]:
    found = await platform.lists.lines(execution_id, run_id=run_id, after=since, limit=limit)
    return [
        LogEntry(
            number=each.number,
            run_id=each.line.run_id,
            attempt=each.line.attempt,
            at=each.line.at,
            stream=each.line.stream,
            text=each.line.text,
        )
        for each in found
    ]


NAMESPACED = (get_history, get_run, get_logs)
