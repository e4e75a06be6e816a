"""Rerun from any task: the new execution ends as a whole new one would, and nothing finished runs again."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from headrace.engine.record import RunRecord
from headrace.engine.rerun import RerunError, names_of
from unit.engine.driver import Answers, Drive, FunctionFails, drive, plan_of


def adding(amount: int) -> Any:
    return lambda data: {"n": data["n"] + amount}


def failing(data: Any) -> Any:
    raise FunctionFails


ANSWERS: Answers = {
    "a": adding(1),
    "b": adding(20),
    "c": adding(300),
    "d": adding(4000),
    "e": adding(50000),
    "f": failing,
}

FLOW = """
use:
  functions:
    scored: {do: [{s1: {call: a}}, {s2: {set: '${ {n: (.n * 2)} }'}}, {s3: {call: b}}]}
  extensions:
    - watched:
        extend: call
        when: $task.name == "first"
        before: [{w: {set: {n: 1}}}]
        after: [{v: {call: a}}, {v2: {call: c}}]
do:
  - first: {call: b, export: {as: '{first: .n}'}}
  - skipped: {if: .n < 0, call: a}
  - loop:
      for: {in: '[1, 2, 3]', at: i}
      do:
        - l1: {set: '${ {n: (.n + $item)} }'}
        - l2: {call: c}
        - split:
            fork:
              branches:
                - p: {call: d}
                - q: {do: [{q1: {call: e}}, {q2: {set: '${ {n: (.n + $i)} }'}}, {q3: {call: a}}]}
        - join: {set: '${ {n: (.[0].n + .[1].n)} }', export: {as: '$context + {joined: .n}'}}
  - attempt:
      try:
        - t1: {call: a}
        - t2: {call: f}
      catch:
        as: e
        do:
          - h1: {call: d}
          - h2: {set: '${ {n: (.n + $e.status)} }'}
  - use: {call: scored}
  - route: {switch: [{on: {when: .n > 0, then: last}}]}
  - never: {call: f}
  - last: {set: '${ . + {context: $context} }'}
