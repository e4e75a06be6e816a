"""Running the engine inside a command: opening it, following one execution, and being interrupted."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from headrace.cli import exit_codes, project
from headrace.cli.live_view import LiveView
from headrace.cli.terminal import Paint
from headrace.cli.words import duration

if TYPE_CHECKING:
    from headrace.main import Headrace
    from headrace.runtime.definitions import Deployed
    from headrace.runtime.results import Result

_Result = TypeVar("_Result")

DEFAULT_GRACE_SECONDS = 10.0


class Interrupts:
    """SIGINT and SIGTERM as an event; a second one ends the process at once, which loses nothing either."""

    def __init__(self) -> None:
        self.received = asyncio.Event()
        self.name = ""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._on_signal, number)

    def _on_signal(self, number: signal.Signals) -> None:
        if self.received.is_set():
            os._exit(exit_codes.UNFINISHED)
        self.name = number.name
        self.received.set()

    async def first(self, work: Coroutine[Any, Any, _Result], timeout: float | None = None) -> _Result:
        """Return the result of `work`. Raises `Interrupted` or TimeoutError when that comes first."""
        task = asyncio.ensure_future(work)
        interrupt = asyncio.ensure_future(self.received.wait())
        try:
            await asyncio.wait({task, interrupt}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            if interrupt.done():
                raise Interrupted(self.name)
            raise TimeoutError
        finally:
            interrupt.cancel()
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)


class Interrupted(Exception):
    """The person, or the system, wants the command to end. The text is the signal's name."""


def run_async(work: Coroutine[Any, Any, int], *, server: bool = False) -> None:
    """Run a command's coroutine and exit with its code.

    `server`: on uvloop, which takes a while to load and then half of asyncio's time per request.
    """
    run: Callable[[Coroutine[Any, Any, int]], int] = asyncio.run
    if server and sys.platform != "win32":
        import uvloop

        run = uvloop.run
    try:
        code = run(work)
    except KeyboardInterrupt:
        code = 130
    except Interrupted:
        code = exit_codes.UNFINISHED
    sys.stdout.flush()
    sys.exit(code)


def engine(
    store: Path,
    *,
    flow_project: Path | None = None,
    secrets: Path | None = None,
    catalog: Path | None = None,
    grace_seconds: float = DEFAULT_GRACE_SECONDS,
    queue: str | None = None,
) -> Headrace:
    """Return an engine on a store, not started yet. `queue` is where its work queues are (`--queue`).

    Functions of flows that are in the store already are looked for in the project that the store belongs to,
    else where their definitions were deployed from.
    """
    from headrace.main import Headrace

    project.folders_to_make(store)
    secrets = None if secrets is None else secrets.absolute()
    catalog = None if catalog is None else catalog.absolute()
    queue = queue_of(queue)
    home = project.project_of_store(store)
    if flow_project is not None and home is not None and home.resolve() != flow_project.resolve():
        home = None
    if home is None and flow_project is not None:
        # What documents name relative to them (schemas, scripts) is in the flow's project.
        os.chdir(flow_project)
    return Headrace(
        store, project=home, secrets=secrets, catalog=catalog, grace_seconds=grace_seconds, queue=queue
    )


def queue_of(given: str | None) -> str | None:
    """Return where an engine's queues are: as named, else HEADRACE_QUEUE, else None: beside the store."""
    from headrace.cli.queue_address import VARIABLE, file_of

    address = given or os.environ.get(VARIABLE) or None
    file = None if address is None else file_of(address)
    return address if file is None else str(file.absolute())


async def warm_up(headrace: Headrace, deployed: Deployed) -> None:
    """Start the processes of a flow's functions, so that the first calls need not wait for them."""
    for host in headrace.hosts.of_flow(f"{deployed.namespace}/{deployed.name}"):
        await host.start()


class Following:
    """One execution on its way to its end, shown while it runs."""

    def __init__(
        self,
        headrace: Headrace,
        view: LiveView,
        interrupts: Interrupts,
        *,
        timeout_seconds: float | None,
        grace_seconds: float,
        go_on: str,
    ) -> None:
        self._headrace = headrace
        self._view = view
        self._interrupts = interrupts
        self._timeout_seconds = timeout_seconds
        self._grace_seconds = grace_seconds
        self._go_on = go_on  # the command that lets it go on after an interruption

    async def end(self, execution_id: str, *work: Coroutine[Any, Any, None]) -> Result | None:
        """Return how it ended; None when it was interrupted or out of time, which is said on stderr.

        `work` runs beside it (publishing events); its failure ends the waiting.
        """
        self._view.watch(lambda: self._batches(execution_id))
        result = asyncio.ensure_future(self._headrace.runtime.result(execution_id))
        beside: list[asyncio.Future[Any]] = [asyncio.ensure_future(each) for each in work]
        try:
            reason = await self._wait(_both(result, beside))
        finally:
            await _cancel(beside)
        if reason is not None:
            await self._shut_down(reason)
            if not _succeeded(result):
                await _cancel([result])
                self._tell([execution_id], reason)
                return None
        return result.result()

    async def all(self, execution_ids: list[str], work: Coroutine[Any, Any, None]) -> bool:
        """Return whether `work`, which waits for all of these executions, came to its end."""
        done = asyncio.ensure_future(work)
        reason = await self._wait(_both(done, []))
        if reason is not None:
            await self._shut_down(reason)
            if not _succeeded(done):
                await _cancel([done])
                self._tell(execution_ids, reason)
                return False
        done.result()
        return True

    def _batches(self, execution_id: str) -> list[str]:
        """Return a line for each batch that is under way."""
        import msgspec

        from headrace.runtime.why import how_far

        running = self._headrace.delivery.batches.of_execution(execution_id)
        now = time.time()
        return [f"the batch {how_far(msgspec.to_builtins(each), now)}" for each in running]

    async def _wait(self, work: Coroutine[Any, Any, None]) -> str | None:
        """Return None at the end of `work`, else why it was not waited for any longer."""
        try:
            await self._interrupts.first(work, self._timeout_seconds)
            return None
        except Interrupted as interrupted:
            return f"interrupted by {interrupted}"
        except TimeoutError:
            return f"not finished after {duration(self._timeout_seconds or 0)}"

    async def _shut_down(self, reason: str) -> None:
        """Let calls in flight finish: the execution may even come to its end by that."""
        if self._headrace.runtime.open_calls:
            self._view.say(
                f"{reason}; finishing what is in flight, {duration(self._grace_seconds)} at most "
                "(interrupt again to stop at once)"
            )
        await self._headrace.shut_down()
        # The futures of the results are done now; whoever awaits them needs a turn of the loop to notice.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        self._view.close()

    def _tell(self, execution_ids: list[str], reason: str) -> None:
        paint = Paint.of(sys.stderr)
        which = f"execution {execution_ids[0]}" if len(execution_ids) == 1 else "the executions"
        self._view.say(
            f"{paint('unfinished', 'yellow', 'bold')}: {which} {reason}; nothing is lost. "
            f"To let {'it' if len(execution_ids) == 1 else 'them'} go on:\n  {self._go_on}"
        )


def _succeeded(future: asyncio.Future[Any]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


async def _cancel(futures: list[asyncio.Future[Any]]) -> None:
    for future in futures:
        future.cancel()
    await asyncio.gather(*futures, return_exceptions=True)


async def _both(result: asyncio.Future[Any], beside: list[asyncio.Future[Any]]) -> None:
    """Return when the result is there; raise what the work beside it raises."""
    waiting: set[asyncio.Future[Any]] = {result, *beside}
    while not result.done():
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done - {result}:
            task.result()
