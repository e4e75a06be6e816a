"""Loops."""

from __future__ import annotations

import pytest

from headrace.engine.tasks.composite import RECORDED_PURE_ITERATIONS
from unit.engine.driver import drive


def test_each_iteration_works_on_the_output_of_the_one_before() -> None:
    run = drive(
        "do: [{l: {for: {in: .items}, do: [{x: {set: '${ . + {n: (.n + $item)} }'}}]}}]",
        {"items": [1, 2, 3], "n": 0},
    )
    assert run.output == {"items": [1, 2, 3], "n": 6}
    assert [record.iteration for record in run.runs("x")] == [0, 1, 2]
    assert run.runs("x")[1].variables == {"item": 2, "index": 1}


def test_an_empty_loop_gives_its_input() -> None:
    run = drive("do: [{l: {input: {from: .a}, for: {in: '[]'}, do: [{x: {call: a}}]}}]", {"a": 7})
    assert run.output == 7
    assert not run.invoked


def test_names_of_item_and_index() -> None:
    run = drive(
        "do: [{l: {for: {each: color, at: i, in: .}, do: [{x: {set: {last: '${ [$i, $color] }'}}}]}}]",
        ["red", "blue"],
    )
    assert run.output == {"last": [1, "blue"]}


def test_an_inline_array_may_hold_expressions() -> None:
    run = drive(
        "do: [{l: {for: {in: [1, '${ .n }']}, do: [{x: {set: '${ {n, sum: (.sum + $item)} }'}}]}}]", {"n": 4}
    )
    assert run.output == {"n": 4, "sum": 5}


def test_while_is_asked_before_each_iteration_and_sees_item_and_data() -> None:
    text = """
    do:
      - l:
          for: {in: '[1, 2, 3, 4]'}
          while: .sum < 3 and $item < 4 and $index < 9
          do: [{x: {set: {sum: '${ .sum + $item }'}}}]
    """
    assert drive(text, {"sum": 0}).output == {"sum": 3}


def test_while_that_never_holds_gives_the_input() -> None:
    assert drive("do: [{l: {for: {in: '[1]'}, while: 'false', do: [{x: {set: {n: 1}}}]}}]", 5).output == 5


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "null"), ("text", "a string"), ({"a": 1}, "an object"), (3, "a number"), (True, "a boolean")],
)
def test_only_an_array_can_be_iterated_over(value: object, said: str) -> None:
    run = drive("do: [{l: {for: {in: .v}, do: [{x: {set: {n: 1}}}]}}]", {"v": value})
    assert run.fault == ("expression", 400, "/do/0/l")
    assert f"must give an array, got {said}" in run.error["detail"]


def test_loops_in_loops_see_the_variables_of_both() -> None:
    text = """
    do:
      - rows:
          for: {each: row, at: r, in: '[[1, 2], [3]]'}
          do:
            - cells:
                for: {each: cell, at: c, in: $row}
                do: [{x: {set: '${ . + [[$r, $c, $cell]] }'}}]
    """
    assert drive(text, []).output == [[0, 0, 1], [0, 1, 2], [1, 0, 3]]


def test_variables_are_bound_by_the_innermost_loop() -> None:
    text = """
    do:
      - rows:
          for: {in: '[1]'}
          do:
            - inner: {for: {in: '[2]'}, do: [{x: {set: '${ . + [$item] }'}}]}
            - y: {set: '${ . + [$item] }'}
    """
    assert drive(text, []).output == [2, 1]


def test_exit_ends_the_iteration_and_end_the_workflow() -> None:
    text = """
    do:
      - l:
          for: {in: '[1, 2, 3]'}
          do:
            - x: {set: '${ . + [$item] }', then: THEN}
            - y: {set: '${ . + ["y"] }'}
      - z: {set: '${ . + ["z"] }'}
    """
    assert drive(text.replace("THEN", "exit"), []).output == [1, 2, 3, "z"]
    assert drive(text.replace("THEN", "end"), []).output == [1]


