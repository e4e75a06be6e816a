"""Batches (`call: batch`): those under way and those that were, with how their items ended."""

from __future__ import annotations

from typing import Annotated, Literal, cast

import msgspec
from litestar.params import QueryParameter

from headrace.api.execution import Namespace
from headrace.api.page import Cursor, Limit, Page, after, cursor
from headrace.api.platform import Platform, RunningPlatform
from headrace.api.route import get
from headrace.api.rule import rule
from headrace.delivery.batch.files import BatchId
from headrace.delivery.batch.progress import Progress
from headrace.delivery.names import queue_of_namespace
from headrace.runtime.open_state import open_state
from headrace.store.port import ExecutionRow

# A page is short where so many batches were looked at for it, whose may be another namespace's.
LOOKED_AT_MAX = 1000

BatchStatus = Literal["running", "waiting", "completed", "faulted", "cancelled"]


class BatchView(msgspec.Struct, kw_only=True):
    """A batch: one attempt of a task run of an execution. Times are epoch seconds (UTC).

    `waiting`: it does not run now, and goes on when its execution does. `total` is null as long as nobody
    knows it. `reused` of the completed were taken over from the run that was done again, `put` lie on the
    queue. The rate is that of the items that this life of the server saw end.
    """

    execution: str
    run_id: int
    attempt: int
    flow: str
    version: str
    task: str
    status: BatchStatus
    queue: str
    total: int | None
    completed: int
    failed: int
    reused: int
    put: int
    started_at: float
    ended_at: float | None
    duration_seconds: float
    rate_per_second: float | None
    seconds_left: float | None


class _Run(msgspec.Struct, kw_only=True):
    """What is known of the task run that a batch is of."""

    name: str
    status: BatchStatus
    attempt: int
    started_at: float
    ended_at: float | None


@get("/batches", rule("viewer"), tag="Queues", id="listBatches")
async def list_batches(
    platform: Platform,
    namespace: Namespace,
    running: Annotated[
        bool | None, QueryParameter(description="Only those that run now, or only the others.")
    ] = None,
    flow: Annotated[str | None, QueryParameter(max_length=255)] = None,
    queue: Annotated[
        str | None, QueryParameter(max_length=180, description="Only those whose items are on it.")
    ] = None,
    limit: Limit = 50,
    after_cursor: Cursor = None,
) -> Page[BatchView]:
    """Return the batches of a namespace, those of the newest execution first, as long as it is kept."""
    key = after(after_cursor, (str, int, int))
    since = None if key is None else BatchId(str(key[0]), int(str(key[1])), int(str(key[2])))
    if platform.batches is None:
        return Page(items=[])
    under_way = set(platform.batches.running())
    candidates = sorted(under_way, reverse=True) if running else await platform.batches.kept()
    if running is False:
        candidates = [each for each in candidates if each not in under_way]
    if since is not None:
        candidates = [each for each in candidates if each < since]
    full = None if queue is None else queue_of_namespace(namespace, queue)
    found: list[BatchView] = []
    for number, batch in enumerate(candidates):
        if len(found) == limit or number == LOOKED_AT_MAX:
            return Page(items=found, next=cursor(*candidates[number - 1]))
        progress = await platform.batches.told(batch)
        if progress is None or full not in (None, progress.queue):
            continue
        row = await platform.store.execution(batch.execution_id)
        if row is None or row.namespace != namespace or flow not in (None, row.name):
            continue
        run = await _run_of(platform, row, batch, runs=batch in under_way)
        found.append(_view(row, batch, run, progress, platform.clock.now()))
    return Page(items=found)


async def _run_of(platform: RunningPlatform, row: ExecutionRow, batch: BatchId, *, runs: bool) -> _Run | None:
    """Return the task run of a batch; None where its execution has ended without a word about it."""
    ended = await platform.lists.run(row.id, batch.run_id)
    if ended is not None:
        return _Run(
            name=ended.name,
            status=cast(BatchStatus, ended.status),
            attempt=ended.attempt,
            started_at=ended.started_at,
            ended_at=ended.ended_at,
        )
    for each in (await open_state(platform.store, row.id, platform.definitions)).runs:
        if each.run_id == batch.run_id:
            return _Run(
                name=each.name,
                status="running" if runs else "waiting",
                attempt=each.attempt,
                started_at=each.started_at,
                ended_at=None,
            )
    return None


def _view(row: ExecutionRow, batch: BatchId, run: _Run | None, progress: Progress, now: float) -> BatchView:
    status: BatchStatus = "cancelled" if run is None else run.status
    started_at = progress.started_at
    ended_at: float | None = progress.at
    if run is not None and batch.attempt < run.attempt:
        status = "faulted"  # it was tried again
    elif run is not None:
        ended_at = run.ended_at
        if batch.attempt == 1:
            started_at = run.started_at  # a later life of the server counts from its own start
    left = ended_at is None and status == "running"
    prefix = queue_of_namespace(row.namespace, "")
    return BatchView(
        execution=row.id,
        run_id=batch.run_id,
        attempt=batch.attempt,
        flow=row.name,
        version=row.workflow_version,
        task="" if run is None else run.name,
        status=status,
        queue=progress.queue.removeprefix(prefix),
        total=progress.total,
        completed=progress.completed,
        failed=progress.failed,
        reused=progress.reused,
        put=progress.put if ended_at is None else 0,
        started_at=started_at,
        ended_at=ended_at,
        duration_seconds=max((now if ended_at is None else ended_at) - started_at, 0.0),
        rate_per_second=progress.rate_per_second,
        seconds_left=progress.seconds_left if left else None,
    )


NAMESPACED = (list_batches,)
