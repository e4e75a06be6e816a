"""What people do to an execution: suspend, resume, cancel, signal, rerun."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.params import JSONBody

from headrace.access.role import Principal
from headrace.api.cloudevent import read_events
from headrace.api.execution import (
    ExecutionId,
    ExecutionSummary,
    Namespace,
    known,
    open_of,
    starter_of,
    summary_of,
)
from headrace.api.platform import Caller, Platform
from headrace.api.problem import bad_request, conflict
from headrace.api.route import post
from headrace.api.rule import rule
from headrace.api.starting import Started
from headrace.engine import events
from headrace.engine.approval import DECISION_ATTRIBUTE, EXECUTION_ATTRIBUTE
from headrace.engine.state import FINAL_STATUSES
from headrace.runtime.rerun import rerun
from headrace.store.port import ExecutionRow

TAG = "Executions"

Text = Annotated[str, msgspec.Meta(max_length=2000)]


class Cancellation(msgspec.Struct, kw_only=True):
    """Why an execution is ended."""

    reason: Text | None = None


class Signalled(msgspec.Struct, kw_only=True):
    """A signal that was taken. `duplicate`: it was before; `listening`: the execution waits for events."""

    id: str
    source: str
    duplicate: bool
    listening: bool


class Rerun(msgspec.Struct, kw_only=True):
    """From where an execution is run again: a task run by its number, or the last run of a task by its name
    or reference; neither: from the beginning. `input` replaces the recorded one there; `version` is a
    version of the FlowApp, `latest` the current one; none: the execution's own.
    """

    from_run: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None
    task: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)] | None = None
    input: Any = msgspec.UNSET
    version: Annotated[str, msgspec.Meta(min_length=1, max_length=255)] | None = None


@post("/executions/{execution_id:str}/suspend", rule("operator"), tag=TAG, id="suspend", problems=(409,))
async def suspend(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, execution_id: ExecutionId
) -> ExecutionSummary:
    """Pause an execution; what arrives meanwhile is kept."""
    return await _tell(request, platform, namespace, execution_id, events.Suspend(), "suspend")


@post("/executions/{execution_id:str}/resume", rule("operator"), tag=TAG, id="resume", problems=(409,))
async def resume(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, execution_id: ExecutionId
) -> ExecutionSummary:
    """Let a suspended execution go on."""
    row = await known(platform, namespace, execution_id)
    if row.status not in FINAL_STATUSES and row.status != "suspended":
        raise conflict("not-suspended", f"the execution is {row.status}")
    return await _tell(request, platform, namespace, execution_id, events.Resume(), "resume")


@post("/executions/{execution_id:str}/cancel", rule("operator"), tag=TAG, id="cancel", problems=(409,))
async def cancel(
    request: Request[Any, Any, Any],
    platform: Platform,
    namespace: Namespace,
    execution_id: ExecutionId,
    data: JSONBody[Cancellation | None] = None,
) -> ExecutionSummary:
    """End an execution."""
    reason = None if data is None else data.reason
    return await _tell(request, platform, namespace, execution_id, events.Cancel(reason=reason), "cancel")


async def _tell(
    request: Request[Any, Any, Any],
    platform: Platform,
    namespace: str,
    execution_id: str,
    event: events.Event,
    verb: str,
) -> ExecutionSummary:
    before = await known(platform, namespace, execution_id)
    row = await tell(platform, before, event, verb)
    await platform.record(
        request,
        f"execution.{verb}",
        execution_id,
        before={"status": before.status},
        after={"status": row.status},
    )
    return summary_of(row, platform.clock.now())


async def tell(platform: Platform, row: ExecutionRow, event: events.Event, verb: str) -> ExecutionRow:
    """Give an execution an event of a person; return what came of it. Raises `Problem` 409: it is final."""
    if row.status in FINAL_STATUSES:
        raise conflict("already-ended", f"the execution is {row.status}; nothing is left to {verb}")
    await platform.runtime.tell(row.id, event)
    after = await platform.store.execution(row.id)
    return row if after is None else after


@post(
    "/executions/{execution_id:str}/signal",
    rule("operator"),
    tag=TAG,
    id="signal",
    problems=(409, 415),
    status_code=202,
    description=(
        "Send a CloudEvent (binary or structured mode) to this execution alone. It is durable when this "
        "answers, and reaches the execution if that listens for such an event."
    ),
)
async def signal(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, execution_id: ExecutionId
) -> Signalled:
    """Send a CloudEvent to this execution alone."""
    row = await known(platform, namespace, execution_id)
    found = read_events(request.headers, await request.body())
    if len(found) != 1:
        raise bad_request("one-event", f"a signal is one event, not {len(found)}", remedy="send them singly")
    if row.status in FINAL_STATUSES:
        raise conflict("already-ended", f"the execution is {row.status} and listens for nothing")
    [event] = found
    if DECISION_ATTRIBUTE in event:
        raise bad_request(
            "bad-event",
            f"{DECISION_ATTRIBUTE} is set by Headrace alone",
            remedy="answer with POST .../decisions/{execution}/{run}/answer",
        )
    opened = await open_of(platform, row)
    new = await platform.runtime.publish({**event, EXECUTION_ATTRIBUTE: execution_id}, namespace=namespace)
    await platform.record(
        request,
        "execution.signal",
        execution_id,
        after={name: event[name] for name in ("id", "source", "type")},
    )
    return Signalled(
        id=event["id"],
        source=event["source"],
        duplicate=not new,
        listening=any(each.reason == "event" for each in opened.waiting),
    )


@post(
    "/executions/{execution_id:str}/rerun",
    rule("operator"),
    tag=TAG,
    id="rerun",
    problems=(409,),
    status_code=202,
)
async def rerun_execution(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    execution_id: ExecutionId,
    data: JSONBody[Rerun | None] = None,
) -> Response[Started]:
    """Run an execution that is final again, as a new one; what ran before the task is carried over."""
    row = await known(platform, namespace, execution_id)
    wanted = data or Rerun()
    new_id = await run_again(platform, row, wanted, principal)
    await platform.record(
        request,
        "execution.rerun",
        execution_id,
        after={
            "execution": new_id,
            "from_run": wanted.from_run,
            "task": wanted.task,
            "version": wanted.version,
            "other_input": wanted.input is not msgspec.UNSET,
        },
    )
    location = f"/api/v1/namespaces/{namespace}/executions/{new_id}"
    return Response(
        Started(id=new_id, location=location, replayed=False),
        status_code=202,
        headers={"location": location, "headrace-execution": new_id},
    )


async def run_again(platform: Platform, row: ExecutionRow, wanted: Rerun, by: Principal) -> str:
    """Start a rerun and return its id. Raises `Problem` 400, 404, and `RerunError`."""
    if wanted.from_run is not None and wanted.task is not None:
        raise bad_request(
            "two-places", "both from_run and task are given", remedy="give one of them", pointer="/task"
        )
    deployed = None
    if wanted.version is not None:
        deployed = await platform.deploying.version(row.namespace, row.name, wanted.version)
    return await rerun(
        platform.runtime,
        row.id,
        from_run=wanted.from_run,
        task=wanted.task,
        input=... if wanted.input is msgspec.UNSET else wanted.input,
        deployed=deployed,
        started_by=starter_of(by),
    )


NAMESPACED = (suspend, resume, cancel, signal, rerun_execution)
