"""Drives `decide` by hand: a workflow as text, events in, commands and history out; no runtime, no time.

After every event the state is written and read again, and a twin whose state stays in memory decides on the
same event: both must give the same commands, so every test here also tests that states survive a restart.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from headrace.engine import events
from headrace.engine.commands import CancelInvocation, Emit, Invoke, StartChild, Subscribe, Unsubscribe
from headrace.engine.decide import decide, new_execution, outstanding, plan_workflow
from headrace.engine.plan import Plan
from headrace.engine.record import Finish, Notice, RunRecord
from headrace.engine.rerun import Rebuild, pick
from headrace.engine.state import Codec, Execution
from headrace.engine.waiting import Waiting, waiting
from headrace.errors import STANDARD_ERROR_BASE, WorkflowError
from headrace.spec.flowapp import parse_definition

NOW = 1_800_000_000.0
HEAD = "document: {dsl: 1.0.3, namespace: test, name: flow, version: 1.0.0}\n"
FUNCTIONS: dict[str, Any] = {name: {} for name in ("a", "b", "c", "d", "e", "f")}

# What a function answers to an input, by the function's name.
Answers = Mapping[str, Callable[[Any], Any]]


def plan_of(
    text: str, *, functions: Mapping[str, Any] = FUNCTIONS, resources: Mapping[str, Any] | None = None
) -> Plan:
    """Plan a workflow, whose first line (`document`) is added here. It must be valid."""
    definition, problems = parse_definition(
        HEAD + textwrap.dedent(text),
        "flow.yaml",
        known_functions=frozenset({*functions, *(resources or {})}),
    )
    errors = [problem for problem in problems if problem.severity == "error"]
    assert definition is not None and not errors, errors
    return plan_workflow(definition.workflow, functions=functions, resources=resources)


def error_type(kind: str) -> str:
    """Return the type of a standard error, e.g. `"timeout"`."""
    return STANDARD_ERROR_BASE + kind


class Drive:
    """One execution, and all that came of it so far."""

    def __init__(
        self,
        plan: Plan,
        input: Any = None,
        *,
        secrets: Mapping[str, Any] | None = None,
        history: str = "full",
        observed: bool = False,
    ) -> None:
        self.plan = plan
        self.now = NOW
        self.codec = Codec()
        self.secrets = secrets or {}
        self.observed = observed
        plan.history = history
        self.execution = self._equip(new_execution(plan, "x1", input, NOW))
        self.twin: Execution | None = self._equip(new_execution(plan, "x1", input, NOW))
        self.commands: list[Any] = []  # of the last event
        self.records: list[RunRecord] = []
        self.notices: list[Notice] = []
        self.emitted: list[dict[str, Any]] = []
        self.invoked: list[Invoke] = []
        self.open: dict[int, Invoke] = {}
        self.finish: Finish | None = None
        self._sequence = 0

    def _equip(self, execution: Execution) -> Execution:
        execution.plan = self.plan
        execution.secrets = self.secrets
        execution.observed = self.observed
        return execution

    # --- events in --------------------------------------------------------------------------------------

    def send(self, event: events.Event) -> Drive:
        """Let the engine decide on one event."""
        self.execution, commands = decide(self.execution, event, self.now)
        if self.twin is not None:
            self.twin, same = decide(self.twin, event, self.now)
            assert [_plain(command) for command in commands] == [_plain(command) for command in same]
        self._take(commands)
        return self

    def _take(self, commands: list[Any]) -> None:
        self.commands = list(commands)
        for command in commands:
            match command:
                case RunRecord():
                    self.records.append(command)
                case Notice():
                    self.notices.append(command)
                case Emit():
                    self.emitted.append(command.event)
                case Invoke():
                    self.invoked.append(command)
                    self.open[command.run_id] = command
                case CancelInvocation():
                    del self.open[command.run_id]
                case Finish():
                    assert self.finish is None, "it finished twice"
                    self.finish = command
        self._restart()

    def _restart(self) -> None:
        """Write the state and go on with what is read of it."""
        if self.execution.final:
            assert not self.execution.frames
            assert not self.execution.timers
            return
        written, large = self.codec.dump(self.execution)
        loaded = Codec().load(written, large)
        assert Codec().dump(loaded) == (written, large)
        assert loaded.call_count == len(self.open) or self.execution.status == "suspended"
        self.execution = self._equip(loaded)

    def start(self) -> Drive:
        return self.send(events.Start())

    def invocation(self, name: str) -> Invoke:
        """Return the oldest open invocation of a function, a task or a kind."""
        for call in self.open.values():
            if name in (call.target, call.pointer.rsplit("/", 1)[-1], call.kind):
                return call
        raise AssertionError(
            f"{name} is not called; open are {[each.pointer for each in self.open.values()]}"
        )

    def answer(self, name: str, output: Any = None, **fields: Any) -> Drive:
        """Answer the oldest open invocation of a function (or task)."""
        call = self.open.pop(self.invocation(name).run_id)
        return self.send(
            events.CallCompleted(run_id=call.run_id, attempt=call.attempt, output=output, **fields)
        )

    def fail(
        self, name: str, kind: str = "communication", status: int | None = 503, *, retryable: bool = True
    ) -> Drive:
        """Let the oldest open invocation of a function (or task) fail with a standard error."""
        call = self.open.pop(self.invocation(name).run_id)
        error = WorkflowError.standard(kind, title="Failed", status=status)
        return self.send(
            events.CallFailed(run_id=call.run_id, attempt=call.attempt, error=error, retryable=retryable)
        )

    def later(self, seconds: float) -> Drive:
        """Let time pass, and tick."""
        self.now += seconds
        return self.send(events.Tick())

    def event(self, type: str, data: Any = None, *, sequence: int | None = None, **attributes: Any) -> Drive:
        """Publish a CloudEvent to the execution."""
        if sequence is None:
            self._sequence += 1
            sequence = self._sequence
        event = {"specversion": "1.0", "id": f"e{sequence}", "source": "/s", "type": type, **attributes}
        if data is not None:
            event["data"] = data
        return self.send(events.EventReceived(sequence=sequence, event=event))

    def child(self, status: str, output: Any = None, error: WorkflowError | None = None) -> Drive:
        """Tell the end of the child that the oldest waiting task started."""
        run_id = next(frame.run_id for frame in self.execution.frames.values() if frame.waits == "child")
        return self.send(events.ChildFinished(run_id=run_id, status=status, output=output, error=error))

    def suspend(self) -> Drive:
        return self.send(events.Suspend())

    def resume(self) -> Drive:
        return self.send(events.Resume())

    def cancel(self) -> Drive:
        return self.send(events.Cancel())

    def play(self, answers: Answers) -> Drive:
        """Answer every call, and let time pass where only time helps, until the execution ends."""
        while self.finish is None:
            if self.open:
                call = next(iter(self.open.values()))
                try:
                    self.answer(call.target, answers[call.target](call.input))
                except FunctionFails:
                    self.open[call.run_id] = call
                    self.fail(call.target)
            else:
                due = self.execution.next_due()
                assert due is not None, "it waits for more than calls and time"
                self.later(max(due - self.now, 0))
        return self

    # --- what came of it --------------------------------------------------------------------------------

    @property
    def status(self) -> str:
        return self.execution.status

    @property
    def output(self) -> Any:
        """The output of the execution, which must have completed."""
        assert self.finish is not None, self.status
        assert self.finish.status == "completed", self.finish.error
        return self.finish.output

    @property
    def error(self) -> dict[str, Any]:
        """The error of the execution, which must have faulted."""
        assert self.finish is not None
        assert self.finish.status == "faulted", self.finish
        assert self.finish.error is not None
        return self.finish.error

    @property
    def fault(self) -> tuple[str, int, str | None]:
        """The kind, status and instance of the error that the execution faulted with."""
        error = self.error
        return error["type"].rsplit("/", 1)[-1], error["status"], error.get("instance")

    def runs(self, name: str) -> list[RunRecord]:
        """Return the ended runs of a task."""
        return [record for record in self.records if record.name == name]

    def run(self, name: str) -> RunRecord:
        """Return the only ended run of a task."""
        [record] = self.runs(name)
        return record

    def ended(self) -> list[str]:
        """Return `task:status` of all runs in the order in which they ended."""
        return [f"{record.name}:{record.status}" for record in self.records]

    def waiting(self) -> list[Waiting]:
        return waiting(self.execution)

    def outstanding(self) -> list[Invoke | StartChild]:
        return outstanding(self.execution, self.now)

    def of(self, kind: type) -> list[Any]:
        """Return the commands of one kind that the last event gave."""
        return [command for command in self.commands if isinstance(command, kind)]

    def subscriptions(self) -> list[tuple[str, ...]]:
        return [command.types for command in self.of(Subscribe)]

    def unsubscribed(self) -> int:
        return len(self.of(Unsubscribe))

    # --- rerun ------------------------------------------------------------------------------------------

    def rerun(
        self,
        *,
        task: str | None = None,
        run_id: int | None = None,
        input: Any = ...,
        plan: Plan | None = None,
    ) -> Drive:
        """Start a new execution from a task run of this one; its `records` begin with what is carried."""
        again = Drive(plan or self.plan, self.execution.input, secrets=self.secrets)
        again.twin = None
        again.now = self.now
        target = pick(self.records, run_id=run_id, task=task)
        rebuild = Rebuild(again.plan, self.records, target, earlier=self.execution.execution_id)
        again.records = rebuild.carried()
        again._take(rebuild.apply(again.execution, again.now, input))
        return again


class FunctionFails(Exception):
    """Raised by an answer in `play`: the call fails with 503, which is retryable."""


def drive(
    text: str,
    input: Any = None,
    *,
    functions: Mapping[str, Any] = FUNCTIONS,
    resources: Mapping[str, Any] | None = None,
    **options: Any,
) -> Drive:
    """Plan and start a workflow."""
    return Drive(plan_of(text, functions=functions, resources=resources), input, **options).start()


def _plain(command: Any) -> Any:
    return command.__class__.__name__, msgspec.to_builtins(command)
