"""Functions as real processes: served directly by the SDK, or through the host."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from headrace.function.host import FunctionHost, FunctionLog
from headrace.function.port import LOOPBACK, lease_port
from headrace.function.supervisor import SupervisorTimes

DEADLINE_SECONDS = 20.0


async def until(condition: Callable[[], Any], what: str = "the condition") -> Any:
    """Wait until `condition` returns something true, and return that."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what} did not come true in {DEADLINE_SECONDS} s"
        await asyncio.sleep(0.01)
    return found


def is_running(pid: int) -> bool:
    """Whether a process exists and is more than a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z"


class Served:
    """One function served by `python -m headrace.function`."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port
        self.url = f"http://{LOOPBACK}:{port}"

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(LOOPBACK, self.port)

    def output(self) -> str:
        """End the process and return what it wrote."""
        self.process.terminate()
        out, _ = self.process.communicate(timeout=DEADLINE_SECONDS)
        return out.decode()


Serve = Callable[..., Any]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """`await serve(code, **environment)` serves a module's function and returns `Served`."""
    started: list[tuple[subprocess.Popen[bytes], Any]] = []

    async def start(code: str, *, ready: bool = True, **environment: str) -> Served:
        file = tmp_path / f"f{len(started)}.py"
        file.write_text(textwrap.dedent(code))
        port = lease_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "headrace.function", str(file)],
            env={"PATH": os.environ["PATH"], "PORT": str(port.port), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        started.append((process, port))
        served = Served(process, port.port)
        async with aiohttp.ClientSession() as session:
            deadline = time.monotonic() + DEADLINE_SECONDS
            while ready:
                assert process.poll() is None, process.communicate()[0].decode()
                assert time.monotonic() < deadline
                try:
                    async with session.get(served.url + "/healthz") as response:
                        assert response.status == 200
                        break
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.01)
        return served

    yield start
    for process, port in started:
        if process.poll() is None:
            process.kill()
        process.communicate()
        port.release()


class Project:
    """A project folder with a host for its functions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.logs: list[FunctionLog] = []
        self.hosts: list[FunctionHost] = []
        self.session: aiohttp.ClientSession | None = None

    def write(self, name: str, file: str, text: str) -> Path:
        path = self.folder / "cmd" / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return path

    def host(self, functions: dict[str, Any], **options: Any) -> FunctionHost:
        options.setdefault("times", SupervisorTimes(startup_seconds=15, drain_seconds=10, stop_seconds=5))
        host = FunctionHost(self.folder, functions, on_log=self.logs.append, **options)
        self.hosts.append(host)
        return host

    async def invoke(
        self, host: FunctionHost, name: str, data: Any = None, invocation_id: str = "e.1.1"
    ) -> tuple[int, Any]:
        """Invoke as the runtime does; returns status and JSON body."""
        assert self.session is not None
        address = await host.address(name)
        host.began(name, invocation_id)
        try:
            headers = {"ce-specversion": "1.0", "ce-id": invocation_id, "ce-source": "/t", "ce-type": "t"}
            headers["ce-subject"] = invocation_id.split(".")[0]
            async with self.session.post(address + "/", json=data, headers=headers) as response:
                return response.status, await response.json(content_type=None)
        finally:
            host.ended(name, invocation_id)

    def texts(self, invocation_id: str | None = None, stream: str | None = None) -> list[str]:
        return [
            log.text
            for log in self.logs
            if (stream is None or log.stream == stream) and log.invocation_id == invocation_id
        ]


@pytest.fixture
async def project(tmp_path: Path) -> AsyncIterator[Project]:
    made = Project(tmp_path)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        made.session = session
        yield made
    for host in made.hosts:
        await host.stop()
