"""Suspending, resuming and cancelling; what watching shows; why an execution is not final."""

from __future__ import annotations

from typing import Any

import pytest

from headrace.engine import events
from headrace.engine.commands import CancelInvocation
from headrace.engine.lifecycle import lifecycle_event, qualified_name
from headrace.engine.waiting import Waiting
from headrace.errors import WorkflowError
from unit.engine.driver import NOW, Drive, drive, plan_of

# --- suspend and resume ---------------------------------------------------------------------------------


def test_what_arrives_while_suspended_is_kept_and_worked_off_in_order() -> None:
    run = drive("do: [{f: {fork: {branches: [{x: {call: a}}, {y: {call: b}}]}}}, {z: {call: c}}]").suspend()
    assert run.status == "suspended"
    run.answer("b", 2).answer("a", 1)
    assert run.commands == []
    run.resume()
    assert run.ended() == ["y:completed", "x:completed", "f:completed"]
    assert run.status == "running"
    assert run.answer("c", 3).output == 3


def test_a_failure_and_a_childs_end_are_kept_too() -> None:
    error = WorkflowError(type="https://e.test/x", status=422, extensions={"field": "name"})
    run = drive("do: [{x: {call: a}}]").suspend()
    run.send(events.CallFailed(run_id=1, attempt=1, error=error)).resume()
    assert run.error["field"] == "name"
    child = "do: [{x: {run: {workflow: {namespace: n, name: c, version: 1.0.0}}}}]"
    assert drive(child).suspend().child("completed", 5).resume().output == 5


def test_no_timer_fires_while_suspended_and_what_is_due_fires_on_resume() -> None:
    run = drive("do: [{w: {wait: PT5S}}]", 1).suspend()
    assert run.execution.next_due() is None
    assert run.later(60).commands == []
    assert run.resume().output == 1


def test_suspending_and_resuming_twice_changes_nothing() -> None:
    run = drive("do: [{x: {call: a}}]")
    run.resume()
    assert run.commands == []
    run.suspend().suspend().resume()
    assert run.status == "running"
    assert run.answer("a", 1).output == 1


def test_suspended_before_it_started_it_starts_on_resume() -> None:
    run = Drive(plan_of("do: [{x: {call: a}}]"), 1).suspend().start()
    assert run.commands == []
    assert run.resume().answer("a", 2).output == 2


def test_an_answer_kept_for_a_call_that_timed_out_meanwhile_still_counts() -> None:
    """It came before the timeout could fire: the pause is not the call's fault."""
    run = drive("do: [{x: {call: a, timeout: {after: PT5S}}}]").suspend().answer("a", 1).later(60)
    assert run.resume().output == 1


# --- cancel ---------------------------------------------------------------------------------------------


def test_cancel_ends_all_that_is_open() -> None:
    text = """
    do:
      - f:
          fork:
            branches:
              - x: {call: a}
              - w: {wait: PT5S}
              - l: {listen: {to: {one: {with: {type: t}}}}}
    """
    run = drive(text).cancel()
    assert run.status == "cancelled"
    assert run.finish is not None
    assert (run.finish.status, run.finish.output, run.finish.error) == ("cancelled", None, None)
    assert run.ended() == ["l:cancelled", "w:cancelled", "x:cancelled", "f:cancelled"]
    assert len(run.of(CancelInvocation)) == 1
    assert run.unsubscribed() == 1


def test_cancel_is_not_caught() -> None:
    run = drive("do: [{t: {try: [{x: {call: a}}], catch: {do: [{h: {call: b}}]}}}]").cancel()
    assert run.status == "cancelled"


def test_cancel_while_suspended_pending_or_in_a_pause() -> None:
    assert drive("do: [{x: {call: a}}]").suspend().cancel().status == "cancelled"
    assert Drive(plan_of("do: [{x: {call: a}}]")).cancel().status == "cancelled"
    pause = "do: [{t: {try: [{x: {call: a}}], catch: {retry: {delay: PT5S}}}}]"
    assert drive(pause).fail("a").cancel().status == "cancelled"


