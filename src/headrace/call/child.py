"""Child processes: started in a group of their own, with bounded output, and ended without a trace."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import tempfile
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headrace.call.performer import call_error

_log = logging.getLogger(__name__)

# What a program needs to run at all. Everything else of the server's environment stays with the server:
# it holds tokens and passwords, and authors of flows are not those who run the server.
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SYSTEMROOT")


_READ_BYTES = 65536  # at once: what a pipe holds
_FINISH_SECONDS = 30.0  # that closing waits for what must be done; after that it is given up


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a process ended. `code` is 128 + the signal's number when a signal ended it, as shells say it."""

    code: int
    stdout: bytes
    stderr: bytes


def clean_environment(asked: Mapping[str, str], inherited: Sequence[str] = ()) -> dict[str, str]:
    """Return the few variables that every program needs, those named `inherited`, and what was `asked`."""
    environment = {name: os.environ[name] for name in (*_INHERITED, *inherited) if name in os.environ}
    environment.setdefault("PATH", os.defpath)
    return {**environment, **asked}


class _Collector:
    """Gathers what comes through a pipe, up to a limit. Owns the pipe's reading end until `close`.

    The loop only watches the descriptor. uvloop's `connect_read_pipe` closes it itself and leaves the file
    object that it was given open when it is cancelled: garbage collection then closes whatever has got that
    number meanwhile, be it the store's file.
    """

    def __init__(self, descriptor: int, bytes_max: int, too_much: Callable[[], None]) -> None:
        self._descriptor: int | None = descriptor
        self._chunks: list[bytes] = []
        self._bytes = 0
        self._bytes_max = bytes_max
        self._too_much = too_much
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[None] = self._loop.create_future()
        os.set_blocking(descriptor, False)
        self._loop.add_reader(descriptor, self._read)

    def _read(self) -> None:
        assert self._descriptor is not None
        try:
            data = os.read(self._descriptor, _READ_BYTES)
        except BlockingIOError:
            return
        if not data:
            self.close()
            return
        self._bytes += len(data)
        if self._bytes > self._bytes_max:
            self._chunks.clear()
            self._too_much()
        else:
            self._chunks.append(data)

    def close(self) -> None:
        """Read no more. A second call does nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            self._loop.remove_reader(descriptor)
            os.close(descriptor)
        if not self.ended.done():
            self.ended.set_result(None)

    def content(self) -> bytes:
        return b"".join(self._chunks)


class Children:
    """Runs child processes; the ones still running end when it is closed.

    A process gets `terminate_seconds` between SIGTERM and SIGKILL; both go to its whole group.
    """

    def __init__(self, *, output_bytes_max: int, terminate_seconds: float = 5.0) -> None:
        self._output_bytes_max = output_bytes_max
        self._terminate_seconds = terminate_seconds
        self._background: set[asyncio.Task[None]] = set()
        self._finishing: set[asyncio.Task[None]] = set()

    async def run(
        self, argv: Sequence[str], *, stdin: bytes | None, environment: Mapping[str, str], directory: Path
    ) -> Outcome:
        """Run a program to its end and return how it ended.

        When the program itself has ended, what it left running in its group is ended too: an awaited
        process that answers has nothing more to do. A cancelled call ends the group as well. Raises
        `CallError` (runtime) when it writes more than the limit, and `OSError` when it cannot be started.
        """
        loop = asyncio.get_running_loop()
        overflow: asyncio.Future[None] = loop.create_future()

        def too_much() -> None:
            if not overflow.done():
                overflow.set_result(None)

        # Own pipes: with asyncio's, `wait()` may wait for a grandchild that has inherited them.
        out_read, out_write = os.pipe()
        try:
            err_read, err_write = os.pipe()
        except OSError:
            os.close(out_read)
            os.close(out_write)
            raise
        stdout = _Collector(out_read, self._output_bytes_max, too_much)
        stderr = _Collector(err_read, self._output_bytes_max, too_much)
        try:
            spawning = _spawn(argv, stdin, (out_write, err_write), environment, directory)
            process = await self._spawned(spawning)
        except BaseException:
            stdout.close()
            stderr.close()
            raise
        exited = asyncio.create_task(process.wait())
        try:
            either: set[asyncio.Future[Any]] = {exited, overflow}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not overflow.done():
                # What is still in the pipes, unless someone keeps them open.
                drained = asyncio.gather(stdout.ended, stderr.ended)
                rest: set[asyncio.Future[Any]] = {drained, overflow}
                await asyncio.wait(rest, timeout=0.5, return_when=asyncio.FIRST_COMPLETED)
            if overflow.done():
                raise call_error(
                    "runtime",
                    "the process wrote too much",
                    f"more than {self._output_bytes_max} bytes to its standard output or error",
                )
            code = process.returncode if process.returncode is not None else -signal.SIGKILL
            return Outcome(128 - code if code < 0 else code, stdout.content(), stderr.content())
        finally:
            await self._end(process, exited)
            stdout.close()
            stderr.close()

    async def start(
        self,
        argv: Sequence[str],
        *,
        stdin: bytes | None,
        environment: Mapping[str, str],
        directory: Path,
        when_done: Callable[[], None] | None = None,
    ) -> None:
        """Start a program and do not wait for it; its output is dropped. Raises `OSError`."""
        process = await self._spawned(_spawn(argv, stdin, None, environment, directory))
        self.spawn(self._reap(process, when_done))

    async def _spawned(
        self, spawning: Coroutine[Any, Any, asyncio.subprocess.Process]
    ) -> asyncio.subprocess.Process:
        """Wait for a process to be started. If this is cancelled, its group is ended."""
        task = asyncio.create_task(spawning)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            # Cancelling the start itself would kill the program only: what it has started by now lives on.
            await asyncio.shield(self.finish(self._end_started(task)))
            raise

    async def _end_started(self, spawning: asyncio.Task[asyncio.subprocess.Process]) -> None:
        with contextlib.suppress(OSError):
            process = await spawning
            await self._end(process, asyncio.create_task(process.wait()))

    async def _reap(self, process: asyncio.subprocess.Process, when_done: Callable[[], None] | None) -> None:
        exited = asyncio.create_task(process.wait())
        try:
            await asyncio.wait({exited})
        finally:
            await self._end(process, exited)
            if when_done is not None:
                when_done()

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do `work` in the background; it is cancelled when this is closed."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    def finish(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do short `work` in the background that must be done: closing this waits for it."""
        task = asyncio.get_running_loop().create_task(work)
        self._finishing.add(task)
        task.add_done_callback(self._finishing.discard)
        return task

    async def _end(self, process: asyncio.subprocess.Process, exited: asyncio.Task[int]) -> None:
        """End the process's group. If this is cancelled, it goes on in the background."""
        if exited.done():
            _signal_group(process.pid, signal.SIGKILL)  # what it left running; it has had its answer
            return
        ending = self.spawn(self._terminate(process, exited))
        await asyncio.shield(ending)

    async def _terminate(self, process: asyncio.subprocess.Process, exited: asyncio.Task[int]) -> None:
        try:
            _signal_group(process.pid, signal.SIGTERM)
            await asyncio.wait({exited}, timeout=self._terminate_seconds)
        finally:
            _signal_group(process.pid, signal.SIGKILL)
        await asyncio.wait({exited}, timeout=self._terminate_seconds)

    async def aclose(self) -> None:
        """End every process that still runs."""
        while self._background or self._finishing:
            # Let each begin: a task that is cancelled before its first step does not even clean up.
            await asyncio.sleep(0)
            tasks = list(self._background)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self._finishing:
                _, late = await asyncio.wait(list(self._finishing), timeout=_FINISH_SECONDS)
                self._background |= late


