"""Executions: list, get, output, definition, difference, delete."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.params import QueryParameter

from headrace.api.comparison import Comparison, compare
from headrace.api.execution import (
    EXECUTION_ID_CHARACTERS_MAX,
    ExecutionDetail,
    ExecutionId,
    ExecutionSummary,
    Namespace,
    Status,
    detail_of,
    known,
    open_of,
    raw,
    summary_of,
)
from headrace.api.page import Cursor, Limit, after, cursor
from headrace.api.platform import Platform
from headrace.api.problem import Problem, bad_request, conflict
from headrace.api.route import delete, get
from headrace.api.rule import rule
from headrace.engine.state import FINAL_STATUSES
from headrace.store.lists import ExecutionFilter, Position

TAG = "Executions"
SECONDS_MAX = 1e9

Moment = Annotated[
    str | None,
    QueryParameter(max_length=40, description="RFC 3339 (`2026-01-31T10:00:00Z`), a date, or epoch seconds."),
]
Word = Annotated[str | None, QueryParameter(max_length=255)]
Seconds = Annotated[float | None, QueryParameter(ge=0, le=SECONDS_MAX, description="Seconds.")]


class ExecutionPage(msgspec.Struct, kw_only=True):
    """A part of a list, newest first. `next` is the cursor of the following part; null at the end.

    No index answers every combination of filters: where a search takes too long it stops, the page is
    short, and `searched_to` (epoch seconds) says how far it came. The next page goes on from there.
    """

    items: list[ExecutionSummary]
    next: str | None = None
    searched_to: float | None = None


class ExecutionDefinition(msgspec.Struct, kw_only=True):
    """What an execution runs on: its version of the FlowApp, as it was written and as data."""

    name: str
    version: str
    digest: str
    text: str
    definition: dict[str, Any]


@get("/executions", rule("viewer"), tag=TAG, id="listExecutions")
async def list_executions(
    platform: Platform,
    namespace: Namespace,
    flow: Word = None,
    version: Word = None,
    status: Annotated[
        list[Status] | None, QueryParameter(description="Any of these; give it several times.")
    ] = None,
    trigger: Word = None,
    started_by: Annotated[
        str | None, QueryParameter(max_length=300, description="A principal's id, `user:ada`.")
    ] = None,
    created_from: Moment = None,
    created_to: Moment = None,
    duration_min: Seconds = None,
    duration_max: Seconds = None,
    key: Word = None,
    parent: Annotated[str | None, QueryParameter(max_length=EXECUTION_ID_CHARACTERS_MAX)] = None,
    rerun_of: Annotated[str | None, QueryParameter(max_length=EXECUTION_ID_CHARACTERS_MAX)] = None,
    text: Annotated[
        str | None,
        QueryParameter(min_length=1, max_length=500, description="In input, output or error; case counts."),
    ] = None,
    limit: Limit = 50,
    after_cursor: Cursor = None,
) -> ExecutionPage:
    """Return the executions of a namespace, newest first."""
    wanted = ExecutionFilter(
        namespace=namespace,
        name=flow,
        version=version,
        status=tuple(status or ()),
        trigger=trigger,
        started_by=started_by,
        created_from=moment_of(created_from, "created_from"),
        created_to=moment_of(created_to, "created_to"),
        duration_min_seconds=duration_min,
        duration_max_seconds=duration_max,
        key=key,
        parent_id=parent,
        rerun_of=rerun_of,
        text=text,
    )
    now = platform.clock.now()
    found = await platform.lists.search(wanted, now=now, after=position_of(after_cursor), limit=limit)
    return ExecutionPage(
        items=[summary_of(row, now) for row in found.rows],
        next=None if found.next is None else cursor(*found.next),
        searched_to=found.searched_to,
    )


def position_of(text: str | None) -> Position | None:
    """Return the place that a cursor of a list of executions is for. Raises `Problem` 400."""
    key = after(text, ((int, float), str))
    return None if key is None else Position(float(str(key[0])), str(key[1]))


def moment_of(text: str | None, name: str) -> float | None:
    """Return a time as epoch seconds. Raises `Problem` 400."""
    if text is None:
        return None
    try:
        seconds = float(text)
        if math.isfinite(seconds):
            return seconds
    except ValueError:
        pass
    try:
        # A `+` that was not encoded arrives as a space.
        at = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text.strip())
        return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError) as error:
        raise bad_request(
            "bad-time",
            f"{name} is {text!r}, which is no time",
            remedy="write 2026-01-31T10:00:00Z, 2026-01-31, or epoch seconds",
            pointer=f"query:{name}",
        ) from error


@get("/executions/{execution_id:str}", rule("viewer"), tag=TAG, id="getExecution")
async def get_execution(
    platform: Platform, namespace: Namespace, execution_id: ExecutionId
) -> ExecutionDetail:
    """Return an execution with input, output or error, and why it is not finished."""
    row = await known(platform, namespace, execution_id)
    opened = await open_of(platform, row)
    return detail_of(row, opened.waiting, platform.clock.now())


@get("/executions/{execution_id:str}/output", rule("viewer"), tag=TAG, id="getOutput", problems=(409,))
async def get_output(platform: Platform, namespace: Namespace, execution_id: ExecutionId) -> Response[Any]:
    """Return the output of an execution that completed, as it is."""
    row = await known(platform, namespace, execution_id)
    if row.status == "completed":
        return Response(raw(row.output))
    if row.status not in FINAL_STATUSES:
        raise conflict("not-ended", f"the execution is {row.status}", "wait for it with GET .../wait")
    raise Problem(
        409,
        "no-output",
        f"the execution is {row.status} and has no output",
        remedy="look at its error, mend it, and rerun it",
        members={"error": None if row.error is None else msgspec.json.decode(row.error)},
    )


@get("/executions/{execution_id:str}/definition", rule("viewer"), tag=TAG, id="getExecutionDefinition")
async def get_definition(
    platform: Platform, namespace: Namespace, execution_id: ExecutionId
) -> ExecutionDefinition:
    """Return the definition that an execution runs on; it stays the same however the FlowApp changes."""
    row = await known(platform, namespace, execution_id)
    deployed = await platform.definitions.by_digest(row.definition_digest)
    return ExecutionDefinition(
        name=row.name,
        version=row.workflow_version,
        digest=row.definition_digest,
        text=deployed.definition.source,
        definition=deployed.definition.flowapp(),
    )


@get("/executions/{execution_id:str}/diff", rule("viewer"), tag=TAG, id="diffExecutions")
async def diff_executions(
    platform: Platform,
    namespace: Namespace,
    execution_id: ExecutionId,
    other: Annotated[
        str,
        QueryParameter(
            name="with", max_length=EXECUTION_ID_CHARACTERS_MAX, description="The execution to compare with."
        ),
    ],
) -> Comparison:
    """Return what differs between two executions: facts, payloads, and how each task went."""
    return await compare(
        platform,
        await known(platform, namespace, execution_id),
        await known(platform, namespace, other),
    )


@delete(
    "/executions/{execution_id:str}",
    rule("operator"),
    tag=TAG,
    id="deleteExecution",
    problems=(409,),
)
async def delete_execution(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, execution_id: ExecutionId
) -> None:
    """Delete an execution that is final, with its history and its lines."""
    row = await known(platform, namespace, execution_id)
    outcome = (await platform.lists.delete([execution_id]))[execution_id]
    if outcome == "open":
        raise conflict("not-ended", f"the execution is {row.status}", "cancel it first")
    if outcome == "awaited":
        raise conflict(
            "awaited",
            f"execution {row.parent_id}, which started it, has not ended",
            "delete it when that one is final",
        )
    await platform.record(request, "execution.delete", execution_id, before={"status": row.status})


NAMESPACED = (
    list_executions,
    get_execution,
    get_output,
    get_definition,
    diff_executions,
    delete_execution,
)
