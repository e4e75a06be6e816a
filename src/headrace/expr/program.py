"""jq source to something that can be evaluated: the compiler with all its parts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from headrace.errors import ExpressionError, ExpressionLimitError

# Imported for what they register.
from headrace.expr import (  # noqa: F401
    builtins_dates,
    builtins_math,
    builtins_paths,
    builtins_regex,
    builtins_streams,
    builtins_strings,
    builtins_values,
    compile_basic,
    compile_calls,
    compile_control,
    compile_paths,
    compile_updates,
    prelude,
)
from headrace.expr.codes import MANY, NOTHING, ONE, Code, Env, many
from headrace.expr.compile_core import Compiler
from headrace.expr.growth import may_grow
from headrace.expr.json_text import measure
from headrace.expr.limits import Budget, ExpressionSyntaxError, Limits, RaisedError, too_large
from headrace.expr.parser import parse

# `now` takes the time from this entry of the variables: epoch seconds.
CLOCK_VARIABLE = "__now"

_NO_VARIABLES: Env = (None,)


class JqExpression:
    """A compiled jq program. It keeps nothing between evaluations and may be shared by threads."""

    def __init__(self, source: str, code: Code, compiler: Compiler, grows: bool) -> None:
        self.source = source
        self.free_variables = frozenset(compiler.used_variables)
        self._fn = code.fn
        self._kind = code.kind
        self._many = many(code)
        self._limits = compiler.limits
        self._globals = tuple(compiler.globals)
        self._needs_budget = compiler.uses_budget
        self._grows = grows
        # Straight to the closure: one output, no variables, nothing to count.
        self._plain = code.kind == ONE and not (self._globals or self._needs_budget or grows)

    def evaluate(self, data: Any, variables: Mapping[str, Any]) -> Any:
        """Return the result: None for no output, the output, or the list of several outputs.

        `variables` maps names without `$`; known ones that are missing are null. Raises
        ExpressionError, and ExpressionLimitError when a limit is hit.
        """
        try:
            if self._plain:
                return self._fn(data, _NO_VARIABLES)
            env = self._env(variables)
            if self._kind == MANY:
                outputs = list(self._fn(data, env))
                result = outputs[0] if len(outputs) == 1 else outputs or None
            else:
                result = self._fn(data, env)
                if result is NOTHING:
                    return None
            if self._grows and isinstance(result, (list, dict)):
                self._check_size(result)
            return result
        except ExpressionError:
            raise
        except RecursionError:
            raise _too_nested() from None
        except (ArithmeticError, ValueError) as error:
            raise _not_computed(error) from error

    def outputs(self, data: Any, variables: Mapping[str, Any]) -> list[Any]:
        """Return all outputs. Raises as `evaluate` does."""
        outputs = list(self.stream(data, variables))
        if self._grows:
            self._check_size(outputs)
        return outputs

    def stream(self, data: Any, variables: Mapping[str, Any]) -> Iterator[Any]:
        """Give the outputs one by one, those before an error too. Raises as `evaluate` does."""
        try:
            yield from self._many(data, self._env(variables))
        except RecursionError:
            raise _too_nested() from None
        except (ArithmeticError, ValueError) as error:
            raise _not_computed(error) from error

    def test(self, data: Any, variables: Mapping[str, Any]) -> bool:
        """Return the truth of the result: null, false and no output are false."""
        result = self.evaluate(data, variables)
        return result is not None and result is not False

    def _env(self, variables: Mapping[str, Any]) -> Env:
        budget = Budget(self._limits, variables.get(CLOCK_VARIABLE)) if self._needs_budget else None
        return (budget, *[variables.get(name) for name in self._globals])

    def _check_size(self, result: Any) -> None:
        limit = self._limits.output_bytes
        if measure(result, limit) > limit:
            raise too_large("a result", limit)


def _not_computed(error: Exception) -> RaisedError:
    return RaisedError(f"the expression could not be computed: {error}")


def _too_nested() -> ExpressionLimitError:
    return ExpressionLimitError(
        "the expression or its data is nested too deeply; "
        "use reduce, until or recurse in place of a recursive function, or give it flatter data"
    )


def compile_jq(source: str, variables: Collection[str], limits: Limits) -> JqExpression:
    """Compile a jq program. Raises ExpressionSyntaxError."""
    try:
        node = parse(source)
        compiler = Compiler(source, limits, frozenset(variables))
        code = compiler.compile(node, compiler.root)
        return JqExpression(source, code, compiler, may_grow(node))
    except RecursionError:
        raise ExpressionSyntaxError("the expression is nested too deeply; split it up") from None