async def _spawn(
    argv: Sequence[str],
    stdin: bytes | None,
    outputs: tuple[int, int] | None,
    environment: Mapping[str, str],
    directory: Path,
) -> asyncio.subprocess.Process:
    """Start a program. `outputs`, for its stdout and stderr, are closed here; without, output is dropped."""
    with contextlib.ExitStack() as stack:
        for descriptor in outputs or ():
            stack.callback(os.close, descriptor)
        source = asyncio.subprocess.DEVNULL
        if stdin:
            # A file, because nobody has to feed it and no reader can block on it.
            file = stack.enter_context(tempfile.TemporaryFile())
            file.write(stdin)
            file.seek(0)
            source = file.fileno()
            if source <= 2:
                # Where one of the standard descriptors is free a file gets its number, which a child that is
                # given it as another one, or as the same one, would lose.
                source = fcntl.fcntl(source, fcntl.F_DUPFD_CLOEXEC, 3)
                stack.callback(os.close, source)
        stdout, stderr = outputs or (asyncio.subprocess.DEVNULL, asyncio.subprocess.DEVNULL)
        return await asyncio.create_subprocess_exec(
            *argv,
            stdin=source,
            stdout=stdout,
            stderr=stderr,
            env=dict(environment),
            cwd=directory,
            start_new_session=True,
        )


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        pass
    except OSError:
        _log.warning("cannot signal process group %d", pid, exc_info=True)