"""


def calls_of(records: list[RunRecord]) -> Counter[str]:
    """Count the calls that were finished, by task."""
    return Counter(
        record.pointer
        for record in records
        if record.kind == "call" and record.status in ("completed", "faulted") and record.name != "use"
    )


def full_run(text: str = FLOW, input: Any = None, answers: Answers = ANSWERS) -> Drive:
    return drive(text, {"n": 0} if input is None else input).play(answers)


_FULL = full_run()
_TARGETS = {f"{record.run_id}-{record.name}": record.run_id for record in _FULL.records}


@pytest.mark.parametrize("target", _TARGETS)
def test_rerun_from_every_task_run(target: str) -> None:
    full = full_run()
    again = full.rerun(run_id=_TARGETS[target])
    carried = list(again.records)
    again.play(ANSWERS)
    assert again.output == full.output
    # What is carried and what is called anew make up one whole run: nothing is missing, nothing twice.
    called = Counter(call.pointer for call in again.invoked)
    if "/after/" in full.records[list(_TARGETS).index(target)].pointer:
        called["/do/0/first"] += 1  # the task itself is taken up behind its call
    assert called + calls_of(carried) == calls_of(full.records)
    assert calls_of(again.records) == calls_of(full.records)
    assert len({record.run_id for record in again.records}) == len(again.records)


def test_the_flow_of_the_rerun_tests_has_what_they_are_about() -> None:
    assert len(_TARGETS) > 40
    statuses = Counter(record.status for record in _FULL.records)
    assert statuses["faulted"] == 1
    assert statuses["skipped"] == 1
    assert _FULL.output["context"]["joined"] > 0


def test_rerun_starts_at_the_task_and_nothing_before_it() -> None:
    again = full_run().rerun(task="h1")
    assert [call.pointer for call in again.open.values()] == ["/do/3/attempt/catch/do/0/h1"]
    assert again.execution.status == "running"


def test_of_several_runs_of_a_task_the_last_is_taken() -> None:
    full = full_run()
    again = full.rerun(task="l2")
    assert [call.pointer for call in again.open.values()] == ["/do/2/loop/do/1/l2"]
    assert [record.iteration for record in again.records if record.name == "l1"] == [0, 1, 2]
    assert full.rerun(task="/do/2/loop/do/1/l2").open == again.open


def test_edited_input() -> None:
    full = full_run()
    fresh = full_run(input={"n": 1000})
    again = full.rerun(task="first", input={"n": 1000}).play(ANSWERS)
    assert again.output == fresh.output


def test_edited_input_in_the_last_iteration() -> None:
    text = """
    do:
      - l: {for: {in: '[1, 2]'}, do: [{x: {set: '${ .n }'}}, {y: {call: a, input: {from: '{n: .}'}}}]}
    """
    again = full_run(text).rerun(task="y", input=41).play(ANSWERS)
    assert again.output == {"n": 42}


def test_on_a_version_with_moved_and_new_tasks() -> None:
    old = "do: [{x: {call: a}}, {o: {do: [{y: {call: f}}]}}]"
    new = """
    do:
      - zero: {call: b}
      - x: {call: a}
      - o: {do: [{before: {call: b}}, {y: {call: c}}]}
      - z: {call: d}
    """
    failed = full_run(old)
    assert failed.fault[0] == "communication"
    again = failed.rerun(task="y", plan=plan_of(new)).play(ANSWERS)
    assert again.output == {"n": 1 + 300 + 4000}
    assert [call.target for call in again.invoked] == ["c", "d"]
    assert again.run("y").pointer == "/do/2/o/do/1/y"


def test_on_a_version_without_the_task_it_is_refused() -> None:
    failed = full_run("do: [{x: {call: a}}, {o: {do: [{y: {call: f}}]}}]")
    with pytest.raises(RerunError, match=r"has no task do/o/do/y"):
        failed.rerun(task="y", plan=plan_of("do: [{x: {call: a}}]"))


def test_the_context_is_that_of_the_time() -> None:
    text = """
    do:
      - x: {call: a, export: {as: '$context + {x: .n}'}}
      - y: {call: b, export: {as: '$context + {y: .n}'}}
      - z: {set: '${ $context }'}
    """
    full = full_run(text)
    again = full.rerun(task="y")
    assert again.execution.context == {"n": 0, "x": 1}
    assert again.play(ANSWERS).output == full.output


def test_the_workflows_timeout_counts_anew() -> None:
    full = full_run("timeout: {after: PT9S}\ndo: [{x: {call: a, timeout: {after: PT5S}}}]")
    again = full.rerun(task="x")
    assert again.later(5).fault == ("timeout", 408, "/do/0/x")
    assert full.rerun(task="x").later(4).answer("a", 1).output == 1


# --- forks ----------------------------------------------------------------------------------------------

BRANCHES = """
do:
  - f:
      fork:
        branches:
          - p: {do: [{p1: {call: a}}, {p2: {call: b}}]}
          - q: {do: [{q1: {call: c}}, {q2: {call: d}}]}
          - r: {call: e}
