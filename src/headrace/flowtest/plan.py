"""A deployed definition made ready for a case, and what of its tasks can be mocked."""

from __future__ import annotations

from typing import Any

from headrace.engine.plan import Node, Plan
from headrace.flowtest.answers import RESULT_KEY
from headrace.flowtest.trace import is_of

_MOCKED_KINDS = ("call", "run")


class _OutputOrResult:
    """An `output.as` that lets a mock's `result` pass as it is."""

    __slots__ = ("_output_as", "names")

    def __init__(self, output_as: Any) -> None:
        self._output_as = output_as
        self.names = output_as.names

    def evaluate(self, machine: Any, frame: Any, data: Any, arguments: Any = None) -> Any:
        if isinstance(data, dict) and RESULT_KEY in data:
            return data[RESULT_KEY]
        return self._output_as.evaluate(machine, frame, data, arguments)


def prepare(plan: Plan) -> None:
    """Make a plan of this case's own record everything, and take results of mocks."""
    plan.history = "full"
    for node in plan.nodes.values():
        if node.output_as is not None and node.kind in _MOCKED_KINDS:
            node.output_as = _OutputOrResult(node.output_as)  # type: ignore[assignment]


def is_transformed(plan: Plan, pointer: str) -> bool:
    """Tell whether the task with this reference has an `output.as`."""
    node = plan.nodes.get(pointer)
    return node is not None and node.output_as is not None


def tasks_of(plan: Plan, name: str) -> list[Node]:
    """Return the tasks that a name or reference means."""
    return [node for node in plan.nodes.values() if is_of(name, node.pointer, node.name)]


def leaves_engine(node: Node) -> bool:
    """Tell whether a task's own work is done outside of the engine, so that a mock can answer for it."""
    return node.kind in _MOCKED_KINDS and getattr(node.detail, "kind", "") != "task"
