"""Each rule on real executions and queues: when it fires, when it does not, and when it is over."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from headrace.queue.port import Failed, Put
from headrace.queue.sqlite import SqliteQueue
from headrace.runtime.clock import ManualClock
from integration.alert.place import place, receiver

FLOW = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: orders}
spec:
  version: 1.0.0
  alerts:
    - {name: alert, group: PT0S, webhook: {url: "URL"}, CONDITION}
  steps:
    - how:
        switch:
          - bad: {when: .mode == "bad", then: bad}
          - slow: {when: .mode == "slow", then: slow}
          - event: {when: .mode == "event", then: event}
          - good: {then: end}
    - bad: {raise: {error: {type: "https://example.test/no-credit", status: 402}}, then: end}
    - slow: {wait: PT10M, then: end}
    - event: {listen: {to: {one: {with: {type: paid}}}}}
"""


def flow(url: str, condition: str) -> str:
    return FLOW.replace("URL", url).replace("CONDITION", condition)


async def run(where: Any, mode: str) -> str:
    handle = await where.headrace.start("orders", {"mode": mode})
    if mode in ("bad", "good"):
        await handle.result()
    return str(handle.id)


async def test_an_execution_that_faulted_is_told_once(tmp_path: Path) -> None:
    async with receiver() as hook:
        text = flow(hook.url, "faulted: true")
        clock = ManualClock()
        async with place(tmp_path / "a.db", clock=clock, deploy=(text,)) as where:
            await run(where, "good")
            execution = await run(where, "bad")
            [body] = await hook.wait(1)
            assert (body["alert"], body["state"], body["condition"]) == ("alert", "firing", "faulted")
            assert (body["namespace"], body["flow"], body["count"]) == ("default", "orders", 1)
            assert body["summary"] == "default/orders: 1 execution faulted"
            [event] = body["events"]
            assert event["execution"] == execution
            assert event["at"] == "2027-01-15T08:00:00.000Z"
            assert event["error"]["type"] == "https://example.test/no-credit"
            assert event["error"]["instance"] == "/do/1/bad"
            await where.ended(1)
        # In its next life it is not told again.
        async with place(tmp_path / "a.db", clock=clock, deploy=(text,)) as where:
            await where.turn(60)
            assert len(hook.requests) == 1


async def test_faults_are_told_only_when_they_are_so_many_and_it_is_told_when_they_are_over(
    tmp_path: Path,
) -> None:
    async with receiver() as hook:
        text = flow(hook.url, "faulted: {count: 3, within: PT5M}")
        clock = ManualClock()
        async with place(tmp_path / "a.db", clock=clock, deploy=(text,)) as where:
            await run(where, "bad")
            await where.turn(200)
            await run(where, "bad")
            await where.turn(200)  # the first one is out of the window
            third = await run(where, "bad")
            await where.turn(1)
            assert hook.requests == []
        # The window goes on over a restart.
        async with place(tmp_path / "a.db", clock=clock, deploy=(text,)) as where:
            fourth = await run(where, "bad")
            [body] = await hook.wait(1)
            assert body["count"] == 3
            assert [event["execution"] for event in body["events"]][1:] == [third, fourth]
            await run(where, "bad")
            await where.turn(100)
            await where.ended(1)
            assert len(hook.requests) == 1
        async with place(tmp_path / "a.db", clock=clock, deploy=(text,)) as where:
            await where.turn(301)
            _, body = await hook.wait(2)
            assert body["state"] == "resolved"
            await where.ended(2)
            # It can fire again.
            for _ in range(3):
                await run(where, "bad")
            assert [each["state"] for each in await hook.wait(3)] == ["firing", "resolved", "firing"]


async def test_an_execution_that_is_slower_is_told_while_it_runs_and_once(tmp_path: Path) -> None:
    async with receiver() as hook, place(tmp_path / "a.db") as where:
        await where.deploy(flow(hook.url, "slower: PT1M"))
        execution = await run(where, "slow")
        await run(where, "good")
        await where.turn(60)
        assert hook.requests == []
        await where.turn(5)
        [body] = await hook.wait(1)
        assert body["events"][0]["execution"] == execution
        assert body["events"][0]["seconds"] == 65
        # Before time leaps: an answer that is on its way would be too late, and be asked for again.
        await where.ended(1)
        await where.turn(600)
        await where.headrace.runtime.result(execution)
        await where.turn(10)
        await where.ended(1)
        assert len(hook.requests) == 1


async def test_an_execution_that_was_slower_is_told_at_its_end_where_no_look_came_before(
    tmp_path: Path,
) -> None:
    release = asyncio.Event()

    async def work(data: Any) -> Any:
        await release.wait()
        return data

    async with (
        receiver() as hook,
        place(tmp_path / "a.db", functions={"work": work}) as where,
    ):
        text = flow(hook.url, "slower: PT10S")
        text = (
            text[: text.index("  steps:")]
            + "  functions: {work: {source: x}}\n  steps: [{x: {call: work}}]\n"
        )
        await where.deploy(text)
        handle = await where.headrace.start("orders", {})
        where.clock.advance(11)
        release.set()
        await handle.result()
        [body] = await hook.wait(1)
        assert body["summary"] == "default/orders: 1 execution took longer than 10 s"


