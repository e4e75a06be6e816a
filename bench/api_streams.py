"""Open live streams: what a thousand of them cost the server in memory, and what they cost executions.

`--streams` are open while executions are started and waited for over HTTP, of a flow without functions, where
a cost shows most. With `--looking 1` they look at the namespace, as a dashboard does, otherwise at an
execution that waits. Memory and CPU are the server's.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import tempfile
from pathlib import Path

import aiohttp
import orjson
import uvloop

from bench import flows, load, server_process, workload
from bench.tree import stop_descendants

CLIENT = "bench.api_streams"
NAMESPACE = "/api/v1/namespaces/default"
PREFER = "prefer: wait=60\r\n"

WAITING = """apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: waiting}
spec:
  version: 1.0.0
  steps:
    - wait: {wait: {days: 1}}
"""


def resident_bytes(pid: int) -> int:
    """Return the resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise SystemExit(f"process {pid} is gone")


class Streams:
    """Open streams that read what comes, on plain sockets: their own cost must not be in the way."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._tasks: list[asyncio.Task[None]] = []
        self._writers: list[asyncio.StreamWriter] = []  # a writer that is forgotten closes its connection
        self.bytes = 0

    async def open(self, path: str, count: int) -> None:
        """Open streams; they have said that they are ready when this returns."""
        request = (
            f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{server_process.AUTHORIZATION}"
            "accept: text/event-stream\r\n\r\n"
        ).encode()
        for start in range(0, count, 50):
            opened = [self._open(request) for _ in range(min(50, count - start))]
            for reader in await asyncio.gather(*opened):
                self._tasks.append(asyncio.create_task(self._read(reader)))

    async def _open(self, request: bytes) -> asyncio.StreamReader:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers.append(writer)
        writer.write(request)
        head = await reader.readuntil(b"event: ready")
        if b" 200 " not in head:
            raise SystemExit(f"a stream is answered with {head!r}")
        return reader

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(65536):
            self.bytes += len(data)

    @property
    def ended(self) -> int:
        """How many the server has ended."""
        return sum(task.done() for task in self._tasks)

    async def close(self) -> None:
        """Leave."""
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.close()


async def drive(
    server: server_process.ServerProcess, chosen: workload.argparse.Namespace
) -> workload.Outcome:
    """Open the streams, then start executions and wait for each."""
    headers = {"authorization": f"Bearer {server_process.TOKEN}"}
    async with aiohttp.ClientSession(server.url, headers=headers) as session:
        async with session.post(f"{NAMESPACE}/flowapps", data=WAITING.encode()) as answer:
            answer.raise_for_status()
        async with session.post(f"{NAMESPACE}/flowapps/waiting/executions") as answer:
            waiting = (await answer.json())["id"]
    connections = load.Connections(
        server.port, f"{NAMESPACE}/flowapps/greeting/executions", server_process.AUTHORIZATION + PREFER
    )

    async def run(number: int) -> None:
        status, body = await connections.post(orjson.dumps({"name": str(number)}))
        if status != 200 or orjson.loads(body) != {"message": f"Hello, {number}"}:
            raise SystemExit(f"execution {number} is answered with {status}: {body!r}")

    for number in range(chosen.warmup):
        await run(number)
    before = resident_bytes(server.process.pid)
    streams = Streams(server.port)
    path = "stream" if chosen.looking else f"executions/{waiting}/stream"
    await streams.open(f"{NAMESPACE}/{path}", chosen.streams)
    opened = resident_bytes(server.process.pid)
    chosen.warmup = 0
    outcome = await workload.measure(run, chosen)
    outcome.notes = {
        "streams": chosen.streams,
        "streams_bytes": opened - before,
        "sent_bytes": streams.bytes,
        "ended": streams.ended,
    }
    await streams.close()
    connections.close()
    return outcome


def main() -> None:
    """Start a server, drive it."""
    chosen = workload.options(streams=0, looking=0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server_process.project(folder, "greeting", flows.greeting())
        try:
            server = server_process.start(folder)
            outcome = uvloop.run(drive(server, chosen))
            server.stop()
        finally:
            stop_descendants()
    usage = outcome.usage
    client = usage.cpu_by_process.get(CLIENT, 0.0)
    outcome.usage = dataclasses.replace(usage, cpu_seconds=usage.cpu_seconds - client)
    outcome.print()


if __name__ == "__main__":
    main()
