"""How far a queue, or a long put, is: counts, rate, share and the time left."""

from __future__ import annotations

import io
from collections import deque

import pytest

from headrace.cli import queue_progress
from headrace.cli.queue_progress import LOG_SECONDS, Progress
from headrace.cli.queue_watch import describe, rate
from headrace.cli.terminal import Paint
from headrace.queue.port import Stats

PLAIN = Paint(False)


def stats(ready: int, completed: int, **more: int) -> Stats:
    counts = {"delayed": 0, "leased": 0, "dead": 0, "retried_total": 0, "expired_total": 0, "dead_total": 0}
    return Stats(ready=ready, completed_total=completed, enqueued_total=ready + completed, **(counts | more))


def test_the_time_left_is_by_the_rate_of_the_last_looks() -> None:
    looks = deque([(100.0, stats(900, 100)), (110.0, stats(700, 300))], maxlen=10)
    assert rate(looks) == 20.0
    line = describe(looks, PLAIN)
    assert "30%" in line and "ready 700" in line and "20/s" in line
    assert line.endswith("35.0 s left")
    assert line.count("█") == 9 and line.count("░") == 21


def test_what_is_leased_or_delayed_is_left_to_do_and_the_dead_are_settled() -> None:
    looks = deque([(0.0, stats(0, 0)), (1.0, stats(1, 2, leased=3, delayed=2, dead=2))], maxlen=10)
    line = describe(looks, PLAIN)
    assert "40%" in line and "dead 2" in line and line.endswith("3.0 s left")


def test_one_look_has_no_rate_and_a_standstill_no_end() -> None:
    one = deque([(0.0, stats(5, 5))], maxlen=10)
    assert rate(one) is None
    assert "left" not in describe(one, PLAIN)
    still = deque([(0.0, stats(5, 5)), (1.0, stats(5, 5))], maxlen=10)
    assert "0/s" in describe(still, PLAIN) and "left" not in describe(still, PLAIN)


def test_a_paused_queue_says_so() -> None:
    paused = stats(5, 5)
    paused.paused = True
    assert "paused" in describe(deque([(0.0, paused)]), PLAIN)


def test_nothing_to_do_is_all_of_it() -> None:
    assert "100%" in describe(deque([(0.0, stats(0, 0))]), PLAIN)


def test_a_long_put_tells_now_and_then_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 50.0
    monkeypatch.setattr(queue_progress.time, "monotonic", lambda: now)
    out = io.StringIO()
    progress = Progress("put", out)
    progress.show(1000, 0.1)
    assert out.getvalue() == ""  # just begun
    now += LOG_SECONDS
    progress.show(2000, 0.25)
    assert out.getvalue() == "put 2,000 items in 5.0 s, 400/s, 25%, 15.0 s left\n"
    now += 1.0
    progress.show(2500, 0.3)
    now += 14.0
    progress.close(8000)
    assert out.getvalue().splitlines()[1:] == ["put 8,000 items in 20.0 s, 400/s"]
