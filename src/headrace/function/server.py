"""Serves one function over HTTP: `POST /` invokes it, `GET /healthz` tells that it is there."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from headrace.errors import HeadraceError
from headrace.function import capture
from headrace.function.answer import Answer, answer_exception, answer_problem, answer_result
from headrace.function.context import Context, current
from headrace.function.definition import Function
from headrace.function.event import read_event
from headrace.function.http import HttpConnection, Request
from headrace.function.problem import FunctionError
from headrace.function.threads import WorkerThreads

BODY_BYTES_MAX = 16 * 1024 * 1024
DRAIN_SECONDS = 30.0
THREADS = 32

_INVOKE_HINT = "Invoke the function with POST /"
_HEALTH_PATHS = frozenset({b"/healthz", b"/livez", b"/readyz"})


class FunctionServer:
    """One function behind a listening socket.

    `threads` bounds how many invocations of a sync callable run at the same time, `body_bytes_max` the size
    of a request's body.
    """

    def __init__(
        self, function: Function, *, threads: int = THREADS, body_bytes_max: int = BODY_BYTES_MAX
    ) -> None:
        self._function = function
        self._threads = WorkerThreads(function.threads or threads)
        self._body_bytes_max = body_bytes_max
        self._connections: set[HttpConnection] = set()
        self._all_closed = asyncio.Event()
        self._all_closed.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._answers: deque[tuple[Request, Answer]] = deque()  # of worker threads, for the loop
        self._waking = False
        self._server: asyncio.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen and return the port (`port` 0: any free one). Raises `HeadraceError` when it is taken."""
        self._loop = asyncio.get_running_loop()
        try:
            self._server = await self._loop.create_server(
                lambda: HttpConnection(self._handle, self._opened, self._closed, self._body_bytes_max),
                host,
                port,
                backlog=2048,
            )
        except OSError as error:
            raise HeadraceError(
                f"Cannot listen on {host}:{port}: {error.strerror or error}. Set PORT and HOST to an address "
                "that is free."
            ) from error
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self, drain_seconds: float = DRAIN_SECONDS) -> bool:
        """Stop accepting and answer what is in flight; `False` when that took longer than `drain_seconds`."""
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.drain()
        with suppress(TimeoutError):
            async with asyncio.timeout(drain_seconds):
                await self._all_closed.wait()
        drained = not any(connection.busy for connection in self._connections)
        for connection in list(self._connections):
            connection.abort()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return drained

    def _opened(self, connection: HttpConnection) -> None:
        self._connections.add(connection)
        self._all_closed.clear()

    def _closed(self, connection: HttpConnection) -> None:
        # Called when the last answer has left the buffers, so "all closed" means "all delivered".
        self._connections.discard(connection)
        if not self._connections:
            self._all_closed.set()

    # --- requests -----------------------------------------------------------------------------------------

    def _handle(self, request: Request) -> None:
        if request.target != b"/" or request.method != b"POST":
            path = request.target.split(b"?", 1)[0]
            if path in _HEALTH_PATHS:
                self._handle_health(request)
                return
            if path != b"/":
                _respond(request, answer_problem(FunctionError(_INVOKE_HINT, status=404)))
                return
            if request.method != b"POST":
                answer = answer_problem(FunctionError(_INVOKE_HINT, status=405))
                _respond(request, answer, b"allow: POST\r\n")
                return
        try:
            data, context = read_event(request.headers, request.body)
        except FunctionError as error:
            _respond(request, answer_problem(error))
            return
        request.body = b""
        if self._function.is_async:
            task = asyncio.create_task(self._invoke_async(request, data, context))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            # Nobody waits for the answer any more: the caller timed out or cancelled.
            request.on_abandoned = task.cancel
        else:
            run = contextvars.copy_context().run
            self._threads.submit(lambda: run(self._invoke_sync, request, data, context))

    def _handle_health(self, request: Request) -> None:
        if request.method in (b"GET", b"HEAD"):
            request.respond(200, b"application/json", b'{"status":"ok"}')
        else:
            answer = answer_problem(FunctionError("Ask for health with GET", status=405))
            _respond(request, answer, b"allow: GET, HEAD\r\n")

    async def _invoke_async(self, request: Request, data: Any, context: Context) -> None:
        current.set(context)  # in this task's own copy of the context
        try:
            answer = answer_result(await self._function.invoke(data, context))
        except FunctionError as error:
            answer = answer_problem(error)
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            answer = answer_exception(error)  # not us: something it waited for was cancelled
        except (Exception, SystemExit) as error:
            answer = answer_exception(error)
        finally:
            capture.finish(context)
        _respond(request, answer)

    def _invoke_sync(self, request: Request, data: Any, context: Context) -> None:
        current.set(context)
        try:
            answer = answer_result(self._function.invoke(data, context))
        except FunctionError as error:
            answer = answer_problem(error)
        except BaseException as error:  # nothing may end the worker thread
            answer = answer_exception(error)
        finally:
            capture.finish(context)
        # One wake-up of the loop for all answers that are ready: it is the dear part of a thread's answer.
        self._answers.append((request, answer))
        # Append before the test here, clear before the reading there: no answer can be left behind.
        if not self._waking and self._loop is not None:
            self._waking = True
            with suppress(RuntimeError):  # the loop was closed: the drain time was over
                self._loop.call_soon_threadsafe(self._send_answers)

    def _send_answers(self) -> None:
        self._waking = False
        while self._answers:
            _respond(*self._answers.popleft())


def _respond(request: Request, answer: Answer, extra: bytes = b"") -> None:
    request.respond(answer.status, answer.content_type, answer.body, extra)


def serve(
    target: Function | Callable[..., Any],
    *,
    host: str | None = None,
    port: int | None = None,
    threads: int | None = None,
    body_bytes_max: int | None = None,
    drain_seconds: float | None = None,
) -> None:
    """Serve `target` until SIGTERM or SIGINT, then finish what is in flight and return.

    What is not given comes from the environment: `HOST` (127.0.0.1), `PORT` (8080), `HEADRACE_THREADS` (32),
    `HEADRACE_BODY_BYTES_MAX` (16 MiB), `HEADRACE_DRAIN_SECONDS` (30).
    Raises `HeadraceError` when the address is taken or a setting is not a number.
    """
    function = target if isinstance(target, Function) else Function(target)
    server = FunctionServer(
        function,
        threads=threads if threads is not None else int(_setting("HEADRACE_THREADS", THREADS)),
        body_bytes_max=(
            body_bytes_max
            if body_bytes_max is not None
            else int(_setting("HEADRACE_BODY_BYTES_MAX", BODY_BYTES_MAX))
        ),
    )
    host = host if host is not None else os.environ.get("HOST", "127.0.0.1")
    port = port if port is not None else int(_setting("PORT", 8080))
    if drain_seconds is None:
        drain_seconds = _setting("HEADRACE_DRAIN_SECONDS", DRAIN_SECONDS)
    capture.install()
    capture.configure_logging()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(server, host, port, drain_seconds))


async def _serve(server: FunctionServer, host: str, port: int, drain_seconds: float) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await server.start(host, port)
    gc.freeze()  # what is loaded by now stays: the collector need not look at it again and again
    await stopping.wait()
    if not await server.stop(drain_seconds):
        print(f"Stopped with invocations unfinished after {drain_seconds:g} s", file=sys.stderr)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


def _setting(name: str, default: float) -> float:
    text = os.environ.get(name)
    if not text:
        return default
    try:
        return float(text)
    except ValueError:
        raise HeadraceError(f"The environment variable {name} must be a number, not {text!r}") from None
