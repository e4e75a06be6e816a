"""What a task kind must say: the rules that `machine` asks for. Defaults are those of a leaf."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headrace.engine.plan import Node, TaskListPlan
from headrace.engine.state import Frame
from headrace.errors import WorkflowError

if TYPE_CHECKING:
    from headrace.engine.commands import Invoke, StartChild
    from headrace.engine.evaluate import Compiler
    from headrace.engine.machine import Machine
    from headrace.engine.planner import Planner


class Rule:
    """The rules of one task kind; one object serves all executions and keeps nothing."""

    # True: children end at `child_left` here instead of going on in their list.
    takes_children = False

    def plan(self, planner: Planner, node: Node, task: Any, compiler: Compiler) -> None:
        """Compile what the kind needs into `node.detail` and `node.children`."""

    def enter(self, machine: Machine, frame: Frame, node: Node) -> None:
        """Begin; `frame.input` is the transformed input."""
        raise NotImplementedError

    def current_list(self, node: Node, frame: Frame) -> TaskListPlan | None:
        """Return the task list that runs below `frame` now."""
        return None

    def list_done(
        self,
        machine: Machine,
        frame: Frame,
        node: Node,
        output: Any,
        last: Node | None,
        child: Frame | None,
    ) -> None:
        """The current list is over with `output`; `child` was its last run (None for an empty list)."""
        machine.complete(frame, node, output)

    def child_left(
        self, machine: Machine, frame: Frame, node: Node, child_node: Node, child: Frame, output: Any
    ) -> None:
        """A child ended well (only where `takes_children`)."""

    def child_faulted(
        self,
        machine: Machine,
        frame: Frame,
        node: Node,
        child_node: Node,
        child: Frame,
        error: WorkflowError,
    ) -> bool:
        """A child faulted. Return True when that is dealt with, False to fault this task too."""
        return False

    def timer_fired(self, machine: Machine, frame: Frame, node: Node, name: str) -> None:
        """A timer of this task run is due (other than its timeout)."""

    def again(self, machine: Machine, frame: Frame, node: Node) -> Invoke | StartChild | None:
        """Return the command that this run waits for, to be performed again after a restart."""
        return None

    def details(self, frame: Frame) -> dict[str, Any] | None:
        """Return what history keeps of this run beside its input and output."""
        return None
