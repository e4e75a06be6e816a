"""The expressions of a trigger: what came becomes an input and a key, an output becomes an answer."""

from __future__ import annotations

import hashlib
from typing import Any, Literal, Protocol, cast

import orjson

from headrace.engine.machine import RUNTIME_DESCRIPTOR
from headrace.errors import ExpressionError
from headrace.expr import compile_runtime_expression, compile_value
from headrace.source.port import SourceError

VARIABLES = ("runtime",)
# Longer keys are kept as their hash: they are compared only.
KEY_LENGTH_MAX = 200

Mode = Literal["strict", "loose"]


class _Compiled(Protocol):
    def evaluate(self, data: Any, variables: Any) -> Any: ...


class Mapping:
    """An expression, or a template with expressions in it, in the workflow's language."""

    def __init__(self, written: str | dict[str, Any], language: str, mode: str, place: str) -> None:
        self._compiled: _Compiled
        try:
            if isinstance(written, str):
                self._compiled = compile_runtime_expression(written, language=language, variables=VARIABLES)
            else:
                self._compiled = compile_value(
                    written, language=language, mode=cast(Mode, mode), variables=VARIABLES
                )
        except ExpressionError as error:
            raise SourceError(f"{place} does not compile: {error}") from error

    def evaluate(self, data: Any, now: float) -> Any:
        """Return the value for what came. Raises `ExpressionError`."""
        return self._compiled.evaluate(data, {"runtime": RUNTIME_DESCRIPTOR, "__now": now})


def key_text(value: Any) -> str | None:
    """Return what an expression for a key gave as text; None for null, which is no key."""
    if value is None:
        return None
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def start_key(trigger: str, what: str) -> str:
    """Return the key of a start: which trigger, and what came to it."""
    if len(what) > KEY_LENGTH_MAX:
        what = "sha256:" + hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()
    return f"trigger/{trigger}/{what}"
