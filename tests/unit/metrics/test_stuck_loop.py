"""An event loop that has no turns any more says where it is."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest

from headrace.metrics import stuck_loop
from headrace.metrics.stuck_loop import STUCK_SECONDS, StuckLoop


class Hands:
    """A clock that goes when it is told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def endless_call(held: threading.Event, go_on: threading.Event) -> None:
    held.set()
    go_on.wait()


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING, "headrace.metrics.stuck_loop")
    return caplog


def test_where_it_is_stuck_is_said_once_and_again_when_twice_as_long(
    said: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stuck_loop, "BEAT_SECONDS", 0.01)
    clock = Hands()
    watch = StuckLoop(clock)
    held, go_on = threading.Event(), threading.Event()

    async def serve() -> None:
        watch.watch()
        endless_call(held, go_on)
        await asyncio.sleep(0.1)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        held.wait()
        watch.look()
        assert said.messages == []
        clock.now += STUCK_SECONDS + 1
        watch.look()
        watch.look()
        assert len(said.messages) == 1
        assert f"no turn for {STUCK_SECONDS + 1:.0f} s" in said.messages[0]
        assert "in endless_call" in said.messages[0]
        assert "go_on.wait()" in said.messages[0]
        clock.now += STUCK_SECONDS + 2
        watch.look()
        assert len(said.messages) == 2
    finally:
        go_on.set()
        thread.join()
    watch.look()
    longest = f"{2 * STUCK_SECONDS + 3:.0f} s"
    assert said.messages[2:] == [f"the event loop goes on; it had no turn for more than {longest}"]
    watch.look()
    assert len(said.messages) == 3
    watch.stop()


async def test_a_loop_that_has_turns_is_not_spoken_of(said: pytest.LogCaptureFixture) -> None:
    clock = Hands()
    watch = StuckLoop(clock)
    watch.start()
    clock.now += STUCK_SECONDS - 1
    watch.look()
    watch.stop()
    assert said.messages == []
