"""Errors: raising, catching, handling."""

from __future__ import annotations

import pytest

from unit.engine.driver import drive, error_type

FORMER = "https://serverlessworkflow.io/spec/1.0.0/errors/communication"
NOW = "https://open-workflow-specification.org/spec/1.0.0/errors/communication"
FORMER_DSL = "https://serverlessworkflow.io/dsl/errors/types/communication"
NOW_DSL = "https://open-workflow-specification.org/dsl/errors/types/communication"


def catching(catch: str, body: str = "call: a", after: str = "") -> str:
    text = "do: [{t: {try: [{x: {BODY}}], catch: {CATCH}AFTER}}, {z: {set: '${ [., 1] }'}}]"
    return text.replace("BODY", body).replace("CATCH", catch).replace("AFTER", after)


# --- which errors are caught ----------------------------------------------------------------------------


@pytest.mark.parametrize("type_uri", [FORMER, NOW, FORMER_DSL, NOW_DSL])
def test_types_match_by_either_host_name(type_uri: str) -> None:
    run = drive(catching(f"errors: {{with: {{type: '{type_uri}', status: 503}}}}"), "in").fail("a")
    assert run.output == ["in", 1]


@pytest.mark.parametrize("type_uri", [FORMER, NOW])
def test_errors_raised_under_either_host_name_are_caught(type_uri: str) -> None:
    body = f"raise: {{error: {{type: '{type_uri}', status: 500}}}}"
    assert drive(catching(f"errors: {{with: {{type: '{NOW}'}}}}", body), "in").output == ["in", 1]


@pytest.mark.parametrize(
    ("with_", "caught"),
    [
        ("status: 503", True),
        ("status: 500", False),
        (f"type: '{NOW}', status: 503", True),
        (f"type: '{NOW}', status: 404", False),
        ("type: 'https://other.test/communication'", False),
        ("title: Failed", True),
        ("title: Other", False),
        ("instance: /do/0/t/try/0/x", True),
        ("instance: /do/0/t", False),
        ("detail: none", False),
    ],
)
def test_every_written_member_of_the_filter_must_be_equal(with_: str, caught: bool) -> None:
    run = drive(catching(f"errors: {{with: {{{with_}}}}}"), "in").fail("a")
    assert run.finish is not None
    assert run.finish.status == ("completed" if caught else "faulted")


@pytest.mark.parametrize(
    ("clause", "caught"),
    [
        ("when: $error.status == 503", True),
        ("when: $error.status == 404", False),
        ("exceptWhen: $error.status == 404", True),
        ("exceptWhen: $error.status == 503", False),
        ("when: .n == 1", True),
        ("when: .n == 1, exceptWhen: .n == 1", False),
        ("errors: {with: {status: 404}}, when: 'true'", False),
        ("as: e, when: '$e.title == \"Failed\"'", True),
    ],
)
def test_conditions_decide_on_the_error_and_the_input(clause: str, caught: bool) -> None:
    run = drive(catching(clause), {"n": 1}).fail("a")
    assert run.finish is not None
    assert run.finish.status == ("completed" if caught else "faulted")


def test_a_condition_that_fails_faults_the_try() -> None:
    run = drive(catching("when: '.n.m'"), {"n": 1}).fail("a")
    assert run.fault == ("expression", 400, "/do/0/t")


def test_what_is_not_caught_goes_on_with_the_instance_of_the_task_that_raised_it() -> None:
    run = drive(catching("errors: {with: {status: 404}}")).fail("a")
    assert run.fault == ("communication", 503, "/do/0/t/try/0/x")
    assert run.ended() == ["x:faulted", "t:faulted"]


# --- what is done then ----------------------------------------------------------------------------------


def test_a_catch_without_anything_swallows_the_error_and_gives_the_tries_input() -> None:
    run = drive(catching("", after=", input: {from: .n}"), {"n": 5}).fail("a")
    assert run.run("t").output == 5
    assert run.run("t").details is not None
    assert run.run("t").details["caught"]["status"] == 503


def test_the_handler_works_on_the_input_of_the_try_and_sees_the_error() -> None:
    text = catching("as: e, do: [{h: {set: {error: '${ $e }', in: '${ . }'}}}]")
    run = drive(text, "in").fail("a")
    assert run.run("t").output == {
        "error": {
            "type": error_type("communication"),
            "status": 503,
            "title": "Failed",
            "instance": "/do/0/t/try/0/x",
        },
        "in": "in",
    }
    assert run.run("h").pointer == "/do/0/t/catch/do/0/h"


def test_the_output_of_the_try_is_that_of_the_handler_or_the_body() -> None:
    text = catching("do: [{h: {set: {from: handler}}}]")
    assert drive(text).fail("a").run("t").output == {"from": "handler"}
    assert drive(text).answer("a", "body").run("t").output == "body"


def test_an_error_in_the_handler_is_not_caught_by_the_same_try() -> None:
    run = drive(catching("do: [{h: {call: b}}]")).fail("a").fail("b", status=500)
    assert run.fault == ("communication", 500, "/do/0/t/catch/do/0/h")


