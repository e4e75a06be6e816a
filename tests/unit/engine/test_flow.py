"""Which task comes next: order, `if`, `then`, `switch`, and what they do inside of other tasks."""

from __future__ import annotations

import pytest

from unit.engine.driver import drive

ADD = "set: '${ . + [$task.name] }'"


def names(text: str, input: object = None) -> list[str]:
    """Run tasks that each add their name to the data; return the data."""
    return list(drive(text.replace("ADD", ADD), [] if input is None else input).output)


def test_tasks_run_in_order() -> None:
    assert names("do: [{x: {ADD}}, {y: {ADD}}, {z: {ADD}}]") == ["x", "y", "z"]


def test_continue_is_what_is_done_anyway() -> None:
    assert names("do: [{x: {ADD, then: continue}}, {y: {ADD}}]") == ["x", "y"]


def test_then_goes_to_a_named_task_forward_and_back() -> None:
    text = """
    do:
      - x: {ADD, then: z}
      - y: {ADD, then: end}
      - z: {ADD, then: y}
    """
    assert names(text) == ["x", "z", "y"]


def test_end_ends_the_workflow_from_a_nested_list() -> None:
    run = drive(
        """
        do:
          - o: {do: [{x: {ADD, then: end}}, {y: {ADD}}], output: {as: '[]'}}
          - z: {ADD}
        """.replace("ADD", ADD),
        [],
    )
    assert run.output == ["x"]
    assert run.ended() == ["x:completed", "o:completed"]
    assert run.run("o").output == ["x"]  # the ancestors end as they stand: no `output.as`


def test_exit_ends_the_list_that_it_stands_in_and_goes_on_behind_it() -> None:
    assert names("do: [{o: {do: [{x: {ADD, then: exit}}, {y: {ADD}}]}}, {z: {ADD}}]") == ["x", "z"]


def test_exit_in_the_first_list_ends_the_workflow() -> None:
    assert names("do: [{x: {ADD, then: exit}}, {y: {ADD}}]") == ["x"]


def test_the_last_task_may_go_back_while_a_switch_lets_it() -> None:
    text = """
    do:
      - count: {set: {n: '${ (.n // 0) + 1 }'}}
      - again:
          switch:
            - more: {when: .n < 500, then: count}
            - enough: {then: end}
    """
    assert drive(text, {}).output == {"n": 500}


# --- if -------------------------------------------------------------------------------------------------


def test_a_task_whose_condition_does_not_hold_is_skipped_with_its_input_as_output() -> None:
    run = drive(
        """
        do:
          - x:
              if: .go
              input: {schema: {document: {required: [nothing]}}}
              set: {n: 1}
              output: {as: '.n.o'}
              export: {as: '{lost: true}'}
              then: end
          - y: {set: {in: '${ . }', context: '${ $context }'}}
        """,
        {"go": False},
    )
    assert run.output == {"in": {"go": False}, "context": {"go": False}}
    assert run.ended() == ["x:skipped", "y:completed"]
    assert not run.run("x").exported


@pytest.mark.parametrize(
    ("value", "runs"), [(True, True), (0, True), ("", True), ([], True), (False, False), (None, False)]
)
def test_all_but_false_and_null_is_true(value: object, runs: bool) -> None:
    run = drive("do: [{x: {if: .v, set: {n: 1}}}]", {"v": value})
    assert (run.output == {"n": 1}) is runs


def test_a_skipped_composite_runs_nothing_below() -> None:
    run = drive("do: [{o: {if: '${ false }', do: [{x: {call: a}}]}}]", 1)
    assert run.output == 1
    assert not run.invoked


# --- switch ---------------------------------------------------------------------------------------------

SWITCH = (
    """
do:
  - choose:
      switch:
        - default: {then: other}
        - one: {when: .n == 1, then: first}
        - small: {when: .n < 3, then: second}
        - stop: {when: .n == 9, then: end}
        - out: {when: .n == 8, then: exit}
        - on: {when: .n == 7, then: continue}
  - first: {set: first, then: end}
  - second: {set: second, then: end}
  - other: {set: other}
""".replace("set: first", "set: {is: first}")
    .replace("set: second", "set: {is: second}")
    .replace("set: other", "set: {is: other}")
)


@pytest.mark.parametrize(
    ("n", "output"),
    [
        (1, {"is": "first"}),  # the first that matches, though `small` matches too
        (2, {"is": "second"}),
        (5, {"is": "other"}),  # the default, though it stands first
        (9, {"n": 9}),
        (8, {"n": 8}),
        (7, {"is": "first"}),
    ],
)
def test_the_first_case_that_matches_is_taken_and_the_default_last(n: int, output: object) -> None:
    run = drive(SWITCH, {"n": n})
    assert run.output == output
    assert run.run("choose").output == {"n": n}


def test_history_keeps_the_case_that_was_taken() -> None:
    assert drive(SWITCH, {"n": 2}).run("choose").details == {"case": "small"}


def test_without_a_case_that_matches_the_tasks_own_then_counts() -> None:
    text = """
    do:
      - choose: {switch: [{one: {when: .n == 1, then: end}}], then: last}
      - middle: {set: {is: middle}}
      - last: {set: {was: '${ . }'}}
    """
    run = drive(text, {"n": 2})
    assert run.output == {"was": {"n": 2}}
    assert run.run("choose").details is None


def test_a_case_wins_over_the_tasks_own_then() -> None:
    text = """
    do:
      - choose: {switch: [{one: {when: 'true', then: last}}], then: end}
      - middle: {set: {is: middle}}
      - last: {set: {is: last}}
    """
    assert drive(text).output == {"is": "last"}


def test_a_condition_that_fails_faults_the_switch() -> None:
    assert drive("do: [{s: {switch: [{one: {when: .n.m, then: end}}]}}]", {"n": 1}).fault == (
        "expression",
        400,
        "/do/0/s",
    )


# --- do -------------------------------------------------------------------------------------------------


def test_nested_lists_share_the_flow_of_data() -> None:
    text = "do: [{o: {do: [{p: {do: [{x: {ADD}}]}}, {y: {ADD}}]}}, {z: {ADD}}]"
    assert names(text) == ["x", "y", "z"]


def test_history_numbers_starts_and_ends() -> None:
    run = drive("do: [{o: {do: [{x: {set: {n: 1}}}]}}]")
    inner, outer = run.run("x"), run.run("o")
    assert outer.started_sequence < inner.started_sequence < inner.ended_sequence < outer.ended_sequence
    assert inner.parent_id == outer.run_id
    assert outer.parent_id == 0


def test_deep_nesting_costs_no_stack() -> None:
    depth = 20
    text = "do: [{x: {set: {n: 1}}}]"
    for number in range(depth):
        text = f"do: [{{d{number}: {{{text}}}}}]"
    run = drive(text)
    assert run.output == {"n": 1}
    assert len(run.records) == depth + 1
