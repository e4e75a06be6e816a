"""Branches at once."""

from __future__ import annotations

from headrace.engine.commands import CancelInvocation
from unit.engine.driver import drive

FORK = "do: [{f: {fork: {branches: [{x: {call: a}}, {y: {call: b}}, {z: {call: c}}]}}}]"
RACE = FORK.replace("{branches", "{compete: true, branches")


def test_branches_start_in_order_and_at_once_on_the_same_input() -> None:
    run = drive(FORK, {"n": 1})
    assert [(call.target, call.input) for call in run.invoked] == [
        ("a", {"n": 1}),
        ("b", {"n": 1}),
        ("c", {"n": 1}),
    ]


def test_outputs_stand_in_the_order_of_the_branches() -> None:
    run = drive(FORK).answer("c", 3).answer("a", 1)
    assert run.finish is None
    assert run.answer("b", 2).output == [1, 2, 3]
    assert run.ended() == ["z:completed", "x:completed", "y:completed", "f:completed"]


def test_the_first_to_complete_wins_a_race_and_the_others_are_cancelled() -> None:
    run = drive(RACE).answer("b", 2)
    assert run.output == 2
    assert sorted(command.run_id for command in run.of(CancelInvocation)) == [2, 4]
    assert run.ended() == ["y:completed", "z:cancelled", "x:cancelled", "f:completed"]


def test_pure_branches_compete_in_order() -> None:
    run = drive("do: [{f: {fork: {compete: true, branches: [{x: {set: {n: 1}}}, {y: {call: a}}]}}}]")
    assert run.output == {"n": 1}
    assert not run.invoked


def test_a_branch_that_faults_drops_out_of_a_race() -> None:
    run = drive(RACE).fail("a").fail("c")
    assert run.finish is None
    assert run.answer("b", 2).output == 2


def test_a_race_faults_when_all_have_faulted_with_the_last_error() -> None:
    run = drive(RACE).fail("a").fail("c", status=500).fail("b", status=502)
    assert run.fault == ("communication", 502, "/do/0/f/fork/branches/1/y")


def test_a_branch_that_faults_cancels_its_siblings_and_faults_the_fork() -> None:
    run = drive(FORK).answer("c", 3).fail("b")
    assert run.fault == ("communication", 503, "/do/0/f/fork/branches/1/y")
    assert [command.run_id for command in run.of(CancelInvocation)] == [2]
    assert run.ended() == ["z:completed", "y:faulted", "x:cancelled", "f:faulted"]


def test_the_fault_of_a_branch_can_be_caught() -> None:
    text = """
    do:
      - t:
          try: [{f: {fork: {branches: [{x: {call: a}}, {y: {call: b}}]}}}]
          catch: {do: [{h: {set: '${ $error.status }'}}]}
    """
    assert drive(text).fail("a").output == 503


def test_end_in_a_branch_ends_the_workflow_and_cancels_the_others() -> None:
    text = """
    do:
      - f:
          fork:
            branches:
              - x: {do: [{x1: {call: a, then: end}}, {x2: {call: b}}]}
              - y: {do: [{y1: {call: c}}]}
      - z: {set: {n: 1}}
    """
    run = drive(text).answer("a", "over")
    assert run.output == "over"
    assert run.ended() == ["x1:completed", "x:completed", "y1:cancelled", "y:cancelled", "f:completed"]
    assert len(run.of(CancelInvocation)) == 1


def test_end_as_a_branchs_own_then_ends_the_workflow() -> None:
    run = drive("do: [{f: {fork: {branches: [{x: {call: a, then: end}}, {y: {call: b}}]}}}]").answer("a", 1)
    assert run.output == 1
    assert "y:cancelled" in run.ended()


def test_exit_in_a_branch_ends_that_branch_only() -> None:
    text = """
    do:
      - f:
          fork:
            branches:
              - x: {do: [{x1: {set: {n: 1}, then: exit}}, {x2: {set: {n: 2}}}]}
              - y: {set: {n: 3}, then: exit}
    """
    assert drive(text).output == [{"n": 1}, {"n": 3}]


def test_a_skipped_branch_gives_its_input() -> None:
    run = drive("do: [{f: {fork: {branches: [{x: {if: 'false', set: {n: 1}}}, {y: {set: {n: 2}}}]}}}]", 7)
    assert run.output == [7, {"n": 2}]


def test_branches_share_the_context() -> None:
    text = """
    do:
      - f:
          fork:
            branches:
              - x: {call: a, export: {as: '$context + {x: .}'}}
              - y: {call: b, export: {as: '$context + {y: .}'}}
      - z: {set: '${ $context }'}
    """
    assert drive(text, {}).answer("b", 2).answer("a", 1).output == {"x": 1, "y": 2}


def test_forks_in_forks_and_in_loops() -> None:
    text = """
    do:
      - l:
          for: {in: '[1, 2]'}
          do:
            - f:
                fork:
                  branches:
                    - x: {set: '${ $item }'}
                    - g: {fork: {branches: [{y: {set: '${ $item * 10 }'}}, {w: {call: a}}]}}
    """
    run = drive(text).answer("a", "first").answer("a", "second")
    assert run.output == [2, [20, "second"]]


def test_a_fault_in_an_inner_fork_cancels_the_branches_of_the_outer_one() -> None:
    text = """
    do:
      - f:
          fork:
            branches:
              - x: {call: a}
              - g: {fork: {branches: [{y: {call: b}}, {w: {call: c}}]}}
    """
    run = drive(text).fail("c")
    assert run.ended() == ["w:faulted", "y:cancelled", "g:faulted", "x:cancelled", "f:faulted"]
    assert not run.open


def test_a_branch_that_faults_at_once_starts_no_later_branch() -> None:
    run = drive("do: [{f: {fork: {branches: [{x: {set: '${ .a.b }'}}, {y: {call: a}}]}}}]", {"a": 1})
    assert run.fault == ("expression", 400, "/do/0/f/fork/branches/0/x")
    assert not run.invoked
