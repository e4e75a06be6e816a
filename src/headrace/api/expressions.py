"""Expressions as they are written: evaluated on given data, or on what an execution left on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from litestar.params import JSONBody, PathParameter

from headrace.api.execution import known
from headrace.api.platform import Platform
from headrace.api.route import post
from headrace.api.rule import rule
from headrace.api.sight import (
    ARGUMENTS,
    LIMITS,
    At,
    Basis,
    Note,
    Sight,
    Where,
    beside,
    runtime_variables,
    sight_at,
)
from headrace.errors import ExpressionError, ExpressionLimitError
from headrace.expr import (
    ExpressionSyntaxError,
    compile_condition,
    compile_runtime_expression,
    compile_value,
    is_expression,
)
from headrace.expr.json_text import to_json

NAMES_MAX = 100

Namespace = Annotated[str, PathParameter(max_length=253, description="A namespace.")]


class Evaluation(msgspec.Struct, kw_only=True):
    """What to evaluate: `value` is an expression, bare or in `${ }`; a `template` is data with those in it.

    It sees what stands at `where`, and the `names` of loops and catches around it. The data is `data` with
    `variables` (without `$`), or else what the execution of `at` had there; without either it is only
    checked. `show: all` has the data and variables in the answer; to see only them, leave `value` out.
    """

    value: Any = msgspec.UNSET
    reads: Literal["expression", "condition", "template"] = "expression"
    where: Where = "body"
    language: Literal["jq", "jsonata"] = "jq"
    mode: Literal["strict", "loose"] = "strict"
    names: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=200)]], msgspec.Meta(max_length=NAMES_MAX)
    ] = []
    data: Any = msgspec.UNSET
    variables: dict[str, Any] = {}
    at: At | None = None
    show: Literal["result", "all"] = "result"


class EvaluationError(msgspec.Struct, kw_only=True):
    """Why there is no result. `offset` is the character of the text where it does not compile."""

    kind: Literal["syntax", "evaluation", "limit"]
    message: str
    offset: int | None = None


class Seen(msgspec.Struct, kw_only=True):
    """What the expression saw, and where that is from.

    `basis`: `given`; the `run` of the task itself; `previous`: it never ran, and this is what the task before
    it gave; `parent`, `workflow`: what the task around it, or the workflow, works on; `nothing` is on record.
    `notes` name what is not as it was: `input-fails` (`input.from` cannot be evaluated), `output-transformed`
    (only what `output.as` made is on record), `no-error`, `no-iteration` (there was none), `too-large` (to be
    shown). `data` and `variables` are there where they were asked for.
    """

    basis: Basis
    run_id: int | None = None
    task: str | None = None
    iteration: int | None = None
    notes: list[Note] = []
    data: Any = msgspec.UNSET
    variables: Any = msgspec.UNSET


class Evaluated(msgspec.Struct, kw_only=True):
    """What came of it: a `value`, an `error`, or `compiles`, where there was no data to evaluate it on."""

    outcome: Literal["value", "error", "compiles", "nothing"]
    result: Any = None
    error: EvaluationError | None = None
    seen: Seen | None = None


@post(
    "/expressions/evaluate",
    rule("viewer"),
    tag="Executions",
    id="evaluateExpression",
)
async def evaluate_expression(
    platform: Platform, namespace: Namespace, data: JSONBody[Evaluation]
) -> Evaluated:
    """Evaluate an expression on given data, or on what an execution had at a place. Nothing is changed.

    Secrets are `***`, whatever they are; steps, time and size are bounded.
    """
    sight = await _sight(platform, namespace, data)
    return await beside(_evaluated, data, sight, platform.clock.now())


async def _sight(platform: Platform, namespace: str, wanted: Evaluation) -> Sight:
    if wanted.data is not msgspec.UNSET:
        variables = {**runtime_variables(platform.clock.now()), **wanted.variables}
        return Sight("given", wanted.data, variables)
    if wanted.at is None:
        return Sight("nothing", None, {})
    row = await known(platform, namespace, wanted.at.execution)
    return await sight_at(platform, row, wanted.where, wanted.at)


def _evaluated(wanted: Evaluation, sight: Sight, now: float) -> Evaluated:
    seen = _seen(wanted, sight)
    if wanted.value is msgspec.UNSET:
        return Evaluated(outcome="nothing", seen=seen)
    allowed = ARGUMENTS[wanted.where] | set(wanted.names)
    try:
        compiled = _compiled(wanted, allowed)
        if sight.basis == "nothing":
            return Evaluated(outcome="compiles", seen=seen)
        # What does not exist at this place is not lent to it.
        variables = {name: value for name, value in sight.variables.items() if name in allowed}
        variables["__now"] = now
        result = (
            compiled.test(sight.data, variables)
            if wanted.reads == "condition"
            else compiled.evaluate(sight.data, variables)
        )
        text = to_json(result, LIMITS.output_bytes).encode(errors="replace")
    except ExpressionError as error:
        return Evaluated(outcome="error", error=_error(wanted.value, error), seen=seen)
    except RecursionError:
        message = "the data is nested too deeply to be shown"
        return Evaluated(outcome="error", error=EvaluationError(kind="limit", message=message), seen=seen)
    return Evaluated(outcome="value", result=msgspec.Raw(text), seen=seen)


def _compiled(wanted: Evaluation, allowed: frozenset[str]) -> Any:
    """Return the compiled value. Raises ExpressionError."""
    if wanted.reads == "template":
        return compile_value(
            wanted.value, language=wanted.language, mode=wanted.mode, variables=allowed, limits=LIMITS
        )
    if not isinstance(wanted.value, str):
        raise ExpressionSyntaxError(
            "an expression is a text; write data with expressions in it as a template"
        )
    compile_ = compile_condition if wanted.reads == "condition" else compile_runtime_expression
    return compile_(wanted.value, language=wanted.language, variables=allowed, limits=LIMITS)


def _error(value: Any, error: ExpressionError) -> EvaluationError:
    if isinstance(error, ExpressionSyntaxError):
        offset: int | None = error.offset
        if isinstance(value, str) and is_expression(value):
            # The offset counts inside of `${ }`.
            offset = error.offset + value.index("${") + 2
        return EvaluationError(
            kind="syntax", message=str(error), offset=offset if isinstance(value, str) else None
        )
    kind: Literal["limit", "evaluation"] = (
        "limit" if isinstance(error, ExpressionLimitError) else "evaluation"
    )
    return EvaluationError(kind=kind, message=str(error) or repr(error))


def _seen(wanted: Evaluation, sight: Sight) -> Seen:
    run = sight.run
    seen = Seen(
        basis=sight.basis,
        run_id=None if run is None else run.run_id,
        task=None if run is None else run.pointer,
        iteration=None if run is None else run.iteration,
        notes=list(sight.notes),
    )
    if wanted.show == "all" and sight.basis != "nothing":
        visible = _visible(sight.variables, ARGUMENTS[wanted.where])
        try:
            seen.data = msgspec.Raw(to_json(sight.data, LIMITS.output_bytes).encode(errors="replace"))
            seen.variables = msgspec.Raw(to_json(visible, LIMITS.output_bytes).encode(errors="replace"))
        except (ExpressionLimitError, RecursionError):
            seen.data = seen.variables = msgspec.UNSET
            seen.notes.append("too-large")
    return seen


def _visible(variables: Mapping[str, Any], arguments: frozenset[str]) -> dict[str, Any]:
    """Return the variables that a place has: its arguments, and those of loops and catches."""
    known = frozenset().union(*ARGUMENTS.values())
    return {
        name: value
        for name, value in variables.items()
        if name != "__now" and (name in arguments or name not in known)
    }


NAMESPACED = (evaluate_expression,)
