"""The counts of work queues, sampled while somebody looks: one sampler per queue, however many look."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

import msgspec
import orjson

from headrace.api.reader import Reader, Topic
from headrace.queue.port import QueueError, WorkQueue

SAMPLE_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Gauge:
    """One queue that somebody looks at."""

    def __init__(
        self, namespace: str, name: str, queue: WorkQueue, gone: Callable[[], None], alive_seconds: float
    ):
        self._topic = Topic(namespace)
        self._name = name
        self._queue = queue
        self._gone = gone
        self._alive_seconds = alive_seconds
        self.readers: set[Reader] = set()
        self._counts: object = None
        self._frame = b""
        self._sampling: asyncio.Task[None] | None = None

    def subscribe(self, wake: Callable[[], None]) -> Reader:
        """Add a reader; it gets the counts at once where they are known."""
        reader = Reader(self._topic, False, wake)
        self.readers.add(reader)
        if self._frame:
            reader.push(self._frame)
        if self._sampling is None:
            self._sampling = asyncio.create_task(self._sample(), name=f"headrace-gauge-{self._name}")
        return reader

    def unsubscribe(self, reader: Reader) -> None:
        """Forget a reader; the last one ends the sampling."""
        self.readers.discard(reader)
        if not self.readers:
            if self._sampling is not None:
                self._sampling.cancel()
                self._sampling = None
            self._gone()

    async def _sample(self) -> None:
        said_at = time.monotonic()
        while True:
            frame = b""
            try:
                stats = await self._queue.stats()
                counts = msgspec.structs.replace(stats, oldest_ready_seconds=None)
                if counts != self._counts:
                    self._counts = counts
                    data = {"name": self._name, "drained": stats.drained, **msgspec.structs.asdict(stats)}
                    frame = self._frame = b"event: queue\ndata: %s\n\n" % orjson.dumps(data)
            except QueueError as error:
                if self._counts != str(error):
                    self._counts = str(error)
                    frame = b"event: unavailable\ndata: %s\n\n" % orjson.dumps({"detail": str(error)})
            except Exception:
                _log.exception("the counts of queue %s cannot be sampled", self._name)
            now = time.monotonic()
            if not frame and now - said_at >= self._alive_seconds:
                frame = b": alive\n\n"
            if frame:
                said_at = now
                for reader in list(self.readers):
                    reader.push(frame)
            await asyncio.sleep(SAMPLE_SECONDS)


class Gauges:
    """The queues that somebody looks at."""

    def __init__(self, alive_seconds: float) -> None:
        self._alive_seconds = alive_seconds
        self._gauges: dict[tuple[str, str], Gauge] = {}
        self._closed = False

    @property
    def readers(self) -> int:
        """How many readers there are."""
        return sum(len(gauge.readers) for gauge in self._gauges.values())

    def of(self, namespace: str, name: str, queue: WorkQueue) -> Gauge:
        """Return the gauge of a queue, the same one for all who look."""
        key = namespace, name
        gauge = self._gauges.get(key)
        if gauge is None:
            gauge = Gauge(namespace, name, queue, lambda: self._forget(key), self._alive_seconds)
            self._gauges[key] = gauge
        return gauge

    def close(self) -> None:
        """End all readers."""
        for gauge in list(self._gauges.values()):
            for reader in list(gauge.readers):
                reader.end()

    def _forget(self, key: tuple[str, str]) -> None:
        self._gauges.pop(key, None)
