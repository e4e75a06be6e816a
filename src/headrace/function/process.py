"""One process of a function: started, asked until it answers, stopped."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress

from headrace.errors import HeadraceError
from headrace.function.command import FunctionCommand
from headrace.function.guard import Guard, leashed
from headrace.function.output import FunctionLog, FunctionOutput
from headrace.function.port import LOOPBACK, PortLease, lease_port

_PROBE = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
_PROBE_SECONDS = 2.0
_PROBE_DELAY_SECONDS_MIN = 0.01
_PROBE_DELAY_SECONDS_MAX = 0.2
_REPORT_SECONDS = 1.0


class FunctionStartError(HeadraceError):
    """A function's process does not come up; the message ends with the last lines it wrote."""


class FunctionProcess:
    """A running command with its port, its output and its exit. Make it with `start`."""

    def __init__(self, name: str, output: FunctionOutput, guard: Guard, port: PortLease) -> None:
        self.name = name
        self.output = output
        self.address = f"http://{LOOPBACK}:{port.port}"
        self._guard = guard
        self._port = port
        self._process: asyncio.subprocess.Process | None = None
        self._exit: asyncio.Task[int] | None = None
        self._probe_result = "nothing listens on it"

    @classmethod
    async def start(
        cls, name: str, command: FunctionCommand, guard: Guard, on_log: Callable[[FunctionLog], None]
    ) -> FunctionProcess:
        """Start `command` in a process group of its own. Raises `FunctionStartError`."""
        process = cls(name, FunctionOutput(name, on_log), guard, lease_port())
        await process._spawn(command)
        return process

    @property
    def pid(self) -> int | None:
        """The process id."""
        return self._process.pid if self._process is not None else None

    @property
    def port(self) -> int:
        """The port that it was given."""
        return self._port.port

    @property
    def exited(self) -> asyncio.Task[int]:
        """Done when the process has ended; the result is its exit code, negative for a signal."""
        assert self._exit is not None
        return self._exit

    async def _spawn(self, command: FunctionCommand) -> None:
        environment = {"HOST": LOOPBACK, **command.environment, "PORT": str(self.port)}
        out_read, out_write = os.pipe()
        err_read, err_write = os.pipe()
        for descriptor, stream in ((out_read, "stdout"), (err_read, "stderr")):
            os.set_blocking(descriptor, False)
            self.output.add_pipe(descriptor, stream)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *leashed(command.arguments),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out_write,
                stderr=err_write,
                cwd=command.folder,
                env=environment,
                start_new_session=True,
            )
        except BaseException as error:
            self.output.close()
            self._port.release()
            if not isinstance(error, OSError):
                raise
            raise FunctionStartError(
                f"Function {self.name!r} cannot be started: {error.strerror or error}."
            ) from error
        finally:
            os.close(out_write)
            os.close(err_write)
        self._guard.hold(self._process.pid)
        loop = asyncio.get_running_loop()
        for descriptor in (out_read, err_read):
            loop.add_reader(descriptor, self._read, descriptor)
        self._exit = asyncio.create_task(self._wait(self._process, (out_read, err_read)))

    def _read(self, descriptor: int) -> None:
        self.output.read(descriptor)
        if not self.output.is_open(descriptor):
            asyncio.get_running_loop().remove_reader(descriptor)

    async def _wait(self, process: asyncio.subprocess.Process, descriptors: tuple[int, int]) -> int:
        report = asyncio.create_task(self._report_dropped())
        try:
            code = await process.wait()
        finally:
            report.cancel()
        # What it has started must not live on with its port and its pipes.
        self._signal(signal.SIGKILL)
        self._guard.release(process.pid)
        for descriptor in descriptors:
            asyncio.get_running_loop().remove_reader(descriptor)
        self.output.close()
        self._port.release()
        return code

    async def _report_dropped(self) -> None:
        while True:
            await asyncio.sleep(_REPORT_SECONDS)
            self.output.report_dropped()

    async def wait_ready(self, timeout_seconds: float) -> None:
        """Return when it answers HTTP. Raises `FunctionStartError` when it ends first or takes too long."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_seconds
        delay = _PROBE_DELAY_SECONDS_MIN
        while not self.exited.done():
            left = deadline - loop.time()
            if left <= 0:
                raise FunctionStartError(
                    f"Function {self.name!r} did not answer on port {self.port} within "
                    f"{timeout_seconds:g} s: {self._probe_result}. "
                    f"It must listen on HOST and PORT of its environment.{self.last_lines()}"
                )
            if await self._probe(min(left, _PROBE_SECONDS)):
                return
            await asyncio.wait({self.exited}, timeout=delay)
            delay = min(delay * 1.5, _PROBE_DELAY_SECONDS_MAX)
        raise FunctionStartError(
            f"Function {self.name!r} ended at its start with {describe_exit(self.exited.result())}."
            f"{self.last_lines()}"
        )

    async def _probe(self, timeout_seconds: float) -> bool:
        """Whether `GET /healthz` gets an HTTP answer other than 503."""
        try:
            async with asyncio.timeout(timeout_seconds):
                reader, writer = await asyncio.open_connection(LOOPBACK, self.port)
                try:
                    writer.write(_PROBE)
                    line = await reader.readline()
                finally:
                    writer.close()
        except TimeoutError:
            self._probe_result = "it accepts connections and does not answer GET /healthz"
            return False
        except (OSError, ValueError):
            self._probe_result = "nothing listens on it"
            return False
        parts = line.split(None, 2)
        if len(parts) < 2 or not parts[0].startswith(b"HTTP/1."):
            self._probe_result = "what it answers is not HTTP"
            return False
        self._probe_result = "GET /healthz answers 503"
        return parts[1] != b"503"

    async def stop(self, timeout_seconds: float) -> None:
        """Send SIGTERM, wait, then SIGKILL to the whole process group."""
        self._signal(signal.SIGTERM)
        await asyncio.wait({self.exited}, timeout=timeout_seconds)
        if not self.exited.done():
            self.output.say(f"killed: it did not end within {timeout_seconds:g} s after SIGTERM")
            self._signal(signal.SIGKILL)
            await asyncio.wait({self.exited})

    def last_lines(self) -> str:
        """The last lines it wrote, for the end of an error message."""
        if not self.exited.done():
            self.output.read_all()
        if not self.output.tail:
            return " It wrote nothing."
        return " Its last lines:\n" + "\n".join(f"  {line}" for line in self.output.tail)

    def _signal(self, number: int) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)


def describe_exit(code: int) -> str:
    """Say what an exit code means: `exit code 3`, `signal SIGKILL`."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
