"""What the runtime does for triggers: names them, tells of ends, offers events, keeps namespaces apart."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import orjson

from headrace import Headrace
from headrace.runtime.results import Result

SET = "document: {dsl: 1.0.3, namespace: default, name: s, version: 1.0.0}\ndo: [{a: {set: {x: 1}}}]\n"
LISTEN = """
document: {dsl: 1.0.3, namespace: NAMESPACE, name: l, version: 1.0.0}
do: [{w: {listen: {to: {one: {with: {type: go}}}}}}]
"""
EMIT = """
document: {dsl: 1.0.3, namespace: shop, name: e, version: 1.0.0}
use: {secrets: [key]}
do: [{e: {emit: {event: {with: {source: /s, type: go, data: "${ $secrets.key }"}}}}}]
"""


def event(number: int, **more: Any) -> dict[str, Any]:
    return {"specversion": "1.0", "id": str(number), "source": "/t", "type": "go", **more}


async def test_an_execution_names_its_trigger(tmp_path: Path) -> None:
    async with Headrace(tmp_path / "f.db") as headrace:
        flow = await headrace.deploy(SET)
        ended: list[Result] = []
        headrace.runtime.on_end(ended.append)
        first = await headrace.runtime.start_execution(flow, None, key="k", trigger="nightly")
        assert await headrace.runtime.start_execution(flow, None, key="k", trigger="nightly") == first
        row = await headrace.execution(first)
        assert row is not None
        assert row.trigger == "nightly"
        again = await headrace.execution((await headrace.rerun(first)).id)
        assert again is not None
        assert again.trigger is None  # a rerun is no firing
        assert [(result.execution_id, result.status, result.output) for result in ended] == [
            (first, "completed", {"x": 1}),
            (again.id, "completed", {"x": 1}),
        ]


async def test_a_listener_that_fails_harms_nothing(tmp_path: Path) -> None:
    def fail(result: Result) -> None:
        raise ValueError("a defect of who listens")

    async with Headrace(tmp_path / "f.db") as headrace:
        headrace.runtime.on_end(fail)
        assert await headrace.run(await headrace.deploy(SET)) == {"x": 1}


async def test_an_event_is_delivered_only_when_what_it_was_offered_to_is_done(tmp_path: Path) -> None:
    offered: list[tuple[int, Any]] = []
    doing: list[asyncio.Future[None]] = []

    def offer(sequence: int, event: dict[str, Any]) -> asyncio.Future[None] | None:
        offered.append((sequence, event.get("data")))
        if event.get("data") == "plain":
            return None
        doing.append(asyncio.get_running_loop().create_future())
        return doing[-1]

    async def undelivered(headrace: Headrace) -> list[Any]:
        return [orjson.loads(one.event).get("data") for one in await headrace.store.undelivered(10)]

    async def until(headrace: Headrace, wanted: list[Any]) -> None:
        for _ in range(1000):
            if await undelivered(headrace) == wanted:
                return
            await asyncio.sleep(0.002)
        raise AssertionError(await undelivered(headrace))

    headrace = Headrace(tmp_path / "f.db")
    await headrace.start_up(recover=False)
    headrace.runtime.offer_events(offer)
    await headrace.recover()
    for number, data in enumerate(["plain", "done", "fails", "waits"]):
        await headrace.publish(event(number, data=data))
    await until(headrace, ["done", "fails", "waits"])
    async with asyncio.timeout(20):
        while len(doing) < 3:  # "plain" may be delivered before the others are offered
            await asyncio.sleep(0.002)
    doing[0].set_result(None)
    doing[1].set_exception(ValueError("a defect of the trigger"))
    await until(headrace, ["fails", "waits"])
    await headrace.shut_down()
    before = list(offered)
    headrace = Headrace(tmp_path / "f.db")
    await headrace.start_up(recover=False)
    headrace.runtime.offer_events(offer)
    await headrace.recover()
    for _ in range(1000):
        if len(offered) == len(before) + 2:
            break
        await asyncio.sleep(0.002)
    assert offered[len(before) :] == before[2:]  # offered again, in order, under their numbers
    for future in doing[-2:]:
        future.set_result(None)
    await until(headrace, [])
    await headrace.shut_down()


async def test_more_undelivered_events_than_a_page_are_each_offered_once(tmp_path: Path) -> None:
    count = 1_200
    async with Headrace(tmp_path / "f.db") as headrace:
        store = headrace.store
        await store.publish([orjson.dumps(event(number)) for number in range(count)])
    seen: list[int] = []
    never: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def offer(sequence: int, event: dict[str, Any]) -> asyncio.Future[None]:
        seen.append(int(event["id"]))
        return never

    headrace = Headrace(tmp_path / "f.db")
    await headrace.start_up(recover=False)
    headrace.runtime.offer_events(offer)
    await headrace.recover()
    for _ in range(1000):
        if len(seen) >= count:
            break
        await asyncio.sleep(0.002)
    assert seen == list(range(count))
    await headrace.shut_down()


async def test_events_stay_in_their_namespace_and_tell_no_secret(tmp_path: Path) -> None:
    secrets = {"key": "s3cret-canary"}
    async with Headrace(tmp_path / "f.db", namespaced_events=True, secrets=secrets) as headrace:
        listening = {}
        for namespace in ("shop", "elsewhere"):
            flow = await headrace.deploy(LISTEN.replace("NAMESPACE", namespace))
            listening[namespace] = await headrace.start(flow)
        emitting = await headrace.deploy(EMIT)
        await headrace.run(emitting)
        result = await listening["shop"].result()
        assert result.output == ["***"]  # what the store has, also without a restart in between
        row = await headrace.execution(listening["elsewhere"].id)
        assert row is not None
        assert row.status == "waiting"
        await headrace.runtime.publish(event(1, data="x", headracenamespace="shop"), namespace="elsewhere")
        assert (await listening["elsewhere"].result()).output == ["x"]
