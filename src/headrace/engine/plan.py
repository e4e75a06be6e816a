"""A workflow, compiled once per definition version: nodes with their expressions, schemas and neighbours.

A plan never changes after it was made and is shared by all executions of its version. `planner` makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from headrace.engine.evaluate import Condition, Evaluable

if TYPE_CHECKING:
    from headrace.engine.state import Frame

# Flow directives as numbers, so that a target is either one of these or an index in the same list.
CONTINUE, EXIT, END = -1, -2, -3

DIRECTIVES = {"continue": CONTINUE, "exit": EXIT, "end": END}


class Node:
    """One task of the definition, ready to run. `detail` is what its kind needs (see `engine/tasks/`)."""

    __slots__ = (
        "children",
        "definition",
        "detail",
        "export_as",
        "export_schema",
        "extensions",
        "if_",
        "index",
        "input_from",
        "input_schema",
        "is_plain",
        "kind",
        "name",
        "output_as",
        "output_schema",
        "outward",
        "pointer",
        "then",
        "timeout",
    )

    def __init__(self, pointer: str, name: str, kind: str, definition: Mapping[str, Any], index: int) -> None:
        self.pointer = pointer
        self.name = name
        self.kind = kind
        self.definition = definition
        self.index = index  # in its task list
        self.if_: Condition | None = None
        self.input_schema: Schema | None = None
        self.input_from: Evaluable | None = None
        self.output_as: Evaluable | None = None
        self.output_schema: Schema | None = None
        self.export_as: Evaluable | None = None
        self.export_schema: Schema | None = None
        self.timeout: DurationOf | None = None
        self.then: int = CONTINUE
        self.extensions: tuple[ExtensionPlan, ...] = ()
        self.children: dict[str, TaskListPlan] = {}  # "do", "try", "catch", "branches", "foreach"
        self.detail: Any = None
        self.outward = False  # it, or something below it, leaves the engine
        self.is_plain = True  # none of the optional stages: the common case goes a short way


class TaskListPlan:
    """A list of tasks, in order, which is also the scope of their flow directives."""

    __slots__ = ("nodes", "pointer", "positions")

    def __init__(self, pointer: str, nodes: tuple[Node, ...]) -> None:
        self.pointer = pointer
        self.nodes = nodes
        self.positions = {node.name: position for position, node in enumerate(nodes)}


class ExtensionPlan:
    """An extension as it applies to one node: lists to perform before and after, while `when` holds."""

    __slots__ = ("after", "before", "name", "when")

    def __init__(
        self, name: str, when: Condition | None, before: TaskListPlan | None, after: TaskListPlan | None
    ) -> None:
        self.name = name
        self.when = when
        self.before = before
        self.after = after


class Schema:
    """A compiled JSON Schema. `check` returns what is wrong with a value, or None."""

    __slots__ = ("check",)

    def __init__(self, check: Callable[[Any], str | None]) -> None:
        self.check = check


class DurationOf:
    """A duration in milliseconds: known at compile time, or the result of an expression."""

    __slots__ = ("expression", "milliseconds")

    def __init__(self, milliseconds: float | None, expression: Evaluable | None = None) -> None:
        self.milliseconds = milliseconds
        self.expression = expression


class Plan:
    """All nodes of a definition by pointer, and what belongs to the workflow as a whole."""

    __slots__ = (
        "definition",
        "digest",
        "functions",
        "history",
        "input_from",
        "input_schema",
        "name",
        "namespace",
        "nodes",
        "output_as",
        "output_schema",
        "root",
        "secret_names",
        "timeout",
        "version",
    )

    def __init__(self) -> None:
        self.namespace = ""
        self.name = ""
        self.version = ""
        self.digest = ""
        self.definition: Mapping[str, Any] = {}
        self.functions: Mapping[str, Any] = {}
        self.history = "full"
        self.nodes: dict[str, Node] = {}
        self.root: TaskListPlan = TaskListPlan("/do", ())
        self.input_schema: Schema | None = None
        self.input_from: Evaluable | None = None
        self.output_as: Evaluable | None = None
        self.output_schema: Schema | None = None
        self.timeout: DurationOf | None = None
        self.secret_names: tuple[str, ...] = ()

    def node_of(self, frame: Frame) -> Node:
        """Return the node that an open task run is of."""
        return self.nodes[frame.pointer]
