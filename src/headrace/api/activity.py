"""What FlowApps do: each with what starts it, its last executions, and how many went how; and their tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Literal, cast

import msgspec
import orjson
from litestar.params import PathParameter, QueryParameter

from headrace.api.execution import Status
from headrace.api.flowapps import FlowAppSummary
from headrace.api.page import LIMIT_MAX, Cursor, Limit, Page, after, cursor
from headrace.api.platform import Platform, RunningPlatform
from headrace.api.route import get
from headrace.api.rule import rule
from headrace.runtime.definitions import Deployed
from headrace.spec.duration import duration_ms
from headrace.spec.trigger import EventTrigger, Trigger
from headrace.store.activity import FlowActivity
from headrace.store.flowapps import FlowAppRow
from headrace.store.port import ExecutionRow

TAG = "FlowApps"
DAY_SECONDS = 24 * 3600.0
WINDOW_SECONDS_MAX = 90 * DAY_SECONDS
RECENT_MAX = 100

Namespace = Annotated[str, PathParameter(max_length=253, description="A namespace.")]
Order = Literal["name", "changed", "executed"]


class TriggerBrief(msgspec.Struct, kw_only=True):
    """What starts executions of a FlowApp. `what` is its method and path, its schedule, its queue, ..."""

    name: str
    kind: str
    what: str | None
    paused: bool


class ExecutionBrief(msgspec.Struct, kw_only=True):
    """An execution as a bar of a chart. `duration_seconds` is up to now where it has not ended."""

    id: str
    version: str
    status: Status
    created_at: float
    ended_at: float | None
    duration_seconds: float


class FlowAppActivity(FlowAppSummary, kw_only=True):
    """A FlowApp with what it did of late. Times are epoch seconds (UTC).

    `runs` is false for one that this server cannot read: nothing starts it. `recent` are its last executions,
    newest first. `counts` are those since `counted_from` by status; that is the begin of the window, or later
    where too many were since: a rate is counts over the time since then.
    """

    title: str | None
    summary: str | None
    tags: dict[str, str]
    runs: bool
    triggers: list[TriggerBrief]
    recent: list[ExecutionBrief]
    counts: dict[str, int]
    counted_from: float


class TagUse(msgspec.Struct, kw_only=True):
    """A tag, and how many FlowApps have it."""

    key: str
    value: str
    flowapps: int


Tags = Annotated[
    list[str] | None,
    QueryParameter(
        name="tag", description="A tag that they have: `key=value`, or `key` alone. All of them, if several."
    ),
]


@get("/activity", rule("viewer"), tag=TAG, id="listActivity")
async def list_activity(
    platform: Platform,
    namespace: Namespace,
    search: Annotated[str, QueryParameter(max_length=200, description="A part of the name.")] = "",
    tags: Tags = None,
    flow: Annotated[list[str] | None, QueryParameter(description="Only these FlowApps.")] = None,
    order: Annotated[
        Order, QueryParameter(description="By name; or first what was changed, or executed, last.")
    ] = "name",
    recent: Annotated[
        int, QueryParameter(ge=0, le=RECENT_MAX, description="How many executions of each, at most.")
    ] = 20,
    window_seconds: Annotated[
        float, QueryParameter(gt=0, le=WINDOW_SECONDS_MAX, description="How far back is counted.")
    ] = DAY_SECONDS,
    limit: Limit = 50,
    after_cursor: Cursor = None,
) -> Page[FlowAppActivity]:
    """Return the FlowApps of a namespace, each with its triggers, its last executions and how they went."""
    key = after(after_cursor, ((int, float), str))
    begin = None if key is None else (float(str(key[0])), str(key[1]))
    running = platform.deploying.running(namespace)
    only = None if flow is None else frozenset(flow)
    rows = [
        row
        for row in await _all(platform, namespace, search)
        if (only is None or row.name in only) and _fits(tags_of(running.get(row.name)), tags or ())
    ]
    place = await _places(platform, namespace, rows, order)
    rows = sorted((row for row in rows if begin is None or place(row) > begin), key=place)
    more = cursor(*place(rows[limit - 1])) if len(rows) > limit else None
    rows = rows[:limit]
    now = platform.clock.now()
    found = await platform.lists.activity(
        namespace, [row.name for row in rows], since=now - window_seconds, recent=recent
    )
    paused = {} if platform.sources is None else platform.sources.paused(namespace)
    return Page(
        items=[
            _view(row, running.get(row.name), paused.get(row.name, frozenset()), found[row.name], now)
            for row in rows
        ],
        next=more,
    )


@get("/tags", rule("viewer"), tag=TAG, id="listTags")
async def list_tags(platform: Platform, namespace: Namespace) -> Page[TagUse]:
    """Return the tags of a namespace's FlowApps, by key and value."""
    uses = Counter(
        pair
        for deployed in platform.deploying.running(namespace).values()
        for pair in tags_of(deployed).items()
    )
    return Page(
        items=[TagUse(key=key, value=value, flowapps=count) for (key, value), count in sorted(uses.items())]
    )


