"""`decide`: the rules by which an execution advances, and nothing else.

    decide(execution, event, now) -> (execution, commands)

Pure: time comes as an argument, ids are counted, randomness is derived from ids, and nothing outside is
touched. It updates the execution that it is given; after a failed commit the caller drops it and loads
the stored one again.

One event is worked off until nothing more can happen without the outside. The work is an agenda of
(rule, frame, ...) entries instead of nested calls, so that loops of any length and nesting of any depth
cost no stack. Rules of the task kinds are in `engine/tasks/`; here is what all kinds share, in the order
of dsl.md, "Data Flow":

    enter     `if`, timeout, `before` extensions, input schema (3), `input.from` (4), then the kind's rule
    complete  `output.as` (5), output schema (6), `export.as` (7), export schema (8), `after` extensions
    leave     history record, then the parent's rule continues (9); the workflow does 1, 2, 10 and 11
    fault     the frame and all below it end; the parent's rule may catch the error
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from headrace.engine.commands import (
    CancelChild,
    CancelInvocation,
    Emit,
    Invoke,
    StartChild,
    Subscribe,
    Unsubscribe,
)
from headrace.engine.evaluate import RUNTIME_NAME, task_descriptor
from headrace.engine.fault import Fault, standard_fault
from headrace.engine.plan import CONTINUE, END, EXIT, DurationOf, Node, Plan, Schema, TaskListPlan
from headrace.engine.record import Finish, Notice, RunRecord
from headrace.engine.reports import Reports
from headrace.engine.state import AFTER, BEFORE, BODY, Execution, Frame
from headrace.engine.waits import Waits
from headrace.errors import WorkflowError
from headrace.spec.duration import parse_duration

Command = (
    Invoke
    | CancelInvocation
    | StartChild
    | CancelChild
    | Subscribe
    | Unsubscribe
    | Emit
    | RunRecord
    | Notice
    | Finish
)


RUNTIME_DESCRIPTOR: dict[str, Any] = {"name": RUNTIME_NAME, "version": "0.1.0", "metadata": {}}


class Machine(Waits, Reports):
    """One run of `decide`: the execution, the time, the agenda, and the commands that come of it."""

    __slots__ = (
        "agenda",
        "authorization",
        "commands",
        "execution",
        "now",
        "plan",
        "rules",
        "runtime_descriptor",
    )

    def __init__(self, execution: Execution, now: float, rules: dict[str, Any]) -> None:
        self.execution = execution
        self.plan: Plan = execution.plan
        self.now = now
        self.rules = rules
        self.commands: list[Command] = []
        self.agenda: list[tuple[Callable[..., None], Frame, tuple[Any, ...]]] = []
        self.authorization: dict[str, str] | None = None
        self.runtime_descriptor = RUNTIME_DESCRIPTOR

    # --- the agenda -------------------------------------------------------------------------------------

    def then(self, rule: Callable[..., None], frame: Frame, *arguments: Any) -> None:
        """Put an entry on the agenda; the last one put is worked off first."""
        self.agenda.append((rule, frame, arguments))

    def work(self) -> None:
        """Work the agenda off. A `Fault` from a rule is the fault of the frame that it advanced."""
        agenda = self.agenda
        frames = self.execution.frames
        while agenda:
            rule, frame, arguments = agenda.pop()
            if frames.get(frame.run_id) is not frame:
                continue  # it ended meanwhile: lost a race, timed out, was cancelled
            try:
                rule(frame, *arguments)
            except Fault as fault:
                self.fault(frame, fault.error)

    # --- starting ---------------------------------------------------------------------------------------

    def next_sequence(self) -> int:
        """Return the next number of the order of starts and ends in this execution."""
        self.execution.sequence += 1
        return self.execution.sequence

    def open(
        self,
        node: Node,
        parent: Frame,
        raw_input: Any,
        variables: dict[str, Any] | None,
        *,
        iteration: int | None = None,
        quiet: bool = False,
    ) -> Frame:
        """Start a task run: make its frame and put its entry on the agenda."""
        execution = self.execution
        facts = parent.facts
        attempt = facts["retries"] + 1 if facts is not None and "retries" in facts else parent.attempt
        run_id = execution.next_run_id
        execution.next_run_id = run_id + 1
        execution.sequence += 1
        frame = Frame(
            run_id,
            parent.run_id,
            node.pointer,
            raw_input,
            self.now,
            execution.sequence,
            None,
            variables,
            iteration=iteration,
            attempt=attempt,
            quiet=quiet or parent.quiet,
        )
        execution.frames[run_id] = frame
        if execution.observed:
            self.notify("created", frame, node)
        self.agenda.append((self.enter, frame, (node,)))
        return frame

    def enter(self, frame: Frame, node: Node) -> None:
        """Begin a task: everything before its kind's own rule."""
        if node.is_plain:
            self.begin_body(frame, node)
            return
        if node.if_ is not None and not node.if_.test(self, frame, frame.raw_input):
            # dsl-reference.md, "Task": a task that is skipped gives its raw input as output.
            self.leave(frame, node, frame.raw_input, CONTINUE, status="skipped")
            return
        if node.timeout is not None:
            self.set_timer(frame, "timeout", self.duration_seconds(node.timeout, frame, frame.raw_input))
        if node.extensions:
            frame.stage = BEFORE
            frame.index = 0
            self.next_before(frame, node)
            return
        self.begin_body(frame, node)

    def begin_body(self, frame: Frame, node: Node) -> None:
        """Input schema, `input.from`, then the rule of the task's kind."""
        frame.stage = BODY
        frame.index = 0
        if self.execution.observed:
            self.notify("started", frame, node)
        if node.input_schema is not None:
            self.validate(node.input_schema, frame.raw_input, "input")
        if node.input_from is None:
            frame.input = frame.raw_input
        else:
            frame.input = node.input_from.evaluate(self, frame, frame.raw_input)
        self.rules[node.kind].enter(self, frame, node)

    # --- extensions -------------------------------------------------------------------------------------

    def applies(self, extension: Any, frame: Frame, node: Node) -> bool:
        """Tell whether an extension applies to a task run: its `when` holds."""
        if extension.when is None:
            return True
        descriptor = {**node.definition, **(task_descriptor(self, frame) or {})}
        try:
            return bool(extension.when.test(self, frame, frame.raw_input, {"task": descriptor}))
        except Fault:
            # A guard over unlike tasks: where it cannot be evaluated, it does not hold (docs/ows.md).
            return False

    def next_before(self, frame: Frame, node: Node) -> None:
        """Start the `before` tasks of the next extension that applies, or the task itself."""
        while frame.index < len(node.extensions):
            extension = node.extensions[frame.index]
            if self.applies(extension, frame, node):
                frame.facts = frame.facts or {}
                frame.facts.setdefault("extensions", []).append(frame.index)
                if extension.before is not None:
                    variables = {**(frame.variables or {}), "task": task_descriptor(self, frame)}
                    self.start_list(extension.before, frame, frame.raw_input, variables)
                    return
            frame.index += 1
        applied = (frame.facts or {}).get("extensions")
        frame.facts = {"extensions": applied} if applied else None
        self.begin_body(frame, node)

    def next_after(self, frame: Frame, node: Node) -> None:
        """Start the `after` tasks of the next extension that applied, or leave the task."""
        applied: list[int] = (frame.facts or {}).get("extensions") or []
        while frame.index < len(applied):
            extension = node.extensions[applied[frame.index]]
            if extension.after is not None:
                variables = {
                    **(frame.variables or {}),
                    "task": task_descriptor(self, frame, frame.held),
                }
                self.start_list(extension.after, frame, frame.held, variables)
                return
            frame.index += 1
        directive = (frame.facts or {}).get("directive", CONTINUE)
        exported = (frame.facts or {}).get("exported", False)
        self.leave(frame, node, frame.held, directive, exported=exported)

    # --- lists ------------------------------------------------------------------------------------------

    def start_list(
        self,
        tasks: TaskListPlan,
        parent: Frame,
        data: Any,
        variables: dict[str, Any] | None,
        *,
        iteration: int | None = None,
        quiet: bool = False,
    ) -> None:
        """Start the first task of a list on `data`; an empty list is over at once."""
        if tasks.nodes:
            self.open(tasks.nodes[0], parent, data, variables, iteration=iteration, quiet=quiet)
        else:
            self.then(self.list_done, parent, data)

    def child_left(self, parent: Frame, node: Node, child: Frame, output: Any, directive: int) -> None:
        """A task of a list under `parent` ended well: go where its flow directive says."""
        if directive == CONTINUE:
            target = node.index + 1
        elif directive == END:
            self.end_from(parent, output)
            return
        else:
            target = directive
        tasks = self._list_of(parent, node)
        if tasks is None or directive == EXIT or target >= len(tasks.nodes):
            self.list_done(parent, output, node, child, directive)
            return
        self.open(
            tasks.nodes[target],
            parent,
            output,
            child.variables,
            iteration=child.iteration,
            quiet=child.quiet,
        )

    def _list_of(self, parent: Frame, child: Node) -> TaskListPlan | None:
        if parent.run_id == 0:
            return self.plan.root
        node = self.plan.nodes[parent.pointer]
        if parent.stage == BODY:
            tasks: TaskListPlan | None = self.rules[node.kind].current_list(node, parent)
            return tasks
        if parent.stage == BEFORE:
            return node.extensions[parent.index].before
        applied: list[int] = (parent.facts or {})["extensions"]
        return node.extensions[applied[parent.index]].after

    def list_done(
        self,
        parent: Frame,
        output: Any,
        last: Node | None = None,
        child: Frame | None = None,
        directive: int = CONTINUE,
    ) -> None:
        """The list that ran under `parent` is over."""
        if parent.run_id == 0:
            self.end_workflow(output)
            return
        node = self.plan.nodes[parent.pointer]
        if parent.stage == BODY:
            self.rules[node.kind].list_done(self, parent, node, output, last, child)
        elif parent.stage == BEFORE:
            if directive == EXIT:
                # dsl-reference.md, "Extension": `exit` bypasses the extended task, giving this output.
                parent.stage = BODY
                self.complete(parent, node, output)
                return
            parent.index += 1
            self.next_before(parent, node)
        else:
            parent.index += 1
            self.next_after(parent, node)

    # --- completing -------------------------------------------------------------------------------------

    def complete(self, frame: Frame, node: Node, output: Any, directive: int | None = None) -> None:
        """A task's own work is done: transform and validate its output, export, and leave."""
        target = node.then if directive is None else directive
        # True already where a part of the task exported: `foreach` of a `listen`.
        exported = frame.facts is not None and bool(frame.facts.get("exported"))
        if node.output_as is not None:
            arguments = self._output_arguments(frame, node.output_as.names, output, None)
            raw, output = output, node.output_as.evaluate(self, frame, output, arguments)
        else:
            raw = output
        if node.output_schema is not None:
            self.validate(node.output_schema, output, "output")
        if node.export_as is not None:
            arguments = self._output_arguments(frame, node.export_as.names, raw, output)
            context = node.export_as.evaluate(self, frame, output, arguments)
            if node.export_schema is not None:
                self.validate(node.export_schema, context, "exported context")
            self.execution.context = context
            exported = True
        elif node.export_schema is not None:
            self.validate(node.export_schema, self.execution.context, "exported context")
        if node.extensions and frame.facts and frame.facts.get("extensions"):
            self._clear_timers(frame)
            frame.stage = AFTER
            frame.index = 0
            frame.held = output
            frame.facts["directive"] = target
            frame.facts["exported"] = exported
            self.next_after(frame, node)
            return
        self.leave(frame, node, output, target, exported=exported)

    def _output_arguments(
        self, frame: Frame, names: tuple[str, ...], raw: Any, output: Any
    ) -> dict[str, Any] | None:
        if not names:
            return None
        arguments: dict[str, Any] = {"output": output, "authorization": self.authorization}
        if "task" in names:
            arguments["task"] = task_descriptor(self, frame, raw)
        return arguments

    def leave(
        self,
        frame: Frame,
        node: Node,
        output: Any,
        directive: int,
        *,
        status: str = "completed",
        exported: bool = False,
    ) -> None:
        """End a task run well: record it, and let its parent go on."""
        execution = self.execution
        if execution.timers:
            execution.timers.pop(frame.run_id, None)
        del execution.frames[frame.run_id]
        parent = execution.frames[frame.parent_id]
        self.record(frame, node, status, output=output, exported=exported, parent=parent)
        if execution.observed:
            self.notify("completed" if status == "completed" else status, frame, node)
        if parent.stage == BODY and parent.run_id != 0:
            rule = self.rules[self.plan.nodes[parent.pointer].kind]
            if rule.takes_children:
                self.then(self._child_of_rule, parent, rule, node, frame, output, directive)
                return
        self.then(self.child_left, parent, node, frame, output, directive)

    def _child_of_rule(
        self, parent: Frame, rule: Any, node: Node, child: Frame, output: Any, directive: int
    ) -> None:
        if directive == END:
            self.end_from(parent, output)
            return
        rule.child_left(self, parent, self.plan.nodes[parent.pointer], node, child, output)

    # --- faults -----------------------------------------------------------------------------------------

    def fault(self, frame: Frame, error: WorkflowError) -> None:
        """End a task run badly; its parent's rule may catch the error, else the parent faults too."""
        execution = self.execution
        if frame.run_id == 0:
            self.end(frame, "faulted", error=error)
            return
        node = self.plan.nodes[frame.pointer]
        error = located(error, node.pointer)
        self.cancel_below(frame)
        self.close_wait(frame)
        self._clear_timers(frame)
        del execution.frames[frame.run_id]
        parent = execution.frames[frame.parent_id]
        problem = error.as_dict()
        self.record(frame, node, "faulted", error=problem, parent=parent)
        if execution.observed:
            self.notify("faulted", frame, node, error=problem)
        self.then(self._child_faulted, parent, node, frame, error)

    def _child_faulted(self, parent: Frame, node: Node, child: Frame, error: WorkflowError) -> None:
        if parent.run_id != 0 and parent.stage == BODY:
            parent_node = self.plan.nodes[parent.pointer]
            rule = self.rules[parent_node.kind]
            if rule.child_faulted(self, parent, parent_node, node, child, error):
                return
        self.fault(parent, error)

    # --- ending -----------------------------------------------------------------------------------------

    def end_from(self, frame: Frame, output: Any) -> None:
        """`end` was said below `frame`: it and its ancestors end well with this output, then the workflow."""
        frames = self.execution.frames
        while frame.run_id != 0:
            node = self.plan.nodes[frame.pointer]
            parent = frames[frame.parent_id]
            self.cancel_below(frame)  # what runs beside, in other branches
            self._clear_timers(frame)
            del frames[frame.run_id]
            self.record(frame, node, "completed", output=output, parent=parent)
            if self.execution.observed:
                self.notify("completed", frame, node)
            frame = parent
        self.end_workflow(output)

    def end_workflow(self, output: Any) -> None:
        """The last task is done, or `end` was said: transform and validate the workflow's output."""
        root = self.execution.frames[0]
        plan = self.plan
        try:
            if plan.output_as is not None:
                output = plan.output_as.evaluate(self, None, output)
            if plan.output_schema is not None:
                self.validate(plan.output_schema, output, "workflow output")
        except Fault as fault:
            self.end(root, "faulted", error=located(fault.error, "/output"))
            return
        self.end(root, "completed", output=output)

    def end(
        self, root: Frame, status: str, *, output: Any = None, error: WorkflowError | None = None
    ) -> None:
        """End the execution; whatever is open below is closed with it."""
        execution = self.execution
        self.cancel_below(root)
        execution.timers.clear()
        execution.frames.clear()
        self.agenda.clear()
        execution.status = status
        execution.output = output
        if error is not None:
            execution.error = error.as_dict()
        self.commands.append(Finish(status=status, output=output, error=execution.error))
        if execution.observed:
            self.notify(status, root, None, error=execution.error)

    def cancel_below(self, frame: Frame) -> None:
        """Cancel every open task run below `frame`, the youngest first."""
        execution = self.execution
        frames = execution.frames
        if len(frames) <= 1:
            return
        below = {frame.run_id}
        found: list[Frame] = []
        for candidate in frames.values():  # in order of starting, so parents come before their children
            if candidate.parent_id in below and candidate.run_id != frame.run_id:
                below.add(candidate.run_id)
                found.append(candidate)
        for candidate in reversed(found):
            node = self.plan.nodes[candidate.pointer]
            self.close_wait(candidate)
            self._clear_timers(candidate)
            del frames[candidate.run_id]
            self.record(candidate, node, "cancelled", parent=frames.get(candidate.parent_id))
            if execution.observed:
                self.notify("cancelled", candidate, node)

    def cancel_one(self, frame: Frame) -> None:
        """Cancel one open task run with all that is below it."""
        node = self.plan.nodes[frame.pointer]
        self.cancel_below(frame)
        self.close_wait(frame)
        self._clear_timers(frame)
        del self.execution.frames[frame.run_id]
        self.record(frame, node, "cancelled", parent=self.execution.frames.get(frame.parent_id))
        if self.execution.observed:
            self.notify("cancelled", frame, node)

    def duration_seconds(
        self,
        duration: DurationOf,
        frame: Frame | None,
        data: Any,
        arguments: dict[str, Any] | None = None,
    ) -> float:
        """Return a duration in seconds; an expression must give an ISO 8601 duration."""
        if duration.milliseconds is not None:
            return duration.milliseconds / 1000
        assert duration.expression is not None
        value = duration.expression.evaluate(self, frame, data, arguments)
        if isinstance(value, dict):
            try:
                units = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1, "milliseconds": 0.001}
                return float(sum(units[name] * amount for name, amount in value.items()))
            except (KeyError, TypeError):
                pass
        try:
            return parse_duration(value) / 1000
        except (TypeError, ValueError) as error:
            raise standard_fault("expression", "Not a duration", f"{value!r}: {error}") from error

    def validate(self, schema: Schema, value: Any, what: str) -> None:
        """Raise a `validation` fault when `value` breaks `schema`."""
        problem = schema.check(value)
        if problem is not None:
            raise standard_fault("validation", f"Invalid {what}", problem)


def located(error: WorkflowError, pointer: str) -> WorkflowError:
    """Return `error` with `instance` set, which runtimes must do (dsl-reference.md, "Error")."""
    if error.instance is not None:
        return error
    return WorkflowError.from_dict({**error.as_dict(), "instance": pointer})


def invocation_open(execution: Execution, run_id: int, attempt: int) -> Frame | None:
    """Return the frame that waits for this very attempt of a call, or None when it is superseded."""
    frame = execution.frames.get(run_id)
    if frame is None or frame.waits != "call" or frame.attempt != attempt:
        return None
    return frame
