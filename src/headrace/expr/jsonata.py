"""JSONata, the second expression language, by the jlens engine."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import jlens

from headrace.errors import ExpressionError, ExpressionLimitError
from headrace.expr.lexer import fail
from headrace.expr.limits import ExpressionSyntaxError, Limits, RaisedError

_CLOCK_VARIABLE = "__now"

# No text becomes program; time and chance come from the caller.
_REFUSED = {
    "eval": "it would run text as program",
    "random": "an expression must give the same result when it runs again",
    "shuffle": "an expression must give the same result when it runs again",
}


# Depth, time, and sizes that the engine refuses by itself; its own codes begin with U.
_LIMIT_CODES = frozenset({"D1010", "D1011", "D1012", "D2014", "D2016"})


class JsonataExpression:
    """A compiled JSONata program."""

    def __init__(self, source: str, compiled: jlens.Expression, used: frozenset[str], limits: Limits) -> None:
        self.source = source
        self.free_variables = used
        self._compiled = compiled
        self._uses_clock = "$now" in source or "$millis" in source
        self._options: dict[str, Any] = {
            "timeout": limits.time_ms / 1000,
            "max_steps": limits.steps,
            "max_depth": limits.depth,
            "max_string_length": limits.output_bytes,
            "max_array_length": min(limits.output_bytes // 8, limits.steps),
            "max_result_size": limits.output_bytes,
        }

    def evaluate(self, data: Any, variables: Mapping[str, Any]) -> Any:
        """Return the result; None when it is undefined. Raises as jq expressions do."""
        bindings = {name: variables.get(name) for name in self.free_variables}
        options = self._options
        if self._uses_clock:
            now = variables.get(_CLOCK_VARIABLE)
            if now is None:
                raise RaisedError("$now and $millis are not available here: the time was not given")
            options = {**options, "now": now * 1000}
        try:
            return self._compiled.evaluate(data, bindings, **options)
        except jlens.JlensError as error:
            raise _translated(error) from error
        except RecursionError:
            raise ExpressionLimitError(
                "the data is nested too deeply for JSONata; give it flatter data"
            ) from None

    def outputs(self, data: Any, variables: Mapping[str, Any]) -> list[Any]:
        """Return the result as a list of one; JSONata has no streams."""
        return [self.evaluate(data, variables)]

    def test(self, data: Any, variables: Mapping[str, Any]) -> bool:
        """Return the truth of the result; as in jq, null, false and undefined are false."""
        result = self.evaluate(data, variables)
        return result is not None and result is not False


def _translated(error: jlens.JlensError) -> ExpressionError:
    code = str(getattr(error, "code", "") or "")
    message = f"JSONata error {code}: {error}"
    if code.startswith("U") or code in _LIMIT_CODES:
        return ExpressionLimitError(message)
    return RaisedError(message)


def compile_jsonata(source: str, variables: Collection[str], limits: Limits) -> JsonataExpression:
    """Compile a JSONata program. Raises ExpressionSyntaxError.

    `$eval` is refused wherever its name is written; so are `$random` and `$shuffle`.
    """
    try:
        compiled = jlens.Expression(source)
    except jlens.JlensError as error:
        offset = int(getattr(error, "position", None) or 0)
        raise ExpressionSyntaxError(
            f"JSONata does not compile: {error} at character {offset + 1}", offset
        ) from error
    # The name is refused wherever it is written, in texts and comments too: nothing else can then
    # stand for the function.
    for name, reason in _REFUSED.items():
        match = re.search(rf"\${name}(?!\w)", source)
        if match:
            fail(source, match.start(), f"`${name}` is refused: {reason};")
    used = frozenset(compiled.reads().get("bindings", {}))
    unknown = sorted(used - set(variables))
    if unknown:
        known = ", ".join(f"${name}" for name in sorted(variables)) or "none"
        at = max(source.find(f"${unknown[0]}"), 0)
        fail(source, at, f"${unknown[0]} is not defined; the known variables are {known};")
    return JsonataExpression(source, compiled, used, limits)
