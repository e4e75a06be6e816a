"""Why an execution is not final, in words. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from headrace.runtime.words import brief, distance, duration, moment

if TYPE_CHECKING:
    from headrace.engine.waiting import Waiting


def why(waiting: Waiting, now: float) -> str:
    """Return a sentence about one open task: what it waits for, since when, until when."""
    since = "" if waiting.since is None else f", since {duration(now - waiting.since)}"
    words = f"{_subject(waiting)} {_reason(waiting, now)}{since}"
    if waiting.timeout_at is not None:
        words += f"; its timeout ends it {distance(waiting.timeout_at, now)}"
    if waiting.last_error is not None:
        words += f"; the last attempt failed: {brief(waiting.last_error)}"
    return words


def _subject(waiting: Waiting) -> str:
    if waiting.reason in ("suspended", "starting") and not waiting.pointer:
        return "the execution"
    iteration = "" if waiting.iteration is None else f" (iteration {waiting.iteration})"
    return f"{waiting.task}{iteration}"


def _reason(waiting: Waiting, now: float) -> str:
    until = "" if waiting.until is None else f" at {moment(waiting.until)} ({distance(waiting.until, now)})"
    if waiting.reason == "call" and waiting.item is not None:
        return (how_far if waiting.kind == "batch" else _queued)(waiting.item, now)
    if waiting.reason == "call":
        attempt = f", attempt {waiting.attempt}" if (waiting.attempt or 1) > 1 else ""
        return f"waits for the answer of {waiting.target}{attempt}"
    if waiting.reason == "retry":
        return f"is tried again{until}, attempt {waiting.attempt}"
    if waiting.reason == "timer":
        return f"waits for the time: it goes on{until}"
    if waiting.decision is not None:
        return f"waits for a decision: {waiting.decision}"
    if waiting.reason == "event":
        taken = f", after {waiting.consumed} taken" if waiting.consumed else ""
        return f"waits for {_events(waiting.events or [])}{taken}"
    if waiting.reason == "child":
        return f"waits for the execution {waiting.child_id} that it started"
    if waiting.reason == "suspended":
        return "is suspended until `headrace executions resume`"
    return "is about to start"


def how_far(progress: dict[str, Any], now: float) -> str:
    """Say how far a batch is: the words behind its name. `progress` is `delivery.batch.Progress` as data."""
    completed, failed, total = (progress.get(name) or 0 for name in ("completed", "failed", "total"))
    of = f" of {total:,}" if total else ""
    words = f"has done {completed + failed:,}{of} items, {failed:,} failed"
    if progress.get("reused"):
        words += f", {progress['reused']:,} taken over"
    if progress.get("rate_per_second"):
        words += f", {progress['rate_per_second']:,.0f}/s"
    if progress.get("seconds_left") is not None:
        words += f", {duration(progress['seconds_left'])} left"
    age = now - progress.get("at", now)
    told = f", as of {duration(age)} ago" if age > 5 else ""
    return f"{words}; {progress.get('put', 0):,} are on queue {progress['queue']}{told}"


def _queued(item: dict[str, Any], now: float) -> str:
    """Say where the item of a queued call is."""
    queue, attempt = f"queue {item['queue']}", item.get("attempt", 0)
    error = f"; the last attempt failed: {item['error']}" if item.get("error") else ""
    state = item["state"]
    if state == "leased":
        until = item["until"]
        who = item.get("leased_by") or "a reader"
        return f"is worked on by {who}, leased from {queue} until {moment(until)}, attempt {attempt}{error}"
    if state == "ready":
        return f"waits for a reader of {queue}, attempt {attempt + 1}{error}"
    if state == "delayed":
        at = f"{moment(item['run_at'])} ({distance(item['run_at'], now)})"
        return f"is tried again by {queue} at {at}, attempt {attempt + 1}{error}"
    if state == "dead":
        return f"was given up on, see `headrace queue dead {item['queue']}`{error}"
    if state == "completed":
        return f"was answered on {queue}; the answer is about to be taken"
    return f"waits for {queue}, which does not have it{': ' + item['error'] if item.get('error') else ' yet'}"


def _events(filters: list[Any]) -> str:
    described = [_event(each) for each in filters]
    return " or ".join(described) if described else "any event"


def _event(event_filter: Any) -> str:
    wanted = event_filter.get("with", {}) if isinstance(event_filter, dict) else {}
    if not wanted:
        return "any event"
    kind = wanted.get("type")
    others = {name: value for name, value in wanted.items() if name != "type"}
    words = f"an event of type {kind}" if kind else "an event"
    return words + (f" with {json.dumps(others, ensure_ascii=False)}" if others else "")
