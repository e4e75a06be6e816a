"""Rerun: a new execution from any task run of an earlier one.

The state that the earlier execution was in when the task run started is built again from history: the
frames of its ancestors (loops at their iteration, forks with the outputs of their other branches, `try` in
the part that ran), the context; then the task run itself is started anew, with its recorded input or another.
What ran before is carried over as history. Nothing is replayed, so it does not matter that calls, clocks
or events would answer differently today, nor that another version of the definition is used, as long as it
has the same tasks around the one to start from.

In a fork, what the other branches completed is kept, whenever that was: work that succeeded must not be
done twice because a neighbour failed. Branches that were cancelled for the neighbour's fault go on from the
tasks that were cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from headrace.engine.commands import Subscribe
from headrace.engine.evaluate import task_descriptor
from headrace.engine.fault import Fault
from headrace.engine.machine import Command, Machine
from headrace.engine.plan import Node, Plan, TaskListPlan
from headrace.engine.record import RunRecord
from headrace.engine.state import AFTER, BEFORE, Execution, Frame
from headrace.engine.tasks import RULES
from headrace.errors import HeadraceError


class RerunError(HeadraceError):
    """A rerun from here is not possible; says why and what to do."""


def pick(records: Iterable[RunRecord], *, run_id: int | None = None, task: str | None = None) -> RunRecord:
    """Return the task run to start from: by number, or the last run of a task (by name or reference)."""
    best: RunRecord | None = None
    for record in records:
        wanted = record.run_id == run_id if run_id is not None else task in (record.name, record.pointer)
        if wanted and (best is None or record.started_sequence > best.started_sequence):
            best = record
    if best is None:
        what = f"task run {run_id}" if run_id is not None else f"run of a task {task!r}"
        raise RerunError(
            f"the history has no {what}; `headrace executions show` lists what it has "
            "(with `history: calls` or `outcome` not every task run is kept)"
        )
    if best.count > 1:
        raise RerunError(
            f"{best.pointer}: {best.count} runs of this task were summed up; rerun from the loop instead"
        )
    return best


class Rebuild:
    """Builds the state for one rerun. `records` are all task runs of the `earlier` execution."""

    def __init__(
        self, plan: Plan, records: Iterable[RunRecord], target: RunRecord, *, earlier: str = ""
    ) -> None:
        self.plan = plan
        self._earlier = earlier
        self.target = target
        self.records: dict[int, RunRecord] = {record.run_id: record for record in records}
        self._children: dict[int, list[RunRecord]] = {}
        for record in self.records.values():
            self._children.setdefault(record.parent_id, []).append(record)
        self._nodes_by_names: dict[tuple[str, ...], Node] = {
            names_of(pointer): node for pointer, node in plan.nodes.items()
        }
        self._chain = self._ancestors()
        self._reopened: set[int] = {record.run_id for record in self._chain} | {target.run_id}
        self._kept: set[int] = set()
        self._choose()

    # --- what is carried over ---------------------------------------------------------------------------

    def carried(self) -> list[RunRecord]:
        """Return the task runs that are history for the new execution, in the order in which they ended."""
        kept = [self.records[run_id] for run_id in self._kept - self._reopened]
        return sorted(kept, key=lambda record: record.ended_sequence)

    def _ancestors(self) -> list[RunRecord]:
        """Return the composite runs around the target, the outermost first."""
        chain: list[RunRecord] = []
        parent_id = self.target.parent_id
        while parent_id != 0:
            parent = self.records.get(parent_id)
            if parent is None:
                raise RerunError(
                    f"the history does not have the task run {parent_id} around {self.target.pointer}; "
                    "a rerun inside other tasks needs `history: full`"
                )
            chain.append(parent)
            parent_id = parent.parent_id
        return chain[::-1]

    def _choose(self) -> None:
        """Find what is kept: all that ended before the target began, and what other branches completed."""
        for record in self.records.values():
            if record.ended_sequence < self.target.started_sequence:
                self._kept.add(record.run_id)
        inner = [*self._chain, self.target][1:]
        for ancestor, child in zip(self._chain, inner, strict=True):
            if ancestor.kind == "fork":
                for branch in self._children.get(ancestor.run_id, ()):
                    if branch.run_id != child.run_id:
                        self._choose_branch(branch, stopped=self._stopped(ancestor, branch))

    def _choose_branch(self, record: RunRecord, *, stopped: bool) -> None:
        """Keep a run with all below it or, where it was stopped, what it had finished."""
        if stopped:
            self._kept.discard(record.run_id)
            self._reopened.add(record.run_id)
            if record.kind != "fork" and self._stopped_at(record) is None:
                self._drop_below(record)  # it starts anew
                return
        else:
            self._kept.add(record.run_id)
        for child in self._children.get(record.run_id, ()):
            self._choose_branch(child, stopped=stopped and self._stopped(record, child))

    def _drop_below(self, record: RunRecord) -> None:
        for child in self._children.get(record.run_id, ()):
            self._kept.discard(child.run_id)
            self._drop_below(child)

    def _stopped(self, parent: RunRecord, child: RunRecord) -> bool:
        """Tell whether `child` was stopped before it had done its work, so that it has to go on."""
        if parent.kind == "fork":
            # A branch that faulted in a race dropped out of it.
            return child.status == "cancelled" or (
                child.status == "faulted" and not self.node(parent.pointer).detail
            )
        return child is self._stopped_at(parent)

    def _stopped_at(self, record: RunRecord) -> RunRecord | None:
        """Return the run below a stopped one at which it was stopped; None where it has to start anew."""
        children = self._children.get(record.run_id)
        if not children:
            return None
        last = max(children, key=lambda child: child.started_sequence)
        return last if last.status in ("cancelled", "faulted") else None

    # --- the state --------------------------------------------------------------------------------------

    def node(self, pointer: str) -> Node:
        """Return the node of this plan for a pointer of the earlier version, by the names on its way."""
        node = self.plan.nodes.get(pointer)
        if node is not None and names_of(node.pointer) == names_of(pointer):
            return node
        node = self._nodes_by_names.get(names_of(pointer))
        if node is None:
            raise RerunError(
                f"version {self.plan.version} has no task {'/'.join(names_of(pointer))}, "
                "which the earlier execution was in; rerun on its own version or from a task that both have"
            )
        return node

    def apply(self, execution: Execution, now: float, input: Any = ...) -> list[Command]:
        """Set a new execution to where the target began and start it; return the commands."""
        machine = Machine(execution, now, dict(RULES))
        target_node = self.node(self.target.pointer)
        last = max(self.records)
        execution.next_run_id = last + 1
        execution.sequence = max(record.ended_sequence for record in self.records.values())
        execution.started_at = now
        execution.status = "running"
        execution.context = self._context(machine)
        root = Frame(0, 0, "", execution.input, now, 0, execution.input)
        execution.frames[0] = root
        if self.plan.timeout is not None:
            machine.set_timer(root, "timeout", machine.duration_seconds(self.plan.timeout, None, root.input))
        parent = root
        chain = [*self._chain, self.target]
        for position, record in enumerate(self._chain):
            parent = self._reopen(machine, parent, record, chain[position + 1])
        frame = machine.open(
            target_node,
            parent,
            self.target.input if input is ... else input,
            self.target.variables if self.target.variables is not None else parent.variables,
            iteration=self.target.iteration,
        )
        self._refer(frame, target_node, self.target)
        machine.work()
        if not execution.final:
            execution.status = "running" if execution.call_count or execution.child_count else "waiting"
        return machine.commands

    def _context(self, machine: Machine) -> Any:
        exported = [record for record in self.carried() if record.exported]
        if exported:
            return exported[-1].context
        data = machine.execution.input
        if self.plan.input_from is not None:
            try:
                data = self.plan.input_from.evaluate(machine, None, data)
            except Fault as fault:
                raise RerunError(
                    f"the workflow's `input.from` fails on the recorded input: {fault}"
                ) from fault
        return data

    def _reopen(self, machine: Machine, parent: Frame, record: RunRecord, child: RunRecord) -> Frame:
        """Make the frame of an ancestor as it was when `child` ran below it."""
        frame = self._frame(machine, parent, record)
        node = self.plan.nodes[frame.pointer]
        if child.pointer.startswith("/use/extensions/"):
            self._set_extension(machine, frame, node, record, child)
        elif node.kind == "for":
            self._set_loop(machine, frame, node, child)
        elif node.kind == "try":
            in_catch = names_of(child.pointer)[: len(names_of(record.pointer)) + 1][-1] == "catch"
            frame.facts = {"part": "catch" if in_catch else "try", "first_at": machine.now}
            if in_catch:
                frame.held = (child.variables or {}).get(node.detail.as_)
            else:
                frame.facts["retries"] = 0
        elif node.kind == "fork":
            self._set_fork(machine, frame, node, child)
        elif node.kind == "listen":
            self._set_listen(machine, frame, node, record, child)
        return frame

    def _frame(self, machine: Machine, parent: Frame, record: RunRecord) -> Frame:
        node = self.node(record.pointer)
        frame = Frame(
            record.run_id,
            parent.run_id,
            node.pointer,
            record.input,
            machine.now,
            record.started_sequence,
            variables=record.variables if record.variables is not None else parent.variables,
            iteration=record.iteration,
        )
        machine.execution.frames[frame.run_id] = frame
        frame.input = record.input
        if node.input_from is not None:
            try:
                frame.input = node.input_from.evaluate(machine, frame, record.input)
            except Fault as fault:
                raise RerunError(
                    f"{node.pointer}: `input.from` fails on the recorded input: {fault}"
                ) from fault
        if node.timeout is not None:
            machine.set_timer(frame, "timeout", machine.duration_seconds(node.timeout, frame, record.input))
        return frame

    def _set_extension(
        self, machine: Machine, frame: Frame, node: Node, record: RunRecord, child: RunRecord
    ) -> None:
        """Take a task up among the tasks of an extension, before or after its own work."""
        ran = sorted(self._children.get(record.run_id, ()), key=lambda each: each.started_sequence)
        applied = [
            index
            for index, extension in enumerate(node.extensions)
            if (
                machine.applies(extension, frame, node)
                if extension.before is None
                else _first_of(extension.before, ran) is not None
            )
        ]
        for index, extension in enumerate(node.extensions):
            if _first_of(extension.before, (child,)) is not None:
                frame.stage, frame.index = BEFORE, index
                frame.facts = {"extensions": [each for each in applied if each <= index]}
                return
            if _first_of(extension.after, (child,)) is not None:
                applied = sorted({*applied, index})
                frame.stage, frame.index = AFTER, applied.index(index)
                frame.facts = {"extensions": applied, "directive": directive_of(node, record)}
                # The first of all tasks that ran after it has the task's own output as input.
                after = [_first_of(each.after, ran) for each in node.extensions]
                frame.held = next(each.input for each in after if each is not None)
                self._export_again(machine, frame, node)
                return
        raise RerunError(
            f"{frame.pointer}: the extension that {child.pointer} belongs to is not there any more"
        )

    @staticmethod
    def _export_again(machine: Machine, frame: Frame, node: Node) -> None:
        """Export what the task exported before the tasks after it ran: its own record came later."""
        if node.export_as is None:
            return
        assert frame.facts is not None
        arguments = {"output": frame.held, "task": task_descriptor(machine, frame, frame.held)}
        try:
            machine.execution.context = node.export_as.evaluate(machine, frame, frame.held, arguments)
        except Fault as fault:
            raise RerunError(f"{node.pointer}: `export.as` fails on the recorded output: {fault}") from fault
        frame.facts["exported"] = True

    @staticmethod
    def _set_loop(machine: Machine, frame: Frame, node: Node, child: RunRecord) -> None:
        try:
            items = node.detail.items.evaluate(machine, frame, frame.input)
        except Fault as fault:
            raise RerunError(f"{node.pointer}: `for.in` fails on the recorded input: {fault}") from fault
        frame.held = items
        frame.index = child.iteration or 0
        if not isinstance(items, list) or frame.index >= len(items):
            raise RerunError(f"{node.pointer}: the loop has no iteration {frame.index} any more")

    def _set_fork(self, machine: Machine, frame: Frame, node: Node, child: RunRecord | None) -> None:
        """Give a fork the outputs of its finished branches, and let cancelled ones go on."""
        branches = node.children["branches"].nodes
        facts: dict[str, Any] = {"open": 0}
        frame.facts = facts
        frame.payloads = {}
        recorded: Mapping[str, RunRecord] = {
            record.name: record for record in self._children.get(frame.run_id, ())
        }
        own = None if child is None else names_of(child.pointer)
        for branch in branches:
            if names_of(branch.pointer) == own:
                facts["open"] += 1
                continue
            record = recorded.get(branch.name)
            if record is None:
                facts["open"] += 1
                machine.open(branch, frame, frame.input, frame.variables)
            elif record.status in ("completed", "skipped"):
                frame.payloads[str(branch.index)] = record.output
            elif record.status == "cancelled" or not node.detail:
                facts["open"] += 1
                self._go_on(machine, frame, record)

    def _go_on(self, machine: Machine, parent: Frame, record: RunRecord) -> None:
        """Let a stopped task run go on: from the task below it at which it was stopped, or from its start."""
        if record.kind == "fork":
            frame = self._frame(machine, parent, record)
            self._set_fork(machine, frame, self.plan.nodes[frame.pointer], None)
            return
        child = self._stopped_at(record)
        if child is not None:
            self._go_on(machine, self._reopen(machine, parent, record, child), child)
            return
        node = self.node(record.pointer)
        frame = machine.open(
            node,
            parent,
            record.input,
            record.variables if record.variables is not None else parent.variables,
            iteration=record.iteration,
        )
        self._refer(frame, node, record)

    def _refer(self, frame: Frame, node: Node, record: RunRecord) -> None:
        """Tell a batch which one it does again: it goes on with what had failed there."""
        if node.kind == "call" and node.detail.kind == "batch" and record.kind == "call" and self._earlier:
            frame.facts = {"previous": f"{self._earlier}.{record.run_id}.{record.attempt}"}

    def _set_listen(
        self, machine: Machine, frame: Frame, node: Node, record: RunRecord, child: RunRecord
    ) -> None:
        """Take up a `listen` in the middle of its `foreach`, with the events that it had consumed."""
        consumed = (record.details or {}).get("consumed") or []
        number = child.iteration or 0
        payloads: dict[str, Any] = {f"e{n}": event for n, event in enumerate(consumed)}
        for before in range(number):
            ended = [
                each
                for each in self._children.get(frame.run_id, ())
                if each.iteration == before and each.status in ("completed", "skipped")
            ]
            if ended:
                payloads[f"r{before}"] = max(ended, key=lambda each: each.ended_sequence).output
        frame.payloads = payloads
        strategy = node.detail.strategy
        facts: dict[str, Any] = {
            "consumed": len(consumed),
            "queue": list(range(number + 1, len(consumed))),
            "busy": True,
            "done": number,
        }
        if (record.details or {}).get("correlated"):
            facts["correlated"] = (record.details or {})["correlated"]
        if strategy.mode == "all":
            kept = (record.details or {}).get("open")
            facts["open"] = list(range(len(consumed), len(strategy.filters))) if kept is None else kept
        if strategy.until is not None:
            facts["until_open"] = list(range(len(strategy.until.filters)))
        enough = strategy.mode == "one" or (strategy.mode == "all" and not facts["open"])
        if enough or (
            strategy.until is None and strategy.until_expression is None and strategy.mode == "any"
        ):
            facts["over"] = True
        frame.facts = facts
        frame.index = number
        machine.wait_for(frame, "event")
        machine.commands.append(
            Subscribe(
                execution_id=machine.execution.execution_id, run_id=frame.run_id, types=strategy.types()
            )
        )


def _first_of(tasks: TaskListPlan | None, records: Iterable[RunRecord]) -> RunRecord | None:
    """Return the first of the records that is a run of a task of the list."""
    names = set() if tasks is None else {names_of(task.pointer) for task in tasks.nodes}
    return next((record for record in records if names_of(record.pointer) in names), None)


def directive_of(node: Node, record: RunRecord) -> int:
    """Return where a recorded run of a task went on, or would have."""
    details = record.details or {}
    if node.kind == "switch":
        for case in node.detail:
            if case.name == details.get("case"):
                return int(case.then)
    elif node.kind == "try" and "caught" in details and node.detail.directive is not None:
        return int(node.detail.then)
    return node.then


def names_of(pointer: str) -> tuple[str, ...]:
    """Return a task's reference without the positions in lists: `/do/0/charge` is `("do", "charge")`.

    A task is the same task in another version when these are equal, wherever it moved in its list.
    """
    segments = pointer.split("/")[1:]
    names: list[str] = []
    position = 0
    while position < len(segments):
        segment = segments[position]
        if segment.isdigit() and position + 1 < len(segments) and names:
            names.append(segments[position + 1])
            position += 2
        else:
            names.append(segment)
            position += 1
    return tuple(names)
