"""Triggers on events: filters, groups, pauses, restarts."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from headrace.runtime.clock import ManualClock
from integration.source.place import HOUR, MIDNIGHT, Place, app

_numbers = itertools.count()


def event(kind: str, data: Any = None, **attributes: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"e{next(_numbers)}",
        "source": "/shop",
        "type": kind,
        "data": data,
        **attributes,
    }


PAID = "- {name: paid, event: {with: {type: order.paid, data: '${ .total > 100 }'}%s}}"
SHIPPABLE = """
- name: shippable
  event:
    all:
      - {with: {type: order.paid}, correlate: {order: {from: .data.id}}}
      - {with: {type: order.packed}, correlate: {order: {from: .data.id}}}
"""


async def test_an_event_that_matches_starts_with_its_data(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(PAID % "")) as place:
        for kind, total in (("order.paid", 50), ("order.packed", 500), ("order.paid", 500)):
            await place.headrace.publish(event(kind, {"total": total}))
        await place.until_started(1)
        await place.settle()
        assert await place.inputs() == [{"total": 500}]
        [status] = await place.sources.states("default")
        assert (status.kind, status.counts, status.lag_seconds) == ("event", {"started": 1}, None)


async def test_what_input_and_dedupe_see_is_the_event(tmp_path: Path) -> None:
    text = app(PAID % ", input: '{who: .source, total: .data.total}', dedupe: .data.order")
    async with await Place(tmp_path).open(text) as place:
        await place.headrace.publish(event("order.paid", {"total": 500, "order": 7}))
        await place.until_started(1)
        await place.headrace.publish(event("order.paid", {"total": 600, "order": 7}))

        async def noted() -> bool:
            return [firing.outcome for firing in await place.firings("paid")] == ["duplicate", "started"]

        await place.until(noted)
        assert await place.inputs() == [{"who": "/shop", "total": 500}]
        [row] = await place.rows()
        assert row.key == "trigger/paid/7"


async def test_a_mapping_that_fails_is_on_record_and_the_event_is_dealt_with(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(PAID % ", input: .data.total.x")) as place:
        await place.headrace.publish(event("order.paid", {"total": 500}))

        async def failed() -> bool:
            return [firing.outcome for firing in await place.firings("paid")] == ["failed"]

        await place.until(failed)
        assert "the mapping failed" in ((await place.firings("paid"))[0].reason or "")

        async def delivered() -> bool:
            return await place.headrace.store.undelivered(10) == []

        await place.until(delivered)


async def test_schedule_on_gives_a_list(tmp_path: Path) -> None:
    text = """
document: {dsl: 1.0.3, namespace: default, name: orders, version: 1.0.0}
schedule: {on: {any: [{with: {type: a}}, {with: {type: b}}]}, read: envelope}
do: [{a: {set: {came: "${ .[0].type }"}}}]
"""
    async with await Place(tmp_path).open(text) as place:
        for kind in "abc":
            await place.headrace.publish(event(kind))
        await place.until_started(2)
        inputs = await place.inputs()
        assert sorted(each[0]["type"] for each in inputs) == ["a", "b"]
        assert {len(each) for each in inputs} == {1}


async def test_all_of_a_group_start_one_execution_together_over_restarts(tmp_path: Path) -> None:
    text = app(SHIPPABLE)
    place = await Place(tmp_path).open(text)
    await place.headrace.publish(event("order.paid", {"id": 1, "n": "a"}))
    await place.headrace.publish(event("order.paid", {"id": 2, "n": "b"}))

    async def gathered(count: int) -> bool:
        [state] = await place.triggers.states()
        return len(await place.triggers.gathered(state.name)) == count

    await place.until(lambda: gathered(2))
    await place.close()
    async with await Place(tmp_path).open(text) as place:
        await place.headrace.publish(event("order.paid", {"id": 2, "n": "again"}))  # a group of its own
        await place.headrace.publish(event("order.packed", {"id": 2, "n": "c"}))
        await place.until_started(1)
        await place.headrace.publish(event("order.packed", {"id": 3, "n": "d"}))
        await place.headrace.publish(event("order.packed", {"id": 1, "n": "e"}))
        await place.until_started(2)
        await place.settle()
        assert [[one["n"] for one in each] for each in await place.inputs()] == [["b", "c"], ["a", "e"]]
        await place.until(lambda: gathered(2))  # again, d


async def test_any_until_gathers_until_the_expression_holds(tmp_path: Path) -> None:
    text = app("- {name: t, event: {any: [{with: {type: n}}], until: 'add > 10', input: '[.[].data]'}}")
    async with await Place(tmp_path).open(text) as place:
        for number in (4, 5, 6, 7, 8):
            await place.headrace.publish(event("n", number))
        await place.until_started(2)
        assert await place.inputs() == [[4, 5, 6], [7, 8]]


async def test_until_other_events_come(tmp_path: Path) -> None:
    text = """
document: {dsl: 1.0.3, namespace: default, name: orders, version: 1.0.0}
schedule:
  on:
    any: [{with: {type: line}, correlate: {order: {from: .data.order}}}]
    until: {one: {with: {type: closed}, correlate: {order: {from: .data.order}}}}
