"""Python callables as applications: sync or async, `(item)` or `(item, context)`."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from collections.abc import Callable
from typing import Any, Literal

import orjson

from headrace.queue.port import Done, Leased
from headrace.worker.application import (
    ApplicationError,
    ItemContext,
    Outcome,
    Reject,
    Retry,
    failed,
)

PayloadForm = Literal["auto", "json", "text", "bytes"]

_FORM_OF_ANNOTATION: dict[Any, PayloadForm] = {bytes: "bytes", "bytes": "bytes", str: "text", "str": "text"}


class _NotInForm(Exception):
    """The payload is not what the callable takes."""


def callable_application(
    target: Callable[..., Any],
    *,
    queue: str = "",
    payload: PayloadForm = "auto",
    inline: bool = False,
) -> _Async | _Blocking | _Inline:
    """Return the application of a callable.

    `payload` says what the callable is given: `json` data, `text`, `bytes`, or, as `auto` does, what its
    first parameter is annotated with (`bytes`, `str`), else JSON data where it is JSON, text otherwise, and
    bytes where it is not even that. What it returns is the result: `bytes` as they are, None for none,
    anything else as JSON. An exception is a failure with another attempt; `Retry` says when, `Reject` that
    there is none.

    A sync callable runs in threads, because it may block for longer than a lease; `inline` runs it in the
    event loop, which is cheaper, for callables that never take longer than a few milliseconds.
    Raises `ApplicationError` for a callable with other parameters.
    """
    call = _Call(target, queue, payload)
    if call.is_async:
        return _Async(call)
    return _Inline(call) if inline else _Blocking(call)


def load_callable(place: str) -> Callable[..., Any]:
    """Return what `module:name` names; modules of the working directory are found too.

    Raises `ApplicationError` that says which part is not there.
    """
    module_name, _, name = place.partition(":")
    if not module_name or not name:
        raise ApplicationError(
            f"{place!r} does not name a callable; write module:function, as in shop.work:ship"
        )
    here = os.getcwd()
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found: Any = importlib.import_module(module_name)
    except Exception as error:
        raise ApplicationError(
            f"module {module_name} of {place} cannot be imported: {type(error).__name__}: {error}"
        ) from error
    for part in name.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            raise ApplicationError(f"module {module_name} has no {name}") from None
    if not callable(found):
        raise ApplicationError(f"{place} is {type(found).__name__}, which cannot be called")
    return found  # type: ignore[no-any-return]


class _Call:
    """One call of the target: what it is given, and what its return or exception means."""

    def __init__(self, target: Callable[..., Any], queue: str, payload: PayloadForm) -> None:
        # `@function` objects of the SDK and the like: the parameters are those of what they wrap.
        self.target = getattr(target, "target", target)
        self.is_async = inspect.iscoroutinefunction(self.target) or inspect.iscoroutinefunction(
            getattr(self.target, "__call__", None)  # noqa: B004 - an object with an async __call__
        )
        self._queue = queue
        parameters = _positional_parameters(self.target)
        self.takes_context = len(parameters) > 1
        form = payload
        if form == "auto" and parameters:
            form = _FORM_OF_ANNOTATION.get(parameters[0].annotation, "auto")
        self.decode = _DECODERS[form]

    def context(self, item: Leased) -> ItemContext:
        return ItemContext(
            id=item.id,
            attempt=item.attempt,
            max_attempts=item.max_attempts,
            enqueued_at=item.enqueued_at,
            queue=self._queue,
            headers=item.headers or {},
        )

    def failure(self, item: Leased, error: BaseException) -> Outcome:
        if isinstance(error, Retry):
            return failed(item, str(error), retry_in=error.after_seconds)
        if isinstance(error, (Reject, _NotInForm)):
            return failed(item, str(error) or "rejected", final=True)
        return failed(item, described(error))


class _Async:
    """An `Application` of an `async def`."""

    def __init__(self, call: _Call) -> None:
        self._call = call
        self._target = call.target

    async def start(self) -> None:
        pass

    async def handle(self, item: Leased) -> Outcome:
        call = self._call
        try:
            data = call.decode(item.payload)
            if call.takes_context:
                result = await self._target(data, call.context(item))
            else:
                result = await self._target(data)
            return Done(item.id, item.token, None if result is None else encoded(result))
        except Exception as error:
            return call.failure(item, error)

    async def aclose(self) -> None:
        pass


class _Blocking:
    """A `BlockingApplication` of a sync callable."""

    def __init__(self, call: _Call) -> None:
        self._call = call
        self._target = call.target

    async def start(self) -> None:
        pass

    def handle_blocking(self, item: Leased) -> Outcome:
        call = self._call
        try:
            data = call.decode(item.payload)
            result = self._target(data, call.context(item)) if call.takes_context else self._target(data)
            return Done(item.id, item.token, None if result is None else encoded(result))
        except Exception as error:
            return call.failure(item, error)
        except SystemExit as error:  # it would end the thread and nothing else, without a word
            return failed(item, f"the callable called sys.exit({error.code})")

    async def aclose(self) -> None:
        pass


class _Inline:
    """An `Application` of a sync callable that is quick."""

    def __init__(self, call: _Call) -> None:
        self._handle = _Blocking(call).handle_blocking

    async def start(self) -> None:
        pass

    async def handle(self, item: Leased) -> Outcome:
        return self._handle(item)

    async def aclose(self) -> None:
        pass


def encoded(result: Any) -> bytes:
    """Return a result as bytes. Raises `Reject` for what JSON cannot say: nor could the next attempt."""
    if isinstance(result, bytes):
        return result
    try:
        return orjson.dumps(result, option=orjson.OPT_NON_STR_KEYS)
    except TypeError as error:
        raise Reject(f"what the callable returned is no JSON: {error}") from error


def described(error: BaseException) -> str:
    """Return an exception in a line, with the place in the user's code where it was raised."""
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    # The first entry is the call here; the last one may be deep in a library, but says what happened.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is not None and trace.tb_frame.f_code.co_filename != __file__:
        text += f" ({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})"
    return text


def _positional_parameters(target: Callable[..., Any]) -> list[inspect.Parameter]:
    try:
        parameters = list(inspect.signature(target).parameters.values())
    except (TypeError, ValueError):  # some builtins have none to show: they are given the item alone
        return []
    positional = [
        p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.VAR_POSITIONAL)
    ]
    required = [p for p in positional if p.default is p.empty and p.kind is not p.VAR_POSITIONAL]
    others = [p for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty]
    if not positional or len(required) > 2 or others:
        raise ApplicationError(
            f"{getattr(target, '__qualname__', target)} cannot take items; "
            "it needs the parameters (item) or (item, context)"
        )
    # A second parameter with a default is the callable's own business.
    return positional[: max(1, len(required))]


def _auto(payload: bytes) -> Any:
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        pass
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return payload


def _json(payload: bytes) -> Any:
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise _NotInForm(f"the item is not JSON: {error}") from error


def _text(payload: bytes) -> str:
    try:
        return payload.decode()
    except UnicodeDecodeError as error:
        raise _NotInForm(f"the item is not UTF-8 text: {error}") from error


def _bytes(payload: bytes) -> bytes:
    return payload


_DECODERS: dict[PayloadForm, Callable[[bytes], Any]] = {
    "auto": _auto,
    "json": _json,
    "text": _text,
    "bytes": _bytes,
}