"""


def test_branches_that_were_cancelled_go_on_where_they_were() -> None:
    run = drive(BRANCHES, {"n": 0}).answer("a", {"n": 1}).answer("c", {"n": 2}).fail("d")
    assert run.ended()[-4:] == ["p2:cancelled", "r:cancelled", "p:cancelled", "f:faulted"]
    again = run.rerun(task="q2")
    assert sorted(call.target for call in again.open.values()) == ["b", "d", "e"]
    assert again.play(ANSWERS).output == [{"n": 21}, {"n": 4002}, {"n": 50000}]


def test_a_branch_that_faulted_goes_on_where_it_faulted_when_a_neighbour_is_rerun() -> None:
    run = drive(BRANCHES, {"n": 0}).answer("c", {"n": 2}).answer("e", {"n": 5}).fail("d")
    again = run.rerun(task="p1")
    assert sorted(call.target for call in again.open.values()) == ["a", "d"]
    assert again.play(ANSWERS).output == [{"n": 21}, {"n": 4002}, {"n": 5}]
    assert Counter(record.name for record in again.records)["q1"] == 1


def test_what_a_neighbour_completed_later_is_kept() -> None:
    run = (
        drive(BRANCHES, {"n": 0}).answer("e", {"n": 5}).answer("c", {"n": 2}).answer("d", {"n": 3}).fail("a")
    )
    again = run.rerun(task="p1")
    assert [call.target for call in again.open.values()] == ["a"]
    assert again.play(ANSWERS).output == [{"n": 21}, {"n": 3}, {"n": 5}]


def test_a_race_is_run_on_with_those_that_had_not_faulted() -> None:
    text = "do: [{f: {fork: {compete: true, branches: [{x: {call: a}}, {y: {call: b}}, {z: {call: c}}]}}}]"
    run = drive(text, {"n": 0}).fail("a").answer("b", {"n": 2})
    again = run.rerun(task="y")
    assert sorted(call.target for call in again.open.values()) == ["b", "c"]
    assert again.answer("c", {"n": 3}).output == {"n": 3}


def test_a_loop_in_a_cancelled_branch_goes_on_in_its_iteration() -> None:
    text = """
    do:
      - f:
          fork:
            branches:
              - p: {for: {in: '[1, 2, 3]'}, do: [{p1: {call: a}}]}
              - q: {call: b}
    """
    run = drive(text, {"n": 0}).answer("a", {"n": 1}).fail("b")
    again = run.rerun(task="q").play(ANSWERS)
    assert again.output == [{"n": 3}, {"n": 20}]
    assert [call.target for call in again.invoked].count("a") == 2


def test_a_try_in_a_cancelled_branch_goes_on_in_its_handler() -> None:
    text = """
    do:
      - f:
          fork:
            branches:
              - p: {try: [{p1: {call: a}}], catch: {do: [{h: {call: c}}]}}
              - q: {call: b}
    """
    run = drive(text, {"n": 0}).fail("a").fail("b")
    again = run.rerun(task="q")
    assert sorted(call.target for call in again.open.values()) == ["b", "c"]
    assert again.play(ANSWERS).output == [{"n": 300}, {"n": 20}]


# --- extensions, listen ---------------------------------------------------------------------------------

EXTENDED = """
use:
  extensions:
    - one: {extend: call, when: '$task.name == "x"', before: [{b1: {call: a}}], after: [{z1: {call: c}}]}
    - two: {extend: call, when: '$task.name == "x"', before: [{b2: {call: b}}], after: [{z2: {call: d}}]}
do:
  - x: {call: e, then: end}
  - y: {call: f}
"""


@pytest.mark.parametrize(
    ("task", "invoked"), [("b1", "abecd"), ("b2", "becd"), ("z1", "cd"), ("z2", "d"), ("x", "abecd")]
)
def test_from_inside_of_extensions(task: str, invoked: str) -> None:
    full = full_run(EXTENDED)
    again = full.rerun(task=task).play(ANSWERS)
    assert "".join(call.target for call in again.invoked) == invoked
    assert again.output == full.output == {"n": 50000}


def test_from_inside_of_an_extension_of_a_switch_its_case_still_counts() -> None:
    text = """
    use: {extensions: [{e: {extend: switch, after: [{z: {call: a}}]}}]}
    do:
      - s: {switch: [{one: {when: .n == 0, then: last}}]}
      - middle: {call: f}
      - last: {call: b}
    """
    again = full_run(text).rerun(task="z").play(ANSWERS)
    assert [call.target for call in again.invoked] == ["a", "b"]


EACH = """
do:
  - l:
      listen: {to: {all: [{with: {type: p}}, {with: {type: q}}, {with: {type: r}}]}}
      foreach: {do: [{x: {call: a, with: {n: '${ $item.n }'}}}]}
