"""A TCP proxy in front of a server that can lose the next answer, with the connection."""

from __future__ import annotations

import asyncio
import contextlib


class LossyProxy:
    """`url` is where to connect; `lose` makes the next answer to a client get lost."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""
        # A command that holds this gets no answer: it is run, and then the connection is cut.
        self.lose: bytes | None = None
        self.lost = 0

    async def __aenter__(self) -> LossyProxy:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"redis://127.0.0.1:{self._listener.sockets[0].getsockname()[1]}/0"
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._listener is not None
        self._listener.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._port)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            while asked := await reader.read(1 << 20):
                losing = self.lose is not None and self.lose in asked
                if losing:
                    self.lose = None
                server_writer.write(asked)
                answer = await server_reader.read(1 << 20)
                if losing:
                    self.lost += 1
                    break
                writer.write(answer)
                await writer.drain()
        server_writer.close()
        writer.close()
        self._tasks.discard(task)
