"""Triggers that go by time, over stops, pauses and limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from headrace.runtime.clock import ManualClock
from headrace.store.triggers import TriggerName
from integration.source.place import DAY, HOUR, MIDNIGHT, MINUTE, Place, app

NIGHTLY = "- {name: nightly, cron: {schedule: '0 3 * * *'%s}}"
WAITING = "[{w: {wait: {hours: 2}}}]"


async def test_cron_fires_at_its_time_with_the_time_as_input(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(NIGHTLY % "")) as place:
        [status] = await place.sources.states("default")
        assert (status.kind, status.next_at, status.last) == ("cron", MIDNIGHT + 3 * HOUR, None)
        await place.turn(3 * HOUR - 1)
        assert await place.inputs() == []
        await place.turn(1)
        await place.until_started(1)
        assert await place.inputs() == [{"scheduledAt": "2027-01-15T03:00:00.000Z", "trigger": "nightly"}]
        [row] = await place.rows()
        assert (row.trigger, row.key) == ("nightly", "trigger/nightly/2027-01-15T03:00:00.000Z")
        [status] = await place.sources.states("default")
        assert status.next_at == MIDNIGHT + 27 * HOUR
        assert status.last is not None
        assert (status.last.outcome, status.last.execution_id) == ("started", row.id)
        assert status.counts == {"started": 1}


async def test_the_input_is_mapped(tmp_path: Path) -> None:
    text = app(NIGHTLY % ", timezone: Asia/Shanghai, input: '{day: .scheduledAt[:10], at: now}'")
    async with await Place(tmp_path).open(text) as place:
        await place.turn(19 * HOUR)
        await place.until_started(1)
        assert await place.inputs() == [{"day": "2027-01-15", "at": MIDNIGHT + 19 * HOUR}]


@pytest.mark.parametrize(("missed", "days"), [("skip", []), ("once", [17]), ("all", [15, 16, 17])])
async def test_times_that_passed_while_it_was_stopped(tmp_path: Path, missed: str, days: list[int]) -> None:
    text = app(NIGHTLY % f", missed: {missed}")
    await (await Place(tmp_path).open(text)).close()
    clock = ManualClock(MIDNIGHT + 2 * DAY + 4 * HOUR)
    async with await Place(tmp_path, clock).open(text) as place:
        await place.until_started(len(days))
        await place.settle()
        assert [each["scheduledAt"][8:10] for each in await place.inputs()] == [str(day) for day in days]
        rows = [firing for firing in await place.firings("nightly") if firing.outcome == "missed"]
        assert [row.count for row in rows] == {"skip": [3], "once": [2], "all": []}[missed]
        # And it goes on as ever.
        await place.turn(DAY - HOUR)
        await place.until_started(len(days) + 1)
        assert (await place.inputs())[-1]["scheduledAt"] == "2027-01-18T03:00:00.000Z"


async def test_a_restart_over_the_time_does_not_cost_it(tmp_path: Path) -> None:
    text = app(NIGHTLY % "")
    await (await Place(tmp_path).open(text)).close()
    async with await Place(tmp_path, ManualClock(MIDNIGHT + 3 * HOUR + 40)).open(text) as place:
        await place.until_started(1)
        assert (await place.inputs())[0]["scheduledAt"] == "2027-01-15T03:00:00.000Z"


async def test_a_start_that_was_not_noted_is_not_made_again(tmp_path: Path) -> None:
    """The process died between the start and the cursor: the time is its key."""
    text = app(NIGHTLY % ", missed: all")
    async with await Place(tmp_path).open(text) as place:
        await place.turn(3 * HOUR)
        await place.until_started(1)
        await place.settle()
        await place.triggers.advance(TriggerName("default", "orders", "nightly"), MIDNIGHT, None)
    async with await Place(tmp_path, ManualClock(MIDNIGHT + 5 * HOUR)).open(text) as place:
        await place.settle()

        async def noted() -> bool:
            return [firing.outcome for firing in await place.firings("nightly")] == ["duplicate", "started"]

        await place.until(noted)
        assert len(await place.rows()) == 1
        [state] = await place.triggers.states()
        assert state.cursor == MIDNIGHT + 3 * HOUR


async def test_over_the_change_of_the_clock_each_time_fires_once(tmp_path: Path) -> None:
    """2027-10-31: 02:30 comes twice in Berlin, 2027-03-28: not at all."""
    text = app("- {name: t, cron: {schedule: '30 2 * * *', timezone: Europe/Berlin, missed: all}}")
    for year_day, expected in (
        (288, ["2027-10-30T00:30:00.000Z", "2027-10-31T00:30:00.000Z", "2027-11-01T01:30:00.000Z"]),
        (71, ["2027-03-27T01:30:00.000Z", "2027-03-28T01:00:00.000Z", "2027-03-29T00:30:00.000Z"]),
    ):
        folder = tmp_path / str(year_day)
        folder.mkdir()
        start = MIDNIGHT + year_day * DAY - 12 * HOUR
        clock = ManualClock(start)
        # Stopped and started again every 20 minutes, in the hour that comes twice too.
        for _ in range(3):
            place = await Place(folder, clock).open(text)
            for _ in range(12):
                await place.turn(20 * MINUTE)
            await place.close()
            for _ in range(9):
                clock.advance(20 * MINUTE)
                place = await Place(folder, clock).open(text)
                await place.settle()
                await place.close()
            clock.advance(17 * HOUR)
        async with await Place(folder, clock).open(text) as place:
            await place.settle()
            found = [each["scheduledAt"] for each in await place.inputs()]
            assert found[:3] == expected
            assert len(found) == len(set(found))


async def test_an_interval_counts_from_when_it_was_deployed_and_does_not_drift(tmp_path: Path) -> None:
    text = app("- {name: often, interval: {every: PT10M}}")
    async with await Place(tmp_path).open(text) as place:
        await place.turn(10 * MINUTE)
        await place.until_started(1)
        await place.turn(10 * MINUTE + 3)
        await place.until_started(2)
        await place.settle()
    async with await Place(tmp_path, ManualClock(MIDNIGHT + 25 * MINUTE)).open(text) as place:
        await place.turn(5 * MINUTE)
        await place.until_started(3)
        assert [each["scheduledAt"][14:19] for each in await place.inputs()] == ["10:00", "20:00", "30:00"]


async def test_another_schedule_begins_anew_and_the_same_one_goes_on(tmp_path: Path) -> None:
    await (await Place(tmp_path).open(app(NIGHTLY % ", missed: all"))).close()
    clock = ManualClock(MIDNIGHT + 12 * HOUR)
    hourly = app("- {name: nightly, cron: {schedule: '0 * * * *', missed: all}}")
    async with await Place(tmp_path, clock).open(hourly) as place:
        await place.settle()
        assert await place.inputs() == []  # it was not hourly when those hours passed
        await place.turn(HOUR)
        await place.until_started(1)
        await place.apply(hourly.replace("missed: all", "missed: all, input: .scheduledAt"))
        await place.turn(HOUR)
        await place.until_started(2)
        assert (await place.inputs())[1] == "2027-01-15T14:00:00.000Z"


async def test_while_it_is_paused_nothing_fires_and_then_what_missed_says(tmp_path: Path) -> None:
    text = app(NIGHTLY % ", missed: once")
    async with await Place(tmp_path).open(text) as place:
        await place.sources.pause("default", "orders", "nightly")
        [status] = await place.sources.states("default")
        assert (status.paused, status.held, status.next_at) == (True, False, None)
        await place.turn(2 * DAY + 4 * HOUR)
        assert await place.inputs() == []
    async with await Place(tmp_path, ManualClock(MIDNIGHT + 2 * DAY + 5 * HOUR)).open(text) as place:
        await place.settle()
        assert await place.inputs() == []  # still paused
        await place.sources.resume("default", "orders", "nightly")
        await place.until_started(1)
        await place.settle()
        assert [each["scheduledAt"][8:10] for each in await place.inputs()] == ["17"]


async def test_pausing_the_flowapp_pauses_its_triggers(tmp_path: Path) -> None:
    text = app(NIGHTLY % ", missed: once" + "\n- {name: often, interval: {every: PT1H}}")
    async with await Place(tmp_path).open(text, paused=True) as place:
        await place.turn(4 * HOUR)
        assert await place.inputs() == []
        assert {status.held for status in await place.sources.states("default")} == {True}
        await place.sources.resume("default", "orders")
        await place.until_started(2)
        await place.sources.pause("default", "orders")
        await place.turn(5 * HOUR)
        assert len(await place.inputs()) == 2


@pytest.mark.parametrize(("when_full", "starts"), [("wait", 3), ("skip", 2)])
async def test_as_many_are_open_as_may_be(tmp_path: Path, when_full: str, starts: int) -> None:
    text = app(
        f"- {{name: often, interval: {{every: PT1H, maxOpen: 1, missed: once, whenFull: {when_full}}}}}",
        steps=WAITING,
    )
    async with await Place(tmp_path).open(text) as place:
        await place.turn(HOUR)
        await place.until_started(1)
        [status] = await place.sources.states("default")
        assert (status.open, status.max_open) == (1, 1)
        await place.turn(HOUR)
        assert len(await place.rows()) == 1
        outcomes = [firing.outcome for firing in await place.firings("often")]
        assert outcomes == (["refused", "started"] if when_full == "skip" else ["started"])
    # What is open is counted again by the next process.
    async with await Place(tmp_path, ManualClock(MIDNIGHT + 2.5 * HOUR)).open(text) as place:
        await place.settle()
        assert len(await place.rows()) == 1
        assert [status.open for status in await place.sources.states("default")] == [1]
        await place.turn(0.4 * HOUR)
        assert len(await place.rows()) == 1
        await place.turn(0.2 * HOUR)  # the first one has ended
        if when_full == "skip":
            await place.turn(0.9 * HOUR)
        await place.until_started(2)
        if when_full == "wait":
            await place.turn(2 * HOUR)
            await place.until_started(3)
        assert len(await place.rows()) == starts


async def test_a_clock_that_was_wrong_does_not_stop_it_for_ever(tmp_path: Path) -> None:
    text = app("- {name: often, interval: {every: PT1H}}")
    await (await Place(tmp_path, ManualClock(MIDNIGHT + 9_000 * DAY)).open(text)).close()
    async with await Place(tmp_path).open(text) as place:
        await place.settle()
        await place.turn(HOUR)
        await place.until_started(1)


async def test_every_and_cron_of_a_plain_document(tmp_path: Path) -> None:
    text = """
