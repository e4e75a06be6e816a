"""From a trigger as written to its running parts: a gate, and what feeds it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, cast

import msgspec
import orjson

from headrace.source.after import AfterSource
from headrace.source.arrivals import Arrivals
from headrace.source.event import EventSource
from headrace.source.gate import Gate
from headrace.source.http.route import HttpTarget
from headrace.source.kept import Kept
from headrace.source.mapping import Mapping
from headrace.source.matching import Filters
from headrace.source.openings import Openings
from headrace.source.port import App, Clock, OnFired, Source, SourceError, Start
from headrace.source.queued import Complete, OpenQueue, QueueSource
from headrace.source.recorder import Recorder
from headrace.source.timed import Missed, TimedSource, WhenFull
from headrace.source.times import CronTimes, EveryTimes, Times
from headrace.spec.duration import duration_ms
from headrace.spec.trigger import Trigger
from headrace.store.triggers import TriggerName, TriggerState, TriggerStore

# Makes the source of a kind that is not one of ours (a broker's). Raises `SourceError`.
Factory = Callable[[Trigger, Gate], Source]

LEASE_SECONDS_MIN = 1.0


class Tools(msgspec.Struct, frozen=True, kw_only=True):
    """What all triggers of a process share."""

    store: TriggerStore
    start: Start
    clock: Clock
    openings: Openings
    recorder: Recorder
    open_queue: OpenQueue | None
    factories: dict[str, Factory]
    fired: OnFired | None = None
    arrivals: Arrivals | None = None


class Parts(msgspec.Struct, kw_only=True):
    """One trigger, put together and not running yet."""

    trigger: Trigger
    fingerprint: str
    language: tuple[str, str]  # of its expressions, with the mode
    gate: Gate
    source: Source | None = None
    event: EventSource | None = None
    target: HttpTarget | None = None


def build(app: App, trigger: Trigger, state: TriggerState | None, tools: Tools, *, held: bool) -> Parts:
    """Put a trigger together. Raises `SourceError`; nothing runs and nothing is written."""
    name = TriggerName(app.namespace, app.name, trigger.name)
    place = f"trigger {trigger.name!r} of {app.namespace}/{app.name}"
    evaluate = app.definition.workflow.evaluate
    view: Any = getattr(trigger, trigger.kind, None)

    def mapping(part: str) -> Mapping | None:
        written = getattr(view, part, None)
        if written is None:
            return None
        return Mapping(written, evaluate.language, evaluate.mode, f"`{part}` of {place}")

    fingerprint = fingerprint_of(trigger)
    if state is None:
        state = TriggerState(name=name, fingerprint=fingerprint)
    elif state.fingerprint != fingerprint:
        # Another schedule, or other events: how far the former one got means nothing.
        state = TriggerState(name=name, fingerprint=fingerprint, paused=state.paused)
    gate = Gate(
        name,
        start=tools.start,
        openings=tools.openings,
        recorder=tools.recorder,
        clock=tools.clock,
        kept=Kept(state, tools.store),
        input=mapping("input"),
        dedupe=mapping("dedupe"),
        max_open=getattr(view, "max_open", None),
        fired=tools.fired,
        arrivals=tools.arrivals,
    )
    gate.held = held
    language = (evaluate.language, evaluate.mode)
    parts = Parts(trigger=trigger, fingerprint=fingerprint, language=language, gate=gate)
    if trigger.http is not None:
        wait_seconds = duration_ms(trigger.http.wait) / 1000
        parts.target = HttpTarget.of(gate, trigger.http, wait_seconds, mapping("response"))
    elif trigger.event is not None:
        filters = Filters(trigger.event.to, evaluate.language, evaluate.mode, place)
        parts.event = EventSource(
            filters,
            tools.clock,
            read=trigger.event.read,
            listed=trigger.event.listed,
            missed=trigger.event.missed,
            gate=gate,
        )
        parts.source = parts.event
    else:
        parts.source = _source(trigger, gate, tools, place)
    return parts


def _source(trigger: Trigger, gate: Gate, tools: Tools, place: str) -> Source:
    if trigger.cron is not None:
        cron = trigger.cron
        times: Times = _at(place, lambda: CronTimes(cron.schedule, cron.timezone))
        return _timed(trigger, times, cron.missed, cron.when_full, tools)
    if trigger.interval is not None:
        interval = trigger.interval
        times = _at(place, lambda: EveryTimes(_seconds(interval.every)))
        return _timed(trigger, times, interval.missed, interval.when_full, tools)
    if trigger.after is not None:
        after = trigger.after
        return AfterSource(_at(place, lambda: _seconds(after.delay)), tools.clock)
    if trigger.queue is not None:
        if tools.open_queue is None:
            raise SourceError(f"{place} leases from a work queue, and this process has none")
        return QueueSource(
            tools.open_queue,
            trigger.queue.name,
            tools.clock,
            batch=trigger.queue.batch,
            complete=cast(Complete, trigger.queue.complete),
            lease_seconds=max(LEASE_SECONDS_MIN, _seconds(trigger.queue.lease)),
        )
    factory = tools.factories.get(trigger.kind)
    if factory is None:
        known = sorted({"http", "cron", "interval", "event", "queue", *tools.factories})
        raise SourceError(
            f"{place} is of the kind {trigger.kind!r}, which this installation does not have; "
            f"it has {', '.join(known)}"
        )
    return factory(trigger, gate)


def _timed(trigger: Trigger, times: Times, missed: str, when_full: str, tools: Tools) -> TimedSource:
    return TimedSource(
        times,
        tools.clock,
        missed=cast(Missed, missed),
        when_full=cast(WhenFull, when_full),
        scheduled=trigger.scheduled,
    )


def _seconds(written: Any) -> float:
    return duration_ms(written) / 1000


def _at(place: str, make: Callable[[], Any]) -> Any:
    try:
        return make()
    except (SourceError, ValueError) as error:
        raise SourceError(f"{place}: {error}") from error


def fingerprint_of(trigger: Trigger) -> str:
    """Return what tells a trigger whose cursor goes on from one that is another now."""
    data: Any = [trigger.kind, _own(trigger)]
    text = orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()[:16]


# What can change without making the cursor mean something else.
_FREE = frozenset({"input", "dedupe", "maxOpen", "whenFull", "missed", "access", "response", "reply", "wait"})


def _own(trigger: Trigger) -> Any:
    if trigger.after is not None or trigger.queue is not None:
        return None  # the chain, and batches under way, go on
    configuration = trigger.configuration
    if not isinstance(configuration, dict):
        return configuration
    return {name: value for name, value in configuration.items() if name not in _FREE}
