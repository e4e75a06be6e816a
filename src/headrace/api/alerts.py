"""Alerts: rules of a namespace, silences, and what was sent. Rules of FlowApps stand in their definitions."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import orjson
from litestar import Request, Response
from litestar.params import JSONBody, PathParameter

from headrace.alert.alerts import Alerts, InvalidRule
from headrace.api.conditional import etag_of, require
from headrace.api.failure import place_of
from headrace.api.page import Cursor, Limit, Page, after, cursor
from headrace.api.platform import Caller, Platform, RunningPlatform
from headrace.api.problem import Problem, bad_request, not_found
from headrace.api.route import delete, get, post, put
from headrace.api.rule import rule
from headrace.store.alerts import Notification, RuleRow, Silence

TAG = "Alerts"

Namespace = Annotated[str, PathParameter(max_length=253, description="A namespace.")]
Name = Annotated[str, PathParameter(max_length=253, description="A rule's name.")]


class AlertRule(msgspec.Struct, kw_only=True):
    """A rule of the namespace, as in a FlowApp's `alerts` (docs/alerts.md). `etag` is for `If-Match`."""

    name: str
    rule: dict[str, Any]
    updated_at: float
    updated_by: str
    etag: str


class FlowRule(msgspec.Struct, kw_only=True):
    """A rule that stands in a FlowApp, as it does there."""

    flow: str
    name: str
    rule: dict[str, Any]


