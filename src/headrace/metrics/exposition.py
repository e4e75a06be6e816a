"""The page that Prometheus reads: what was counted, and what is looked up when it asks.

Depths and counts of the store and of queues are read at the scrape, not kept up to date at every change. What
was read is good for some seconds, longer when it took long, so that many scrapers cost as much as one.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from headrace.metrics.family import Counter

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import Metric

FRESH_SECONDS = 5.0
# A look that took t is good for at least so many times t: it may cost 2% of the time.
FRESH_TIMES_TAKEN = 50
READ_SECONDS_MAX = 3.0

_log = logging.getLogger(__name__)


class Collected(Protocol):
    """A family, as the registry sees it."""

    def collect(self) -> Sequence[Metric]: ...


class Source:
    """Something to be looked up at a scrape."""

    def __init__(self, name: str, read: Callable[[], Awaitable[None]]) -> None:
        self.name = name
        self.read = read
        self.fresh_until = float("-inf")


class Page:
    """All families in a registry of their own, with the sources that fill some of them."""

    def __init__(self, families: Sequence[Collected], now: Callable[[], float] = time.monotonic) -> None:
        self._registry: CollectorRegistry | None = None
        self._families = list(families)
        self._sources: list[Source] = []
        self._now = now
        self._reading = asyncio.Lock()
        self._trouble = Counter(
            "headrace_metrics_source_failures",
            "Lookups at a scrape that failed or took too long.",
            ("source",),
        )

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: the registry would collect everything to find the names."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Return every family that has series."""
        for family in (*self._families, self._trouble):
            for metric in family.collect():
                if metric.samples:
                    yield metric

    def add(self, family: Collected) -> None:
        """Show one more family."""
        self._families.append(family)

    def add_source(self, name: str, read: Callable[[], Awaitable[None]]) -> None:
        """Call `read` at a scrape when what it read before is not fresh any more."""
        self._sources.append(Source(name, read))

    async def render(self, accept: str) -> tuple[bytes, str]:
        """Return the page and its content type, as the `Accept` header asks: OpenMetrics or text."""
        async with self._reading:
            await asyncio.gather(*(self._look(source) for source in self._sources))
        # Thousands of series take a while to write, and the library to load: not in the event loop.
        return await asyncio.to_thread(self._encoded, accept)

    def _encoded(self, accept: str) -> tuple[bytes, str]:
        from prometheus_client.exposition import choose_encoder

        encode, content_type = choose_encoder(accept)
        return encode(self._opened()), content_type

    def _opened(self) -> CollectorRegistry:
        """Return the registry, with the process and the platform beside our families."""
        if self._registry is None:
            from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector

            registry = CollectorRegistry(auto_describe=False)
            registry.register(self)
            ProcessCollector(registry=registry)
            PlatformCollector(registry=registry)
            self._registry = registry
        return self._registry

    async def _look(self, source: Source) -> None:
        began = self._now()
        if began < source.fresh_until:
            return
        try:
            await asyncio.wait_for(source.read(), READ_SECONDS_MAX)
        except Exception as error:
            # What was read before stays: a page without the rest would be of no use in an outage.
            self._trouble.add((source.name,))
            _log.warning("metrics: %s cannot be read: %s", source.name, error or type(error).__name__)
        ended = self._now()
        source.fresh_until = ended + max(FRESH_SECONDS, FRESH_TIMES_TAKEN * (ended - began))
