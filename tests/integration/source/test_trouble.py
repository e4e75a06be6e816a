"""When nothing can be started for a while: nothing is lost, nothing is decided."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from headrace.errors import HeadraceError
from headrace.queue.port import Put
from headrace.runtime.clock import SystemClock
from headrace.source.http import HttpProblem
from headrace.source.port import SourceError, StartOutcome, StartRequest, StartUnavailable
from headrace.source.sources import Sources
from integration.source.place import HOUR, Place, app

ALL = """
- {name: api, http: {path: /orders, maxOpen: 3}}
- {name: paid, event: {with: {type: paid}}}
- {name: pairs, event: {all: [{with: {type: paid}}, {with: {type: packed}}]}}
- {name: often, interval: {every: PT1H}}
"""


class Trouble:
    """Lets starts fail for a while, before they reach the runtime."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.error: HeadraceError | None = None
        self.asked = 0

    def into(self, sources: Sources) -> None:
        """Stand before what starts executions."""
        through = sources._tools.start

        async def start(request: StartRequest) -> StartOutcome:
            self.asked += 1
            if self.error is not None:
                raise self.error
            return await through(request)

        sources._tools = msgspec.structs.replace(sources._tools, start=start)


async def a_place(tmp_path: Path, clock: Any = None) -> tuple[Place, Trouble]:
    place = await Place(tmp_path, clock).open()
    trouble = Trouble(place)
    trouble.into(place.sources)
    return place, trouble


async def test_what_came_is_started_when_it_can_be(tmp_path: Path) -> None:
    place, trouble = await a_place(tmp_path)
    async with place:
        await place.apply(app(ALL))
        trouble.error = StartUnavailable("the disk is full")
        for kind in ("paid", "packed"):
            await place.headrace.publish({"id": kind, "source": "/t", "type": kind, "data": kind})
        await place.turn(HOUR)
        route = place.sources.routes.match("POST", "default", "/orders")
        assert route is not None
        with pytest.raises(HttpProblem, match="the disk is full") as caught:
            await route.start(route.request("POST", "/orders", [], b"", b"{}"))
        assert (caught.value.status, caught.value.retry_after_seconds) == (503, 1)
        for _ in range(4):
            await place.turn(1)
        states = {state.trigger: state for state in await place.sources.states("default")}
        assert {name: state.error for name, state in states.items()} == dict.fromkeys(
            states, "the disk is full"
        )
        assert states["api"].open == 0  # what did not start is not open
        assert len(await place.headrace.store.undelivered(10)) == 1
        asked = trouble.asked
        await place.settle()
        assert trouble.asked == asked  # tried again with pauses, not in a loop
        trouble.error = None
        for _ in range(4):
            await place.turn(15)
        await place.until_started(3)
        assert sorted(row.trigger or "" for row in await place.rows()) == ["often", "paid", "pairs"]
        assert {state.error for state in await place.sources.states("default") if state.trigger != "api"} == {
            None
        }


async def test_items_are_given_back(tmp_path: Path) -> None:
    place, trouble = await a_place(tmp_path, SystemClock())
    async with place:
        trouble.error = StartUnavailable("the disk is full")
        queue = await place.queue("default", "jobs")
        await queue.enqueue(Put(payload=b"1"))
        await place.apply(app("- {name: jobs, queue: {name: jobs}}"))
        await place.until(lambda: trouble.asked > 0)
        trouble.error = None
        await place.until_started(1)

        async def over() -> bool:
            return (await queue.stats()).completed_total == 1

        await place.until(over)
        [one] = await queue.peek(state="completed")
        assert one.attempts <= 1  # being given back costs no attempt


async def test_a_flow_that_cannot_be_started_is_on_record(tmp_path: Path) -> None:
    place, trouble = await a_place(tmp_path)
    async with place:
        await place.apply(app(ALL))
        trouble.error = HeadraceError("its definition is not valid any more")
        fired = await place.sources.fire("default", "orders", "api", {})
        assert (fired.outcome, fired.reason) == ("failed", "start")
        [firing] = await place.firings("api")
        assert (firing.outcome, firing.reason) == ("failed", "its definition is not valid any more")


@pytest.mark.parametrize(
    ("trigger", "said"),
    [
        ("- {name: t, kafka: {topic: x}}", "trigger 't' of default/orders is of the kind 'kafka'"),
        (
            "- {name: t, pulsar: {topic: x}}",
            "this installation does not have; it has cron, event, http",
        ),
    ],
)
async def test_what_cannot_run_is_refused_and_changes_nothing(
    tmp_path: Path, trigger: str, said: str
) -> None:
    async with await Place(tmp_path).open(app(ALL)) as place:
        with pytest.raises(SourceError, match=said):
            await place.apply(app(trigger))
        assert len(await place.sources.states("default")) == 4
        await place.turn(HOUR)
        await place.until_started(1)


async def test_triggers_of_the_eventing_runtime_do_not_run_here(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(ALL, runtime="eventing")) as place:
        assert await place.sources.states("default") == []


async def test_names_that_are_not_there(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(ALL)) as place:
        with pytest.raises(SourceError, match="has no trigger 'apii'; it has api, often, paid, pairs"):
            await place.sources.pause("default", "orders", "apii")
        with pytest.raises(SourceError, match="it has none"):
            await place.sources.fire("default", "nothing", "api", {})
        with pytest.raises(SourceError, match="give a CloudEvent"):
            await place.sources.fire("default", "orders", "paid", 5)


async def test_applying_while_applying(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(ALL)) as place:
        texts = [app(ALL.replace("PT1H", f"PT{number}H")) for number in range(1, 6)]
        await asyncio.gather(*(place.apply(text) for text in texts))
        assert len(await place.sources.states("default")) == 4
        assert len(await place.triggers.states()) == 4