def test_an_error_in_the_handler_is_caught_by_the_try_around() -> None:
    text = """
    do:
      - o:
          try:
            - t: {try: [{x: {call: a}}], catch: {do: [{h: {call: b}}]}}
          catch: {do: [{g: {set: '${ $error.instance }'}}]}
    """
    assert drive(text).fail("a").fail("b").output == "/do/0/o/try/0/t/catch/do/0/h"


def test_the_inner_try_has_the_first_word() -> None:
    text = """
    do:
      - o:
          try:
            - t:
                try: [{x: {call: a}}]
                catch: {errors: {with: {status: STATUS}}, do: [{h: {set: {by: inner}}}]}
          catch: {do: [{g: {set: {by: outer}}}]}
    """
    assert drive(text.replace("STATUS", "503")).fail("a").output == {"by": "inner"}
    assert drive(text.replace("STATUS", "404")).fail("a").output == {"by": "outer"}


THEN = """
do:
  - t: {try: [{x: {call: a}}], catch: {CATCH}, then: body}
  - middle: {set: '${ [., "middle"] }'}
  - caught: {set: '${ [., "caught"] }', then: end}
  - body: {set: '${ [., "body"] }'}
"""


def test_catch_then_goes_on_where_it_says_and_the_tries_own_then_without_an_error() -> None:
    text = THEN.replace("CATCH", "then: caught")
    assert drive(text, "in").fail("a").output == ["in", "caught"]
    assert drive(text, "in").answer("a", "out").output == ["out", "body"]


def test_catch_then_comes_after_the_handler() -> None:
    text = THEN.replace("CATCH", "do: [{h: {set: {handled: true}}}], then: caught")
    assert drive(text).fail("a").output == [{"handled": True}, "caught"]


def test_catch_then_end_and_continue() -> None:
    assert drive(THEN.replace("CATCH", "then: end"), "in").fail("a").output == "in"
    assert drive(THEN.replace("CATCH", "then: continue"), "in").fail("a").output == [
        ["in", "middle"],
        "caught",
    ]


def test_without_catch_then_the_tries_own_then_counts_also_after_the_handler() -> None:
    text = THEN.replace("CATCH", "do: [{h: {set: {handled: true}}}]")
    assert drive(text).fail("a").output == [{"handled": True}, "body"]


def test_a_fault_cancels_what_runs_beside_in_the_body() -> None:
    text = """
    do:
      - t:
          try:
            - f: {fork: {branches: [{x: {call: a}}, {y: {wait: {seconds: 5}}}]}}
          catch: {do: [{h: {wait: {seconds: 1}}}]}
    """
    run = drive(text, "in").fail("a")
    assert run.ended() == ["x:faulted", "y:cancelled", "f:faulted"]
    assert run.later(1).output == "in"


def test_errors_of_the_engine_itself_are_caught_too() -> None:
    assert drive(catching("do: [{h: {set: '${ $error.type }'}}]", "set: '${ .n.m }'"), {"n": 1}).run(
        "t"
    ).output == (error_type("expression"))


def test_end_in_the_body_ends_the_workflow() -> None:
    run = drive(catching("do: [{h: {set: {n: 1}}}]", "set: {n: 2}, then: end"))
    assert run.output == {"n": 2}


def test_exit_in_body_and_handler_ends_the_try() -> None:
    text = """
    do:
      - t:
          try: [{x: {call: a, then: exit}}, {y: {call: b}}]
          catch: {do: [{h: {set: {n: 1}, then: exit}}, {i: {call: c}}]}
    """
    assert drive(text).answer("a", 5).output == 5
    assert drive(text).fail("a").output == {"n": 1}


# --- raise ----------------------------------------------------------------------------------------------


def test_raise_inline_with_expressions() -> None:
    text = """
    do:
      - r:
          raise:
            error:
              type: ${ "https://e.test/" + .kind }
              status: 418
              title: ${ .kind }
              detail: 'pot ${ .n } of ${ $workflow.definition.document.name }'
              instance: /somewhere/else
    """
    assert drive(text, {"kind": "teapot", "n": 7}).error == {
        "type": "https://e.test/teapot",
        "status": 418,
        "title": "teapot",
        "detail": "pot 7 of flow",
        "instance": "/do/0/r",
    }


def test_raise_by_name() -> None:
    text = """
    use: {errors: {teapot: {type: https://e.test/teapot, status: 418}}}
    do: [{o: {do: [{r: {raise: {error: teapot}}}]}}]
    """
    assert drive(text).error == {
        "type": "https://e.test/teapot",
        "status": 418,
        "instance": "/do/0/o/do/0/r",
    }


def test_a_raised_type_is_written_with_todays_host_name() -> None:
    assert drive(f"do: [{{r: {{raise: {{error: {{type: '{FORMER}', status: 500}}}}}}}}]").error["type"] == NOW


def test_an_error_whose_type_is_no_text_is_an_expression_error() -> None:
    assert drive("do: [{r: {raise: {error: {type: '${ 5 }', status: 400}}}}]").fault == (
        "expression",
        400,
        "/do/0/r",
    )