def test_nothing_changes_an_execution_that_is_final() -> None:
    run = drive("do: [{x: {set: {n: 1}}}]")
    for event in (
        events.Start(),
        events.Tick(),
        events.Suspend(),
        events.Resume(),
        events.Cancel(),
        events.CallCompleted(run_id=1, attempt=1),
        events.ChildFinished(run_id=1, status="completed"),
        events.EventReceived(sequence=1, event={"type": "t"}),
    ):
        run.send(event)
        assert run.commands == []
    assert run.output == {"n": 1}


def test_a_second_start_changes_nothing() -> None:
    run = drive("do: [{x: {call: a}}]").start()
    assert run.commands == []


# --- history levels -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "kept"), [("full", ["s", "x", "o"]), ("calls", ["x"]), ("outcome", [])])
def test_history_levels(level: str, kept: list[str]) -> None:
    run = drive("do: [{o: {do: [{s: {set: {n: 1}}}, {x: {call: a}}]}}]", history=level).answer("a", 1)
    assert [record.name for record in run.records] == kept
    assert run.output == 1


# --- lifecycle events -----------------------------------------------------------------------------------


def seen(run: Drive) -> list[str]:
    return [f"{notice.name or 'workflow'}:{notice.phase}" for notice in run.notices]


def test_phases_of_a_workflow_and_its_tasks() -> None:
    run = drive("do: [{x: {call: a}}, {y: {if: 'false', call: b}}]", observed=True)
    run.suspend().resume().answer("a", 1)
    assert seen(run) == [
        "workflow:started",
        "x:created",
        "x:started",
        "workflow:suspended",
        "x:suspended",
        "workflow:resumed",
        "x:resumed",
        "x:completed",
        "y:created",
        "y:skipped",
        "workflow:completed",
    ]


def test_phases_of_faults_retries_and_cancelled_tasks() -> None:
    text = """
    do:
      - t:
          try: [{f: {fork: {branches: [{x: {call: a}}, {y: {call: b}}]}}}]
          catch: {retry: {limit: {attempt: {count: 1}}}}
    """
    run = drive(text, observed=True).fail("a").later(0).fail("b")
    phases = [phase for phase in seen(run) if not phase.endswith((":created", ":started"))]
    assert phases == [
        "x:faulted",
        "y:cancelled",
        "f:faulted",
        "t:retried",
        "y:faulted",
        "x:cancelled",
        "f:faulted",
        "t:faulted",
        "workflow:faulted",
    ]
    assert drive(text, observed=True).cancel().notices[-1].phase == "cancelled"


def test_nothing_is_reported_while_nobody_watches() -> None:
    assert drive("do: [{x: {set: {n: 1}}}]").notices == []


def lifecycle(run: Drive) -> list[dict[str, Any]]:
    found = [lifecycle_event(run.execution, notice, str(n)) for n, notice in enumerate(run.notices)]
    return [event for event in found if event is not None]


def test_lifecycle_events_are_cloudevents_of_the_specified_types() -> None:
    published = lifecycle(drive("do: [{x: {call: a}}]", observed=True).answer("a", 1))
    assert [event["type"] for event in published] == [
        "io.serverlessworkflow.workflow.started.v1",
        "io.serverlessworkflow.task.created.v1",
        "io.serverlessworkflow.task.started.v1",
        "io.serverlessworkflow.task.completed.v1",
        "io.serverlessworkflow.workflow.completed.v1",
    ]
    assert len({event["id"] for event in published}) == len(published)
    time = "2027-01-15T08:00:00.000Z"
    assert published[0] == {
        "specversion": "1.0",
        "id": "x1.workflow.0",
        "source": "/test/flow/1.0.0",
        "type": "io.serverlessworkflow.workflow.started.v1",
        "subject": "x1",
        "time": time,
        "datacontenttype": "application/json",
        "data": {
            "name": "flow-x1.test",
            "startedAt": time,
            "definition": {"name": "flow", "namespace": "test", "version": "1.0.0"},
        },
    }
    assert published[3]["data"] == {
        "workflow": "flow-x1.test",
        "task": "/do/0/x",
        "completedAt": time,
        "outputUri": "urn:headrace:execution:x1:run:1:output",
    }
    assert published[4]["data"]["outputUri"] == "urn:headrace:execution:x1:output"


