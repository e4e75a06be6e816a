"""Retries of `try`: delays, limits, and what comes after the last one."""

from __future__ import annotations

import pytest

from unit.engine.driver import NOW, Drive, drive


def retrying(policy: str, rest: str = "") -> str:
    text = "do: [{t: {try: [{x: {call: a}}, {y: {call: b}}], catch: {retry: {POLICY}REST}}}]"
    return text.replace("POLICY", policy).replace("REST", rest)


def delays(run: Drive, count: int) -> list[float]:
    """Fail `count` times; return the pauses that were made in between."""
    found = []
    for _ in range(count):
        run.fail("a")
        due = run.execution.next_due()
        assert due is not None
        found.append(round(due - run.now, 6))
        run.later(due - run.now)
    return found


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("delay: {seconds: 3}", [3, 3, 3]),
        ("delay: PT3S, backoff: {constant: {}}", [3, 3, 3]),
        ("delay: {seconds: 3}, backoff: {linear: {}}", [3, 6, 9]),
        ("delay: {seconds: 3}, backoff: {linear: {increment: 1}}", [3, 4, 5]),
        ("delay: {seconds: 3}, backoff: {exponential: {}}", [3, 6, 12]),
        ("delay: {seconds: 3}, backoff: {exponential: {factor: 10}}", [3, 30, 300]),
        ("delay: {seconds: 3}, backoff: {exponential: {maxDelay: 5}}", [3, 5, 5]),
        ("delay: '${ .pause }'", [7, 7, 7]),
        ("delay: '${ {seconds: ($error.status - 500)} }'", [3, 3, 3]),
        ("backoff: {exponential: {}}", [0, 0, 0]),
    ],
)
def test_delays(policy: str, expected: list[float]) -> None:
    assert delays(drive(retrying(policy), {"pause": "PT7S"}), 3) == expected


def test_a_delay_grows_to_a_day_at_most() -> None:
    run = drive(retrying("delay: {hours: 10}, backoff: {exponential: {}}"))
    assert delays(run, 3) == [36_000, 72_000, 86_400]


def test_jitter_stays_in_its_bounds_and_is_the_same_when_it_is_asked_again() -> None:
    policy = "delay: {seconds: 10}, jitter: {from: {seconds: 1}, to: {seconds: 3}}"
    first = delays(drive(retrying(policy)), 20)
    assert all(11 <= delay < 13 for delay in first)
    assert len(set(first)) > 10
    assert first == delays(drive(retrying(policy)), 20)


def test_a_retry_starts_the_body_anew_on_the_same_input() -> None:
    run = drive(retrying("delay: {seconds: 3}"), {"n": 1})
    run.answer("a", {"from": "a"}).fail("b").later(3)
    assert [(call.target, call.input) for call in run.invoked] == [
        ("a", {"n": 1}),
        ("b", {"from": "a"}),
        ("a", {"n": 1}),
    ]
    assert run.answer("a", 2).answer("b", 3).output == 3
    assert [record.attempt for record in run.runs("x")] == [1, 2]
    assert [record.status for record in run.runs("y")] == ["faulted", "completed"]
    assert run.run("t").details is not None
    [failed] = run.run("t").details["attempts"]
    assert failed["attempt"] == 1
    assert failed["at"] == NOW
    assert failed["error"]["status"] == 503


def test_nothing_is_retried_before_the_pause_is_over() -> None:
    run = drive(retrying("delay: {seconds: 3}")).fail("a").later(2.9)
    assert not run.open
    assert run.commands == []
    assert run.later(0.1).open


def test_the_count_of_attempts_is_that_of_retries() -> None:
    run = drive(retrying("limit: {attempt: {count: 2}}"))
    assert delays(run, 2) == [0, 0]
    assert run.fail("a").fault == ("communication", 503, "/do/0/t/try/0/x")
    assert len(run.runs("x")) == 3


def test_the_limit_of_duration_counts_from_the_first_attempt_and_with_the_next_pause() -> None:
    run = drive(retrying("delay: {seconds: 4}, limit: {duration: {seconds: 10}}"))
    assert delays(run, 2) == [4, 4]
    assert run.fail("a").fault[0] == "communication"


def test_the_duration_of_an_attempt_limits_each_retry() -> None:
    run = drive(retrying("delay: {seconds: 1}, limit: {attempt: {count: 2, duration: {seconds: 5}}}"))
    run.later(60)  # the first try is not limited
    assert run.open
    run.fail("a").later(1)
    assert run.open
    run.later(5)
    assert not run.open  # the retry took too long: cancelled, and retried
    assert "x:cancelled" in run.ended()
    run.later(1)
    assert run.open
    run.later(5)
    assert run.fault == ("timeout", 408, "/do/0/t")