class NewSilence(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Send nothing until a time (epoch seconds): of a rule, of a flow's rules, or of the namespace."""

    until: Annotated[float, msgspec.Meta(gt=0, le=1e11)]
    rule: Annotated[str, msgspec.Meta(max_length=253)] | None = None
    flow: Annotated[str, msgspec.Meta(max_length=253)] | None = None
    reason: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class SilenceView(msgspec.Struct, kw_only=True):
    """A silence that lasts."""

    id: str
    until: float
    rule: str | None
    flow: str | None
    reason: str
    created_at: float
    created_by: str


class NotificationView(msgspec.Struct, kw_only=True):
    """A message to a webhook, of `count` events. `status`: pending, delivered, failed or silenced."""

    id: str
    rule: str
    flow: str | None
    state: str
    count: int
    events: list[Any]
    status: str
    attempts: int
    error: str | None
    created_at: float
    send_at: float
    ended_at: float | None


class Tried(msgspec.Struct, kw_only=True):
    """What came of sending an example; `error` null: the webhook took it."""

    delivered: bool
    error: str | None


class SentHeader(msgspec.Struct, kw_only=True):
    """A header of a message to a webhook."""

    name: str
    value: str


class Preview(msgspec.Struct, kw_only=True):
    """What a webhook would be sent, with `***` for secrets; `error` says why nothing could be."""

    url: str
    headers: list[SentHeader]
    body: str
    error: str | None


@get("/alerts/rules", rule("viewer"), tag=TAG, id="listAlertRules")
async def list_rules(platform: Platform, namespace: Namespace) -> Page[AlertRule]:
    """Return the rules of a namespace; those of FlowApps stand in their definitions."""
    rows = await _alerts(platform).rules(namespace)
    return Page(items=[_rule(row) for row in rows])


@get("/alerts/flow-rules", rule("viewer"), tag=TAG, id="listFlowAlertRules")
async def list_flow_rules(platform: Platform, namespace: Namespace) -> Page[FlowRule]:
    """Return the rules that stand in the FlowApps of a namespace, by FlowApp and name."""
    found = _alerts(platform).flow_rules(namespace)
    return Page(
        items=[
            FlowRule(flow=each.name.flow, name=each.name.rule, rule=orjson.loads(each.written))
            for each in found
        ]
    )


@put("/alerts/rules/{name:str}", rule("editor"), tag=TAG, id="putAlertRule", problems=(412, 422))
async def put_rule(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    name: Name,
    data: JSONBody[dict[str, Any]],
) -> Response[AlertRule]:
    """Keep a rule, in place of one of its name."""
    written = _named(data, name)
    async with platform.changing("alert rule", namespace, name):
        before = await _kept(platform, namespace, name)
        require(request, None if before is None else _etag(before), "alert rule")
        try:
            row = await _alerts(platform).put_rule(namespace, written, by=principal.name)
        except InvalidRule as error:
            raise _invalid(error) from error
        await platform.record(
            request,
            "alert.put",
            name,
            before=None if before is None else orjson.loads(before.rule),
            after=written,
        )
    return Response(_rule(row), headers={"etag": _etag(row)})


@delete("/alerts/rules/{name:str}", rule("editor"), tag=TAG, id="deleteAlertRule", problems=(412,))
async def delete_rule(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, name: Name
) -> None:
    """Forget a rule; what was to be sent is sent."""
    async with platform.changing("alert rule", namespace, name):
        before = await _kept(platform, namespace, name)
        require(request, None if before is None else _etag(before), "alert rule")
        if before is None or not await _alerts(platform).delete_rule(namespace, name):
            raise not_found("alert rule", name)
        await platform.record(request, "alert.delete", name, before=orjson.loads(before.rule))


@post("/alerts/rules/{name:str}/test", rule("editor"), tag=TAG, id="testAlertRule", problems=(422,))
async def test_rule(
    platform: Platform, namespace: Namespace, name: Name, data: JSONBody[dict[str, Any]]
) -> Tried:
    """Send an example of what a rule would say to its webhook, once; the rule need not be kept."""
    try:
        tested = await _alerts(platform).test(namespace, _named(data, name))
    except InvalidRule as error:
        raise _invalid(error) from error
    return Tried(delivered=tested.error is None, error=tested.error)


@post("/alerts/rules/{name:str}/preview", rule("editor"), tag=TAG, id="previewAlertRule")
async def preview_rule(
    platform: Platform, namespace: Namespace, name: Name, data: JSONBody[dict[str, Any]]
) -> Preview:
    """Return what a rule would send, of an example; nothing is sent, and the rule may be half written."""
    try:
        made = _alerts(platform).preview(namespace, _named(data, name))
    except InvalidRule as error:
        return Preview(url="", headers=[], body="", error=str(error))
    headers = [SentHeader(name=header, value=value) for header, value in made.headers]
    return Preview(url=made.url, headers=headers, body=made.body, error=made.error)


@get("/alerts/silences", rule("viewer"), tag=TAG, id="listSilences")
async def list_silences(platform: Platform, namespace: Namespace) -> Page[SilenceView]:
    """Return the silences that last."""
    return Page(items=[_silence(each) for each in await _alerts(platform).silences(namespace)])


@post("/alerts/silences", rule("operator"), tag=TAG, id="addSilence", status_code=201)
async def add_silence(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    data: JSONBody[NewSilence],
) -> SilenceView:
    """Send nothing for a while; what would have been sent is on record as silenced."""
    silence = await _alerts(platform).silence(
        namespace, data.until, by=principal.name, rule=data.rule, flow=data.flow, reason=data.reason
    )
    await platform.record(request, "silence.add", silence.id, after=msgspec.to_builtins(data))
    return _silence(silence)


@delete("/alerts/silences/{silence:str}", rule("operator"), tag=TAG, id="endSilence")
async def end_silence(
    request: Request[Any, Any, Any],
    platform: Platform,
    namespace: Namespace,
    silence: Annotated[str, PathParameter(max_length=100, description="The silence's id.")],
) -> None:
    """End a silence before its time."""
    found = [each for each in await _alerts(platform).silences(namespace) if each.id == silence]
    if not found or not await _alerts(platform).unsilence(namespace, silence):
        raise not_found("silence", silence)
    before = msgspec.to_builtins(_silence(found[0]))
    await platform.record(request, "silence.end", silence, before=before)


@get("/alerts/notifications", rule("viewer"), tag=TAG, id="listNotifications")
async def list_notifications(
    platform: Platform, namespace: Namespace, limit: Limit = 50, after_cursor: Cursor = None
) -> Page[NotificationView]:
    """Return what was sent, or is to be, newest first."""
    key = after(after_cursor, (int,))
    before = None if key is None else int(str(key[0]))
    rows = await _alerts(platform).notifications(namespace, before, limit + 1)
    more = cursor(rows[limit - 1].sequence) if len(rows) > limit else None
    return Page(items=[_notification(row) for row in rows[:limit]], next=more)


def _alerts(platform: Platform) -> Alerts:
    if platform.alerts is None:
        raise Problem(501, "unsupported", "this process has no alerts")
    alerts: Alerts = platform.alerts
    return alerts


async def _kept(platform: RunningPlatform, namespace: str, name: str) -> RuleRow | None:
    return next((each for each in await _alerts(platform).rules(namespace) if each.name == name), None)


def _etag(row: RuleRow) -> str:
    return etag_of(row.rule, row.updated_at, row.updated_by)


def _named(data: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a rule with its name: the path's, which the rule may repeat."""
    if data.setdefault("name", name) != name:
        raise bad_request(
            "other-place",
            f"the rule's name is {data['name']!r}, the path's is {name!r}",
            remedy="make them the same, or leave the rule's out",
            pointer="/name",
        )
    return data


def _invalid(error: InvalidRule) -> Problem:
    problems = [place_of(each) for each in error.problems]
    return Problem(422, "invalid-rule", str(error), problems=problems)


def _rule(row: RuleRow) -> AlertRule:
    return AlertRule(
        name=row.name,
        rule=orjson.loads(row.rule),
        updated_at=row.updated_at,
        updated_by=row.updated_by,
        etag=_etag(row),
    )


def _silence(silence: Silence) -> SilenceView:
    names = SilenceView.__struct_fields__
    return SilenceView(**{name: getattr(silence, name) for name in names})


def _notification(row: Notification) -> NotificationView:
    return NotificationView(
        id=row.id,
        rule=row.name.rule,
        flow=row.name.flow or None,
        state=row.state,
        count=row.count,
        events=orjson.loads(row.events),
        status=row.status,
        attempts=row.attempts,
        error=row.error,
        created_at=row.created_at,
        send_at=row.send_at,
        ended_at=row.ended_at,
    )


NAMESPACED = (
    list_rules,
    list_flow_rules,
    put_rule,
    delete_rule,
    test_rule,
    preview_rule,
    list_silences,
    add_silence,
    end_silence,
    list_notifications,
)
