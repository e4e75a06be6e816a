"""Triggers as typed data: those of a FlowApp, and those that the `schedule` of a workflow stands for."""

from __future__ import annotations

from typing import Any

import msgspec

from headrace.spec.component import EventConsumptionStrategy
from headrace.spec.convert import DslObject, build, build_struct
from headrace.spec.duration import Duration
from headrace.spec.model import Schedule


class Signature(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the sender of a webhook signs: an HMAC of `payload` under `secret` (a name), in `header`.

    `tolerance` is how old a signed timestamp (epoch seconds) may be.
    """

    secret: str
    header: str
    algorithm: str = "sha256"
    encoding: str = "hex"
    prefix: str = ""
    payload: str = "{body}"
    timestamp_header: str | None = None
    tolerance: Duration | str = "PT5M"


class HttpTrigger(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Starts an execution per request; `reply: output` answers with the output, else at once with 202.

    `access` is `token`, `public`, or how requests are signed. `wait` is how long a caller waits for the
    output. `response` (expression or template) makes `{status, headers, body}` of the output.
    """

    path: str
    method: str = "POST"
    reply: str = "accepted"
    wait: Duration | str = "PT1M"
    response: str | dict[str, Any] | None = None
    access: str | Signature = "token"
    input: str | dict[str, Any] | None = None
    dedupe: str | None = None
    max_open: int | None = None

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> HttpTrigger:
        """Build from the data as written; `access` has its signature in a map of its own."""
        access = data.get("access", "token")
        if isinstance(access, dict):
            access = build(Signature, access["signature"])
        return build_struct(cls, data, access=access)


class CronTrigger(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Starts an execution by the clock of `timezone`.

    `missed` says what to do about times that passed while nothing ran: `skip`, `once`, `all`. `when_full`
    what to do while `max_open` executions are open: `wait` until one ends, or `skip` this time.
    """

    schedule: str
    timezone: str = "UTC"
    missed: str = "skip"
    input: str | dict[str, Any] | None = None
    max_open: int | None = None
    when_full: str = "wait"


class IntervalTrigger(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Starts an execution at an interval, counted from when it was deployed. The rest is as for cron."""

    every: Duration | str
    missed: str = "skip"
    input: str | dict[str, Any] | None = None
    max_open: int | None = None
    when_full: str = "wait"


class EventTrigger(DslObject, frozen=True, kw_only=True):
    """Starts an execution on events; `read` is `data`, `envelope` or `raw`.

    `missed` says what to do about events that came while it was paused: `all` or `skip`. `listed` tells
    that the input is a list even where one event is enough (`schedule.on`).
    """

    to: EventConsumptionStrategy
    read: str = "data"
    missed: str = "all"
    input: str | dict[str, Any] | None = None
    dedupe: str | None = None
    max_open: int | None = None
    listed: bool = False

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> EventTrigger:
        """Build from a strategy (`all`, `any`, `one`) or from one filter (`with`, `correlate`)."""
        strategy = {name: value for name, value in data.items() if name not in _EVENT_PROPERTIES}
        if "with" in strategy:
            strategy = {"one": strategy}
        return build_struct(cls, data, to=build(EventConsumptionStrategy, strategy))


_EVENT_PROPERTIES = frozenset({"read", "missed", "input", "dedupe", "maxOpen"})


class QueueTrigger(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Leases items of a work queue and starts an execution per item, or per `batch` of them.

    `complete` says when an item is done: when the start is durable (`started`), or when the execution ended
    well (`ended`); one that did not gives the item back to be tried again, and at last a dead letter.
    """

    name: str
    batch: int = 1
    complete: str = "started"
    lease: Duration | str = "PT1M"
    input: str | dict[str, Any] | None = None
    dedupe: str | None = None
    max_open: int | None = None


class AfterTrigger(DslObject, frozen=True, kw_only=True):
    """Starts an execution some time after the last one that it started ended (`schedule.after`)."""

    delay: Duration | str


class Trigger(DslObject, frozen=True, kw_only=True):
    """What starts executions. `configuration` is the data as written under `kind`.

    For the kinds `http`, `cron`, `interval`, `event` and `queue` the property of that name is its typed view.
    """

    name: str
    kind: str
    configuration: dict[str, Any]
    http: HttpTrigger | None = None
    cron: CronTrigger | None = None
    interval: IntervalTrigger | None = None
    event: EventTrigger | None = None
    queue: QueueTrigger | None = None
    after: AfterTrigger | None = None

    @property
    def scheduled(self) -> bool:
        """Whether it stands for a part of the workflow's `schedule`."""
        return self.name.startswith(SCHEDULED)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Trigger:
        """Build from the data as written: `name`, and one other property, which is the kind."""
        kind = next(name for name in data if name != "name")
        # There is no such kind to write: it is what `schedule.after` stands for.
        return build_struct(cls, data, kind=kind, configuration=data[kind], after=None)


# Names of a FlowApp's triggers have no dots, so these are never taken.
SCHEDULED = "schedule."


def load_trigger(data: dict[str, Any]) -> Trigger:
    """Return the typed view of one of `Definition.triggers`."""
    return build(Trigger, data)


def scheduled_triggers(schedule: Schedule | None) -> list[Trigger]:
    """Return the triggers that a workflow's `schedule` stands for (dsl-reference.md, "Schedule")."""
    if schedule is None:
        return []
    found: list[Trigger] = []

    def add(part: str, kind: str, configuration: Any, **view: Any) -> None:
        configuration = {"schedule": part, "written": msgspec.to_builtins(configuration)}
        found.append(Trigger(name=SCHEDULED + part, kind=kind, configuration=configuration, **view))

    if schedule.every is not None:
        add("every", "interval", schedule.every, interval=IntervalTrigger(every=schedule.every))
    if schedule.cron is not None:
        add("cron", "cron", schedule.cron, cron=CronTrigger(schedule=schedule.cron))
    if schedule.after is not None:
        add("after", "after", schedule.after, after=AfterTrigger(delay=schedule.after))
    if schedule.on is not None:
        event = EventTrigger(to=schedule.on, read=schedule.read, listed=True)
        add("on", "event", [schedule.on, schedule.read], event=event)
    return found