def test_an_attempt_that_ends_in_time_is_not_limited_any_more() -> None:
    run = drive(retrying("limit: {attempt: {duration: {seconds: 5}}}")).fail("a").later(0)
    assert run.answer("a", 1).answer("b", 2).output == 2


@pytest.mark.parametrize(
    ("policy", "retried"),
    [
        ("when: $error.status == 503", True),
        ("when: $error.status == 404", False),
        ("exceptWhen: $error.status == 503", False),
        ("exceptWhen: $error.status == 404", True),
    ],
)
def test_conditions_of_the_policy_decide_on_retrying_not_on_catching(policy: str, retried: bool) -> None:
    run = drive(retrying(policy, ", do: [{h: {set: {handled: true}}}]")).fail("a")
    if retried:
        assert run.finish is None
    else:
        assert run.output == {"handled": True}


def test_errors_that_are_not_caught_are_not_retried() -> None:
    run = drive(retrying("delay: {seconds: 1}", ", errors: {with: {status: 404}}")).fail("a")
    assert run.fault[:2] == ("communication", 503)


def test_when_retries_are_used_up_the_handler_takes_over() -> None:
    run = drive(retrying("limit: {attempt: {count: 1}}", ", do: [{h: {set: '${ $error.status }'}}]"))
    delays(run, 1)
    assert run.fail("a").output == 503
    assert run.run("h").attempt == 1


def test_when_retries_are_used_up_a_then_alone_deals_with_the_error() -> None:
    text = """
    do:
      - t: {try: [{x: {call: a}}], catch: {retry: {limit: {attempt: {count: 1}}}, then: z}}
      - y: {set: {n: y}}
      - z: {set: {n: z}}
    """
    run = drive(text)
    delays(run, 1)
    assert run.fail("a").output == {"n": "z"}


def test_a_policy_by_name() -> None:
    text = """
    use: {retries: {twice: {delay: {seconds: 2}, limit: {attempt: {count: 1}}}}}
    do: [{t: {try: [{x: {call: a}}], catch: {retry: twice}}}]
    """
    run = drive(text)
    assert delays(run, 1) == [2]
    assert run.fail("a").fault[0] == "communication"


def test_a_pure_body_that_never_works_is_retried_without_growing_history_of_the_try() -> None:
    text = """
    do:
      - t:
          try: [{x: {set: '${ .n.m }'}}]
          catch: {retry: {limit: {attempt: {count: 30}}}, do: [{h: {set: {n: 1}}}]}
    """
    run = drive(text, {"n": 1})
    while run.finish is None:
        run.later(0)
    assert run.output == {"n": 1}
    assert len(run.runs("x")) == 31
    assert run.run("t").details is not None
    assert [each["attempt"] for each in run.run("t").details["attempts"]] == list(range(12, 32))


# --- a function's own retries ---------------------------------------------------------------------------


def test_a_functions_own_policy_retries_the_same_run() -> None:
    functions = {"a": {"retries": {"delay": {"seconds": 2}, "limit": {"attempt": {"count": 2}}}}}
    run = drive("do: [{x: {call: a, with: {n: 1}}}]", functions=functions)
    run.fail("a")
    assert run.waiting()[0].reason == "retry"
    run.later(2).fail("a").later(2)
    assert [call.invocation_id for call in run.invoked] == ["x1.1.1", "x1.1.2", "x1.1.3"]
    assert run.answer("a", "done").output == "done"
    record = run.run("x")
    assert record.attempt == 3
    assert record.details is not None
    assert [each["attempt"] for each in record.details["attempts"]] == [1, 2]


def test_a_functions_own_policy_is_for_errors_that_may_go_away() -> None:
    run = drive("do: [{x: {call: a}}]", functions={"a": {"retries": 5}})
    assert run.fail("a", status=400, retryable=False).fault == ("communication", 400, "/do/0/x")


def test_a_number_of_retries_means_an_exponential_delay() -> None:
    run = drive("do: [{x: {call: a}}]", functions={"a": {"retries": 3}})
    assert delays(run, 3) == [1, 2, 4]
    assert run.fail("a").fault[0] == "communication"


def test_a_functions_retries_come_before_those_of_the_try_around() -> None:
    text = "do: [{t: {try: [{x: {call: a}}], catch: {retry: {delay: {seconds: 60}}}}}]"
    run = drive(text, functions={"a": {"retries": 1}})
    assert delays(run, 3) == [1, 60, 1]