def test_lifecycle_events_of_faults_and_correlation() -> None:
    text = (
        "do: [{l: {listen: {to: {one: {with: {type: t}, correlate: {k: {from: .data}}}}}}}, {x: {call: a}}]"
    )
    run = drive(text, observed=True).event("t", 7).fail("a")
    published = {
        event["type"].removeprefix("io.serverlessworkflow."): event["data"] for event in lifecycle(run)
    }
    assert published["workflow.correlation-started.v1"]["startedAt"]
    assert published["workflow.correlation-completed.v1"]["correlationKeys"] == {"k": 7}
    assert published["task.faulted.v1"]["error"]["status"] == 503
    assert published["workflow.faulted.v1"]["error"]["instance"] == "/do/1/x"
    assert qualified_name(run.execution) == "flow-x1.test"


def test_a_skipped_task_has_no_lifecycle_event_of_its_own() -> None:
    run = drive("do: [{x: {if: 'false', set: {n: 1}}}]", observed=True)
    assert [event["type"].split(".")[3] for event in lifecycle(run)] == ["started", "created", "completed"]


# --- waiting --------------------------------------------------------------------------------------------


def test_waiting_for_a_call() -> None:
    run = drive("do: [{l: {for: {in: '[1, 2]'}, do: [{x: {call: a, timeout: {after: PT9S}}}]}}]").answer("a")
    assert run.waiting() == [
        Waiting(
            run_id=3,
            pointer="/do/0/l/do/0/x",
            task="x",
            reason="call",
            since=NOW,
            attempt=1,
            target="a",
            iteration=1,
            timeout_at=NOW + 9,
        )
    ]


def test_waiting_for_time_and_for_the_next_attempt() -> None:
    text = """
    do:
      - f:
          fork:
            branches:
              - w: {wait: PT5S}
              - t: {try: [{x: {call: a}}], catch: {retry: {delay: PT3S}}}
    """
    timer, retry = drive(text).fail("a").waiting()
    assert (timer.reason, timer.task, timer.until) == ("timer", "w", NOW + 5)
    assert (retry.reason, retry.task, retry.until, retry.attempt) == ("retry", "t", NOW + 3, 2)
    assert retry.last_error is not None
    assert retry.last_error["status"] == 503


def test_waiting_for_events_names_those_that_are_still_awaited() -> None:
    text = "do: [{l: {listen: {to: {all: [{with: {type: p}}, {with: {type: q}}]}}}}]"
    [found] = drive(text).event("p").waiting()
    assert (found.reason, found.events, found.consumed) == ("event", [{"with": {"type": "q"}}], 1)
    [found] = drive("do: [{l: {listen: {to: {one: {with: {type: p}}}}}}]").waiting()
    assert found.events == [{"with": {"type": "p"}}]


def test_waiting_for_a_child_and_for_a_person() -> None:
    text = "do: [{x: {run: {workflow: {namespace: n, name: c, version: 1.0.0}}}}]"
    suspended, child = drive(text).suspend().waiting()
    assert (suspended.reason, suspended.run_id) == ("suspended", 0)
    assert (child.reason, child.child_id) == ("child", "x1.1")


def test_waiting_before_the_start_and_after_the_end() -> None:
    assert [found.reason for found in Drive(plan_of("do: [{x: {call: a}}]")).waiting()] == ["starting"]
    assert drive("do: [{x: {set: {n: 1}}}]").waiting() == []
