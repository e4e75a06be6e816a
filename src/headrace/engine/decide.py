"""The engine's one entrance: `decide(execution, event, now) -> (execution, commands)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from headrace.engine import events
from headrace.engine.commands import (
    CancelChild,
    CancelInvocation,
    Invoke,
    StartChild,
    Subscribe,
    Unsubscribe,
)
from headrace.engine.fault import Fault
from headrace.engine.machine import Command, Machine, invocation_open, located
from headrace.engine.plan import Plan
from headrace.engine.planner import Planner
from headrace.engine.state import Execution, Frame
from headrace.engine.tasks import RULES
from headrace.engine.tasks.call import Invoking, RunRule
from headrace.engine.tasks.listen import ListenRule
from headrace.errors import WorkflowError
from headrace.spec.model import Workflow


def plan_workflow(
    workflow: Workflow,
    *,
    digest: str = "",
    functions: Mapping[str, Any] | None = None,
    resources: Mapping[str, Any] | None = None,
    history: str = "full",
) -> Plan:
    """Compile a workflow. `functions` are the FlowApp's; `resources` the documents it refers to, by name.

    Raises `PlanError` for what cannot be executed.
    """
    planner = Planner(
        workflow,
        functions=functions or {},
        resources=resources or {},
        detail_builders={kind: rule.plan for kind, rule in RULES.items()},
    )
    plan = planner.build()
    plan.digest = digest
    plan.history = history
    return plan


def new_execution(
    plan: Plan,
    execution_id: str,
    input: Any,
    now: float,
    *,
    parent_id: str | None = None,
    parent_run_id: int | None = None,
    trace: str | None = None,
) -> Execution:
    """Return an execution that is pending; `decide` it with `Start`."""
    execution = Execution(
        execution_id,
        namespace=plan.namespace,
        name=plan.name,
        workflow_version=plan.version,
        definition_digest=plan.digest,
        input=input,
        created_at=now,
        parent_id=parent_id,
        parent_run_id=parent_run_id,
        history=plan.history,
        trace=trace,
    )
    execution.plan = plan
    return execution


def decide(execution: Execution, event: events.Event, now: float) -> tuple[Execution, list[Command]]:
    """Advance `execution` by one event until nothing more can happen without the outside.

    `now` is epoch seconds. Events that mean nothing any more (late answers, repeated deliveries, anything
    for an execution that is final) change nothing and give no commands.
    """
    if execution.final:
        return execution, []
    machine = Machine(execution, now, RULES)
    _HANDLERS[event.__class__](machine, event)
    if not execution.final and execution.status != "suspended":
        execution.status = "running" if execution.call_count or execution.child_count else "waiting"
    return execution, _settled(machine.commands)


_CALLED_OFF: dict[type[Any], type[Any]] = {
    CancelInvocation: Invoke,
    CancelChild: StartChild,
    Unsubscribe: Subscribe,
}


def _settled(commands: list[Command]) -> list[Command]:
    """Leave out what was opened and called off by the same event: it must never reach the outside."""
    called_off = {
        (_CALLED_OFF[command.__class__], command.run_id)  # type: ignore[union-attr]
        for command in commands
        if command.__class__ in _CALLED_OFF
    }
    if not called_off:
        return commands
    opened = {
        (command.__class__, command.run_id)  # type: ignore[union-attr]
        for command in commands
        if (command.__class__, getattr(command, "run_id", None)) in called_off
    }
    if not opened:
        return commands

    def passing(command: Command) -> bool:
        kind = _CALLED_OFF.get(command.__class__, command.__class__)
        return (kind, getattr(command, "run_id", None)) in opened

    return [command for command in commands if not passing(command)]


def outstanding(execution: Execution, now: float) -> list[Invoke | StartChild | events.CallFailed]:
    """Return the commands that open task runs wait for, to perform again after a restart.

    A call that cannot be made again, because a secret of it is not provided any more, has failed: its place
    is taken by the event that says so.
    """
    machine = Machine(execution, now, RULES)
    found: list[Invoke | StartChild | events.CallFailed] = []
    for frame in list(execution.frames.values()):
        if frame.waits in ("call", "child"):
            node = machine.plan.nodes[frame.pointer]
            try:
                command = RULES[node.kind].again(machine, frame, node)
            except Fault as fault:
                found.append(events.CallFailed(run_id=frame.run_id, attempt=frame.attempt, error=fault.error))
                continue
            if command is not None:
                found.append(command)
    return found


def _hold(machine: Machine, event: Any) -> bool:
    """Keep what comes for a suspended execution; it is worked off on resume."""
    if machine.execution.status != "suspended":
        return False
    data = msgspec.to_builtins(event)
    data.pop("authorization", None)  # a credential is never stored, not even here
    entry = [event.__class__.__name__, data]
    machine.execution.pending = [*machine.execution.pending, entry]
    return True


def _start(machine: Machine, event: events.Start) -> None:
    execution, plan = machine.execution, machine.plan
    if execution.status != "pending":
        return
    execution.started_at = machine.now
    execution.status = "running"
    execution.next_run_id = 1
    root = Frame(0, 0, "", execution.input, machine.now, machine.next_sequence())
    execution.frames[0] = root
    if execution.observed:
        machine.notify("started", root, None)
    try:
        if plan.input_schema is not None:
            machine.validate(plan.input_schema, execution.input, "workflow input")
        data = execution.input
        if plan.input_from is not None:
            data = plan.input_from.evaluate(machine, None, data)
        root.input = data
        # dsl.md, "Data Flow" (diagram): the transformed input is set as the initial `$context`.
        execution.context = data
        if plan.timeout is not None:
            machine.set_timer(root, "timeout", machine.duration_seconds(plan.timeout, None, data))
    except Fault as fault:
        machine.end(root, "faulted", error=located(fault.error, "/input"))
        return
    machine.start_list(plan.root, root, data, None)
    machine.work()


def _call_completed(machine: Machine, event: events.CallCompleted) -> None:
    if _hold(machine, event):
        return
    frame = invocation_open(machine.execution, event.run_id, event.attempt)
    if frame is None:
        return  # superseded: timed out, lost a race, or answered already
    node = machine.plan.nodes[frame.pointer]
    rule = RULES[node.kind]
    assert isinstance(rule, Invoking)
    _note_worker(frame, event)
    machine.then(lambda of: rule.call_completed(machine, of, node, event.output, event.authorization), frame)
    machine.work()


def _call_failed(machine: Machine, event: events.CallFailed) -> None:
    if _hold(machine, event):
        return
    frame = invocation_open(machine.execution, event.run_id, event.attempt)
    if frame is None:
        return
    node = machine.plan.nodes[frame.pointer]
    rule = RULES[node.kind]
    assert isinstance(rule, Invoking)
    _note_worker(frame, event)
    machine.then(lambda of: rule.call_failed(machine, of, node, event.error, event.retryable), frame)
    machine.work()


def _note_worker(frame: Frame, event: events.CallCompleted | events.CallFailed) -> None:
    """Keep who performed a call until it is put on record (`Reports.record`), or tried again."""
    if event.worker is not None:
        if frame.facts is None:
            frame.facts = {}
        frame.facts["worker"] = event.worker


def _child_finished(machine: Machine, event: events.ChildFinished) -> None:
    if _hold(machine, event):
        return
    frame = machine.execution.frames.get(event.run_id)
    if frame is None or frame.waits != "child":
        return
    node = machine.plan.nodes[frame.pointer]
    rule = RULES[node.kind]
    assert isinstance(rule, RunRule)
    machine.then(
        lambda of: rule.child_finished(machine, of, node, event.status, event.output, event.error), frame
    )
    machine.work()


def _event_received(machine: Machine, event: events.EventReceived) -> None:
    execution = machine.execution
    if event.sequence <= execution.event_cursor:
        return
    execution.event_cursor = event.sequence
    if _hold(machine, event):
        return
    _offer(machine, event)


def _offer(machine: Machine, event: events.EventReceived) -> None:
    rule = RULES["listen"]
    assert isinstance(rule, ListenRule)
    for frame in [frame for frame in machine.execution.frames.values() if frame.waits == "event"]:
        node = machine.plan.nodes[frame.pointer]
        machine.then(lambda of, node=node: rule.offer(machine, of, node, event.event), frame)
        machine.work()


def _tick(machine: Machine, event: events.Tick) -> None:
    execution = machine.execution
    if execution.status == "suspended":
        return
    due = sorted(
        (at, run_id, name)
        for run_id, timers in execution.timers.items()
        for name, at in timers.items()
        if at <= machine.now
    )
    for at, run_id, name in due:
        frame = execution.frames.get(run_id)
        if frame is None or execution.timers.get(run_id, {}).get(name) != at:
            continue  # it ended, or set the timer anew, while this tick was worked off
        machine.clear_timer(frame, name)
        if name == "timeout":
            where = "/timeout" if run_id == 0 else frame.pointer
            what = "the workflow" if run_id == 0 else f"task {machine.plan.nodes[frame.pointer].name!r}"
            error = WorkflowError.standard(
                "timeout", title="Timed out", detail=f"{what} took longer than its timeout", instance=where
            )
            machine.fault(frame, error)
        else:
            node = machine.plan.nodes[frame.pointer]
            rule = RULES[node.kind]
            machine.then(
                lambda of, rule=rule, node=node, name=name: rule.timer_fired(machine, of, node, name), frame
            )
        machine.work()


def _notify_all(machine: Machine, phase: str) -> None:
    """Report that the workflow and all its open tasks changed to `phase`."""
    if not machine.execution.observed:
        return
    for frame in machine.execution.frames.values():
        node = None if frame.run_id == 0 else machine.plan.nodes[frame.pointer]
        machine.notify(phase, frame, node)


def _suspend(machine: Machine, event: events.Suspend) -> None:
    execution = machine.execution
    if execution.status == "suspended":
        return
    execution.status = "suspended"
    _notify_all(machine, "suspended")


def _resume(machine: Machine, event: events.Resume) -> None:
    execution = machine.execution
    if execution.status != "suspended":
        return
    execution.status = "running"
    _notify_all(machine, "resumed")
    if 0 not in execution.frames:
        execution.status = "pending"
        _start(machine, events.Start())
    kept, execution.pending = execution.pending, []
    for name, data in kept:
        if execution.final:
            return
        kept_event = msgspec.convert(data, _EVENT_CLASSES[name])
        if isinstance(kept_event, events.EventReceived):
            _offer(machine, kept_event)  # its sequence was noted when it came
        else:
            _HANDLERS[kept_event.__class__](machine, kept_event)
    if not execution.final:
        _tick(machine, events.Tick())


def _cancel(machine: Machine, event: events.Cancel) -> None:
    execution = machine.execution
    root = execution.frames.get(0)
    if root is None:
        root = Frame(0, 0, "", execution.input, machine.now, machine.next_sequence())
    machine.end(root, "cancelled")


_HANDLERS: dict[type[Any], Callable[[Machine, Any], None]] = {
    events.Start: _start,
    events.CallCompleted: _call_completed,
    events.CallFailed: _call_failed,
    events.Tick: _tick,
    events.EventReceived: _event_received,
    events.ChildFinished: _child_finished,
    events.Suspend: _suspend,
    events.Resume: _resume,
    events.Cancel: _cancel,
}
_EVENT_CLASSES: dict[str, Any] = {kind.__name__: kind for kind in _HANDLERS}