def test_calls_in_a_loop_are_made_one_after_the_other() -> None:
    run = drive("do: [{l: {for: {in: .}, do: [{x: {call: a, with: {n: '${ $item }'}}}]}}]", [5, 6])
    assert [call.arguments for call in run.invoked] == [{"n": 5}]
    run.answer("a", "first")
    assert [call.arguments for call in run.invoked] == [{"n": 5}, {"n": 6}]
    assert run.invoked[1].input == "first"
    assert run.answer("a", "second").output == "second"


def test_items_are_taken_once_at_the_beginning() -> None:
    run = drive(
        "do: [{l: {for: {in: $context.items}, do: [{x: {call: a, export: {as: '{items: []}'}}}]}}]",
        {"items": [1, 2]},
    )
    assert run.answer("a").answer("a", "end").output == "end"


def test_a_fault_in_an_iteration_ends_the_loop() -> None:
    run = drive("do: [{l: {for: {in: '[1, 2]'}, do: [{x: {call: a}}]}}]").answer("a").fail("a")
    assert run.fault == ("communication", 503, "/do/0/l/do/0/x")
    assert run.ended() == ["x:completed", "x:faulted", "l:faulted"]


# --- many pure iterations are summed up -----------------------------------------------------------------

MANY = "do: [{l: {for: {in: '[range(250)]'}, do: [{x: {set: {n: '${ .n + 1 }'}}}]}}]"


def test_a_long_pure_loop_is_summed_up() -> None:
    run = drive(MANY, {"n": 0})
    assert run.output == {"n": 250}
    single = [record for record in run.runs("x") if record.count == 1]
    [summed] = [record for record in run.runs("x") if record.count > 1]
    assert len(single) == RECORDED_PURE_ITERATIONS
    assert summed.count == 250 - RECORDED_PURE_ITERATIONS
    assert summed.parent_id == run.run("l").run_id
    assert summed.ended_sequence < run.run("l").ended_sequence
    assert len({record.run_id for record in run.records}) == len(run.records)


def test_what_was_summed_up_is_on_record_also_when_the_loop_faults_or_is_ended() -> None:
    for what in ("raise: {error: {type: 'https://e.test/x', status: 400}}", "set: {n: 1}, then: end"):
        text = f"""
        do:
          - l:
              for: {{in: '[range(150)]'}}
              do:
                - x: {{set: {{n: 1}}}}
                - y: {{if: $index == 149, {what}}}
        """
        run = drive(text)
        assert sum(record.count for record in run.runs("x")) == 150


def test_a_fault_in_a_summed_up_iteration_is_on_record() -> None:
    text = "do: [{l: {for: {in: '[range(150)]'}, do: [{x: {set: '${ 1 / (120 - $index) }'}}]}}]"
    run = drive(text)
    assert run.fault == ("expression", 400, "/do/0/l/do/0/x")
    assert [record.iteration for record in run.runs("x") if record.status == "faulted"] == [120]


def test_a_loop_that_leaves_the_engine_is_recorded_in_full() -> None:
    run = drive("do: [{l: {for: {in: '[range(120)]'}, do: [{x: {call: a}}, {y: {set: {n: 1}}}]}}]")
    run.play({"a": lambda data: data})
    assert len(run.runs("x")) == len(run.runs("y")) == 120


def test_a_context_exported_by_a_summed_up_iteration_is_on_record() -> None:
    text = """
    do:
      - l:
          for: {in: '[range(150)]'}
          do: [{x: {set: {n: '${ $index }'}, export: {as: .n}}}]
      - y: {set: '${ $context }'}
    """
    run = drive(text, -1)
    assert run.output == 149
    assert run.rerun(task="y").output == 149


def test_loops_in_long_loops_are_summed_up_at_the_outermost() -> None:
    text = """
    do:
      - l:
          for: {in: '[range(103)]'}
          do: [{m: {for: {each: j, at: k, in: '[1, 2]'}, do: [{x: {set: {n: 1}}}]}}]
    """
    run = drive(text)
    assert {record.name: record.count for record in run.records if record.count > 1} == {"x": 6, "m": 3}
