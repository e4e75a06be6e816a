"""The chart of a queue that nobody has looked at yet: it begins with what the server saw."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from browser.axe import TAGS, violations
from browser.site import Site, need, site

if TYPE_CHECKING:
    from playwright.sync_api import Page

MINUTE = 60.0


class SlowClock:
    """The machine's clock, `behind_seconds` behind: set right, it leaves the server a past."""

    def __init__(self, behind_seconds: float) -> None:
        self.behind_seconds = behind_seconds

    def now(self) -> float:
        return time.time() - self.behind_seconds

    async def sleep_until(self, moment: float) -> None:
        while self.now() < moment:
            await asyncio.sleep(0.02)


@pytest.fixture(scope="module")
def clock() -> SlowClock:
    return SlowClock(30 * MINUTE)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, clock: SlowClock) -> Iterator[Site]:
    need()
    with site(tmp_path_factory.mktemp("past"), {}, clock=clock) as opened:
        yield opened


def set_clock(shown: Site, clock: SlowClock, behind_seconds: float) -> dict[str, Any]:
    """Let time go by, and return the samples when the server has looked."""
    clock.behind_seconds = behind_seconds
    now = clock.now()
    while True:
        seen: dict[str, Any] = shown.call("GET", "queues/parcels/samples")
        if seen["items"] and seen["items"][-1]["at"] >= now:
            return seen
        time.sleep(0.02)


def test_the_chart_begins_with_the_past(page: Page, shown: Site, clock: SlowClock) -> None:
    shown.call("POST", "queues/parcels/items", {"items": [{"data": n} for n in range(40)]})
    set_clock(shown, clock, 28 * MINUTE)
    leased = shown.call("POST", "queues/parcels/lease", {"max_items": 25, "lease_seconds": 900})["items"]
    done = [{"id": each["id"], "token": each["token"]} for each in leased]
    shown.call("POST", "queues/parcels/complete", {"items": done})
    set_clock(shown, clock, 20 * MINUTE)
    seen = set_clock(shown, clock, 0)
    assert [seen["items"][place]["completed_total"] for place in (0, -1)] == [0, 25]
    # The browser's clock goes its own way; the chart is by it.
    page.clock.install(time=time.time() + 3600)
    page.goto(shown.page("/queues/parcels"))
    chart = page.get_by_role("region", name="Throughput")
    since = chart.get_by_text("Recorded since")
    since.wait_for()
    told = since.inner_text().removeprefix("Recorded since ").strip()
    minutes = page.evaluate("told => (Date.now() - Date.parse(told.replace(/\\u202f/g, ' '))) / 60000", told)
    assert 27 <= minutes <= 29
    # So long a time can be looked at from near, and the line goes on.
    choice = chart.get_by_role("radiogroup", name="Time shown")
    assert choice.get_by_role("radio", name="Last hour").is_checked()
    assert violations(page, TAGS) == []
    choice.get_by_text("Last 10 minutes").click()
    assert choice.get_by_role("radio", name="Last 10 minutes").is_checked()
    chart.get_by_role("img", name="Waiting: 15").wait_for()
    shown.call("POST", "queues/parcels/items", {"items": [{"data": 1}]})
    chart.get_by_role("img", name="Waiting: 16").wait_for()


def test_a_new_queue_is_recorded_since_it_is_looked_at(page: Page, shown: Site) -> None:
    shown.call("POST", "queues/fresh/items", {"items": [{"data": 1}]})
    page.goto(shown.page("/queues/fresh"))
    chart = page.get_by_role("region", name="Throughput")
    chart.get_by_text("Recorded since").wait_for()
    assert chart.get_by_role("radiogroup").count() == 0
    chart.get_by_role("img", name="Waiting: 1").wait_for()