"""


def test_from_inside_of_foreach_with_the_events_that_were_consumed() -> None:
    run = drive(EACH).event("q", {"n": 1}).event("p", {"n": 2}).answer("a", 10).fail("a")
    again = run.rerun(task="x")
    assert again.invoked[0].arguments == {"n": 2}
    again.answer("a", 20)
    assert again.event("p", {"n": 9}, sequence=50).commands == []  # it has that one
    again.event("r", {"n": 3}, sequence=51).answer("a", 30)
    assert again.output == [10, 20, 30]


def test_which_events_are_still_awaited_is_on_record() -> None:
    run = drive(EACH).event("r", {"n": 1}).fail("a")
    again = run.rerun(task="x").answer("a", 10)
    again.event("p", {"n": 2}).answer("a", 20).event("q", {"n": 3}).answer("a", 30)
    assert again.output == [10, 20, 30]


# --- what cannot be -------------------------------------------------------------------------------------


def test_what_history_does_not_have_is_refused() -> None:
    run = full_run("do: [{x: {call: a}}]")
    with pytest.raises(RerunError, match="no run of a task 'nope'"):
        run.rerun(task="nope")
    with pytest.raises(RerunError, match="no task run 99"):
        run.rerun(run_id=99)


def test_a_run_that_was_summed_up_is_refused() -> None:
    run = drive("do: [{l: {for: {in: '[range(150)]'}, do: [{x: {set: {n: 1}}}]}}]")
    with pytest.raises(RerunError, match="50 runs of this task were summed up; rerun from the loop"):
        run.rerun(task="x")


def test_inside_of_other_tasks_it_needs_the_whole_history() -> None:
    run = Drive(plan_of("do: [{o: {do: [{x: {call: a}}]}}]"), {"n": 0}, history="calls").start().play(ANSWERS)
    with pytest.raises(RerunError, match="needs `history: full`"):
        run.rerun(task="x")


def test_a_loop_that_does_not_get_so_far_any_more_is_refused() -> None:
    old = "do: [{l: {for: {in: '[1, 2, 3]'}, do: [{x: {call: a}}]}}]"
    with pytest.raises(RerunError, match="the loop has no iteration 2 any more"):
        full_run(old).rerun(task="x", plan=plan_of(old.replace("[1, 2, 3]", "[1]")))


@pytest.mark.parametrize(
    ("pointer", "names"),
    [
        ("/do/0/charge", ("do", "charge")),
        ("/do/2/t/catch/do/1/h", ("do", "t", "catch", "do", "h")),
        ("/do/0/7/do/1/8", ("do", "7", "do", "8")),
        ("/use/functions/f/do/0/x", ("use", "functions", "f", "do", "x")),
        ("/do/0/f/fork/branches/1/x", ("do", "f", "fork", "branches", "x")),
    ],
)
def test_a_task_is_the_same_wherever_it_moved_in_its_list(pointer: str, names: tuple[str, ...]) -> None:
    assert names_of(pointer) == names


BATCHES = """
do:
  - first: {call: a}
  - both:
      fork:
        branches:
          - one: {call: batch, with: {function: a, items: [1]}}
          - two: {call: f}
"""


def batches(*, one: bool) -> Drive:
    """Return a run of the flow in which the branch `two` fails, after the batch was done or before."""
    full = drive(BATCHES, {"n": 0}, functions={"a": {}, "f": {}}).answer("first", {"n": 1})
    if one:
        full.answer("one", {"total": 1})
    return full.fail("two")


@pytest.mark.parametrize("one", [True, False])
def test_a_batch_is_told_which_one_it_does_again(one: bool) -> None:
    full = batches(one=one)
    [record] = full.runs("one")
    assert record.status == ("completed" if one else "cancelled")
    again = full.rerun(task="one")
    assert again.invocation("one").previous == f"x1.{record.run_id}.1"
    assert again.invocation("two").previous is None
    # The branch was cancelled for the other's fault: it goes on, too.
    again = full.rerun(task="two")
    assert [call.previous for call in again.invoked if call.kind == "batch"] == (
        [] if one else [f"x1.{record.run_id}.1"]
    )
    # From before it everything is done anew.
    again = full.rerun(task="first").answer("first", {"n": 1})
    assert again.invocation("one").previous is None
