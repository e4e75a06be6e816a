"""TCP proxies in front of a server: one loses the next answer, the other is a network that fails."""

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


class Wire:
    """A network between clients (`url`) and a server on this machine, that can be cut or go silent."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener: asyncio.Server | None = None
        self._clients: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._silent = False
        self.url = ""

    async def __aenter__(self) -> Wire:
        await self._listen(0)
        assert self._listener is not None
        self._own_port = self._listener.sockets[0].getsockname()[1]
        self.url = f"redis://127.0.0.1:{self._own_port}/0"
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def cut(self) -> None:
        """End every connection, and let nobody connect."""
        assert self._listener is not None
        self._listener.close()
        for client in self._clients:
            client.transport.abort()

    def silence(self) -> None:
        """Lose every byte, without a word to either side; who connects is heard by nobody."""
        self._silent = True

    async def mend(self) -> None:
        """Let clients connect again. Connections that went silent stay so."""
        self._silent = False
        assert self._listener is not None
        if not self._listener.is_serving():
            await self._listen(self._own_port)

    async def _listen(self, port: int) -> None:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._clients.add(writer)
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            await asyncio.wait(
                [
                    asyncio.create_task(self._pass(reader, server_writer)),
                    asyncio.create_task(self._pass(server_reader, writer)),
                ],
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            self._tasks.discard(task)
            self._clients.discard(writer)
            server_writer.close()
            writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lost = False
        with contextlib.suppress(OSError):
            while data := await reader.read(1 << 20):
                lost = lost or self._silent
                if not lost:
                    writer.write(data)
                    await writer.drain()
