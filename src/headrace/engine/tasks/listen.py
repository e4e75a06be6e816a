"""listen: wait for events.

Source: dsl-reference.md, "Listen", "Event Consumption Strategy", "Subscription Iterator".

The frame's `facts`: `consumed` counts events taken, `open` are the filters of `all` that no event matched
yet, `correlated` the values that correlation fixed, `queue` the numbers of events that wait for `foreach`,
`busy` whether `foreach` works on one, `until_open` and `over` the state of `until`, `decision` the title of
what a person is asked. `payloads` holds the events by number (`e0`) and, with `foreach`, what became of each
(`r0`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headrace.engine.approval import ApprovalPlan, answers, approval_of
from headrace.engine.commands import Subscribe
from headrace.engine.correlate import StrategyPlan, read_event
from headrace.engine.evaluate import Compiler, Evaluable
from headrace.engine.plan import Node, Schema, TaskListPlan
from headrace.engine.state import Frame
from headrace.engine.tasks.rule import Rule
from headrace.spec.task import ListenTask

if TYPE_CHECKING:
    from headrace.engine.machine import Machine
    from headrace.engine.planner import Planner


class ForeachPlan:
    """What to do with each event."""

    __slots__ = ("at", "export_as", "export_schema", "item", "output_as", "output_schema")

    def __init__(self, item: str, at: str) -> None:
        self.item = item
        self.at = at
        self.output_as: Evaluable | None = None
        self.output_schema: Schema | None = None
        self.export_as: Evaluable | None = None
        self.export_schema: Schema | None = None


class ListenPlan:
    """A compiled `listen`."""

    __slots__ = ("approval", "foreach", "read", "strategy")

    def __init__(
        self,
        strategy: StrategyPlan,
        read: str,
        foreach: ForeachPlan | None,
        approval: ApprovalPlan | None,
    ) -> None:
        self.approval = approval
        self.strategy = strategy
        self.read = read
        self.foreach = foreach


class ListenRule(Rule):
    """The rules of `listen`. The output is the array of what was consumed, in order."""

    def plan(self, planner: Planner, node: Node, task: ListenTask, compiler: Compiler) -> None:
        strategy = StrategyPlan(task.listen.to, planner, f"{node.pointer}/listen/to", compiler)
        foreach = None
        if task.foreach is not None:
            each = task.foreach
            pointer = f"{node.pointer}/foreach"
            inner = compiler.with_variables((each.item, each.at))
            foreach = ForeachPlan(each.item, each.at)
            if each.do is not None:
                node.children["foreach"] = planner.task_list(f"{pointer}/do", each.do, inner)
            if each.output is not None:
                foreach.output_schema = planner.schema(each.output.schema, f"{pointer}/output/schema")
                if each.output.as_ is not None:
                    foreach.output_as = planner.compile(
                        f"{pointer}/output/as", inner.expression_or_template, each.output.as_
                    )
            if each.export is not None:
                foreach.export_schema = planner.schema(each.export.schema, f"{pointer}/export/schema")
                if each.export.as_ is not None:
                    foreach.export_as = planner.compile(
                        f"{pointer}/export/as", inner.expression_or_template, each.export.as_
                    )
        given = approval_of(task.metadata)
        approval = None
        if given is not None:
            approval = ApprovalPlan(planner, f"{node.pointer}/metadata/approval", given, compiler)
        node.detail = ListenPlan(strategy, task.listen.read, foreach, approval)

    def enter(self, machine: Machine, frame: Frame, node: Node) -> None:
        listen: ListenPlan = node.detail
        strategy = listen.strategy
        facts: dict[str, Any] = {**(frame.facts or {}), "consumed": 0}
        decision = None
        if listen.approval is not None:
            decision = listen.approval.ask(machine, frame)
            facts["decision"] = decision.title
        if strategy.mode == "all":
            facts["open"] = list(range(len(strategy.filters)))
        if strategy.until is not None:
            facts["until_open"] = list(range(len(strategy.until.filters)))
        if listen.foreach is not None:
            facts["queue"] = []
            facts["busy"] = False
        frame.facts = facts
        frame.payloads = {}
        machine.wait_for(frame, "event")
        machine.commands.append(
            Subscribe(
                execution_id=machine.execution.execution_id,
                run_id=frame.run_id,
                types=strategy.types(),
                pointer="" if decision is None else node.pointer,
                decision=decision,
            )
        )
        if machine.execution.observed:
            machine.notify("correlation-started", frame, node)
        if strategy.mode == "all" and not strategy.filters:
            self._over(machine, frame, node)

    def current_list(self, node: Node, frame: Frame) -> TaskListPlan | None:
        return node.children.get("foreach")

    # --- events -----------------------------------------------------------------------------------------

    def offer(self, machine: Machine, frame: Frame, node: Node, event: dict[str, Any]) -> None:
        """An event was published: consume it if a filter matches."""
        listen: ListenPlan = node.detail
        strategy = listen.strategy
        assert frame.facts is not None
        facts = frame.facts
        if facts.get("over"):
            return
        if listen.approval is not None and not answers(event, machine.execution.execution_id, frame.run_id):
            return
        correlated: dict[str, Any] = facts.get("correlated") or {}
        if strategy.until is not None and self._until_takes(
            machine, frame, strategy.until, event, correlated
        ):
            # Events consumed by `until` are no part of the output.
            if strategy.until.mode != "all" or not facts["until_open"]:
                facts["over"] = True
                if not facts.get("busy"):
                    self._over(machine, frame, node)
            return
        values = self._match(machine, frame, strategy, facts.get("open"), event, correlated)
        if values is None:
            return
        if values:
            facts["correlated"] = {**correlated, **values}
        number = facts["consumed"]
        facts["consumed"] = number + 1
        assert frame.payloads is not None
        frame.payloads[f"e{number}"] = read_event(event, listen.read)
        enough = strategy.mode == "one" or (strategy.mode == "all" and not facts["open"])
        if strategy.mode == "any" and strategy.until is None and strategy.until_expression is None:
            enough = True
        if enough:
            facts["over"] = True
        if listen.foreach is not None:
            facts["queue"].append(number)
            self._next_item(machine, frame, node)
        elif enough or self._until_holds(machine, frame, strategy):
            self._over(machine, frame, node)

    def _match(
        self,
        machine: Machine,
        frame: Frame,
        strategy: StrategyPlan,
        still_open: list[int] | None,
        event: dict[str, Any],
        correlated: dict[str, Any],
    ) -> dict[str, Any] | None:
        if still_open is not None:
            for position, index in enumerate(still_open):
                values = strategy.filters[index].accepts(machine, frame, event, correlated)
                if values is not None:
                    del still_open[position]
                    return values
            return None
        if not strategy.filters:
            return {}  # an empty `any` listens to every event
        for filter_ in strategy.filters:
            values = filter_.accepts(machine, frame, event, correlated)
            if values is not None:
                return values
        return None

    def _until_takes(
        self,
        machine: Machine,
        frame: Frame,
        until: StrategyPlan,
        event: dict[str, Any],
        correlated: dict[str, Any],
    ) -> bool:
        """Tell whether `until` consumes the event. What the task's events fixed, it has to match too."""
        assert frame.facts is not None
        still_open = frame.facts["until_open"] if until.mode == "all" else None
        return self._match(machine, frame, until, still_open, event, correlated) is not None

    def _until_holds(self, machine: Machine, frame: Frame, strategy: StrategyPlan) -> bool:
        if strategy.until_expression is None:
            return False
        return strategy.until_expression.evaluate(machine, frame, self._results(frame)) not in (None, False)

    @staticmethod
    def _results(frame: Frame) -> list[Any]:
        """Return what was consumed so far; where `foreach` made something of an event, that."""
        assert frame.facts is not None
        payloads = frame.payloads or {}
        count = frame.facts.get("done", frame.facts["consumed"])
        return [payloads.get(f"r{n}", payloads.get(f"e{n}")) for n in range(count)]

    def _over(self, machine: Machine, frame: Frame, node: Node) -> None:
        machine.close_wait(frame, answered=True)
        if machine.execution.observed:
            machine.notify(
                "correlation-completed", frame, node, correlation=(frame.facts or {}).get("correlated")
            )
        machine.complete(frame, node, self._results(frame))

    # --- foreach ----------------------------------------------------------------------------------------

    def _next_item(self, machine: Machine, frame: Frame, node: Node) -> None:
        listen: ListenPlan = node.detail
        each = listen.foreach
        assert each is not None
        assert frame.facts is not None
        facts = frame.facts
        if facts["busy"]:
            return  # one at a time: the rest waits its turn
        if not facts["queue"]:
            if facts.get("over"):
                self._over(machine, frame, node)
            return
        number = facts["queue"].pop(0)
        facts["busy"] = True
        frame.index = number
        item = (frame.payloads or {}).get(f"e{number}")
        variables = {**(frame.variables or {}), each.item: item, each.at: number}
        tasks = node.children.get("foreach")
        if tasks is None or not tasks.nodes:
            self._item_done(machine, frame, node, item, variables)
        else:
            # An iteration works on what the task got; the event is in its variable.
            machine.start_list(tasks, frame, frame.input, variables, iteration=number)

    def list_done(
        self,
        machine: Machine,
        frame: Frame,
        node: Node,
        output: Any,
        last: Node | None,
        child: Frame | None,
    ) -> None:
        self._item_done(machine, frame, node, output, None if child is None else child.variables)

    def _item_done(
        self, machine: Machine, frame: Frame, node: Node, output: Any, variables: dict[str, Any] | None
    ) -> None:
        listen: ListenPlan = node.detail
        each = listen.foreach
        assert each is not None
        assert frame.facts is not None
        assert frame.payloads is not None
        outer = frame.variables
        frame.variables = variables
        try:
            if each.output_as is not None:
                output = each.output_as.evaluate(machine, frame, output)
            if each.output_schema is not None:
                machine.validate(each.output_schema, output, "output of an event")
            if each.export_as is not None:
                context = each.export_as.evaluate(machine, frame, output, {"output": output})
                if each.export_schema is not None:
                    machine.validate(each.export_schema, context, "exported context")
                machine.execution.context = context
                frame.facts["exported"] = True
        finally:
            frame.variables = outer
        frame.payloads[f"r{frame.index}"] = output
        frame.facts["busy"] = False
        frame.facts["done"] = frame.index + 1
        if not frame.facts.get("over") and self._until_holds(machine, frame, listen.strategy):
            frame.facts["over"] = True
            frame.facts["queue"] = []  # what came after the end was not asked for
        self._next_item(machine, frame, node)

    def details(self, frame: Frame) -> dict[str, Any] | None:
        facts = frame.facts or {}
        payloads = frame.payloads or {}
        return {
            "consumed": [payloads.get(f"e{n}") for n in range(facts.get("consumed", 0))],
            **({"correlated": facts["correlated"]} if facts.get("correlated") else {}),
            **({"open": facts["open"]} if facts.get("open") else {}),
        }