document: {dsl: 1.0.3, namespace: default, name: orders, version: 1.0.0}
schedule: {every: PT2H, cron: "0 3 * * *"}
do: [{a: {set: {came: "${ . }"}}}]
"""
    async with await Place(tmp_path).open(text) as place:
        await place.turn(2 * HOUR)
        await place.until_started(1)
        await place.turn(1 * HOUR)
        await place.until_started(2)
        assert [row.trigger for row in await place.rows()] == ["schedule.every", "schedule.cron"]
        assert await place.inputs() == [None, None]


async def test_after_waits_for_the_end_and_the_delay_over_restarts(tmp_path: Path) -> None:
    text = """
document: {dsl: 1.0.3, namespace: default, name: orders, version: 1.0.0}
schedule: {after: PT10M}
do: [{w: {wait: {hours: 1}}}, {f: {raise: {error: {type: "https://x.test/e", status: 500}}}}]
"""
    clock = ManualClock(MIDNIGHT)
    async with await Place(tmp_path, clock).open(text) as place:
        await place.until_started(1)
        await place.turn(HOUR)  # it ends, with a fault
        await place.turn(9 * MINUTE)
        assert len(await place.rows()) == 1
        [status] = await place.sources.states("default")
        assert status.next_at == pytest.approx(MIDNIGHT + HOUR + 10 * MINUTE)
    async with await Place(tmp_path, clock).open(text) as place:
        await place.settle()
        assert len(await place.rows()) == 1
        await place.turn(MINUTE)
        await place.until_started(2)
        await place.settle()
    clock.advance(3 * HOUR)
    async with await Place(tmp_path, clock).open(text) as place:
        # The second one ends now, at once: its wait was over long ago.
        await place.settle()
        await place.turn(10 * MINUTE)
        await place.until_started(3)
        rows = await place.rows()
        assert [row.key for row in rows] == [
            "trigger/schedule.after/first",
            *(f"trigger/schedule.after/{row.id}" for row in rows[:2]),
        ]


async def test_a_trigger_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(NIGHTLY % "")) as place:
        await place.apply(app("- {name: other, cron: {schedule: '0 5 * * *'}}"))
        assert [state.name.trigger for state in await place.triggers.states()] == ["other"]
        await place.turn(4 * HOUR)
        assert await place.inputs() == []
        await place.sources.remove("default", "orders")
        assert await place.triggers.states() == []
        assert await place.sources.states("default") == []
        await place.turn(2 * HOUR)
        assert await place.inputs() == []


async def test_fired_by_hand_also_while_paused(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(NIGHTLY % ", input: '{at: .scheduledAt}'")) as place:
        await place.sources.pause("default", "orders", "nightly")
        first = await place.sources.fire("default", "orders", "nightly")
        second = await place.sources.fire("default", "orders", "nightly", {"scheduledAt": "then"})
        assert (first.outcome, second.outcome) == ("started", "started")
        assert await place.inputs() == [{"at": "2027-01-15T00:00:00.000Z"}, {"at": "then"}]
