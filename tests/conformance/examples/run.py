"""Runs one example to its end: publishes its events when it listens, turns the clock when it waits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance.stubs.server import hosts
from conformance.stubs.services import HTTP, HTTPS
from headrace import Headrace
from headrace.engine.record import Notice
from headrace.runtime.clock import ManualClock
from headrace.runtime.results import Result
from headrace.store.port import TaskRun

# Longer than any pause that an example makes.
PAUSE_SECONDS = 3600.0


@dataclass(frozen=True)
class Case:
    """What one example is given, and how it has to end.

    `events` are published one after the other, each when the one before was consumed or ignored; `cancel`
    ends an example that never ends by itself, once it consumed them. `requests` are the calls that its
    services must have got: method and URL.
    """

    input: Any = None
    events: Sequence[Mapping[str, Any]] = ()
    secrets: Mapping[str, Any] = field(default_factory=dict)
    others: Sequence[str] = ()  # definitions that it needs beside itself
    status: str = "completed"
    output: Any = ...
    error: Mapping[str, Any] | None = None
    requests: Sequence[tuple[str, str]] = ()
    cancel: bool = False


@dataclass(frozen=True)
class Outcome:
    """How an example ended."""

    result: Result
    history: list[TaskRun]
    requests: list[tuple[str, str, bytes]]


async def run_example(path: Path, case: Case) -> Outcome:
    """Deploy and run one example with stubs for all that it calls."""
    clock = ManualClock()
    async with (
        hosts(HTTPS, HTTP) as served,
        Headrace(":memory:", http=served.http, clock=clock, secrets=case.secrets) as headrace,
    ):
        for other in case.others:
            await headrace.deploy(other)
        flow = await headrace.deploy(path)
        notices: asyncio.Queue[Notice] = asyncio.Queue()
        headrace.observe(lambda execution_id, notice: notices.put_nowait(notice))
        handle = await headrace.start(flow, case.input)
        turning = asyncio.create_task(_turn(headrace, handle.id, case, clock, notices))
        ended = asyncio.create_task(handle.result())
        await asyncio.wait({turning, ended}, return_when=asyncio.FIRST_COMPLETED)
        if turning.done():
            turning.result()
        turning.cancel()
        result = await ended
        return Outcome(result, await headrace.history(handle.id), served.requests)


async def _turn(
    headrace: Headrace, execution_id: str, case: Case, clock: ManualClock, notices: asyncio.Queue[Notice]
) -> None:
    """Do what the outside does, whenever the execution says that it waits for it; never ends by itself."""
    to_post = len(case.events)
    while True:
        notice = await notices.get()
        if notice.phase == "correlation-started":
            for number, event in enumerate(case.events):
                await headrace.publish({"id": f"event-{number}", "source": "/test", **event})
        elif notice.phase == "retried" or (notice.phase == "started" and notice.kind == "wait"):
            clock.advance(PAUSE_SECONDS)
        elif notice.phase == "completed" and notice.name == "postToChatApi":
            to_post -= 1
            if case.cancel and to_post == 0:
                await headrace.cancel(execution_id)
