"""Triggers on a work queue: items, batches, failures, restarts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from headrace.queue.port import Put, QueueOptions, Stats
from headrace.queue.sqlite import SqliteQueue
from headrace.runtime.clock import SystemClock
from integration.source.place import Place, app

# Items come back by the queue's own clock, so these tests run on the system's.
LISTENING = "[{w: {listen: {to: {one: {with: {type: go}}}}}}]"
FAST = QueueOptions(max_attempts=3, backoff_seconds=0.01)
ITEMS = "- {name: jobs, queue: {name: jobs%s}}"


async def filled(place: Place, *items: Any, ids: list[str] | None = None) -> SqliteQueue:
    queue = await place.queue("default", "jobs")
    assert isinstance(queue, SqliteQueue)
    payloads = [item if isinstance(item, bytes) else orjson.dumps(item) for item in items]
    names: Sequence[str | None] = ids or [None] * len(items)
    await queue.enqueue_many(
        [Put(payload=payload, id=name) for payload, name in zip(payloads, names, strict=True)]
    )
    return queue


async def a_place(tmp_path: Path, text: str, *, begin: bool = True) -> Place:
    place = Place(tmp_path, SystemClock())
    place.queues["jobs"] = await SqliteQueue.open(tmp_path / "queue.db", "jobs", options=FAST)
    return await place.open(text) if begin else place


async def drained(place: Place, **expected: int) -> Stats:
    queue = place.queues["jobs"]

    async def over() -> bool:
        stats = await queue.stats()
        return stats.drained and all(getattr(stats, name) == value for name, value in expected.items())

    await place.until(over, f"the queue with {expected}")
    return await queue.stats()


async def test_an_execution_per_item_which_is_completed_when_it_started(tmp_path: Path) -> None:
    async with await a_place(tmp_path, app(ITEMS % "")) as place:
        queue = await filled(place, {"n": 1}, [2], b"three", b"\xff\xfe", ids=["a", "b", "c", "d"])
        await place.until_started(4)
        await drained(place, completed_total=4)
        rows = await place.rows()
        assert sorted((row.key or "", orjson.loads(row.input or b"")) for row in rows) == [
            ("trigger/jobs/a", {"n": 1}),
            ("trigger/jobs/b", [2]),
            ("trigger/jobs/c", "three"),
            ("trigger/jobs/d", "//4="),
        ]
        record = await queue.inspect("a")
        assert record is not None
        by_key = {row.key: row.id for row in rows}
        assert orjson.loads(record.result or b"") == {"execution": by_key["trigger/jobs/a"]}


async def test_input_and_dedupe_see_the_item(tmp_path: Path) -> None:
    text = app(ITEMS % ", input: '{id, n: .data.n, attempt}', dedupe: .data.n")
    async with await a_place(tmp_path, text) as place:
        await filled(place, {"n": 1}, ids=["a"])
        await place.until_started(1)
        await filled(place, {"n": 1}, ids=["b"])
        await drained(place, completed_total=2)
        assert await place.inputs() == [{"id": "a", "n": 1, "attempt": 1}]
        assert [firing.outcome for firing in await place.firings("jobs")] == ["duplicate", "started"]


async def test_an_item_that_the_mapping_fails_on_is_a_dead_letter_at_once(tmp_path: Path) -> None:
    async with await a_place(tmp_path, app(ITEMS % ", input: '{n: (.data.n + 1)}'")) as place:
        queue = await filled(place, {"n": "x"}, {"n": 1})
        await drained(place, completed_total=1, dead=1)
        [letter] = await queue.dead_letters()
        assert (letter.reason, letter.attempts) == ("final", 1)
        assert "the mapping failed" in (letter.error or "")
        assert await place.inputs() == [{"n": 2}]


async def test_an_item_is_completed_with_the_output_when_its_execution_ended(tmp_path: Path) -> None:
    text = app(ITEMS % ", complete: ended", steps=LISTENING)
    async with await a_place(tmp_path, text) as place:
        queue = await filled(place, {"n": 1}, ids=["a"])
        await place.until_started(1)
        stats = await queue.stats()
        assert (stats.leased, stats.completed_total) == (1, 0)
        await place.headrace.publish({"id": "1", "source": "/t", "type": "go", "data": "gone"})
        await drained(place, completed_total=1)
        record = await queue.inspect("a")
        assert record is not None
        assert orjson.loads(record.result or b"") == ["gone"]


async def test_what_faults_is_tried_again_and_then_a_dead_letter(tmp_path: Path) -> None:
    fault = '{type: "https://x.test/no", status: 500, detail: "not ${ .n }"}'
    check = "{c: {switch: [{ok: {when: .n == 1, then: end}}, {no: {then: r}}]}}"
    steps = f"[{check}, {{r: {{raise: {{error: {fault}}}}}}}]"
    async with await a_place(tmp_path, app(ITEMS % ", complete: ended", steps=steps)) as place:
        queue = await filled(place, {"n": 1}, {"n": 2}, ids=["a", "b"])
        await drained(place, completed_total=1, dead=1)
        [letter] = await queue.dead_letters()
        assert (letter.id, letter.reason, letter.attempts) == ("b", "attempts", 3)
        assert "not 2" in (letter.error or "")
        rows = [row for row in await place.rows() if row.status == "faulted"]
        assert [row.key for row in rows] == ["trigger/jobs/b", "trigger/jobs/b/2", "trigger/jobs/b/3"]


async def test_an_execution_that_is_under_way_is_not_started_again_after_a_restart(tmp_path: Path) -> None:
    text = app(ITEMS % ", complete: ended", steps=LISTENING)
    place = await a_place(tmp_path, text)
    await filled(place, {"n": 1}, {"n": 2})
    await place.until_started(2)
    await place.close()
    async with await a_place(tmp_path, text) as place:
        queue = place.queues["jobs"]

        async def leased() -> bool:
            return (await queue.stats()).leased == 2

        await place.until(leased)
        await place.settle()
        assert len(await place.rows()) == 2
        await place.headrace.publish({"id": "1", "source": "/t", "type": "go"})
        await drained(place, completed_total=2)
        assert len(await place.rows()) == 2


async def test_not_more_than_may_be_open_are_leased(tmp_path: Path) -> None:
    text = app(ITEMS % ", complete: ended, maxOpen: 2", steps=LISTENING)
    async with await a_place(tmp_path, text) as place:
        queue = await filled(place, *range(5))
        await place.until_started(2)
        await place.settle()
        stats = await queue.stats()
        assert (stats.leased, stats.ready) == (2, 3)
        [status] = await place.sources.states("default")
        assert (status.open, status.max_open) == (2, 2)
        for number in range(3):
            await place.headrace.publish({"id": str(number), "source": "/t", "type": "go"})
            await place.until_started(min(5, 2 * (number + 2)))
        await drained(place, completed_total=5)
        assert sorted(await place.inputs()) == [0, 1, 2, 3, 4]


async def test_while_it_is_paused_nothing_is_leased(tmp_path: Path) -> None:
    place = await a_place(tmp_path, app(ITEMS % ""))
    await place.sources.pause("default", "orders", "jobs")
    queue = await filled(place, 1, 2)
    await place.settle()
    stats = await queue.stats()
    # A call that waited when it was paused gives back what it got.
    await place.until(lambda: _ready(queue, 2))
    assert stats.completed_total == 0
    assert await place.inputs() == []
    await place.sources.resume("default", "orders", "jobs")
    await drained(place, completed_total=2)
    assert sorted(await place.inputs()) == [1, 2]
    await place.close()


async def _ready(queue: SqliteQueue, count: int) -> bool:
    return (await queue.stats()).ready == count


async def test_a_batch_starts_one_execution(tmp_path: Path) -> None:
    place = await a_place(tmp_path, "", begin=False)
    queue = await filled(place, *range(7))
    await place.open(app(ITEMS % ", batch: 3, input: '[.[].data * 10]'"))
    await drained(place, completed_total=7)
    inputs = await place.inputs()
    assert sorted(number for batch in inputs for number in batch) == [0, 10, 20, 30, 40, 50, 60]
    assert sorted(map(len, inputs)) == [1, 3, 3]

    async def forgotten() -> bool:
        [state] = await place.triggers.states()
        return bool(orjson.loads(state.note or b"") == {"batches": {}})

    await place.until(forgotten, "no batch in the note")  # written after the items are completed
    assert queue.name == "jobs"
    await place.close()


async def test_items_of_a_batch_that_started_start_nothing_in_another_one(tmp_path: Path) -> None:
    """The process died after the start and before the items were completed."""
    text = app(ITEMS % ", batch: 4")
    place = await a_place(tmp_path, text)
    await filled(place, "a", "b", ids=["a", "b"])
    await place.until_started(1)
    await drained(place, completed_total=2)
    [row] = await place.rows()
    [state] = await place.triggers.states()
    await place.sources.stop()
    # As it was before: both items are back, among others, and the note says that they were about to start.
    assert row.key is not None
    key = row.key.removeprefix("trigger/jobs/")
    note = orjson.dumps({"batches": {key: ["a2", "b2"], "batch:never": ["c2"]}})
    await place.triggers.advance(state.name, None, note)
    await filled(place, "x", "a", "c", "b", ids=["x2", "a2", "c2", "b2"])
    await place.close()
    async with await a_place(tmp_path, text) as place:
        await drained(place, completed_total=6)
        assert await place.inputs() == [["a", "b"], ["x", "c"]]


async def test_a_batch_that_faulted_comes_again_with_its_items(tmp_path: Path) -> None:
    fault = '{type: "https://x.test/no", status: 500}'
    steps = f"[{{r: {{raise: {{error: {fault}}}}}}}]"
    place = await a_place(tmp_path, "", begin=False)
    queue = await filled(place, 1, 2)
    await place.open(app(ITEMS % ", batch: 2, complete: ended", steps=steps))
    await drained(place, dead=2)
    letters = await queue.dead_letters()
    assert {letter.attempts for letter in letters} == {3}
    assert len(await place.rows()) >= 3
    await place.close()


async def test_fired_by_hand_without_an_item(tmp_path: Path) -> None:
    async with await a_place(tmp_path, app(ITEMS % ", input: .data")) as place:
        await place.sources.fire("default", "orders", "jobs", {"n": 1})
        assert await place.inputs() == [{"n": 1}]
        assert (await place.queues["jobs"].stats()).enqueued_total == 0