do: [{a: {set: {came: "${ . }"}}}]
"""
    async with await Place(tmp_path).open(text) as place:
        for kind, order, number in (
            ("closed", 1, 0),  # closes nothing
            ("line", 1, 1),
            ("line", 2, 2),
            ("line", 1, 3),
            ("closed", 1, 4),
            ("line", 1, 5),
        ):
            await place.headrace.publish(event(kind, {"order": order, "n": number}))
        await place.until_started(1)
        await place.settle()
        assert [[one["n"] for one in each] for each in await place.inputs()] == [[1, 3]]


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize(("missed", "kept"), [("all", [1, 2, 3, 4]), ("skip", [1, 4])])
async def test_events_that_came_while_it_was_paused(
    tmp_path: Path, missed: str, kept: list[int], restart: bool
) -> None:
    text = app(f"- {{name: t, event: {{with: {{type: n}}, missed: {missed}}}}}")
    place = await Place(tmp_path).open(text)
    await place.headrace.publish(event("n", 1))
    await place.until_started(1)
    await place.sources.pause("default", "orders", "t")
    await place.headrace.publish(event("n", 2))
    await place.headrace.publish(event("other", 2.5))
    await place.settle()
    if restart:
        await place.close()
        place = await Place(tmp_path).open(text)
    await place.headrace.publish(event("n", 3))
    await place.settle()
    assert await place.inputs() == [1]
    assert await place.headrace.store.undelivered(10) == []  # they wait behind the cursor, not in memory
    await place.sources.resume("default", "orders", "t")
    await place.settle()
    await place.headrace.publish(event("n", 4))
    await place.until_started(len(kept))
    await place.settle()
    assert await place.inputs() == kept

    async def live() -> bool:
        [state] = await place.triggers.states()
        return state.cursor is None

    await place.until(live)
    await place.close()


async def test_events_wait_while_as_many_are_open_as_may_be(tmp_path: Path) -> None:
    text = app("- {name: t, event: {with: {type: n}, maxOpen: 2}}", steps="[{w: {wait: {hours: 1}}}]")
    clock = ManualClock(MIDNIGHT)
    place = await Place(tmp_path, clock).open(text)
    for number in range(5):
        await place.headrace.publish(event("n", number))
    await place.until_started(2)
    await place.settle()
    assert sorted(await place.inputs()) == [0, 1]
    clock.advance(60)
    [status] = await place.sources.states("default")
    assert (status.open, status.lag_seconds) == (2, 60)
    await place.close()
    # They are not delivered, so the next process has them again.
    async with await Place(tmp_path, clock).open(text) as place:
        await place.settle()
        assert len(await place.rows()) == 2
        await place.turn(HOUR)
        await place.until_started(4)
        await place.turn(HOUR)
        await place.until_started(5)
        assert sorted(await place.inputs()) == [0, 1, 2, 3, 4]


async def test_events_of_another_namespace_are_not_seen(tmp_path: Path) -> None:
    text = app("- {name: t, event: {with: {type: n}}}")
    other = text.replace("name: orders", "name: orders, namespace: shop")
    async with await Place(tmp_path).open(text, other) as place:
        runtime = place.headrace.runtime
        await runtime.publish(event("n", 1), namespace="shop")
        await runtime.publish(event("n", 2, headracenamespace="default"), namespace="shop")
        await runtime.publish(event("n", 3), namespace="default")
        await place.until_started(3)
        await place.settle()
        rows = await place.rows()
        assert sorted((row.namespace, row.input) for row in rows) == [
            ("default", b"3"),
            ("shop", b"1"),
            ("shop", b"2"),
        ]


async def test_an_execution_that_emits_starts_another_flow(tmp_path: Path) -> None:
    emitting = app(
        "- {name: never, cron: {schedule: '0 0 1 1 *'}}",
        steps="[{e: {emit: {event: {with: {source: /orders, type: n, data: {a: 1}}}}}}]",
    )
    text = app("- {name: t, event: {with: {type: n}}}").replace("name: orders", "name: other")
    async with await Place(tmp_path).open(emitting, text) as place:
        await place.sources.fire("default", "orders", "never")
        await place.until_started(1, "other")
        assert await place.inputs("other") == [{"a": 1}]


async def test_fired_by_hand_with_an_event(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(PAID % "" + SHIPPABLE)) as place:
        one = event("order.paid", {"total": 1})
        for _ in range(2):
            assert (await place.sources.fire("default", "orders", "paid", one)).outcome == "started"
        await place.sources.fire("default", "orders", "shippable", [one, one])
        assert await place.inputs() == [{"total": 1}, {"total": 1}, [{"total": 1}, {"total": 1}]]


async def test_another_filter_forgets_what_was_gathered(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(SHIPPABLE)) as place:
        await place.headrace.publish(event("order.paid", {"id": 1}))

        async def gathered(count: int) -> bool:
            [state] = await place.triggers.states()
            return len(await place.triggers.gathered(state.name)) == count

        await place.until(lambda: gathered(1))
        await place.apply(app(SHIPPABLE.replace("order.packed", "order.wrapped")))
        assert await gathered(0)
        await place.headrace.publish(event("order.wrapped", {"id": 1}))
        await place.headrace.publish(event("order.paid", {"id": 1}))
        await place.until_started(1)


async def test_a_signal_for_one_execution_starts_nothing(tmp_path: Path) -> None:
    """Also where events are read behind the cursor: by a group, and after a pause."""
    text = app(SHIPPABLE + "- {name: t, event: {with: {type: order.paid}}}")
    async with await Place(tmp_path).open(text) as place:
        for paused in (False, True):
            if paused:
                await place.sources.pause("default", "orders", "t")
            for kind in ("order.paid", "order.packed"):
                await place.headrace.publish(event(kind, {"id": 1}, headraceexecution="some-execution"))
        await place.sources.resume("default", "orders", "t")
        await place.headrace.publish(event("order.paid", {"id": 2}))
        await place.headrace.publish(event("order.packed", {"id": 2}))
        await place.until_started(2)
        await place.settle()
        assert sorted(map(str, await place.inputs())) == ["[{'id': 2}, {'id': 2}]", "{'id': 2}"]
