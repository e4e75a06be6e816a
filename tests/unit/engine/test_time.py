"""wait, and timeouts of tasks and workflows."""

from __future__ import annotations

import pytest

from headrace.engine import events
from headrace.engine.commands import CancelInvocation
from headrace.errors import WorkflowError
from unit.engine.driver import NOW, drive


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        ("{seconds: 30}", 30),
        ("{minutes: 1, seconds: 1, milliseconds: 500}", 61.5),
        ("{days: 1, hours: 1}", 90_000),
        ("PT30S", 30),
        ("P1DT1H", 90_000),
        ("PT0.25S", 0.25),
        ("'${ .iso }'", 90),
        ("'${ {minutes: .n} }'", 120),
    ],
)
def test_wait(duration: str, seconds: float) -> None:
    run = drive(f"do: [{{w: {{wait: {duration}}}}}, {{x: {{set: '${{ .n }}'}}}}]", {"iso": "PT1M30S", "n": 2})
    assert run.status == "waiting"
    assert run.execution.next_due() == NOW + seconds
    assert run.later(seconds - 0.1).finish is None
    assert run.later(0.1).output == 2
    assert run.run("w").output == run.run("w").input


@pytest.mark.parametrize("value", ["soon", 5, {"weeks": 1}, None])
def test_wait_for_what_is_no_duration(value: object) -> None:
    assert drive("do: [{w: {wait: '${ .v }'}}]", {"v": value}).fault == ("expression", 400, "/do/0/w")


def test_a_wait_of_nothing_is_over_at_the_next_tick() -> None:
    assert drive("do: [{w: {wait: PT0S}}]", 1).later(0).output == 1


def test_waits_beside_each_other() -> None:
    text = "do: [{f: {fork: {branches: [{v: {wait: PT5S}}, {w: {wait: PT3S}}]}}}]"
    run = drive(text, 1).later(3)
    assert run.ended() == ["w:completed"]
    assert run.later(2).output == [1, 1]


# --- timeouts -------------------------------------------------------------------------------------------


def test_a_task_that_takes_too_long_faults_and_its_call_is_cancelled() -> None:
    run = drive("do: [{x: {call: a, timeout: {after: {seconds: 5}}}}]")
    assert run.invoked[0].deadline == NOW + 5
    run.later(5)
    assert run.fault == ("timeout", 408, "/do/0/x")
    assert [command.run_id for command in run.of(CancelInvocation)] == [1]


def test_a_late_answer_after_a_timeout_is_refused() -> None:
    text = "do: [{t: {try: [{x: {call: a, timeout: {after: PT5S}}}], catch: {do: [{h: {call: b}}]}}}]"
    run = drive(text)
    late = run.invocation("a")
    run.later(5)
    run.send(events.CallCompleted(run_id=late.run_id, attempt=late.attempt, output="late"))
    assert run.commands == []
    error = WorkflowError.standard("runtime")
    run.send(events.CallFailed(run_id=late.run_id, attempt=late.attempt, error=error))
    assert run.commands == []
    assert run.answer("b", "handled").output == "handled"


def test_an_answer_in_time_ends_the_timeout() -> None:
    run = drive("do: [{x: {call: a, timeout: {after: PT5S}}}, {y: {call: b}}]").answer("a").later(10)
    assert run.commands == []
    assert run.answer("b", 1).output == 1


def test_a_timeout_inside_of_try_is_caught() -> None:
    text = """
    do:
      - t:
          try: [{x: {call: a, timeout: {after: PT5S}}}]
          catch:
            errors:
              with: {type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout, status: 408}
            do: [{h: {set: '${ $error.instance }'}}]
    """
    assert drive(text).later(5).output == "/do/0/t/try/0/x"


def test_the_timeout_of_a_try_is_not_caught_by_itself() -> None:
    text = "do: [{t: {timeout: {after: PT5S}, try: [{x: {call: a}}], catch: {do: [{h: {set: {n: 1}}}]}}}]"
    run = drive(text).later(5)
    assert run.fault == ("timeout", 408, "/do/0/t")
    assert run.ended() == ["x:cancelled", "t:faulted"]


def test_the_timeout_of_a_try_counts_over_its_retries() -> None:
    text = "do: [{t: {timeout: {after: PT5S}, try: [{x: {call: a}}], catch: {retry: {delay: PT60S}}}}]"
    run = drive(text).fail("a").later(5)
    assert run.fault == ("timeout", 408, "/do/0/t")


def test_the_timeout_of_a_composite_cancels_all_below() -> None:
    text = """
    do:
      - o:
          timeout: {after: PT5S}
          do: [{f: {fork: {branches: [{x: {call: a}}, {w: {wait: PT60S}}]}}}]
    """
    run = drive(text).later(5)
    assert run.fault == ("timeout", 408, "/do/0/o")
    assert run.ended() == ["w:cancelled", "x:cancelled", "f:cancelled", "o:faulted"]


def test_the_timeout_of_the_workflow() -> None:
    run = drive("timeout: {after: PT5S}\ndo: [{x: {call: a}}]").later(5)
    assert run.fault == ("timeout", 408, "/timeout")
    assert run.ended() == ["x:cancelled"]


def test_the_timeout_of_the_workflow_is_not_caught() -> None:
    text = "timeout: {after: PT5S}\ndo: [{t: {try: [{x: {call: a}}], catch: {do: [{h: {set: {n: 1}}}]}}}]"
    assert drive(text).later(5).fault == ("timeout", 408, "/timeout")


def test_timeouts_by_name_and_by_expression() -> None:
    text = "use: {timeouts: {short: {after: PT5S}}}\ndo: [{x: {call: a, timeout: short}}]"
    assert drive(text).execution.next_due() == NOW + 5
    text = "timeout: {after: '${ .limit }'}\ndo: [{x: {call: a, timeout: {after: '${ .limit }'}}}]"
    assert drive(text, {"limit": "PT7S"}).execution.next_due() == NOW + 7


def test_each_iteration_and_each_attempt_has_its_own_timeout() -> None:
    run = drive("do: [{l: {for: {in: '[1, 2]'}, do: [{x: {call: a, timeout: {after: PT5S}}}]}}]")
    run.later(4).answer("a").later(4)
    assert run.finish is None
    assert run.later(1).fault[0] == "timeout"


def test_of_timers_that_are_due_at_once_the_outermost_fires_first() -> None:
    text = "do: [{o: {timeout: {after: PT5S}, do: [{x: {wait: PT5S}}]}}]"
    assert drive(text).later(5).fault == ("timeout", 408, "/do/0/o")


def test_a_tick_that_comes_late_fires_in_the_order_of_time() -> None:
    text = "do: [{o: {timeout: {after: PT5S}, do: [{x: {wait: PT4S}}, {y: {set: {n: 1}}}]}}]"
    assert drive(text).later(60).output == {"n": 1}


def test_a_skipped_task_has_no_timeout() -> None:
    run = drive("do: [{x: {if: 'false', call: a, timeout: {after: PT5S}}}, {y: {call: b}}]")
    assert run.execution.next_due() is None
