"""wait: pause for a duration (dsl-reference.md, "Wait"). The output is the input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headrace.engine.evaluate import Compiler
from headrace.engine.plan import DurationOf, Node
from headrace.engine.state import Frame
from headrace.engine.tasks.rule import Rule
from headrace.spec.task import WaitTask

if TYPE_CHECKING:
    from headrace.engine.machine import Machine
    from headrace.engine.planner import Planner


class WaitRule(Rule):
    """The rules of `wait`."""

    def plan(self, planner: Planner, node: Node, task: WaitTask, compiler: Compiler) -> None:
        node.detail = planner.duration(task.wait, f"{node.pointer}/wait", compiler)

    def enter(self, machine: Machine, frame: Frame, node: Node) -> None:
        duration: DurationOf = node.detail
        machine.set_timer(frame, "wait", machine.duration_seconds(duration, frame, frame.input))
        machine.wait_for(frame, "timer")

    def timer_fired(self, machine: Machine, frame: Frame, node: Node, name: str) -> None:
        machine.close_wait(frame, answered=True)
        machine.complete(frame, node, frame.input)
