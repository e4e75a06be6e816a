"""From what a function returned or raised to an HTTP answer."""

from __future__ import annotations

import sys
import traceback
from types import TracebackType
from typing import Any, NamedTuple

import orjson

from headrace.errors import STANDARD_ERROR_BASE
from headrace.function.problem import PROBLEM_TYPE, FunctionError

_PROBLEM = PROBLEM_TYPE.encode()
_JSON = b"application/json"


class Answer(NamedTuple):
    """One HTTP answer."""

    status: int
    content_type: bytes
    body: bytes


def answer_result(result: Any) -> Answer:
    """Encode what a function returned: JSON data, dataclasses, dates, UUIDs, pydantic or msgspec models."""
    try:
        return Answer(200, _JSON, orjson.dumps(result))
    except TypeError:
        pass
    try:
        return Answer(200, _JSON, orjson.dumps(result, default=_plain, option=orjson.OPT_NON_STR_KEYS))
    except TypeError as error:
        # Final: the same input would give the same result.
        return answer_problem(
            FunctionError(
                f"Return JSON data (dict, list, str, int, float, bool, None): {error.__cause__ or error}",
                status=500,
                title="The function's result is not JSON",
                type=STANDARD_ERROR_BASE + "runtime",
                retryable=False,
            )
        )


def answer_problem(error: FunctionError) -> Answer:
    """Encode an error that was raised on purpose."""
    try:
        body = orjson.dumps(error.problem, default=str, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:
        body = orjson.dumps({"status": error.status, "title": error.title})
    return Answer(error.status, _PROBLEM, body)


def answer_exception(error: BaseException) -> Answer:
    """Encode any other exception as a 500 and write its traceback to stderr, without the SDK's own frames."""
    frames = error.__traceback__
    while frames is not None and _is_ours(frames):
        frames = frames.tb_next
    print("".join(traceback.format_exception(type(error), error, frames)), end="", file=sys.stderr)
    return answer_problem(
        FunctionError(
            str(error) or None, status=500, title=type(error).__name__, type=STANDARD_ERROR_BASE + "runtime"
        )
    )


def _is_ours(frames: TracebackType) -> bool:
    return str(frames.tb_frame.f_globals.get("__name__", "")).startswith("headrace.function.")


def _plain(value: Any) -> Any:
    if hasattr(value, "model_dump"):  # pydantic
        return value.model_dump(mode="json")
    if hasattr(value, "__struct_fields__"):  # msgspec
        return {name: getattr(value, name) for name in value.__struct_fields__}
    if isinstance(value, (set, frozenset)):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not JSON data")
