"""call and run: what the outside performs, and functions that are tasks themselves.

A call's evaluated arguments are kept in the frame (`held`), so that an invocation that is made again after
a restart is the same one. Authentication policies are resolved only when the command is made: secrets in
them are never part of the state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from headrace.engine.commands import Invoke, StartChild
from headrace.engine.evaluate import Compiler, Evaluable, expression_fault
from headrace.engine.fault import PlanError, standard_fault
from headrace.engine.plan import Node, TaskListPlan
from headrace.engine.retry import RetryPlan
from headrace.engine.state import Frame
from headrace.engine.tasks.rule import Rule
from headrace.engine.trace import run_identity, traceparent
from headrace.engine.waits import child_id
from headrace.errors import ExpressionError, WorkflowError
from headrace.expr import expand_uri_template
from headrace.spec.component import RetryPolicy
from headrace.spec.convert import build
from headrace.spec.task import CallTask, RunTask, Task

if TYPE_CHECKING:
    from headrace.engine.machine import Machine
    from headrace.engine.planner import Planner

PROTOCOLS = frozenset({"http", "openapi", "grpc", "asyncapi", "a2a", "mcp"})

# Where protocols take a URI (template): path of keys in the arguments.
_URI_PLACES: tuple[tuple[str, ...], ...] = (
    ("endpoint",),
    ("document", "endpoint"),
    ("proto", "endpoint"),
    ("server",),
    ("agentCard", "endpoint"),
    ("transport", "http", "endpoint"),
)
_POLICY_SCHEMES = ("basic", "bearer", "digest", "oauth2", "oidc")


class CallPlan:
    """How a call is performed: by whom (`kind`, `target`), with what, and for functions how often."""

    __slots__ = ("arguments", "function", "kind", "policies", "retry", "settings", "target")

    def __init__(self, kind: str, target: str = "") -> None:
        self.kind = kind
        self.target = target
        self.arguments: Evaluable | None = None
        self.function: Node | None = None  # a task of `use.functions` or a catalog
        self.settings: Mapping[str, Any] | None = None
        self.retry: RetryPlan | None = None
        # (path, policy as template): put in place when the command is made
        self.policies: tuple[tuple[tuple[str, ...], Evaluable], ...] = ()


class Invoking(Rule):
    """What `call` and `run` share: open an invocation, take its answer, retry it, make it again."""

    def open_call(self, machine: Machine, frame: Frame, node: Node, detail: CallPlan) -> None:
        command = self.invocation(machine, frame, node, detail)  # a fault here leaves nothing to call off
        machine.wait_for(frame, "call")
        machine.commands.append(command)

    def invocation(self, machine: Machine, frame: Frame, node: Node, detail: CallPlan) -> Invoke:
        execution = machine.execution
        arguments = frame.held
        for path, policy in detail.policies:
            arguments = _with(arguments, path, self._policy(machine, frame, policy))
        timers = execution.timers.get(frame.run_id)
        return Invoke(
            execution_id=execution.execution_id,
            run_id=frame.run_id,
            attempt=frame.attempt,
            kind=detail.kind,
            target=detail.target,
            pointer=node.pointer,
            flow=execution.flow,
            trace=execution.trace,
            arguments=arguments,
            input=frame.input,
            deadline=None if timers is None else timers.get("timeout"),
            settings=None if detail.settings is None else dict(detail.settings),
            previous=(frame.facts or {}).get("previous"),
        )

    def _policy(self, machine: Machine, frame: Frame, policy: Evaluable) -> Any:
        value = policy.evaluate(machine, frame, frame.input)
        if not isinstance(value, dict):
            return value
        for scheme in _POLICY_SCHEMES:
            part = value.get(scheme)
            if isinstance(part, dict) and isinstance(part.get("use"), str):
                # dsl-reference.md, "Authentication": `use` names the secret that holds the configuration.
                return {**value, scheme: _secret(machine, part["use"])}
        return value

    def again(self, machine: Machine, frame: Frame, node: Node) -> Invoke | StartChild | None:
        detail: CallPlan = node.detail
        return self.invocation(machine, frame, node, detail)

    def call_completed(
        self, machine: Machine, frame: Frame, node: Node, output: Any, authorization: dict[str, str] | None
    ) -> None:
        """The invocation answered well."""
        machine.close_wait(frame, answered=True)
        machine.authorization = authorization
        try:
            machine.complete(frame, node, output)
        finally:
            machine.authorization = None  # it describes this call; the next task must not see it

    def call_failed(
        self, machine: Machine, frame: Frame, node: Node, error: WorkflowError, retryable: bool
    ) -> None:
        """The invocation failed: try again as the function's own retry policy says, or fault."""
        machine.close_wait(frame, answered=True)
        detail: CallPlan = node.detail
        if retryable and detail.retry is not None:
            facts = frame.facts = frame.facts or {}
            problem = error.as_dict()
            failures: list[Any] = facts.setdefault("attempts", [])
            failure = {"attempt": frame.attempt, "at": machine.now, "error": problem}
            if "worker" in facts:
                failure["worker"] = facts.pop("worker")
            failures.append(failure)
            facts.setdefault("first_at", frame.started_at)
            delay = detail.retry.delay_before(
                machine, frame, len(failures) - 1, facts["first_at"], frame.input, {"error": problem}
            )
            if delay is not None:
                machine.set_timer(frame, "retry", delay)
                machine.wait_for(frame, "timer")
                if machine.execution.observed:
                    machine.notify("retried", frame, node, error=problem)
                return
        machine.fault(frame, error)

    def timer_fired(self, machine: Machine, frame: Frame, node: Node, name: str) -> None:
        machine.close_wait(frame, answered=True)
        frame.attempt += 1
        self.open_call(machine, frame, node, node.detail)

    def details(self, frame: Frame) -> dict[str, Any] | None:
        attempts = (frame.facts or {}).get("attempts")
        return None if not attempts else {"attempts": attempts}


