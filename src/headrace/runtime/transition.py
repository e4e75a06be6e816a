"""From the commands of a decision to the transition that the store commits."""

from __future__ import annotations

from typing import Any

import orjson

from headrace.engine.approval import DECISION_ATTRIBUTE
from headrace.engine.commands import Decision, Emit, Subscribe, Unsubscribe
from headrace.engine.lifecycle import lifecycle_event
from headrace.engine.machine import Command
from headrace.engine.record import Notice, RunRecord
from headrace.runtime.live import Live
from headrace.runtime.rows import task_run_row
from headrace.store.port import AskedDecision, ExecutionRow, TaskRun, Transition

# The CloudEvents extension that says to which namespace an event belongs.
NAMESPACE_ATTRIBUTE = "headracenamespace"


def build_transition(
    live: Live,
    commands: list[Command],
    *,
    now: float,
    status_before: str | None,
    lifecycle_events: bool = False,
    namespaced_events: bool = False,
    create: ExecutionRow | None = None,
) -> tuple[Transition, list[dict[str, Any]]]:
    """Return what to commit for these commands, and the events that it publishes."""
    execution = live.execution
    assert execution is not None
    runs: list[TaskRun] = []
    subscribe: list[tuple[int, tuple[str, ...]]] = []
    unsubscribe: list[int] = []
    asked: list[AskedDecision] = []
    ended: list[tuple[int, bool]] = []
    published: list[dict[str, Any]] = []
    execution_id = execution.execution_id
    for number, command in enumerate(commands):
        kind = command.__class__
        if kind is RunRecord:
            assert isinstance(command, RunRecord)
            runs.append(task_run_row(execution_id, command, live.write))
        elif kind is Emit:
            assert isinstance(command, Emit)
            event = command.event
            if DECISION_ATTRIBUTE in event:
                # Only Headrace says what somebody decided.
                event = {name: value for name, value in event.items() if name != DECISION_ATTRIBUTE}
            published.append(event)
        elif kind is Subscribe:
            assert isinstance(command, Subscribe)
            subscribe.append((command.run_id, command.types))
            if command.decision is not None:
                asked.append(_asked(live, command, command.decision, now))
        elif kind is Unsubscribe:
            assert isinstance(command, Unsubscribe)
            unsubscribe.append(command.run_id)
            if command.decision:
                ended.append((command.run_id, command.answered))
        elif kind is Notice and lifecycle_events:
            assert isinstance(command, Notice)
            lifecycle = lifecycle_event(execution, command, f"{execution.sequence}.{number}")
            if lifecycle is not None:
                published.append(lifecycle)
    if namespaced_events:
        published = [{**event, NAMESPACE_ATTRIBUTE: execution.namespace} for event in published]
    written = [live.write(event) for event in published] if live.masker else _dump_all(published)
    if live.masker:
        # Who receives an event may keep it: they get what the store has, as they would after a restart.
        published = [orjson.loads(event) for event in written]
    transition = Transition(
        execution_id=execution_id,
        expected_version=live.version,
        state=None,
        create=create,
        status=execution.status if execution.status != status_before else None,
        runs=runs,
        subscribe=subscribe,
        unsubscribe=unsubscribe,
        asked=asked,
        ended=ended,
        events=written,
        namespace=execution.namespace,
        name=execution.name,
        created_at=execution.created_at,
        trace=execution.trace,
    )
    if status_before in (None, "pending") and create is None:
        transition.started_at = execution.started_at
    if execution.final:
        transition.ended_at = now
        if execution.output is not None:
            transition.output = live.write(execution.output)
        if execution.error is not None:
            transition.error = live.write(execution.error)
    else:
        transition.state, transition.large = live.codec.dump(execution)
        transition.next_due = execution.next_due()
        transition.in_flight = execution.in_flight()
    return transition, published


def _asked(live: Live, command: Subscribe, decision: Decision, now: float) -> AskedDecision:
    """Return what is shown to those who decide, as it is kept: without secrets."""
    execution = live.execution
    assert execution is not None
    shown = {
        "title": decision.title,
        "description": decision.description,
        "data": decision.data,
        "choices": decision.choices,
        "form": decision.form,
    }
    written = live.write(shown)
    return AskedDecision(
        run_id=command.run_id,
        namespace=execution.namespace,
        flow=execution.name,
        pointer=command.pointer,
        event_type=command.types[0],
        title=orjson.loads(written)["title"],
        role=decision.role,
        users=decision.users,
        asked_at=now,
        due_at=decision.due_at,
        shown=written,
    )


def _dump_all(published: list[dict[str, Any]]) -> list[bytes]:
    return [orjson.dumps(event) for event in published] if published else []
