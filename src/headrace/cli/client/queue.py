"""A work queue of a server, as far as people look at it and put items on it: the queue port over the API."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec
import orjson

from headrace.cli.client.client import PAGE, Client
from headrace.cli.client.failure import ServerRefused
from headrace.errors import HeadraceError
from headrace.queue.port import (
    ITEMS_PER_CALL_MAX,
    Capabilities,
    DeadLetter,
    Done,
    Enqueued,
    Failed,
    Held,
    ItemEvent,
    ItemRecord,
    Leased,
    Put,
    State,
    Stats,
)

BYTES_PER_REQUEST = 4 << 20


class ServerQueue:
    """One queue. Leasing is for workers, which have clients of their own (docs/queue.md)."""

    capabilities = Capabilities()

    def __init__(self, client: Client, name: str) -> None:
        self.name = name
        self._client = client

    def _path(self, *parts: str) -> str:
        return self._client.path("queues", self.name, *parts)

    async def enqueue(self, put: Put) -> Enqueued:
        """Add one item."""
        return (await self.enqueue_many([put]))[0]

    async def enqueue_many(self, puts: Sequence[Put]) -> list[Enqueued]:
        """Add items, in as few requests as they fit in."""
        found: list[Enqueued] = []
        for chunk, repeatable in _chunks(puts):
            answer = await self._client.send(
                "POST", self._path("items"), content=chunk, repeatable=repeatable
            )
            found += [Enqueued(each["id"], each["duplicate"]) for each in answer.data["items"]]
        return found

    async def dead_letters(self, *, after: str | None = None, limit: int = 100) -> list[DeadLetter]:
        """Return dead letters, oldest first; pages are gone through up to `after`."""
        letters: list[DeadLetter] = []
        found = after is None
        cursor: str | None = None
        while True:
            page = await self._client.get(self._path("dead-letters"), {"limit": PAGE, "after": cursor})
            for data in page["items"]:
                if found:
                    letters.append(_letter(data))
                found = found or data["id"] == after
            cursor = page["next"]
            if cursor is None or len(letters) >= limit:
                return letters[:limit]

    async def redrive(self, ids: Sequence[str] | None = None, *, limit: int = ITEMS_PER_CALL_MAX) -> int:
        """Make dead letters ready again, all or these; return how many."""
        count = 0
        if ids is not None:
            for start in range(0, len(ids), ITEMS_PER_CALL_MAX):
                some = list(ids[start : start + ITEMS_PER_CALL_MAX])
                count += (await self._client.post(self._path("redrive"), {"ids": some}))["count"]
            return count
        while count < limit:
            some_max = min(limit - count, ITEMS_PER_CALL_MAX)
            done = (await self._client.post(self._path("redrive"), {"limit": some_max}))["count"]
            count += done
            if done < some_max:
                break
        return count

    async def purge(
        self, what: Literal["ready", "delayed", "dead", "all"], *, ids: Sequence[str] | None = None
    ) -> int:
        """Delete items that are not leased; return how many."""
        if ids is None:
            return int((await self._client.post(self._path("purge"), {"what": what}))["count"])
        count = 0
        for start in range(0, len(ids), ITEMS_PER_CALL_MAX):
            some = list(ids[start : start + ITEMS_PER_CALL_MAX])
            count += (await self._client.post(self._path("purge"), {"what": what, "ids": some}))["count"]
        return count

    async def peek(
        self, *, state: State = "ready", limit: int = 100, ids: Sequence[str] | None = None
    ) -> list[ItemRecord]:
        """Look at items of a state, up to a page of the API."""
        if ids is not None:
            raise _not_over_the_api("items are looked at by their state")
        if limit > PAGE:
            raise HeadraceError(f"a server shows {PAGE} items of a state at most; give a --limit within that")
        page = await self._client.get(self._path("items"), {"state": state, "limit": limit})
        return [_record(data) for data in page["items"]]

    async def inspect(self, item_id: str) -> ItemRecord | None:
        """Return all that is known of one item."""
        try:
            return _record(await self._client.get(self._path("items", item_id)))
        except ServerRefused as refused:
            if refused.status == 404 and "item" in str(refused):
                return None
            raise

    async def stats(self) -> Stats:
        """Return counts."""
        return stats_of(await self._client.get(self._path()))

    async def lease(
        self, max_items: int, lease_seconds: float, *, wait_seconds: float = 0.0, worker: str = ""
    ) -> list[Leased]:
        """Raise: see the class."""
        raise _not_over_the_api("items are leased by workers")

    async def complete(self, done: Sequence[Done]) -> list[str]:
        """Raise: see the class."""
        raise _not_over_the_api("items are completed by workers")

    async def complete_and_lease(
        self,
        done: Sequence[Done],
        max_items: int,
        lease_seconds: float,
        *,
        wait_seconds: float = 0.0,
        worker: str = "",
    ) -> tuple[list[str], list[Leased]]:
        """Raise: see the class."""
        raise _not_over_the_api("items are completed by workers")

    async def extend(self, held: Sequence[Held], lease_seconds: float) -> list[str]:
        """Raise: see the class."""
        raise _not_over_the_api("leases are extended by workers")

    async def release(self, held: Sequence[Held]) -> list[str]:
        """Raise: see the class."""
        raise _not_over_the_api("items are released by workers")

    async def fail(self, failed: Sequence[Failed]) -> list[str]:
        """Raise: see the class."""
        raise _not_over_the_api("items are failed by workers")

    async def aclose(self) -> None:
        """Do nothing: the client is closed by who has made it."""


class ServerQueues:
    """All queues of a namespace at a server."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def names(self) -> list[str]:
        """Return the names of all queues."""
        return [each["name"] for each in await self._list()]

    async def stats(self, names: Sequence[str]) -> dict[str, Stats]:
        """Return how these queues are, by name; one that is not there is left out."""
        found = {each["name"]: stats_of(each) for each in await self._list()}
        return {name: found[name] for name in names if name in found}

    async def _list(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = (await self._client.get(self._client.path("queues")))["items"]
        return listed

    async def pause(self, name: str) -> None:
        """Let nothing be given out."""
        await self._client.post(self._client.path("queues", name, "pause"), repeatable=True)

    async def resume(self, name: str) -> None:
        """End a pause."""
        await self._client.post(self._client.path("queues", name, "resume"), repeatable=True)

    async def aclose(self) -> None:
        """Do nothing: the client is closed by who has made it."""


def stats_of(data: dict[str, Any]) -> Stats:
    """Return counts."""
    return msgspec.convert({name: data[name] for name in Stats.__struct_fields__}, Stats)


def _chunks(puts: Sequence[Put]) -> Iterator[tuple[bytes, bool]]:
    """Yield bodies of requests that the API takes, and whether each may be sent twice: all have ids."""
    items: list[bytes] = []
    size, repeatable = 0, True
    for number, put in enumerate(puts, 1):
        items.append(_item(put))
        size += len(items[-1])
        repeatable = repeatable and put.id is not None
        if number == len(puts) or len(items) == ITEMS_PER_CALL_MAX or size >= BYTES_PER_REQUEST:
            yield b'{"items":[' + b",".join(items) + b"]}", repeatable
            items, size, repeatable = [], 0, True


def _item(put: Put) -> bytes:
    data: dict[str, Any] = {
        "id": put.id,
        "delay_seconds": put.delay_seconds,
        "priority": put.priority,
        "dedupe_key": put.dedupe_key,
        "dedupe_seconds": put.dedupe_seconds,
        "max_attempts": put.max_attempts,
        "headers": put.headers,
    }
    data = {name: value for name, value in data.items() if value is not None}
    try:
        # As text an item stays what it is, byte for byte; as data it would be written anew.
        as_text = orjson.dumps({**data, "text": put.payload.decode()})
        if len(as_text) < 2 * len(put.payload) + 1000:
            return as_text
    except UnicodeDecodeError:
        pass
    return orjson.dumps({**data, "data_base64": base64.b64encode(put.payload).decode()})


def _bytes(data: dict[str, Any] | None) -> bytes | None:
    if data is None:
        return None
    if "data_base64" in data:
        return base64.b64decode(data["data_base64"])
    if "text" in data:
        return str(data["text"]).encode()
    return orjson.dumps(data["data"]) if "data" in data else None


def _record(data: dict[str, Any]) -> ItemRecord:
    return ItemRecord(
        id=data["id"],
        state=data["state"],
        payload=_bytes(data),
        attempts=data["attempts"],
        enqueued_at=data["enqueued_at"],
        priority=data["priority"],
        run_at=data.get("run_at"),
        leased_by=data.get("leased_by"),
        expires_at=data.get("expires_at"),
        result=_bytes(data.get("result")),
        error=data.get("error"),
        headers=data.get("headers"),
        history=tuple(msgspec.convert(each, ItemEvent) for each in data.get("history") or ()),
    )


def _letter(data: dict[str, Any]) -> DeadLetter:
    return DeadLetter(
        id=data["id"],
        payload=_bytes(data) or b"",
        reason=data["reason"],
        error=data["error"],
        attempts=data["attempts"],
        enqueued_at=data["enqueued_at"],
        died_at=data["died_at"],
        priority=data["priority"],
        headers=data.get("headers"),
    )


def _not_over_the_api(why: str) -> HeadraceError:
    return HeadraceError(f"{why}, and not by this command")
