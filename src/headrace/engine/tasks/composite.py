"""Tasks with tasks below them, in order or at once: do, for, fork."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headrace.engine.evaluate import Compiler, Condition, Evaluable
from headrace.engine.fault import standard_fault
from headrace.engine.plan import Node, TaskListPlan
from headrace.engine.state import Frame
from headrace.engine.tasks.rule import Rule
from headrace.errors import WorkflowError
from headrace.spec.task import DoTask, ForkTask, ForTask

if TYPE_CHECKING:
    from headrace.engine.machine import Machine
    from headrace.engine.planner import Planner

# Iterations of a loop of pure tasks that are recorded one by one; the rest is summed up with counts.
RECORDED_PURE_ITERATIONS = 100


class DoRule(Rule):
    """dsl-reference.md, "Do": tasks one after the other."""

    def plan(self, planner: Planner, node: Node, task: DoTask, compiler: Compiler) -> None:
        node.children["do"] = planner.task_list(f"{node.pointer}/do", task.do, compiler)

    def enter(self, machine: Machine, frame: Frame, node: Node) -> None:
        machine.start_list(node.children["do"], frame, frame.input, frame.variables)

    def current_list(self, node: Node, frame: Frame) -> TaskListPlan | None:
        return node.children["do"]


class ForPlan:
    """What a loop iterates over, under which names, and while what holds."""

    __slots__ = ("at", "each", "items", "while_")

    def __init__(self, items: Evaluable, each: str, at: str, while_: Condition | None) -> None:
        self.items = items
        self.each = each
        self.at = at
        self.while_ = while_


class ForRule(Rule):
    """dsl-reference.md, "For": each iteration works on the output of the one before.

    The output is that of the last iteration; without any, the loop's input.
    """

    def plan(self, planner: Planner, node: Node, task: ForTask, compiler: Compiler) -> None:
        loop = task.for_
        inner = compiler.with_variables((loop.each, loop.at))
        items = planner.compile(f"{node.pointer}/for/in", compiler.expression_or_template, loop.in_)
        while_ = (
            None
            if task.while_ is None
            else planner.compile(f"{node.pointer}/while", inner.condition, task.while_)
        )
        node.detail = ForPlan(items, loop.each, loop.at, while_)
        node.children["do"] = planner.task_list(f"{node.pointer}/do", task.do, inner)

    def enter(self, machine: Machine, frame: Frame, node: Node) -> None:
        items = node.detail.items.evaluate(machine, frame, frame.input)
        if not isinstance(items, list):
            raise standard_fault(
                "expression",
                "Nothing to iterate over",
                f"`for.in` must give an array, got {_kind_of(items)}; "
                "write for example `.items // []` where it may be missing",
            )
        frame.held = items
        self._iterate(machine, frame, node, 0, frame.input)

    def current_list(self, node: Node, frame: Frame) -> TaskListPlan | None:
        return node.children["do"]

    def list_done(
        self,
        machine: Machine,
        frame: Frame,
        node: Node,
        output: Any,
        last: Node | None,
        child: Frame | None,
    ) -> None:
        self._iterate(machine, frame, node, frame.index + 1, output)

    def _iterate(self, machine: Machine, frame: Frame, node: Node, index: int, data: Any) -> None:
        loop: ForPlan = node.detail
        items = frame.held
        frame.index = index
        if index < len(items):
            variables = {**(frame.variables or {}), loop.each: items[index], loop.at: index}
            if loop.while_ is None or self._holds(machine, frame, loop.while_, variables, data):
                quiet = index >= RECORDED_PURE_ITERATIONS and not node.outward
                machine.start_list(node.children["do"], frame, data, variables, iteration=index, quiet=quiet)
                return
        machine.complete(frame, node, data)

    @staticmethod
    def _holds(
        machine: Machine, frame: Frame, while_: Condition, variables: dict[str, Any], data: Any
    ) -> bool:
        outer = frame.variables
        frame.variables = variables
        try:
            return while_.test(machine, frame, data)
        finally:
            frame.variables = outer


class ForkRule(Rule):
    """dsl-reference.md, "Fork": branches at once.

    Without `compete` the output is the array of the branches' outputs, in order of declaration, and a
    branch that faults cancels the others and faults the fork. With `compete` the first branch to complete
    wins and the others are cancelled; a branch that faults drops out of the race, and only when all have
    faulted does the fork, with the error of the last one.
    """

    takes_children = True

    def plan(self, planner: Planner, node: Node, task: ForkTask, compiler: Compiler) -> None:
        node.detail = task.fork.compete
        node.children["branches"] = planner.task_list(
            f"{node.pointer}/fork/branches", task.fork.branches, compiler
        )

    def enter(self, machine: Machine, frame: Frame, node: Node) -> None:
        branches = node.children["branches"].nodes
        if not branches:
            machine.complete(frame, node, [] if not node.detail else frame.input)
            return
        frame.facts = {**(frame.facts or {}), "open": len(branches)}
        frame.payloads = {}
        first = len(machine.agenda)
        for branch in branches:
            machine.open(branch, frame, frame.input, frame.variables)
        # The agenda is last in, first out: turn the entries round so that branches start in order.
        machine.agenda[first:] = machine.agenda[first:][::-1]

    def child_left(
        self, machine: Machine, frame: Frame, node: Node, child_node: Node, child: Frame, output: Any
    ) -> None:
        if node.detail:
            machine.cancel_below(frame)
            machine.complete(frame, node, output)
            return
        assert frame.facts is not None
        assert frame.payloads is not None
        frame.payloads[str(child_node.index)] = output
        frame.facts["open"] -= 1
        if frame.facts["open"] == 0:
            outputs = [frame.payloads[str(branch.index)] for branch in node.children["branches"].nodes]
            machine.complete(frame, node, outputs)

    def child_faulted(
        self,
        machine: Machine,
        frame: Frame,
        node: Node,
        child_node: Node,
        child: Frame,
        error: WorkflowError,
    ) -> bool:
        if not node.detail:
            return False
        assert frame.facts is not None
        frame.facts["open"] -= 1
        return bool(frame.facts["open"] > 0)


def _kind_of(value: Any) -> str:
    if value is None:
        return "null"
    return {bool: "a boolean", int: "a number", float: "a number", str: "a string", dict: "an object"}.get(
        type(value), type(value).__name__
    )
