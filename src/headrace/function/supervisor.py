"""Keeps one function running: starts its process, restarts it when it dies, replaces it when code changes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Literal, NamedTuple

from headrace.errors import HeadraceError
from headrace.function.command import FunctionCommand, FunctionCommandError
from headrace.function.guard import Guard
from headrace.function.output import FunctionLog, hand_over
from headrace.function.process import FunctionProcess, FunctionStartError, describe_exit

BACKOFF_SECONDS_MIN = 0.1
BACKOFF_SECONDS_MAX = 30.0
# A process that lived this long was healthy: the next restart waits the shortest time again.
STABLE_SECONDS = 10.0
# After so many failed starts in a row `address` raises at once instead of waiting for the next one.
START_ATTEMPTS = 3

State = Literal["starting", "ready", "backoff", "stopped"]


class SupervisorTimes(NamedTuple):
    """Limits in seconds: to answer after the start, to finish what is in flight, to end after SIGTERM."""

    startup_seconds: float = 30.0
    drain_seconds: float = 30.0
    stop_seconds: float = 10.0


class Supervisor:
    """One function of a host. `command` is asked anew at every start: files may have changed."""

    def __init__(
        self,
        name: str,
        command: Callable[[], FunctionCommand],
        guard: Guard,
        on_log: Callable[[FunctionLog], None],
        times: SupervisorTimes,
    ) -> None:
        self.name = name
        self.state: State = "stopped"
        self.starts = 0
        self.last_error: HeadraceError | None = None
        self._command = command
        self._guard = guard
        self._on_log = on_log
        self._times = times
        self._process: FunctionProcess | None = None  # ready, or the last one that was
        self._deaths = 0  # in a row, at the start or soon after it
        self._failed_starts = 0  # in a row
        self._run_task: asyncio.Task[None] | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self._reload = asyncio.Event()
        self._changed = asyncio.Event()
        self._invocations: dict[str, FunctionProcess] = {}

    @property
    def process(self) -> FunctionProcess | None:
        """The process that answers now, if there is one."""
        process = self._process
        return process if process is not None and not process.exited.done() else None

    def start(self) -> None:
        """Begin to run the function; does nothing when it runs already."""
        if self._run_task is None:
            self.state = "starting"
            self._run_task = asyncio.create_task(self._run(), name=f"function {self.name}")

    async def address(self) -> str:
        """Return the URL of the process that is ready, waiting for it at most as long as a start may take.

        Raises `FunctionStartError` when it does not come up: then the message has its last lines; and
        `FunctionCommandError` when it is not clear how to run it.
        """
        process = self.process
        if process is not None:
            return process.address
        self.start()
        try:
            async with asyncio.timeout(self._times.startup_seconds):
                while True:
                    process = self.process
                    if process is not None:
                        return process.address
                    if self.state == "stopped":
                        raise FunctionStartError(f"Function {self.name!r} is stopped.")
                    if self._failed_starts >= START_ATTEMPTS:
                        raise self._error()
                    await self._changed.wait()
        except TimeoutError:
            raise self._error() from None

    def _error(self) -> HeadraceError:
        """A fresh copy of the last error: one exception must not be raised by many tasks."""
        error = self.last_error
        if error is None:
            seconds = self._times.startup_seconds
            return FunctionStartError(f"Function {self.name!r} did not answer within {seconds:g} s.")
        return type(error)(str(error))

    def reload(self) -> None:
        """Replace the process by a new one, once that is ready; the old one answers until then."""
        self._reload.set()
        if self._run_task is not None:
            self.state = "starting"

    def began(self, invocation_id: str) -> None:
        """An invocation goes to the process that is ready."""
        process = self._process
        if process is not None:
            self._invocations[invocation_id] = process
            process.output.began(invocation_id)

    def ended(self, invocation_id: str) -> None:
        """An invocation was answered or given up."""
        process = self._invocations.pop(invocation_id, None)
        if process is not None:
            process.output.ended(invocation_id)

    async def stop(self) -> None:
        """Stop the process, and those that are still finishing."""
        if self._run_task is not None:
            self._run_task.cancel()
            await asyncio.gather(self._run_task, return_exceptions=True)
        self.state = "stopped"
        self._notify()
        for task in list(self._retiring):
            task.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        if self.process is not None:
            await self.process.stop(self._times.stop_seconds)

    # --- the loop -----------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            if self._reload.is_set():  # new code: what the old did does not count
                self._reload.clear()
                self._deaths = self._failed_starts = 0
                self.last_error = None
            self._enter("starting")
            process = await self._launch()
            if process is not None:
                self._process = process
                await self._stay_ready(process)
            if self._reload.is_set():
                continue
            self._enter("backoff")
            exponent = min(self._deaths - 1, 20)  # beyond that the power only grows out of a float
            await _wait_for(self._reload, min(BACKOFF_SECONDS_MIN * 2**exponent, BACKOFF_SECONDS_MAX))

    async def _stay_ready(self, process: FunctionProcess) -> None:
        """Return when the function has no process any more."""
        loop = asyncio.get_running_loop()
        ready_at = loop.time()
        self._failed_starts = 0
        self._enter("ready")
        while True:
            await _first_of(process.exited, self._reload)
            if process.exited.done():
                break
            self._reload.clear()
            self.last_error = None  # of the code before
            newer = await self._launch()
            if not self._reload.is_set():
                self._enter("ready")
            if newer is None:
                continue  # the old code goes on; `last_error` tells why
            self._retire(process)
            process = self._process = newer
            ready_at = loop.time()
            self._deaths = self._failed_starts = 0
            newer.output.say("reloaded: the new code answers now")
        if loop.time() - ready_at >= STABLE_SECONDS:
            self._deaths = 0
        self._deaths += 1
        end = describe_exit(process.exited.result())
        self.last_error = FunctionStartError(
            f"Function {self.name!r} ended with {end}.{process.last_lines()}"
        )
        process.output.say(f"ended with {end}; it is started again")

    async def _launch(self) -> FunctionProcess | None:
        """Start a process and wait until it answers; `None` when it does not or code changed meanwhile."""
        try:
            command = self._command()
            self.starts += 1
            process = await FunctionProcess.start(self.name, command, self._guard, self._on_log)
        except HeadraceError as error:
            self._start_failed(error)
            return None
        except OSError as error:  # its folder cannot be read, or no descriptors are left
            self._start_failed(FunctionStartError(f"Function {self.name!r} cannot be started: {error}."))
            return None
        ready = asyncio.create_task(process.wait_ready(self._times.startup_seconds))
        try:
            await _first_of(ready, self._reload)
            if not ready.done():
                ready.cancel()
                await process.stop(self._times.stop_seconds)
                return None
            await ready
        except FunctionStartError as error:
            self._start_failed(error)
            await process.stop(self._times.stop_seconds)
            return None
        except asyncio.CancelledError:
            ready.cancel()
            await process.stop(self._times.stop_seconds)
            raise
        return process

    def _retire(self, process: FunctionProcess) -> None:
        task = asyncio.create_task(self._finish(process))
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    async def _finish(self, process: FunctionProcess) -> None:
        """Stop an old process once what was sent to it is answered."""
        try:
            async with asyncio.timeout(self._times.drain_seconds):
                await process.output.wait_idle()
        except TimeoutError:
            pass
        finally:
            await process.stop(self._times.stop_seconds)

    def _enter(self, state: State) -> None:
        self.state = state
        self._notify()

    def _start_failed(self, error: HeadraceError) -> None:
        self._deaths += 1
        # Asking again does not make it clearer how to run a function: `address` need not wait for that.
        self._failed_starts += START_ATTEMPTS if isinstance(error, FunctionCommandError) else 1
        if str(error) != str(self.last_error):  # once, not with every attempt
            hand_over(self._on_log, FunctionLog(self.name, None, "host", time.time(), str(error)))
        self.last_error = error
        if self.process is not None:
            self.state = "ready"  # the old code goes on
        self._notify()

    def _notify(self) -> None:
        waiting, self._changed = self._changed, asyncio.Event()
        waiting.set()


async def _first_of(
    task: asyncio.Task[object] | asyncio.Task[int] | asyncio.Task[None], event: asyncio.Event
) -> None:
    """Return when `task` is done or `event` is set; neither is cancelled or cleared."""
    waiter = asyncio.create_task(event.wait())
    try:
        await asyncio.wait({task, waiter}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiter.cancel()


async def _wait_for(event: asyncio.Event, timeout_seconds: float) -> None:
    try:
        async with asyncio.timeout(timeout_seconds):
            await event.wait()
    except TimeoutError:
        pass
