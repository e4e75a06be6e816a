"""`@function` and its Context, called directly."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import pytest

from headrace.function import Context, FunctionError, function


def test_a_decorated_callable_stays_callable() -> None:
    @function
    def double(data: int) -> int:
        """Doubles."""
        return data * 2

    assert double(4) == 8
    assert double.__doc__ == "Doubles."
    assert (double.name, double.is_async, double.takes_context) == ("double", False, False)


def test_options_name_and_threads() -> None:
    @function(name="score", threads=3)
    async def some_name(data: Any, context: Context) -> Any:
        return [data, context.attempt]

    assert (some_name.name, some_name.threads, some_name.is_async) == ("score", 3, True)
    assert asyncio.run(some_name(1, Context(attempt=5))) == [1, 5]
    assert asyncio.run(some_name(1)) == [1, 1]


def test_the_name_defaults_to_the_callables_with_dashes() -> None:
    @function
    def check_stock(data: Any) -> Any:
        return data

    assert check_stock.name == "check-stock"


def test_an_object_with_an_async_call_is_async() -> None:
    class Model:
        async def __call__(self, data: int) -> int:
            return data + 1

    model = function(Model())
    assert model.is_async
    assert asyncio.run(model.invoke(1, Context())) == 2


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(): ...", "must take the data"),
        ("def f(a, b, c): ...", "at most a Context"),
        ("def f(a, *, b): ...", "keyword-only parameter 'b' needs a default"),
    ],
)
def test_callables_that_cannot_be_functions_are_refused(source: str, message: str) -> None:
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    with pytest.raises(TypeError, match=message):
        function(namespace["f"])


def test_extra_parameters_with_defaults_are_fine() -> None:
    @function
    def f(data: int, context: Context | None = None, rate: float = 2.0) -> Any:
        return [data, context is not None, rate]

    assert f(1) == [1, True, 2.0]


@pytest.mark.parametrize(
    ("invocation_id", "run_id"),
    [("01H.12.3", 12), ("a.b.7.1", 7), ("", None), ("plain", None), ("a.x.1", None)],
)
def test_run_id_is_read_from_the_invocation_id(invocation_id: str, run_id: int | None) -> None:
    assert Context(invocation_id=invocation_id).run_id == run_id


def test_headers_are_text() -> None:
    assert Context(headers={b"ce-id": b"x"}).headers == {"ce-id": "x"}
    assert Context().headers == {}


@pytest.mark.parametrize(
    ("options", "status", "retryable", "member"),
    [
        ({}, 422, False, None),
        ({"retryable": True}, 503, True, True),
        ({"retryable": False}, 422, False, False),
        ({"status": 503}, 503, True, None),
        ({"status": 429}, 429, True, None),
        ({"status": 408}, 408, True, None),
        ({"status": 404}, 404, False, None),
        ({"status": 500, "retryable": False}, 500, False, False),
    ],
)
def test_an_error_knows_whether_to_retry(
    options: dict[str, Any], status: int, retryable: bool, member: bool | None
) -> None:
    error = FunctionError("why", **options)
    assert (error.status, error.retryable) == (status, retryable)
    assert error.problem["status"] == status
    assert error.problem.get("retryable") is member


def test_a_problem_has_what_was_given_and_no_more() -> None:
    assert FunctionError(status=402).problem == {"status": 402, "title": "Payment Required"}
    error = FunctionError(
        status=402, title="Declined", detail="d", type="urn:x", extensions={"code": 5, "status": 9}
    )
    assert error.problem == {"code": 5, "status": 402, "title": "Declined", "detail": "d", "type": "urn:x"}
    assert str(error) == "d"


@pytest.mark.parametrize("status", [200, 399, 600, "402"])
def test_a_status_that_is_no_error_is_refused(status: Any) -> None:
    with pytest.raises(ValueError, match="400 to 599"):
        FunctionError(status=status)


def test_the_sdk_imports_nothing_of_the_engine() -> None:
    code = (
        "import sys; import headrace.function; "
        "print([m for m in sys.modules if m in ('asyncio', 'rich', 'typer', 'httptools', 'orjson') "
        "or m.startswith(('headrace.engine', 'headrace.spec', 'headrace.store', 'headrace.expr'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
