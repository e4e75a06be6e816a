"""Runtime expressions as the engine uses them: compiled once, evaluated with just the arguments they name.

Which arguments exist where is the table "Runtime expression arguments" of dsl.md. An argument costs
nothing unless the expression names it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from headrace.engine.fault import Fault, standard_fault
from headrace.errors import ExpressionError, WorkflowError
from headrace.expr import (
    ARGUMENT_NAMES,
    compile_condition,
    compile_runtime_expression,
    compile_value,
)

if TYPE_CHECKING:
    from headrace.engine.machine import Machine
    from headrace.engine.state import Execution, Frame

RUNTIME_NAME = "headrace"


class _Compiled(Protocol):
    free_variables: frozenset[str]

    def evaluate(self, data: Any, variables: Any) -> Any: ...


class Evaluable:
    """An expression, or a template with expressions in it."""

    __slots__ = ("_compiled", "constant", "names", "value")

    def __init__(self, compiled: _Compiled, *, constant: bool = False, value: Any = None) -> None:
        self._compiled = compiled
        self.names = tuple(sorted(compiled.free_variables))
        self.constant = constant
        self.value = value

    def evaluate(
        self, machine: Machine, frame: Frame | None, data: Any, arguments: dict[str, Any] | None = None
    ) -> Any:
        """Evaluate on `data`. `arguments` are those that only this place has: output, task, authorization.

        Raises `Fault` with an `expression` error.
        """
        if self.constant:
            return self.value
        try:
            return self._compiled.evaluate(data, bind(self.names, machine, frame, arguments))
        except ExpressionError as error:
            raise expression_fault(error) from error


class Condition:
    """An expression whose truth counts: `if`, `when`, `while`."""

    __slots__ = ("_compiled", "names")

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled
        self.names = tuple(sorted(compiled.free_variables))

    def test(
        self, machine: Machine, frame: Frame | None, data: Any, arguments: dict[str, Any] | None = None
    ) -> bool:
        """Return the truth of the expression (jq: all but null and false). Raises `Fault`."""
        try:
            return bool(self._compiled.test(data, bind(self.names, machine, frame, arguments)))
        except ExpressionError as error:
            raise expression_fault(error) from error


def expression_fault(error: ExpressionError) -> Fault:
    return Fault(
        WorkflowError.standard("expression", title="Expression failed", detail=str(error) or repr(error))
    )


def bind(
    names: tuple[str, ...], machine: Machine, frame: Frame | None, arguments: dict[str, Any] | None
) -> dict[str, Any]:
    """Return the variables that an expression names, and `__now`, the time that `now` tells."""
    bound: dict[str, Any] = {"__now": machine.now}
    for name in names:
        if frame is not None and frame.variables is not None and name in frame.variables:
            bound[name] = frame.variables[name]
        elif arguments is not None and name in arguments:
            bound[name] = arguments[name]
        else:
            provide = _PROVIDERS.get(name)
            bound[name] = None if provide is None else provide(machine, frame)
    return bound


def time_descriptor(seconds: float) -> dict[str, Any]:
    """Return a `dateTimeDescriptor` (dsl.md, "DateTime Descriptor")."""
    milliseconds = int(seconds * 1000)
    return {
        "iso8601": iso8601(seconds),
        "epoch": {"seconds": milliseconds // 1000, "milliseconds": milliseconds},
    }


def iso8601(seconds: float) -> str:
    """Return epoch seconds as an RFC 3339 time in UTC with milliseconds."""
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def workflow_descriptor(machine: Machine) -> dict[str, Any]:
    """Return `$workflow` (dsl.md, "Workflow Descriptor"); made once per loaded execution."""
    execution: Execution = machine.execution
    if execution.descriptor is None:
        execution.descriptor = {
            "id": execution.execution_id,
            "definition": execution.plan.definition,
            "input": execution.input,
            "startedAt": time_descriptor(execution.started_at or execution.created_at),
        }
    return execution.descriptor


def task_descriptor(machine: Machine, frame: Frame | None, output: Any = None) -> dict[str, Any] | None:
    """Return `$task` (dsl.md, "Task Descriptor"); `output` is the raw output, once there is one."""
    if frame is None or frame.run_id == 0:
        return None
    node = machine.plan.nodes[frame.pointer]
    return {
        "name": node.name,
        "reference": node.pointer,
        "definition": node.definition,
        "input": frame.raw_input,
        "output": output,
        "startedAt": time_descriptor(frame.started_at),
    }


def _secrets(machine: Machine, frame: Frame | None) -> Any:
    missing = [name for name in machine.plan.secret_names if name not in machine.execution.secrets]
    if missing:
        # dsl.md, "Secret": access to a secret that does not exist is an authorization error, status 403.
        raise standard_fault(
            "authorization",
            "Secret not available",
            f"the secret {missing[0]!r} that the workflow names in `use.secrets` is not provided; "
            "set it with the secret provider of this installation",
        )
    return machine.execution.secrets


_PROVIDERS: dict[str, Any] = {
    "context": lambda machine, frame: machine.execution.context,
    "input": lambda machine, frame: None if frame is None else frame.input,
    "secrets": _secrets,
    "task": task_descriptor,
    "workflow": lambda machine, frame: workflow_descriptor(machine),
    "runtime": lambda machine, frame: machine.runtime_descriptor,
}


class Compiler:
    """Compiles the expressions of one workflow, in its language and mode (dsl-reference.md, "Evaluate")."""

    def __init__(self, language: str = "jq", mode: str = "strict") -> None:
        self.language = language
        self.mode = mode
        self._names: frozenset[str] = frozenset(ARGUMENT_NAMES)

    def with_variables(self, names: Collection[str]) -> Compiler:
        """Return a compiler that knows these local variables too (loop, `catch`, event)."""
        other = Compiler(self.language, self.mode)
        other._names = self._names | frozenset(names)
        return other

    def expression(self, source: str) -> Evaluable:
        """Compile a property that is a runtime expression, written bare or in `${ }`."""
        return Evaluable(compile_runtime_expression(source, language=self.language, variables=self._names))

    def condition(self, source: str) -> Condition:
        return Condition(compile_condition(source, language=self.language, variables=self._names))

    def template(self, value: Any) -> Evaluable:
        """Compile plain data in which strings may be expressions."""
        compiled = compile_value(value, language=self.language, mode=self.mode, variables=self._names)  # type: ignore[arg-type]
        return Evaluable(compiled, constant=compiled.constant, value=value)

    def expression_or_template(self, value: Any) -> Evaluable:
        """Compile `input.from`, `output.as`, `export.as`: a string is an expression, an object a template."""
        return self.expression(value) if isinstance(value, str) else self.template(value)
