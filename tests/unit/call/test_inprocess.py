"""Python callables as functions."""

from __future__ import annotations

import asyncio
import contextvars
import dataclasses
import datetime
import enum
import threading
import uuid
from typing import ClassVar

import msgspec
import pytest

from headrace.call.inprocess import FunctionContext, PythonFunctions
from headrace.engine.commands import Invoke
from headrace.errors import STANDARD_ERROR_BASE, HeadraceError


async def call(function, *, arguments=None, input=None, **fields):
    functions = PythonFunctions({"f": function})
    given = {"execution_id": "e", "run_id": 2, "attempt": 3, "pointer": "/do/0/f", "flow": "n/w:1.0.0"}
    try:
        return await functions.perform(
            Invoke(kind="function", target="f", arguments=arguments, input=input, **{**given, **fields})
        )
    finally:
        functions.close()


class Callable:
    async def __call__(self, data):
        return data["a"]


async def test_every_shape_of_callable():
    async def coroutine(data):
        return data["a"]

    async def with_context(data, context):
        return data["a"]

    async def keyword(data, *, context):
        return data["a"]

    def nothing():
        return 5

    def returns_awaitable(data):
        return coroutine(data)

    def with_defaults(data, context=None, more=1):
        return data["a"]

    shapes = [coroutine, with_context, keyword, nothing, returns_awaitable, with_defaults, Callable()]
    shapes += [lambda data: data["a"], lambda *data: data[0]["a"], len]
    outputs = [(await call(shape, arguments={"a": 5})).output for shape in shapes[:-1]]
    assert outputs == [5] * 9
    assert (await call(len, arguments=[1, 2])).output == 2


async def test_without_arguments_the_input_is_the_data():
    assert (await call(lambda data: data, input=[1])).output == [1]
    assert (await call(lambda data: data, arguments=False, input=[1])).output is False


def test_what_takes_too_much_is_refused_at_once():
    with pytest.raises(HeadraceError, match=r"function f .* takes \(a, b, c\)"):
        PythonFunctions({"f": lambda a, b, c: None})


@pytest.mark.parametrize("in_thread", [True, False])
async def test_the_context_says_what_the_headers_would(in_thread):
    def tell(data, context: FunctionContext):
        return {
            "ids": [context.execution_id, context.run_id, context.attempt, context.invocation_id],
            "where": [context.task, context.flow],
            "headers": context.headers,
            "logger": context.logger.name,
        }

    async def tell_async(data, context):
        return tell(data, context)

    output = (await call(tell if in_thread else tell_async)).output
    assert output["ids"] == ["e", 2, 3, "e.2.3"]
    assert output["where"] == ["/do/0/f", "n/w:1.0.0"]
    assert output["headers"]["ce-id"] == "e.2.3"
    assert output["headers"]["ce-headraceattempt"] == "3"
    assert output["headers"]["traceparent"].startswith("00-")
    assert output["logger"] == "headrace.function.f"


async def test_threads_have_the_caller_s_context_variables():
    variable = contextvars.ContextVar("variable", default=0)
    variable.set(5)
    output = (await call(lambda data: [variable.get(), threading.current_thread().name])).output
    assert output[0] == 5
    assert output[1].startswith("headrace-function")


class Color(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Order:
    id: uuid.UUID
    at: datetime.datetime


class Line(msgspec.Struct):
    sku: str
    color: Color


async def test_results_become_plain_json():
    at = datetime.datetime(2026, 1, 2, 3, 4, 5, 6000, tzinfo=datetime.UTC)
    result = {"order": Order(uuid.UUID(int=1), at), "lines": (Line("a", Color.RED),), 5: None}
    assert (await call(lambda data: result)).output == {
        "order": {"id": "00000000-0000-0000-0000-000000000001", "at": "2026-01-02T03:04:05.006000Z"},
        "lines": [{"sku": "a", "color": "red"}],
        "5": None,
    }


@pytest.mark.parametrize(
    ("result", "name"), [({1, 2}, "set"), ({"a": [object()]}, "object"), (b"x", "bytes")]
)
async def test_results_that_are_no_json_are_named(result, name):
    error = (await call(lambda data: result)).error
    assert error.type == STANDARD_ERROR_BASE + "runtime"
    assert name in error.detail


class SoldOut(Exception):
    problem: ClassVar = {"type": "https://shop.test/sold-out", "status": 422, "sku": "a"}


class Busy(Exception):
    problem: ClassVar = {"status": 503}


class Stubborn(Exception):
    problem: ClassVar = {"status": 503}
    retryable = False


@pytest.mark.parametrize(
    ("raised", "error", "retryable"),
    [
        (
            SoldOut("no more"),
            {
                "type": "https://shop.test/sold-out",
                "status": 422,
                "title": "SoldOut",
                "detail": "no more",
                "sku": "a",
            },
            False,
        ),
        (Busy(), {"type": STANDARD_ERROR_BASE + "communication", "status": 503, "title": "Busy"}, True),
        (
            Stubborn(),
            {"type": STANDARD_ERROR_BASE + "communication", "status": 503, "title": "Stubborn"},
            False,
        ),
        (
            ValueError("bad"),
            {"type": STANDARD_ERROR_BASE + "runtime", "status": 500, "title": "ValueError", "detail": "bad"},
            True,
        ),
        (KeyError(), {"type": STANDARD_ERROR_BASE + "runtime", "status": 500, "title": "KeyError"}, True),
        (
            StopIteration(5),
            {"type": STANDARD_ERROR_BASE + "runtime", "status": 500, "title": "StopIteration", "detail": "5"},
            True,
        ),
        (
            SystemExit(3),
            {"type": STANDARD_ERROR_BASE + "runtime", "status": 500, "title": "SystemExit", "detail": "3"},
            True,
        ),
        (
            TimeoutError("own"),
            {
                "type": STANDARD_ERROR_BASE + "runtime",
                "status": 500,
                "title": "TimeoutError",
                "detail": "own",
            },
            True,
        ),
    ],
)
async def test_exceptions_become_errors(raised, error, retryable):
    def sync(data):
        raise raised

    async def coroutine(data):
        raise raised

    for function in (sync, coroutine):
        if isinstance(raised, StopIteration) and function is coroutine:
            continue  # Python itself makes it a RuntimeError
        result = await call(function, settings={"timeout": 5})
        assert result.error.as_dict() == error
        assert result.retryable is retryable


async def test_a_timeout_ends_a_coroutine_and_gives_up_on_a_thread():
    cancelled, release = asyncio.Event(), threading.Event()

    async def hang(data):
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    result = await call(hang, settings={"timeout": "PT0.02S"})
    assert (result.error.type, result.retryable) == (STANDARD_ERROR_BASE + "timeout", True)
    assert cancelled.is_set()
    result = await call(lambda data: release.wait(30), settings={"timeout": 0.02})
    assert result.error.type == STANDARD_ERROR_BASE + "timeout"
    release.set()
    for wrong in ("soon", [], -1, True):
        assert (await call(hang, settings={"timeout": wrong})).error.status == 400


async def test_a_function_s_own_cancellation_is_its_error_and_ours_is_not():
    async def cancels_itself(data):
        raise asyncio.CancelledError

    assert (await call(cancels_itself)).error.title == "CancelledError"
    begun = asyncio.Event()

    async def hang(data):
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(call(hang))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
