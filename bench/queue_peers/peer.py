"""What a contender must be able to do: a module `on_NAME` of this package has a class `Peer` like this.

`NAME:sqlite` is its class `FilePeer`, whose place is a path.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import redis

from bench.queue_peers import work

RESULTS_DATABASE = 1


class QueuePeer:
    """One queue, seen by its client. The tasks are `work.answer` and `work.probe`."""

    has_bulk = False
    probes_apart = False  # a worker has one task: it is started anew for the probes

    def __init__(self, place: str, options: dict[str, str]) -> None:
        self.place = place
        self.options = options

    async def open(self) -> None:
        """Connect."""

    async def put(self, payloads: Iterable[str]) -> None:
        """Enqueue one by one, each known to be in the queue before the next."""
        raise NotImplementedError

    async def put_probe(self, payload: str) -> None:
        """Enqueue one item for `work.probe`."""
        raise NotImplementedError

    async def put_bulk(self, payloads: list[str]) -> None:
        """Enqueue many by what the library has for that."""
        raise NotImplementedError

    def worker(self, probing: bool) -> list[str]:
        """The command of one worker process. `probing`: it will only be given probes."""
        raise NotImplementedError

    async def completed(self) -> int:
        """How many items are done, acknowledged and have their result stored; asked often, so cheap."""
        raise NotImplementedError

    async def answers(self) -> Iterable[int]:
        """The number in every stored result."""
        raise NotImplementedError

    async def close(self) -> None:
        """Disconnect."""


class RedisPeer(QueuePeer):
    """A queue on Redis, with a second, plain connection to look at what it left there."""

    def __init__(self, place: str, options: dict[str, str]) -> None:
        super().__init__(place, options)
        self.look = redis.Redis.from_url(place)
        self.look_at_results = redis.Redis.from_url(f"{place}/{RESULTS_DATABASE}")

    async def answers(self) -> Iterable[int]:
        """Look through all that Redis holds: an item's own number is written otherwise than an answer's."""
        return [
            number
            for client in (self.look, self.look_at_results)
            for stored in everything(client)
            for number in self.answers_in(stored)
        ]

    def answers_in(self, stored: bytes) -> Iterable[int]:
        """The numbers of the answers in a value."""
        return work.answers_in(stored)

    async def close(self) -> None:
        """Disconnect."""
        self.look.close()
        self.look_at_results.close()


def everything(client: redis.Redis) -> Iterator[bytes]:
    """Every value of a database."""
    readers: dict[bytes, Callable[[bytes], Iterable[bytes]]] = {
        b"string": lambda key: [client.get(key)],
        b"hash": lambda key: client.hvals(key),
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": lambda key: client.smembers(key),
        b"zset": lambda key: client.zrange(key, 0, -1),
        b"stream": lambda key: [value for _, fields in client.xrange(key) for value in fields.values()],
    }
    keys = list(client.scan_iter(count=1000))
    pipe = client.pipeline(transaction=False)
    for key in keys:
        pipe.type(key)
    for key, kind in zip(keys, pipe.execute(), strict=True):
        if kind != b"none":  # it has expired since: a lock, say
            yield from readers[kind](key)


def module(*words: str) -> list[str]:
    """The command that runs a Python module."""
    return [sys.executable, "-m", *words]


def on_uvloop(*words: str) -> list[str]:
    """The same, with uvloop for asyncio's event loop."""
    return [sys.executable, "-m", "bench.queue_peers.with_uvloop", *words]


def script(name: str) -> str:
    """A program that a package has put beside the interpreter."""
    return str(Path(sys.executable).parent / name)