def tags_of(deployed: Deployed | None) -> dict[str, str]:
    """Return the tags of a definition as text; none of one that cannot be read."""
    written = None if deployed is None else deployed.definition.workflow.document.tags
    return {
        key: value if isinstance(value, str) else orjson.dumps(value).decode()
        for key, value in (written or {}).items()
    }


def _fits(tags: Mapping[str, str], wanted: Iterable[str]) -> bool:
    for each in wanted:
        key, said, value = each.partition("=")
        if key not in tags or (said and tags[key] != value):
            return False
    return True


async def _all(platform: RunningPlatform, namespace: str, search: str) -> list[FlowAppRow]:
    rows: list[FlowAppRow] = []
    while True:
        page = await platform.flowapps.page(
            [namespace],
            search=search,
            after=(namespace, rows[-1].name) if rows else None,
            limit=LIMIT_MAX,
        )
        rows += page
        if len(page) < LIMIT_MAX:
            return rows


async def _places(
    platform: RunningPlatform, namespace: str, rows: list[FlowAppRow], order: Order
) -> Callable[[FlowAppRow], tuple[float, str]]:
    """Return what tells the place of a FlowApp in a list of an order."""
    if order == "changed":
        return lambda row: (-row.updated_at, row.name)
    if order == "executed":
        newest = await platform.lists.newest(namespace, [row.name for row in rows])
        return lambda row: (-newest.get(row.name, 0.0), row.name)
    return lambda row: (0.0, row.name)


def _view(
    row: FlowAppRow,
    deployed: Deployed | None,
    paused: frozenset[str],
    activity: FlowActivity,
    now: float,
) -> FlowAppActivity:
    document = None if deployed is None else deployed.definition.workflow.document
    triggers = [] if deployed is None else deployed.definition.all_triggers()
    return FlowAppActivity(
        **{name: getattr(row, name) for name in FlowAppSummary.__struct_fields__},
        title=None if document is None else document.title,
        summary=None if document is None else document.summary,
        tags=tags_of(deployed),
        runs=deployed is not None,
        triggers=[
            TriggerBrief(name=each.name, kind=each.kind, what=_what(each), paused=each.name in paused)
            for each in triggers
        ],
        recent=[_brief(each, now) for each in activity.recent],
        counts=activity.counts,
        counted_from=activity.since,
    )


def _brief(row: ExecutionRow, now: float) -> ExecutionBrief:
    began = row.created_at if row.started_at is None else row.started_at
    return ExecutionBrief(
        id=row.id,
        version=row.workflow_version,
        status=cast(Status, row.status),
        created_at=row.created_at,
        ended_at=row.ended_at,
        duration_seconds=max((now if row.ended_at is None else row.ended_at) - began, 0.0),
    )


def _what(trigger: Trigger) -> str | None:
    if trigger.http is not None:
        return f"{trigger.http.method} {trigger.http.path}"
    if trigger.cron is not None:
        zone = trigger.cron.timezone
        return trigger.cron.schedule if zone == "UTC" else f"{trigger.cron.schedule} {zone}"
    if trigger.interval is not None:
        return _duration(trigger.interval.every)
    if trigger.after is not None:
        return _duration(trigger.after.delay)
    if trigger.event is not None:
        return ", ".join(_event_types(trigger.event)) or None
    return None if trigger.queue is None else trigger.queue.name


def _duration(written: Any) -> str:
    return written if isinstance(written, str) else f"PT{duration_ms(written) / 1000:g}S"


def _event_types(trigger: EventTrigger) -> list[str]:
    to = trigger.to
    filters = (to.one,) if to.one is not None else (to.all or to.any or ())
    return [str(each.with_["type"]) for each in filters if "type" in each.with_]


NAMESPACED = (list_activity, list_tags)
