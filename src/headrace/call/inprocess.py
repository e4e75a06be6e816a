"""Python callables as functions, in this process: for library mode and tests (design, "Library mode").

A callable takes nothing, or the data, or the data and a `FunctionContext`. Async callables run on the
event loop, the others in threads, with the caller's context variables.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import orjson

from headrace.call.answer import is_retryable_status, problem_error
from headrace.call.invocation import INVOKE_EVENT_TYPE, event_headers
from headrace.call.performer import CallError, call_error, completed, excerpt, failed, here, seconds_of
from headrace.engine.commands import Invoke
from headrace.engine.events import CallCompleted, CallFailed
from headrace.errors import HeadraceError

_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


class FunctionContext:
    """What a function may know about the call: the same as the CloudEvent attributes of an HTTP call."""

    __slots__ = ("_call",)

    def __init__(self, call: Invoke) -> None:
        self._call = call

    @property
    def execution_id(self) -> str:
        """The execution that the call belongs to."""
        return self._call.execution_id

    @property
    def run_id(self) -> int:
        """The task run, unique in the execution."""
        return self._call.run_id

    @property
    def task(self) -> str:
        """The task's reference, e.g. `/do/0/charge`."""
        return self._call.pointer

    @property
    def flow(self) -> str:
        """`namespace/name:version`."""
        return self._call.flow

    @property
    def attempt(self) -> int:
        """1 is the first."""
        return self._call.attempt

    @property
    def invocation_id(self) -> str:
        """The same on every redelivery of this attempt: use it as idempotency key."""
        return self._call.invocation_id

    @property
    def headers(self) -> dict[str, str]:
        """The headers that an HTTP call of the same function would have."""
        return {"ce-specversion": "1.0", "ce-type": INVOKE_EVENT_TYPE, **dict(event_headers(self._call))}

    @property
    def logger(self) -> logging.LoggerAdapter[logging.Logger]:
        """A logger that adds execution, task and attempt to every record."""
        return logging.LoggerAdapter(
            logging.getLogger(f"headrace.function.{self._call.target}"),
            {"execution": self.execution_id, "task": self.task, "attempt": self.attempt},
        )


class _PythonFunction:
    """One callable, looked at once: how it wants to be called."""

    __slots__ = ("function", "is_async", "keyword", "positional")

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.function = function
        self.is_async = inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
            getattr(function, "__call__", None)  # noqa: B004 (an object with an async __call__)
        )
        try:
            parameters = list(inspect.signature(function).parameters.values())
        except (TypeError, ValueError):
            parameters = []  # a builtin without a signature: it gets the data
            self.positional = 1
        else:
            positional = [p for p in parameters if p.kind in _POSITIONAL]
            self.positional = min(len(positional), 2)
            if any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in parameters):
                self.positional = max(self.positional, 1)
            if len([p for p in positional if p.default is p.empty]) > 2:
                raise HeadraceError(
                    f"function {name} cannot be called: it must take (), (data) or (data, context), "
                    f"but takes {inspect.signature(function)}"
                )
        self.keyword = any(
            p.name == "context" and p.kind is inspect.Parameter.KEYWORD_ONLY for p in parameters
        )

    def call(self, data: Any, call: Invoke) -> Any:
        if self.keyword:
            arguments = (data,) if self.positional else ()
            return self.function(*arguments, context=FunctionContext(call))
        if self.positional == 1:
            return self.function(data)
        if self.positional == 2:
            return self.function(data, FunctionContext(call))
        return self.function()


class PythonFunctions:
    """Performs calls of registered Python callables. `threads_max` bounds the ones that are not async.

    Raises `HeadraceError` for a callable that takes more than data and context.
    """

    def __init__(
        self,
        functions: Mapping[str, Callable[..., Any]],
        *,
        timeout_seconds: float | None = None,
        threads_max: int = 32,
    ) -> None:
        self._functions = {name: _PythonFunction(name, function) for name, function in functions.items()}
        self._threads_max = threads_max
        self._threads: ThreadPoolExecutor | None = None
        self._timeout_seconds = timeout_seconds

    def __contains__(self, name: str) -> bool:
        return name in self._functions

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed:
        """Call the function named `call.target`; what it raises becomes the error of the call.

        An exception with a `problem` (a dict of RFC 9457 members) is that error; it is retryable as an
        HTTP answer of its status would be, unless the exception has a `retryable` of its own. Any other
        exception is a retryable `runtime` error 500, as if a remote function had crashed. A function that
        runs in a thread cannot be stopped: after a timeout its result is dropped.
        """
        timeout = call.settings.get("timeout") if call.settings else None
        try:
            if timeout is None:
                result = await self._result(call)
            else:
                seconds = seconds_of(timeout, "the function's timeout")
                try:
                    async with asyncio.timeout(seconds) as scope:
                        result = await self._result(call)
                except TimeoutError:
                    if not scope.expired():
                        raise
                    raise call_error(
                        "timeout", f"function {call.target} did not return in {seconds:g} s", retryable=True
                    ) from None
            return completed(call, plain(result, call.target), worker=here())
        except CallError as failure:
            return failed(call, failure, worker=here())
        except (Exception, SystemExit) as error:
            return failed(call, _raised(error), worker=here())
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            return failed(
                call, _raised(error), worker=here()
            )  # the function's own, e.g. from a task that it cancelled

    async def _result(self, call: Invoke) -> Any:
        function = self._functions[call.target]
        data = call.input if call.arguments is None else call.arguments
        if function.is_async:
            return await function.call(data, call)
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._threads_max, thread_name_prefix="headrace-function")
        context = contextvars.copy_context()
        returned, result = await asyncio.get_running_loop().run_in_executor(
            self._threads, context.run, _outcome, function, data, call
        )
        if not returned:
            raise _raised(result) from result
        return await result if inspect.isawaitable(result) else result

    def close(self) -> None:
        """Let threads that still run end by themselves; start no others."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)


def _outcome(function: _PythonFunction, data: Any, call: Invoke) -> tuple[bool, Any]:
    # As a value, because a future cannot carry every exception: StopIteration would leave it pending.
    try:
        return True, function.call(data, call)
    except (Exception, SystemExit) as error:
        return False, error


def _raised(error: BaseException) -> CallError:
    """Make the error, with the status that the function would have answered by HTTP."""
    problem = getattr(error, "problem", None)
    name = type(error).__name__
    if isinstance(problem, dict):
        made = problem_error({"title": name, "detail": str(error) or None, **problem}, 500)
        retryable = getattr(error, "retryable", None)
        return CallError(
            made,
            retryable=is_retryable_status(made.status) if retryable is None else bool(retryable),
            http_status=made.status,
        )
    failure = call_error("runtime", name, excerpt(str(error)) or None, retryable=True)
    failure.http_status = failure.error.status
    return failure


def plain(result: Any, name: str) -> Any:
    """Return what a function returned as plain JSON data: what any other place of it would have answered.

    Dataclasses, `msgspec.Struct`s, datetimes, UUIDs and enums are understood. Raises `CallError` (runtime)
    that names the type otherwise.
    """
    if result is None or result is True or result is False:
        return result
    try:
        return orjson.loads(orjson.dumps(result, _struct, orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z))
    except TypeError as error:
        raise call_error(
            "runtime",
            f"function {name} returned something that is not JSON",
            f"{error}; return dicts, lists, strings, numbers, booleans, None, dataclasses or datetimes",
        ) from error


def _struct(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.asdict(value)
    raise TypeError(f"a {type(value).__module__}.{type(value).__qualname__} is not JSON")
