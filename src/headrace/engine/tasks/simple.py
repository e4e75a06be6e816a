"""Tasks that need nothing from outside and have nothing below them: set, switch, raise, emit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headrace.engine.commands import Emit
from headrace.engine.evaluate import Compiler, Condition, Evaluable, iso8601
from headrace.engine.fault import Fault, PlanError, standard_fault
from headrace.engine.plan import CONTINUE, Node
from headrace.engine.state import Frame
from headrace.engine.tasks.rule import Rule
from headrace.errors import WorkflowError, canonical_error_type
from headrace.spec.component import Error
from headrace.spec.task import EmitTask, RaiseTask, SetTask, SwitchTask

if TYPE_CHECKING:
    from headrace.engine.machine import Machine
    from headrace.engine.planner import Planner


class SetRule(Rule):
    """dsl-reference.md, "Set"."""

    def plan(self, planner: Planner, node: Node, task: SetTask, compiler: Compiler) -> None:
        node.detail = planner.compile(f"{node.pointer}/set", compiler.expression_or_template, task.set)

    def enter(self, machine: Machine, frame: Frame, node: Node) -> None:
        machine.complete(frame, node, node.detail.evaluate(machine, frame, frame.input))


class SwitchCasePlan:
    """One case: `when` (None: default) and the directive that it takes."""

    __slots__ = ("directive", "name", "then", "when")

    def __init__(self, name: str, when: Condition | None, directive: str) -> None:
        self.name = name
        self.when = when
        self.directive = directive
        self.then = CONTINUE  # linked by the planner


class SwitchRule(Rule):
    """dsl-reference.md, "Switch": the first case that matches, else the default, else the task's `then`."""

    def plan(self, planner: Planner, node: Node, task: SwitchTask, compiler: Compiler) -> None:
        cases = [
            SwitchCasePlan(
                case.name,
                None
                if case.when is None
                else planner.compile(
                    f"{node.pointer}/switch/{index}/{case.name}/when", compiler.condition, case.when
                ),
                case.then,
            )
            for index, case in enumerate(task.switch)
        ]
        # The default is taken last, wherever it stands.
        node.detail = sorted(cases, key=lambda case: case.when is None)

    def enter(self, machine: Machine, frame: Frame, node: Node) -> None:
        for case in node.detail:
            if case.when is None or case.when.test(machine, frame, frame.input):
                frame.facts = {**(frame.facts or {}), "case": case.name}
                machine.complete(frame, node, frame.input, case.then)
                return
        machine.complete(frame, node, frame.input)

    def details(self, frame: Frame) -> dict[str, Any] | None:
        case = (frame.facts or {}).get("case")
        return None if case is None else {"case": case}


class RaiseRule(Rule):
    """dsl-reference.md, "Raise" and "Error": members are templates; `instance` is set by the runtime."""

    def plan(self, planner: Planner, node: Node, task: RaiseTask, compiler: Compiler) -> None:
        error = task.raise_.error
        if isinstance(error, str):
            named = planner.workflow.use.errors.get(error)
            if named is None:
                raise PlanError(node.pointer, f"`use.errors` has no {error!r}")
            error = named
        node.detail = planner.compile(f"{node.pointer}/raise/error", compiler.template, _error_data(error))

    def enter(self, machine: Machine, frame: Frame, node: Node) -> None:
        data = node.detail.evaluate(machine, frame, frame.input)
        status = data.get("status")
        if isinstance(status, str) and status.isdigit():
            status = int(status)
        if not isinstance(data.get("type"), str) or not isinstance(status, int) or isinstance(status, bool):
            raise standard_fault(
                "expression",
                "Invalid error to raise",
                f"type must be a string and status an integer, got {data.get('type')!r} and {status!r}",
            )
        title, detail = (None if data.get(name) is None else str(data[name]) for name in ("title", "detail"))
        # `instance`: "Runtimes MUST set the property when raising"; a literal one would point elsewhere.
        raise Fault(
            WorkflowError(
                type=canonical_error_type(data["type"]),
                status=status,
                title=title,
                detail=detail,
                instance=node.pointer,
            )
        )


def _error_data(error: Error) -> dict[str, Any]:
    data: dict[str, Any] = {"type": error.type, "status": error.status}
    for name in ("title", "detail"):
        if getattr(error, name) is not None:
            data[name] = getattr(error, name)
    return data


class EmitRule(Rule):
    """dsl-reference.md, "Emit" and "Event Properties": what the author leaves out is generated."""

    def plan(self, planner: Planner, node: Node, task: EmitTask, compiler: Compiler) -> None:
        node.detail = planner.compile(
            f"{node.pointer}/emit/event/with", compiler.template, task.emit.event.with_
        )

    def enter(self, machine: Machine, frame: Frame, node: Node) -> None:
        template: Evaluable = node.detail
        execution = machine.execution
        written = template.evaluate(machine, frame, frame.input)
        event: dict[str, Any] = {
            "specversion": "1.0",
            "id": f"{execution.execution_id}.{frame.run_id}",
            "source": f"/{execution.namespace}/{execution.name}/{execution.workflow_version}",
            "time": iso8601(machine.now),
        }
        event.update({name: value for name, value in written.items() if value is not None or name == "data"})
        for name in ("id", "source", "type"):
            if not isinstance(event.get(name), str) or not event[name]:
                raise standard_fault(
                    "expression",
                    "Invalid event",
                    f"the event's `{name}` must be a string that is not empty, got {event.get(name)!r}",
                )
        if "data" in event:
            event.setdefault("datacontenttype", "application/json")
        machine.commands.append(Emit(execution_id=execution.execution_id, run_id=frame.run_id, event=event))
        machine.complete(frame, node, event)
