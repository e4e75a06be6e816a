"""Many executions at once: rerun, cancel, delete, each reported."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request
from litestar.params import JSONBody

from headrace.api.control import Rerun, Text, run_again, tell
from headrace.api.execution import EXECUTION_ID_CHARACTERS_MAX, Namespace, Status
from headrace.api.executions import position_of
from headrace.api.failure import problem_of
from headrace.api.page import cursor
from headrace.api.platform import Caller, Platform
from headrace.api.problem import bad_request, conflict, not_found
from headrace.api.route import post
from headrace.api.rule import rule
from headrace.engine import events
from headrace.store.lists import ExecutionFilter
from headrace.store.port import ExecutionRow, StoreUnavailable

TAG = "Executions"
EXECUTIONS_PER_CALL_MAX = 500

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=EXECUTION_ID_CHARACTERS_MAX)]
Word = Annotated[str, msgspec.Meta(max_length=255)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e9)]


class Which(msgspec.Struct, kw_only=True):
    """Filters, as those of the list of executions; times are epoch seconds."""

    flow: Word | None = None
    version: Word | None = None
    status: list[Status] = []
    trigger: Word | None = None
    started_by: Annotated[str, msgspec.Meta(max_length=300)] | None = None
    created_from: float | None = None
    created_to: float | None = None
    duration_min: Seconds | None = None
    duration_max: Seconds | None = None
    key: Word | None = None
    parent: Id | None = None
    rerun_of: Id | None = None
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=500)] | None = None


class Many(msgspec.Struct, kw_only=True):
    """Executions by their ids, or by filters: then up to `limit` at a time, newest first; `after` goes on."""

    ids: Annotated[list[Id], msgspec.Meta(max_length=EXECUTIONS_PER_CALL_MAX)] | None = None
    filter: Which | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=EXECUTIONS_PER_CALL_MAX)] = 100
    after: Annotated[str, msgspec.Meta(max_length=2000)] | None = None


class ManyReruns(Many, kw_only=True):
    """Executions to run again, each as `rerun` does; a task is taken by its name or reference."""

    task: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)] | None = None
    input: Any = msgspec.UNSET
    version: Annotated[str, msgspec.Meta(min_length=1, max_length=255)] | None = None


class ManyCancellations(Many, kw_only=True):
    """Executions to end."""

    reason: Text | None = None


class Done(msgspec.Struct, kw_only=True):
    """What became of one execution. `execution` is the new one of a rerun; `problem` says why not."""

    id: str
    done: bool
    execution: str | None = None
    problem: dict[str, Any] | None = None


class Report(msgspec.Struct, kw_only=True):
    """What became of each execution. `next` goes on with those that the filters find after these."""

    results: list[Done]
    done: int
    refused: int
    next: str | None = None
    searched_to: float | None = None


Act = Callable[[ExecutionRow], Awaitable[str | None]]


@post("/executions/rerun", rule("operator"), tag=TAG, id="rerunExecutions")
async def rerun_executions(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    data: JSONBody[ManyReruns],
) -> Report:
    """Run many executions that are final again."""
    wanted = Rerun(task=data.task, input=data.input, version=data.version)

    async def act(row: ExecutionRow) -> str:
        return await run_again(platform, row, wanted, principal)

    return await _each(request, platform, namespace, data, "rerun", act)


@post("/executions/cancel", rule("operator"), tag=TAG, id="cancelExecutions")
async def cancel_executions(
    request: Request[Any, Any, Any],
    platform: Platform,
    namespace: Namespace,
    data: JSONBody[ManyCancellations],
) -> Report:
    """End many executions."""

    async def act(row: ExecutionRow) -> None:
        await tell(platform, row, events.Cancel(reason=data.reason), "cancel")

    return await _each(request, platform, namespace, data, "cancel", act)


@post("/executions/delete", rule("operator"), tag=TAG, id="deleteExecutions")
async def delete_executions(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, data: JSONBody[Many]
) -> Report:
    """Delete many executions that are final, with their history."""

    async def act(row: ExecutionRow) -> None:
        outcome = (await platform.lists.delete([row.id]))[row.id]
        if outcome == "open":
            raise conflict("not-ended", f"the execution is {row.status}", "cancel it first")
        if outcome == "awaited":
            raise conflict("awaited", f"execution {row.parent_id}, which started it, has not ended")

    return await _each(request, platform, namespace, data, "delete", act)


async def _each(
    request: Request[Any, Any, Any],
    platform: Platform,
    namespace: str,
    many: Many,
    verb: Literal["rerun", "cancel", "delete"],
    act: Act,
) -> Report:
    report = Report(results=[], done=0, refused=0)
    ids = await _ids(platform, namespace, many, report)
    for execution_id in ids:
        try:
            row = await platform.store.execution(execution_id)
            if row is None or row.namespace != namespace:
                raise not_found("execution", execution_id)
            new_id = await act(row)
            report.results.append(Done(id=execution_id, done=True, execution=new_id))
            report.done += 1
        except StoreUnavailable:
            # The rest would fail likewise; what was done is on record.
            raise
        except Exception as error:
            report.results.append(Done(id=execution_id, done=False, problem=problem_of(error).body()))
            report.refused += 1
    await platform.record(
        request,
        f"execution.{verb}-many",
        f"{len(ids)} executions",
        after={"done": [each.id for each in report.results if each.done], "refused": report.refused},
    )
    return report


async def _ids(platform: Platform, namespace: str, many: Many, report: Report) -> list[str]:
    """Return the ids that are meant; where filters say which, `report` gets where to go on."""
    if (many.ids is None) == (many.filter is None):
        raise bad_request(
            "ids-or-filter",
            "exactly one of ids and filter says which executions are meant",
            remedy="give `ids`, or `filter`; an empty filter means all",
            pointer="/ids",
        )
    if many.ids is not None:
        return list(dict.fromkeys(many.ids))
    which = many.filter
    assert which is not None
    found = await platform.lists.search(
        ExecutionFilter(
            namespace=namespace,
            name=which.flow,
            version=which.version,
            status=tuple(which.status),
            trigger=which.trigger,
            started_by=which.started_by,
            created_from=which.created_from,
            created_to=which.created_to,
            duration_min_seconds=which.duration_min,
            duration_max_seconds=which.duration_max,
            key=which.key,
            parent_id=which.parent,
            rerun_of=which.rerun_of,
            text=which.text,
        ),
        now=platform.clock.now(),
        after=position_of(many.after),
        limit=many.limit,
    )
    report.next = None if found.next is None else cursor(*found.next)
    report.searched_to = found.searched_to
    return [row.id for row in found.rows]


NAMESPACED = (rerun_executions, cancel_executions, delete_executions)
