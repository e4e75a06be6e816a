"""A process with triggers: the store, the runtime and the sources of one file, on a clock turned by hand."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from headrace import Headrace
from headrace.main.starting import starter
from headrace.queue.port import WorkQueue
from headrace.queue.sqlite import SqliteQueue
from headrace.runtime.clock import Clock, ManualClock
from headrace.runtime.definitions import Deployed
from headrace.source.sources import Sources
from headrace.store.port import ExecutionQuery, ExecutionRow
from headrace.store.sqlite import SqliteStore
from headrace.store.sqlite.triggers import SqliteTriggers
from headrace.store.triggers import Firing

SECOND, MINUTE, HOUR, DAY = 1.0, 60.0, 3_600.0, 86_400.0
# 2027-01-15T00:00:00Z
MIDNIGHT = 1_799_971_200.0


def app(triggers: str, steps: str = "[{a: {set: {came: '${ . }'}}}]", **spec: str) -> str:
    """Return a FlowApp `orders` with these triggers."""
    more = "".join(f"  {name}: {value}\n" for name, value in spec.items())
    return (
        "apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\nmetadata: {name: orders}\nspec:\n"
        f"  version: 1.0.0\n  steps: {steps}\n{more}  triggers:\n"
        + textwrap.indent(textwrap.dedent(triggers).strip("\n"), "    ")
        + "\n"
    )


class Place:
    """One life of a process."""

    def __init__(self, path: Path, clock: Clock | None = None) -> None:
        self.path = path
        self.clock: Any = clock or ManualClock(MIDNIGHT)
        self.headrace = Headrace(path / "flows.db", clock=self.clock, grace_seconds=1.0)
        self.current: dict[tuple[str, str], Deployed] = {}
        self.queues: dict[str, SqliteQueue] = {}
        self.sources: Sources

    async def open(self, *texts: str, paused: bool = False) -> Place:
        """Begin, as a server does: apply everything, then let the runtime go on."""
        await self.headrace.start_up(recover=False)
        store = self.headrace.store
        assert isinstance(store, SqliteStore)
        self.triggers = SqliteTriggers(store)
        self.sources = Sources(
            self.triggers,
            starter(self.headrace.runtime, self._deployed),
            self.clock,
            open_queue=self.queue,
        )
        self.headrace.runtime.on_end(self.sources.ended)
        self.headrace.runtime.offer_events(self.sources.offer)
        for text in texts:
            await self.apply(text, paused=paused)
        await self.headrace.recover()
        return self

    async def _deployed(self, namespace: str, name: str) -> Deployed:
        return self.current[(namespace, name)]

    async def apply(self, text: str, *, paused: bool = False) -> Deployed:
        """Deploy a definition and let its triggers run."""
        deployed = await self.headrace.deploy(text)
        await self.sources.apply(deployed, paused=paused)
        self.current[(deployed.namespace, deployed.name)] = deployed
        return deployed

    async def queue(self, namespace: str, name: str) -> WorkQueue:
        """Return a work queue of this place."""
        if name not in self.queues:
            self.queues[name] = await SqliteQueue.open(self.path / "queue.db", name)
        return self.queues[name]

    async def close(self) -> None:
        """End as a server does."""
        await self.sources.stop()
        await self.headrace.shut_down()
        for queue in self.queues.values():
            await queue.aclose()

    async def __aenter__(self) -> Place:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # --- looking ----------------------------------------------------------------------------------------

    async def rows(self, name: str = "orders") -> list[ExecutionRow]:
        """Return the executions of a flow with payloads, oldest first."""
        rows = await self.headrace.executions(ExecutionQuery(name=name, limit=1000))
        return [row for each in reversed(rows) if (row := await self.headrace.execution(each.id)) is not None]

    async def inputs(self, name: str = "orders") -> list[Any]:
        """Return the inputs of a flow's executions, oldest first."""
        return [None if row.input is None else orjson.loads(row.input) for row in await self.rows(name)]

    async def firings(self, trigger: str, flow: str = "orders") -> list[Firing]:
        """Return the firings of a trigger, newest first."""
        return await self.sources.firings("default", flow, trigger, limit=1000)

    async def until(self, holds: Callable[[], Any], what: str = "it") -> None:
        """Let others work until a condition (or the result of a coroutine) holds."""
        for _ in range(2_000):
            result = holds()
            if asyncio.iscoroutine(result):
                result = await result
            if result:
                return
            await asyncio.sleep(0.002)
        raise AssertionError(f"{what} did not come about")

    async def until_started(self, count: int, name: str = "orders") -> None:
        """Let others work until so many executions are there."""

        async def enough() -> bool:
            return len(await self.headrace.executions(ExecutionQuery(name=name, limit=1000))) >= count

        await self.until(enough, f"{count} executions")

    async def settle(self) -> None:
        """Let what was woken go on to where it waits again: every step of it may write."""
        for _ in range(6):
            await asyncio.sleep(0.005)
            await self.triggers.last_event()

    async def turn(self, seconds: float) -> None:
        """Turn the clock, and let what is due by then happen."""
        self.clock.advance(seconds)
        await self.settle()