class CallRule(Invoking):
    """dsl-reference.md, "Call"; dsl.md, "Using a Custom Function"."""

    def plan(self, planner: Planner, node: Node, task: CallTask, compiler: Compiler) -> None:
        name = task.call
        written: dict[str, Any] | None = task.with_
        pointer = f"{node.pointer}/with"
        if name == "batch":
            written = dict(written or {})
            function = str(written.pop("function", ""))
            if function not in planner.functions:
                raise PlanError(f"{pointer}/function", f"{function!r} is no function of the FlowApp")
            detail = CallPlan("batch", function)
            detail.settings = planner.functions[function] or {}
        elif name in PROTOCOLS:
            detail = CallPlan(name, str((written or {}).get("method", "")) if name in ("mcp", "a2a") else "")
            written, policies = _take_policies(written or {}, planner, pointer)
            if name == "asyncapi" and "subscription" in written:
                # Its expressions are about messages, which come later: they are the performer's.
                detail.settings = {"subscription": written.pop("subscription")}
            detail.policies = tuple(
                (path, planner.compile(pointer, compiler.template, policy)) for path, policy in policies
            )
        elif name in planner.workflow.use.functions:
            detail = CallPlan("task", name)
            detail.function = self._function(
                planner, f"/use/functions/{name}", name, planner.workflow.use.functions[name]
            )
        elif name in planner.functions:
            detail = CallPlan("function", name)
            settings = planner.functions[name] or {}
            detail.settings = settings
            policy = planner.retry(_retries(settings.get("retries")), f"/functions/{name}/retries")
            if policy is not None:
                detail.retry = RetryPlan(
                    policy, planner, f"/functions/{name}/retries", compiler.with_variables(("error",))
                )
        elif name in planner.resources:
            detail = CallPlan("task", name)
            pointer_of = "/catalog/" + name.replace("~", "~0").replace("/", "~1")
            detail.function = self._function(planner, pointer_of, name, planner.resources[name])
        else:
            raise PlanError(
                f"{node.pointer}/call",
                f"{name!r} is no protocol, no function of `use.functions` or of the FlowApp, "
                "and no catalog function that was found",
            )
        if written is not None:
            detail.arguments = planner.compile(pointer, compiler.template, written)
        node.detail = detail

    @staticmethod
    def _function(planner: Planner, pointer: str, name: str, task: Any) -> Node:
        planned = planner.plan.nodes.get(pointer)
        if planned is not None:
            return planned  # also the way a function that calls itself ends here
        model = task if isinstance(task, Task) else build(Task, task)
        return planner.node(
            pointer,
            name,
            model,
            0,
            Compiler(planner.workflow.evaluate.language, planner.workflow.evaluate.mode),
        )

    def enter(self, machine: Machine, frame: Frame, node: Node) -> None:
        detail: CallPlan = node.detail
        arguments = None
        if detail.arguments is not None:
            arguments = detail.arguments.evaluate(machine, frame, frame.input)
        if detail.function is not None:
            machine.open(detail.function, frame, frame.input if arguments is None else arguments, None)
            return
        if arguments is not None:
            frame.held = expand_uris(arguments, frame.input) if detail.kind in PROTOCOLS else arguments
        self.open_call(machine, frame, node, detail)

    def current_list(self, node: Node, frame: Frame) -> TaskListPlan | None:
        return None  # a function is one task, not a list: its end is the end of the call


