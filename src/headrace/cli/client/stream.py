"""Server-sent events: read, and gone on with after a connection that broke."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import orjson

from headrace.cli.client.client import Client, Query
from headrace.cli.client.failure import ServerUnavailable
from headrace.cli.client.wire import Response

# A server says every 15 seconds that it is there.
SILENCE_SECONDS = 45.0
PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 0.25, 5.0
# So long in a row without the server, and it is given up on.
GONE_SECONDS = 60.0


class ServerEvent(NamedTuple):
    """One event: `kind` is `ready`, `reset`, `execution`, `task`, `log`, `queue` or `end`."""

    kind: str
    data: Any


class EventLines:
    """Makes events of the bytes of a stream (the HTML standard, section 9.2.6). Pure."""

    def __init__(self) -> None:
        self.last_id: str | None = None
        self._id: str | None = None  # of the event that is not complete yet
        self._rest = b""
        self._kind = ""
        self._data: list[str] = []

    def take(self, chunk: bytes) -> list[ServerEvent]:
        """Take in bytes; return the events that are complete with them."""
        *lines, self._rest = (self._rest + chunk).replace(b"\r\n", b"\n").split(b"\n")
        events = []
        for line in lines:
            event = self._line(line.decode("utf-8", "replace"))
            if event is not None:
                events.append(event)
        return events

    def _line(self, line: str) -> ServerEvent | None:
        if not line:
            self.last_id = self._id
            event = ServerEvent(self._kind or "message", orjson.loads("\n".join(self._data) or "null"))
            known = bool(self._data)
            self._kind, self._data = "", []
            return event if known else None
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "id":
            self._id = value
        elif name == "event":
            self._kind = value
        elif name == "data":
            self._data.append(value)
        return None

    def broken(self) -> None:
        """Forget what was not complete: the connection is gone."""
        self._id, self._rest, self._kind, self._data = self.last_id, b"", "", []


async def events(client: Client, path: str, query: Query | None = None) -> AsyncIterator[ServerEvent]:
    """Yield the events of a stream, to its `end`; a connection that breaks is made again, after what came.

    The first one is `ready`, or later `reset`: what happened meanwhile is not known any more, so the state
    is to be read again. Raises `ServerRefused`, and `ServerUnavailable` when the server does not come back.
    """
    lines = EventLines()
    loop = asyncio.get_running_loop()
    gone_at: float | None = None
    pause = PAUSE_SECONDS_MIN
    came_once = False
    while True:
        headers = {} if lines.last_id is None else {"last-event-id": lines.last_id}
        try:
            async with client.opened(path, query, {"accept": "text/event-stream", **headers}) as answer:
                gone_at, pause, came_once = None, PAUSE_SECONDS_MIN, True
                async for chunk in _chunks(client, answer):
                    for event in lines.take(chunk):
                        yield event
                        if event.kind == "end":
                            return
        except ServerUnavailable:
            # At first it is an address that is wrong; later a server that is being started again.
            if not came_once:
                raise
            gone_at = gone_at or loop.time()
            if loop.time() - gone_at > GONE_SECONDS:
                raise
        lines.broken()
        await asyncio.sleep(pause)
        pause = min(pause * 2, PAUSE_SECONDS_MAX)


async def _chunks(client: Client, response: Response) -> AsyncIterator[bytes]:
    chunks = response.chunks()
    while True:
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                chunk = await anext(chunks, None)
        except TimeoutError as error:
            raise client.unreachable(f"it was silent for {SILENCE_SECONDS:g} s") from error
        if chunk is None:
            return
        yield chunk
