"""Reading server-sent events."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from integration.api.served import Served


@dataclass
class Event:
    """One event. `id` is the last id that was sent, with it or before it."""

    kind: str
    id: str
    data: Any


class Stream:
    """An open stream of a server."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response
        self.last_id = ""
        self.comments = 0

    async def next(self, timeout: float = 20.0) -> Event | None:
        """Return the next event; None at the end of the stream."""
        kind, data = "message", ""
        async with asyncio.timeout(timeout):
            while line := (await self.response.content.readline()).decode():
                name, _, value = line.rstrip("\n").partition(": ")
                if line.startswith(":"):
                    self.comments += 1
                elif name == "id":
                    self.last_id = value
                elif name == "event":
                    kind = value
                elif name == "data":
                    data += value
                elif line == "\n":
                    if data:
                        return Event(kind, self.last_id, json.loads(data))
                    kind = "message"
        return None

    async def until(self, kind: str, **members: Any) -> list[Event]:
        """Return the events up to one of this kind whose data has these members."""
        found: list[Event] = []
        while True:
            event = await self.next()
            assert event is not None, f"the stream ended without {kind} {members}: {found}"
            found.append(event)
            if event.kind == kind and members.items() <= event.data.items():
                return found

    async def rest(self) -> list[Event]:
        """Return the events up to the end."""
        found = []
        while (event := await self.next()) is not None:
            found.append(event)
        return found

    def close(self) -> None:
        """Go away."""
        self.response.close()


async def stream(
    served: Served, path: str, *, last_id: str | None = None, namespace: str = "default", **query: str
) -> Stream:
    """Open a stream."""
    assert served.session is not None
    headers = {} if last_id is None else {"last-event-id": last_id}
    response = await served.session.get(
        served.path(path, namespace),
        headers=headers,
        params=query,
        timeout=aiohttp.ClientTimeout(total=None, sock_read=None),
    )
    assert response.status == 200, await response.text()
    assert response.headers["content-type"].startswith("text/event-stream")
    assert "content-encoding" not in response.headers
    return Stream(response)