class RunRule(Invoking):
    """dsl-reference.md, "Run"."""

    def plan(self, planner: Planner, node: Node, task: RunTask, compiler: Compiler) -> None:
        run = task.definition["run"]
        kind = next(name for name in ("container", "script", "shell", "workflow") if name in run)
        detail = CallPlan(kind)
        process = dict(run[kind])
        policies: list[tuple[tuple[str, ...], Any]] = []
        if kind == "script" and isinstance(process.get("source"), dict):
            process["source"], found = _take_policies(
                process["source"], planner, f"{node.pointer}/run/script/source"
            )
            policies = [(("script", "source", *path), policy) for path, policy in found]
        detail.policies = tuple(
            (path, planner.compile(f"{node.pointer}/run", compiler.template, policy))
            for path, policy in policies
        )
        if kind == "script":
            # The code is code: `${...}` in it is JavaScript's or the shell's own.
            literal = {"code": process.pop("code")} if "code" in process else {}
        else:
            literal = {}
        detail.arguments = planner.compile(f"{node.pointer}/run/{kind}", compiler.template, process)
        detail.settings = {
            "literal": literal,
            "await": task.run.await_,
            "return": task.run.return_,
        }
        node.detail = detail

    def enter(self, machine: Machine, frame: Frame, node: Node) -> None:
        detail: CallPlan = node.detail
        assert detail.arguments is not None
        assert detail.settings is not None
        process = detail.arguments.evaluate(machine, frame, frame.input)
        awaited = bool(detail.settings["await"])
        if detail.kind == "workflow":
            frame.held = process
            command = self._child(machine, frame, node)
            machine.commands.append(command)
            # Not awaited: wait until the child is known to be started, so that it cannot be lost.
            machine.wait_for(frame, "child")
            return
        frame.held = {
            detail.kind: {**process, **detail.settings["literal"]},
            "await": awaited,
            "return": detail.settings["return"],
        }
        self.open_call(machine, frame, node, detail)

    def invocation(self, machine: Machine, frame: Frame, node: Node, detail: CallPlan) -> Invoke:
        command = super().invocation(machine, frame, node, detail)
        return _without_settings(command)

    def _child(self, machine: Machine, frame: Frame, node: Node) -> StartChild:
        execution = machine.execution
        process = frame.held
        return StartChild(
            execution_id=execution.execution_id,
            run_id=frame.run_id,
            child_id=child_id(execution.execution_id, frame.run_id),
            namespace=process.get("namespace", execution.namespace),
            name=process["name"],
            version=str(process.get("version", "latest")),
            input=process.get("input", frame.input),
            awaited=bool(node.detail.settings["await"]),
            trace=traceparent(
                execution.execution_id, execution.trace, run_identity(execution.execution_id, frame.run_id)
            ),
        )

    def again(self, machine: Machine, frame: Frame, node: Node) -> Invoke | StartChild | None:
        if node.detail.kind == "workflow":
            return self._child(machine, frame, node)
        return super().again(machine, frame, node)

    def call_completed(
        self, machine: Machine, frame: Frame, node: Node, output: Any, authorization: dict[str, str] | None
    ) -> None:
        machine.close_wait(frame, answered=True)
        awaited = node.detail.settings["await"]
        # dsl-reference.md, "Run": not awaited, the output is the input.
        machine.complete(frame, node, output if awaited else frame.input)

    def child_finished(
        self,
        machine: Machine,
        frame: Frame,
        node: Node,
        status: str,
        output: Any,
        error: WorkflowError | None,
    ) -> None:
        """The child execution came to its end or, where it is not awaited, was started."""
        machine.close_wait(frame, answered=True)
        if status == "started":
            machine.complete(frame, node, frame.input)
            return
        if status == "completed":
            machine.complete(frame, node, None if node.detail.settings["return"] == "none" else output)
            return
        if error is None:
            error = WorkflowError.standard(
                "runtime", title="Child execution cancelled", detail=f"the child execution was {status}"
            )
        # The child's pointer means nothing here; the error is this task's now.
        machine.fault(frame, WorkflowError.from_dict({**error.as_dict(), "instance": node.pointer}))


