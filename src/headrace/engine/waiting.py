"""Why an execution is not final: what each of its open tasks waits for, in one structure."""

from __future__ import annotations

from typing import Any

import msgspec

from headrace.engine.commands import is_queued
from headrace.engine.state import Execution, Frame
from headrace.engine.waits import child_id


class Waiting(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One open task and what it waits for. Times are epoch seconds.

    `reason`: `call` (an invocation is in flight), `retry` (pause between attempts), `timer` (a `wait` task),
    `event`, `child`, `suspended`, or `starting`.
    """

    run_id: int
    pointer: str
    task: str
    reason: str
    since: float | None = None
    until: float | None = None  # when a timer, a retry or the task's timeout ends it
    attempt: int | None = None
    target: str | None = None  # what is called: function name or kind
    events: list[Any] | None = None  # filters of the events that are still awaited
    consumed: int | None = None  # events taken so far
    decision: str | None = None  # the title of what a person is asked: the event is their answer
    child_id: str | None = None
    iteration: int | None = None
    timeout_at: float | None = None
    last_error: dict[str, Any] | None = None
    queued: bool = False  # the call is the work of readers of a work queue
    kind: str | None = None  # of a queued call: function | batch
    invocation_id: str | None = None  # of a queued call
    flow: str | None = None  # of a queued call: `namespace/name:version`
    item: dict[str, Any] | None = None  # of a queued call, where the queue was asked: see `delivery.looking`


def waiting(execution: Execution) -> list[Waiting]:
    """Return what every open leaf of a loaded execution waits for; empty when it is final."""
    if execution.final:
        return []
    found: list[Waiting] = []
    if execution.status == "suspended":
        found.append(Waiting(run_id=0, pointer="", task=execution.name, reason="suspended"))
    found += [_of(execution, frame) for frame in execution.frames.values() if frame.waits is not None]
    if not found:
        found.append(Waiting(run_id=0, pointer="", task=execution.name, reason="starting"))
    return found


def _of(execution: Execution, frame: Frame) -> Waiting:
    node = execution.plan.nodes[frame.pointer]
    timers = execution.timers.get(frame.run_id, {})
    facts = frame.facts or {}
    attempts = facts.get("attempts") or []
    result = Waiting(
        run_id=frame.run_id,
        pointer=node.pointer,
        task=node.name,
        reason=frame.waits or "starting",
        since=frame.since,
        iteration=_iteration(execution, frame),
        timeout_at=timers.get("timeout"),
    )
    if frame.waits == "timer":
        if "retry" in timers:
            result.reason = "retry"
            result.until = timers["retry"]
            result.attempt = facts.get("retries", frame.attempt) + 1
        else:
            result.until = timers.get("wait")
    elif frame.waits == "call":
        result.attempt = frame.attempt
        result.target = node.detail.target or node.detail.kind
        if is_queued(node.detail.kind, node.detail.settings):
            result.invocation_id = f"{execution.execution_id}.{frame.run_id}.{frame.attempt}"
            result.queued = True
            result.kind = node.detail.kind
            result.flow = execution.flow
    elif frame.waits == "child":
        result.child_id = child_id(execution.execution_id, frame.run_id)
    elif frame.waits == "event":
        result.events = _filters(node.definition, facts.get("open"))
        result.consumed = facts.get("consumed")
        result.decision = facts.get("decision")
    if attempts:
        result.last_error = attempts[-1]["error"]
    return result


def _iteration(execution: Execution, frame: Frame) -> int | None:
    current: Frame | None = frame
    while current is not None and current.run_id != 0:
        if current.iteration is not None:
            return current.iteration
        current = execution.frames.get(current.parent_id)
    return None


def _filters(definition: Any, still_open: list[int] | None) -> list[Any]:
    to = definition["listen"]["to"]
    if "all" in to:
        filters = to["all"]
        return filters if still_open is None else [filters[index] for index in still_open]
    return [to["one"]] if "one" in to else list(to.get("any") or [])
