"""try: perform tasks, catch their errors, retry, handle (dsl-reference.md, "Try", "Catch").

The frame's `facts` say where it is: `part` is `try`, `pause` (between attempts) or `catch`; `retries` counts
the retries made; `first_at` is when the first attempt began; `attempts` records each failed one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headrace.engine.evaluate import Compiler, Condition
from headrace.engine.plan import CONTINUE, Node, TaskListPlan
from headrace.engine.retry import RetryPlan
from headrace.engine.state import Frame
from headrace.engine.tasks.rule import Rule
from headrace.errors import WorkflowError, canonical_error_type
from headrace.spec.component import ErrorFilter
from headrace.spec.task import TryTask

if TYPE_CHECKING:
    from headrace.engine.machine import Machine
    from headrace.engine.planner import Planner

# Failed attempts kept in the details of the task run; older ones are in history as runs of their own.
ATTEMPTS_KEPT = 20


class CatchPlan:
    """A catch clause, compiled."""

    __slots__ = ("as_", "directive", "errors", "except_when", "handles", "retry", "then", "when")

    def __init__(
        self,
        errors: ErrorFilter | None,
        as_: str,
        when: Condition | None,
        except_when: Condition | None,
        retry: RetryPlan | None,
        directive: str | None,
        handles: bool,
    ) -> None:
        self.errors = errors
        self.as_ = as_
        self.when = when
        self.except_when = except_when
        self.retry = retry
        self.directive = directive
        self.then = CONTINUE  # linked by the planner
        self.handles = handles  # has `do` or `then`: deals with an error that retries did not mend


class TryRule(Rule):
    """The rules of `try`."""

    def plan(self, planner: Planner, node: Node, task: TryTask, compiler: Compiler) -> None:
        catch = task.catch
        pointer = f"{node.pointer}/catch"
        inner = compiler.with_variables((catch.as_,))

        def condition(source: str | None, part: str) -> Condition | None:
            if source is None:
                return None
            compiled: Condition = planner.compile(f"{pointer}/{part}", inner.condition, source)
            return compiled

        policy = planner.retry(catch.retry, f"{pointer}/retry")
        node.detail = CatchPlan(
            None if catch.errors is None else catch.errors.with_,
            catch.as_,
            condition(catch.when, "when"),
            condition(catch.except_when, "exceptWhen"),
            None if policy is None else RetryPlan(policy, planner, f"{pointer}/retry", inner),
            catch.then,
            catch.do is not None or catch.then is not None,
        )
        node.children["try"] = planner.task_list(f"{node.pointer}/try", task.try_, compiler)
        if catch.do is not None:
            node.children["catch"] = planner.task_list(f"{pointer}/do", catch.do, inner)

    def enter(self, machine: Machine, frame: Frame, node: Node) -> None:
        frame.facts = {**(frame.facts or {}), "part": "try", "retries": 0, "first_at": machine.now}
        self._attempt(machine, frame, node)

    def _attempt(self, machine: Machine, frame: Frame, node: Node) -> None:
        assert frame.facts is not None
        frame.facts["part"] = "try"
        catch: CatchPlan = node.detail
        if frame.facts["retries"] and catch.retry is not None and catch.retry.attempt_duration is not None:
            limit = machine.duration_seconds(catch.retry.attempt_duration, frame, frame.input)
            machine.set_timer(frame, "attempt", limit)
        machine.start_list(node.children["try"], frame, frame.input, frame.variables)

    def current_list(self, node: Node, frame: Frame) -> TaskListPlan | None:
        assert frame.facts is not None
        return node.children["catch" if frame.facts["part"] == "catch" else "try"]

    def list_done(
        self,
        machine: Machine,
        frame: Frame,
        node: Node,
        output: Any,
        last: Node | None,
        child: Frame | None,
    ) -> None:
        assert frame.facts is not None
        machine.clear_timer(frame, "attempt")
        catch: CatchPlan = node.detail
        caught = frame.facts["part"] == "catch" and catch.directive is not None
        machine.complete(frame, node, output, catch.then if caught else None)

    def child_faulted(
        self,
        machine: Machine,
        frame: Frame,
        node: Node,
        child_node: Node,
        child: Frame,
        error: WorkflowError,
    ) -> bool:
        assert frame.facts is not None
        if frame.facts["part"] == "catch":
            return False  # an error of the handler is nobody's here
        return self._caught(machine, frame, node, error)

    def _caught(self, machine: Machine, frame: Frame, node: Node, error: WorkflowError) -> bool:
        assert frame.facts is not None
        facts = frame.facts
        catch: CatchPlan = node.detail
        machine.clear_timer(frame, "attempt")
        problem = error.as_dict()
        # The error variable is bound before the filters, which may name it.
        arguments = {catch.as_: problem}
        if not matches(catch.errors, error):
            return False
        if catch.when is not None and not catch.when.test(machine, frame, frame.input, arguments):
            return False
        if catch.except_when is not None and catch.except_when.test(machine, frame, frame.input, arguments):
            return False
        if catch.retry is not None:
            retries = facts["retries"]
            attempts = facts.setdefault("attempts", [])
            attempts.append({"attempt": retries + 1, "at": machine.now, "error": problem})
            del attempts[:-ATTEMPTS_KEPT]
            delay = catch.retry.delay_before(
                machine, frame, retries, facts["first_at"], frame.input, arguments
            )
            if delay is not None:
                facts["retries"] = retries + 1
                facts["part"] = "pause"
                machine.set_timer(frame, "retry", delay)
                frame.waits, frame.since = "timer", machine.now
                if machine.execution.observed:
                    machine.notify("retried", frame, node, error=problem)
                return True
            if not catch.handles:
                return False  # retries used up and nothing else said: the error goes on
        facts["part"] = "catch"
        frame.held = problem
        facts.pop("retries", None)  # attempts of the handler are its own
        handler = node.children.get("catch")
        if handler is None:
            self.list_done(machine, frame, node, frame.input, None, None)
            return True
        variables = {**(frame.variables or {}), catch.as_: problem}
        machine.start_list(handler, frame, frame.input, variables)
        return True

    def timer_fired(self, machine: Machine, frame: Frame, node: Node, name: str) -> None:
        if name == "retry":
            frame.waits = None
            self._attempt(machine, frame, node)
            return
        # The attempt took longer than `limit.attempt.duration`.
        machine.cancel_below(frame)
        error = WorkflowError.standard(
            "timeout",
            title="Attempt timed out",
            detail="the attempt took longer than the retry policy's `limit.attempt.duration`",
            instance=node.pointer,
        )
        if not self._caught(machine, frame, node, error):
            machine.fault(frame, error)

    def details(self, frame: Frame) -> dict[str, Any] | None:
        facts = frame.facts or {}
        kept = {name: facts[name] for name in ("attempts",) if facts.get(name)}
        if facts.get("part") == "catch":
            kept["caught"] = frame.held
        return kept or None


def matches(wanted: ErrorFilter | None, error: WorkflowError) -> bool:
    """Tell whether every written member of the filter equals the error's; types by either host name."""
    if wanted is None:
        return True
    if wanted.type is not None and canonical_error_type(wanted.type) != canonical_error_type(error.type):
        return False
    return all(
        getattr(wanted, name) is None or getattr(wanted, name) == getattr(error, name)
        for name in ("status", "instance", "title", "detail")
    )