def _without_settings(command: Invoke) -> Invoke:
    return Invoke(
        execution_id=command.execution_id,
        run_id=command.run_id,
        attempt=command.attempt,
        kind=command.kind,
        pointer=command.pointer,
        flow=command.flow,
        trace=command.trace,
        arguments=command.arguments,
        input=command.input,
        deadline=command.deadline,
    )


def expand_uris(arguments: dict[str, Any], data: Any) -> dict[str, Any]:
    """Expand `{name}` in the arguments' URIs from the task's input (dsl-reference.md, "URI Template")."""
    for path in _URI_PLACES:
        place = (*path, "uri") if isinstance(_at(arguments, path), dict) else path
        uri = _at(arguments, place)
        if isinstance(uri, str) and "{" in uri:
            try:
                arguments = _with(arguments, place, expand_uri_template(uri, data))
            except ExpressionError as error:
                raise expression_fault(error) from error
    return arguments


def _take_policies(
    written: dict[str, Any], planner: Planner, pointer: str
) -> tuple[dict[str, Any], list[tuple[tuple[str, ...], Any]]]:
    """Take every `authentication` out of the arguments; return the rest, and the policies by path."""
    found: list[tuple[tuple[str, ...], Any]] = []

    def walk(value: Any, path: tuple[str, ...]) -> Any:
        if not isinstance(value, dict) or path[:1] in (("body",), ("headers",), ("query",), ("parameters",)):
            return value
        rest = {}
        for key, part in value.items():
            if key == "authentication":
                policy = planner.authentication(part, f"{pointer}/{'/'.join((*path, key))}")
                found.append(((*path, key), policy))
            else:
                rest[key] = walk(part, (*path, key))
        return rest

    return walk(written, ()), found


def _retries(written: Any) -> RetryPolicy | str | None:
    """Read a function's `retries`: a policy, the name of one, or just how many."""
    if written is None or isinstance(written, str):
        return written
    if isinstance(written, int):
        written = {
            "delay": {"seconds": 1},
            "backoff": {"exponential": {"maxDelay": 60}},
            "limit": {"attempt": {"count": written}},
        }
    return build(RetryPolicy, written)


def _secret(machine: Machine, name: str) -> Any:
    if name not in machine.execution.secrets:
        raise standard_fault(
            "authorization",
            "Secret not available",
            f"the secret {name!r} is not provided; name it in `use.secrets` and provide it",
        )
    return machine.execution.secrets[name]


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def _with(value: Any, path: tuple[str, ...], leaf: Any) -> Any:
    """Return a copy of `value` with `leaf` at `path`; nothing is changed in place."""
    if not path:
        return leaf
    copy = dict(value) if isinstance(value, dict) else {}
    copy[path[0]] = _with(copy.get(path[0]), path[1:], leaf)
    return copy