async def test_an_execution_without_progress_is_told_and_that_it_goes_on(tmp_path: Path) -> None:
    async with receiver() as hook:
        text = flow(hook.url, "stuck: PT1H")
        clock = ManualClock()
        async with place(tmp_path / "a.db", clock=clock, deploy=(text,)) as where:
            execution = await run(where, "event")
            await run(where, "slow")  # waits for its time, as it should
            await where.turn(3600)
            assert hook.requests == []
            await where.turn(1)
            [body] = await hook.wait(1)
            assert (body["state"], body["count"]) == ("firing", 1)
            assert body["events"][0]["execution"] == execution
            assert body["events"][0]["stuck_since"] == "2027-01-15T08:00:00.000Z"
            await where.ended(1)
        async with place(tmp_path / "a.db", clock=clock, deploy=(text,)) as where:
            await where.turn(3600)
            await where.turn(3600)
            assert len(hook.requests) == 1
            await where.headrace.publish({"id": "1", "source": "/x", "type": "paid"})
            await where.headrace.runtime.result(execution)
            await where.turn(15)
            assert [each["state"] for each in await hook.wait(2)] == ["firing", "resolved"]
            await where.ended(2)
            await where.turn(15)
            assert len(hook.requests) == 2


async def test_dead_letters_are_told_and_that_there_are_none_any_more(tmp_path: Path) -> None:
    clock = ManualClock()
    queue = await SqliteQueue.open(str(tmp_path / "q.db"), "letters", clock=clock.now)

    async def die() -> None:
        await queue.enqueue(Put(payload=b"x"))
        [item] = await queue.lease(1, 30)
        await queue.fail([Failed(id=item.id, token=item.token, error="no", final=True)])

    async with receiver() as hook:
        text = flow(hook.url, "deadLetter: true")
        async with place(tmp_path / "a.db", clock=clock, queue=queue, deploy=(text,)) as where:
            await where.turn(15)
            assert hook.requests == []
            await die()
            await die()
            await where.turn(15)
            [body] = await hook.wait(1)
            assert body["events"] == [
                {"at": body["at"], "queue": "letters", "dead": 2, "new": 2},
            ]
            await where.ended(1)
        async with place(tmp_path / "a.db", clock=clock, queue=queue, deploy=(text,)) as where:
            await where.turn(15)
            await die()
            await where.turn(15)
            assert (await hook.wait(2))[1]["events"][0]["new"] == 1
            await queue.purge("dead")
            await where.turn(15)
            assert (await hook.wait(3))[2]["state"] == "resolved"
            await where.turn(15)
            await where.ended(3)
            assert len(hook.requests) == 3
    await queue.aclose()


async def test_a_queue_that_is_too_old_is_told_and_that_it_is_not_any_more(tmp_path: Path) -> None:
    clock = ManualClock()
    queue = await SqliteQueue.open(str(tmp_path / "q.db"), "letters", clock=clock.now)
    async with receiver() as hook:
        text = flow(hook.url, "queueOlder: {queue: letters, than: PT1M}")
        async with place(tmp_path / "a.db", clock=clock, queue=queue, deploy=(text,)) as where:
            await queue.enqueue(Put(payload=b"x"))
            await where.turn(60)
            assert hook.requests == []
            await where.turn(15)
            [body] = await hook.wait(1)
            assert body["summary"] == "default: the oldest item of letters has waited longer than 60 s"
            await where.turn(15)
            await where.ended(1)
            assert len(hook.requests) == 1
            await queue.lease(1, 30)
            await where.turn(15)
            assert (await hook.wait(2))[1]["state"] == "resolved"
    await queue.aclose()


async def test_a_rule_of_a_namespace_is_about_each_of_its_flows_and_can_be_taken_back(tmp_path: Path) -> None:
    async with receiver() as hook, place(tmp_path / "a.db") as where:
        await where.deploy(flow(hook.url, "faulted: true").replace("faulted: true", "slower: PT1H"))
        rule = {"name": "all", "faulted": True, "group": "PT0S", "webhook": {"url": hook.url}}
        await where.alerts.put_rule("default", rule, by="ann")
        await where.alerts.put_rule("other", {**rule, "name": "others"}, by="ann")
        await run(where, "bad")
        [body] = await hook.wait(1)
        assert (body["alert"], body["flow"]) == ("all", None)
        assert body["events"][0]["flow"] == "orders"
        assert [row.name for row in await where.alerts.rules("default")] == ["all"]
        assert await where.alerts.delete_rule("default", "all")
        assert not await where.alerts.delete_rule("default", "all")
        await run(where, "bad")
        await where.turn(15)
        assert len(hook.requests) == 1


async def test_what_a_rule_found_is_forgotten_with_it(tmp_path: Path) -> None:
    async with receiver() as hook, place(tmp_path / "a.db") as where:
        await where.deploy(flow(hook.url, "stuck: PT1H"))
        await run(where, "event")
        await where.turn(3601)
        await hook.wait(1)
        await where.alerts.remove("default", "orders")
        await where.turn(15)
        await where.ended(1)
        assert len(hook.requests) == 1
        await where.deploy(flow(hook.url, "stuck: PT1H"))
        await where.turn(15)
        await hook.wait(2)
