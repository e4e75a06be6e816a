"""Triggers: what starts executions, what they did last, when they fire next; pause, resume, fire by hand."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import JSONBody, PathParameter, QueryParameter

from headrace.api.execution import starter_of
from headrace.api.page import Cursor, Limit, Page, after, cursor
from headrace.api.platform import Caller, Platform
from headrace.api.problem import Problem, not_found
from headrace.api.route import get, post
from headrace.api.rule import rule
from headrace.source.port import SourceError, StartUnavailable
from headrace.source.running import TriggerStatus
from headrace.source.sources import Sources
from headrace.store.triggers import Firing

TAG = "Triggers"

Namespace = Annotated[str, PathParameter(max_length=253, description="A namespace.")]
Flow = Annotated[str, PathParameter(max_length=253, description="A FlowApp's name.")]
Name = Annotated[str, PathParameter(max_length=253, description="A trigger's name.")]


class FiringView(msgspec.Struct, kw_only=True):
    """One firing. Times are epoch seconds (UTC).

    `outcome`: started, duplicate (started before under this key), refused (paused, too many open), failed, or
    missed (its time passed; `count` of them). `status` is that of the execution.
    """

    at: float
    outcome: str
    key: str | None = None
    execution: str | None = None
    status: str | None = None
    reason: str | None = None
    due_at: float | None = None
    count: int = 1


class TriggerView(msgspec.Struct, kw_only=True):
    """A trigger. `counts` are firings by outcome since the server started.

    `paused`: by itself; `flow_paused`: with its FlowApp. `url` is where an http trigger answers.
    """

    flow: str
    name: str
    kind: str
    paused: bool
    flow_paused: bool
    last: FiringView | None
    next_at: float | None
    lag_seconds: float | None
    open: int | None
    max_open: int | None
    counts: dict[str, int]
    error: str | None
    method: str | None = None
    url: str | None = None


class Fire(msgspec.Struct, kw_only=True):
    """What would have come: the body of a request, an event, an item. None: nothing."""

    payload: Any = None


class FiredView(msgspec.Struct, kw_only=True):
    """What came of firing by hand."""

    outcome: str
    execution: str | None = None
    detail: str | None = None


class Planned(msgspec.Struct, kw_only=True):
    """A firing that is to come, by the clock."""

    flow: str
    trigger: str
    kind: str
    at: float


@get("/triggers", rule("viewer"), tag=TAG, id="listTriggers")
async def list_triggers(
    platform: Platform,
    namespace: Namespace,
    flow: Annotated[str | None, QueryParameter(max_length=253, description="Only of this FlowApp.")] = None,
) -> Page[TriggerView]:
    """Return the triggers of a namespace, by FlowApp and name."""
    states = await _sources(platform).states(namespace, flow)
    return Page(items=[_view(platform, state) for state in states])


@get("/schedules", rule("viewer"), tag=TAG, id="listSchedules")
async def list_schedules(platform: Platform, namespace: Namespace) -> Page[Planned]:
    """Return what fires next by the clock, soonest first."""
    states = await _sources(platform).states(namespace)
    planned = [
        Planned(flow=state.flow, trigger=state.trigger, kind=state.kind, at=state.next_at)
        for state in states
        if state.next_at is not None and not state.paused and not state.held
    ]
    return Page(items=sorted(planned, key=lambda each: each.at))


@get("/flowapps/{flow:str}/triggers/{name:str}", rule("viewer"), tag=TAG, id="getTrigger")
async def get_trigger(platform: Platform, namespace: Namespace, flow: Flow, name: Name) -> TriggerView:
    """Return how a trigger is."""
    return _view(platform, await _state(platform, namespace, flow, name))


@get("/flowapps/{flow:str}/triggers/{name:str}/firings", rule("viewer"), tag=TAG, id="listFirings")
async def list_firings(
    platform: Platform,
    namespace: Namespace,
    flow: Flow,
    name: Name,
    limit: Limit = 50,
    after_cursor: Cursor = None,
) -> Page[FiringView]:
    """Return what a trigger did, newest first: executions, and firings that started none."""
    await _state(platform, namespace, flow, name)
    key = after(after_cursor, (str,))
    before = None if key is None else str(key[0])
    firings = await _sources(platform).firings(namespace, flow, name, before, limit + 1)
    more = cursor(firings[limit - 1].position) if len(firings) > limit else None
    return Page(items=[_firing(each) for each in firings[:limit]], next=more)


@post("/flowapps/{flow:str}/triggers/{name:str}/pause", rule("operator"), tag=TAG, id="pauseTrigger")
async def pause_trigger(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, flow: Flow, name: Name
) -> TriggerView:
    """Let a trigger start nothing until it is resumed, also after a restart."""
    return await _pause(request, platform, namespace, flow, name, True)


@post("/flowapps/{flow:str}/triggers/{name:str}/resume", rule("operator"), tag=TAG, id="resumeTrigger")
async def resume_trigger(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, flow: Flow, name: Name
) -> TriggerView:
    """Let a trigger start executions again."""
    return await _pause(request, platform, namespace, flow, name, False)


async def _pause(
    request: Request[Any, Any, Any],
    platform: Platform,
    namespace: str,
    flow: str,
    name: str,
    paused: bool,
) -> TriggerView:
    before = await _state(platform, namespace, flow, name)
    sources = _sources(platform)
    await (sources.pause if paused else sources.resume)(namespace, flow, name)
    if before.paused != paused:
        await platform.record(
            request,
            "trigger.pause" if paused else "trigger.resume",
            f"{flow}/{name}",
            before={"paused": before.paused},
            after={"paused": paused},
        )
    return _view(platform, await _state(platform, namespace, flow, name))


@post(
    "/flowapps/{flow:str}/triggers/{name:str}/fire",
    rule("operator"),
    tag=TAG,
    id="fireTrigger",
    problems=(409,),
)
async def fire_trigger(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    flow: Flow,
    name: Name,
    data: JSONBody[Fire],
) -> FiredView:
    """Fire a trigger by hand, also while it is paused or full; each time starts a new execution."""
    await _state(platform, namespace, flow, name)
    try:
        fired = await _sources(platform).fire(
            namespace, flow, name, data.payload, started_by=starter_of(principal)
        )
    except StartUnavailable as error:
        raise Problem(503, "unavailable", str(error), remedy="ask again later") from error
    except SourceError as error:
        raise Problem(400, "bad-payload", str(error)) from error
    await platform.record(request, "trigger.fire", f"{flow}/{name}", after={"execution": fired.execution_id})
    return FiredView(outcome=fired.outcome, execution=fired.execution_id, detail=fired.detail)


def _sources(platform: Platform) -> Sources:
    if platform.sources is None:
        raise Problem(501, "unsupported", "this process runs no triggers")
    sources: Sources = platform.sources
    return sources


async def _state(platform: Platform, namespace: str, flow: str, name: str) -> TriggerStatus:
    for state in await _sources(platform).states(namespace, flow):
        if state.trigger == name:
            return state
    raise not_found("trigger", f"{flow}/{name}", "list them with GET .../triggers")


def _firing(firing: Firing) -> FiringView:
    return FiringView(
        at=firing.at,
        outcome=firing.outcome,
        key=firing.key,
        execution=firing.execution_id,
        status=firing.status,
        reason=firing.reason,
        due_at=firing.due_at,
        count=firing.count,
    )


def _view(platform: Platform, state: TriggerStatus) -> TriggerView:
    url = None if state.path is None else f"{platform.base_url}/hooks/{state.namespace}{state.path}"
    return TriggerView(
        flow=state.flow,
        name=state.trigger,
        kind=state.kind,
        paused=state.paused,
        flow_paused=state.held,
        last=None if state.last is None else _firing(state.last),
        next_at=state.next_at,
        lag_seconds=state.lag_seconds,
        open=state.open,
        max_open=state.max_open,
        counts=state.counts,
        error=state.error,
        method=state.method,
        url=url,
    )


NAMESPACED = (
    list_triggers,
    list_schedules,
    get_trigger,
    list_firings,
    pause_trigger,
    resume_trigger,
    fire_trigger,
)
