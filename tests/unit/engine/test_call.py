"""call and run: what is asked of the outside, and whose answers count."""

from __future__ import annotations

from typing import Any

import pytest

from headrace.engine import events
from headrace.engine.commands import CancelChild, CancelInvocation, Invoke, StartChild
from headrace.engine.fault import PlanError
from headrace.engine.trace import traceparent
from headrace.errors import WorkflowError
from unit.engine.driver import FUNCTIONS, NOW, drive, plan_of

# --- functions ------------------------------------------------------------------------------------------


def test_a_function_gets_its_input_and_the_evaluated_arguments() -> None:
    functions = {"a": {"url": "http://a.test", "timeout": "PT5S"}}
    run = drive(
        "do: [{x: {input: {from: .in}, call: a, with: {n: '${ .n }'}}}]",
        {"in": {"n": 1}},
        functions=functions,
    )
    assert run.commands == [
        Invoke(
            execution_id="x1",
            run_id=1,
            attempt=1,
            kind="function",
            target="a",
            pointer="/do/0/x",
            flow="test/flow:1.0.0",
            arguments={"n": 1},
            input={"n": 1},
            settings=functions["a"],
        )
    ]
    assert run.status == "running"
    assert run.invoked[0].invocation_id == "x1.1.1"


def test_without_arguments_a_function_has_its_input_alone() -> None:
    run = drive("do: [{x: {call: a}}]", {"n": 1})
    assert (run.invoked[0].arguments, run.invoked[0].input) == (None, {"n": 1})


def test_answers_go_through_the_output_stage() -> None:
    assert drive("do: [{x: {call: a, output: {as: .n}}}]").answer("a", {"n": 1}).output == 1


def test_answers_of_another_attempt_or_run_are_refused() -> None:
    run = drive("do: [{x: {call: a}}]")
    for run_id, attempt in ((1, 2), (1, 0), (2, 1), (0, 1)):
        run.send(events.CallCompleted(run_id=run_id, attempt=attempt, output="wrong"))
        assert run.commands == []
    assert run.answer("a", "right").output == "right"


def test_a_repeated_answer_is_refused() -> None:
    run = drive("do: [{x: {call: a}}, {y: {call: b}}]").answer("a", 1)
    run.send(events.CallCompleted(run_id=1, attempt=1, output="again"))
    assert run.commands == []
    run.answer("b", 2)
    run.send(events.CallCompleted(run_id=2, attempt=1, output="again"))
    assert run.commands == []
    assert run.output == 2


def test_the_answer_to_an_earlier_attempt_is_refused() -> None:
    run = drive("do: [{x: {call: a}}]", functions={"a": {"retries": 1}}).fail("a").later(1)
    run.send(events.CallCompleted(run_id=1, attempt=1, output="late"))
    assert run.commands == []
    assert run.answer("a", "second").output == "second"


def test_an_error_keeps_its_own_instance_and_members() -> None:
    run = drive("do: [{x: {call: a}}]")
    error = WorkflowError(type="https://e.test/x", status=422, detail="d", extensions={"field": "name"})
    run.send(events.CallFailed(run_id=1, attempt=1, error=error))
    assert run.error == {
        "type": "https://e.test/x",
        "status": 422,
        "detail": "d",
        "instance": "/do/0/x",
        "field": "name",
    }


def test_after_a_restart_open_calls_are_made_again_as_they_were() -> None:
    run = drive("do: [{f: {fork: {branches: [{x: {call: a, with: {at: '${ now }'}}}, {y: {call: b}}]}}}]")
    run.now += 100
    assert run.outstanding() == run.invoked
    run.answer("b")
    assert run.outstanding() == run.invoked[:1]


# --- protocols ------------------------------------------------------------------------------------------


def arguments_of(with_: str, input: Any = None, kind: str = "http", **options: Any) -> Any:
    run = drive(f"do: [{{x: {{call: {kind}, with: {with_}}}}}]", input, **options)
    assert run.invoked[0].kind == kind
    return run.invoked[0].arguments


@pytest.mark.parametrize(
    ("endpoint", "uri"),
    [
        ("'https://h.test/{id}?q={q}'", "https://h.test/7?q=a%20b"),
        ("{uri: 'https://h.test/{id}'}", "https://h.test/7"),
        ("'${ \"https://h.test/\" + (.id | tostring) }'", "https://h.test/7"),
        ("'https://h.test/{missing}/x'", "https://h.test//x"),
    ],
)
def test_uris_are_templates_over_the_input(endpoint: str, uri: str) -> None:
    arguments = arguments_of(f"{{method: get, endpoint: {endpoint}}}", {"id": 7, "q": "a b"})
    found = arguments["endpoint"]
    assert (found["uri"] if isinstance(found, dict) else found) == uri


def test_bodies_and_headers_are_templates_without_uri_expansion() -> None:
    with_ = (
        "{method: post, endpoint: 'https://h.test', body: {t: '{id}', n: '${ .id }'}, headers: {X: '{id}'}}"
    )
    arguments = arguments_of(with_, {"id": 7})
    assert arguments["body"] == {"t": "{id}", "n": 7}
    assert arguments["headers"] == {"X": "{id}"}


POLICY = "{method: get, endpoint: {uri: 'https://h.test', authentication: AUTH}}"


@pytest.mark.parametrize(
    ("use", "authentication", "expected"),
    [
        ("", "{bearer: {token: '${ .t }'}}", {"bearer": {"token": "t-1"}}),
        ("authentications: {p: {bearer: {token: '${ .t }'}}}", "{use: p}", {"bearer": {"token": "t-1"}}),
        ("secrets: [s]", "{basic: {use: s}}", {"basic": {"username": "u", "password": "p"}}),
        ("secrets: [s]", "{bearer: {token: '${ $secrets.s.password }'}}", {"bearer": {"token": "p"}}),
    ],
)
def test_authentication_is_resolved_in_the_command_and_not_in_the_state(
    use: str, authentication: str, expected: Any
) -> None:
    text = f"use: {{{use}}}\n" if use else ""
    text += f"do: [{{x: {{call: http, with: {POLICY.replace('AUTH', authentication)}}}}}]"
    run = drive(text, {"t": "t-1"}, secrets={"s": {"username": "u", "password": "p"}})
    assert run.invoked[0].arguments["endpoint"]["authentication"] == expected
    assert b"authentication" not in run.codec.dump(run.execution)[0]


BASIC = POLICY.replace("AUTH", "{basic: {use: s}}")


def test_a_secret_that_an_authentication_uses_must_be_provided() -> None:
    run = drive(f"use: {{secrets: [s]}}\ndo: [{{x: {{call: http, with: {BASIC}}}}}]")
    assert run.fault == ("authorization", 403, "/do/0/x")
    assert not run.of(CancelInvocation)


def test_a_call_whose_secret_is_gone_after_a_restart_has_failed() -> None:
    run = drive(f"use: {{secrets: [s]}}\ndo: [{{x: {{call: http, with: {BASIC}}}}}]", secrets={"s": {}})
    assert [command.run_id for command in run.outstanding()] == [1]
    run.execution.secrets = {}
    [failure] = run.outstanding()
    assert isinstance(failure, events.CallFailed)
    assert failure.error.status == 403
    run.twin = None
    assert run.send(failure).fault == ("authorization", 403, "/do/0/x")


def test_credentials_of_an_answer_are_not_kept_while_suspended() -> None:
    run = drive("do: [{x: {call: a}}]").suspend()
    run.answer("a", 1, authorization={"scheme": "Bearer", "parameter": "very-secret"})
    assert b"very-secret" not in run.codec.dump(run.execution)[0]
    assert run.resume().output == 1


def test_expressions_about_messages_are_left_to_who_receives_them() -> None:
    with_ = """
    {document: {endpoint: 'https://h.test'}, operation: o, subscription: {
      filter: '${ .n > $context.m }', consume: {while: '${ true }'},
      foreach: {item: message, do: [{e: {set: '${ $message }'}}]}}}
    """
    run = drive(f"do: [{{x: {{call: asyncapi, with: {with_.strip()}}}}}]")
    assert run.invoked[0].settings is not None
    assert run.invoked[0].settings["subscription"]["filter"] == "${ .n > $context.m }"


# --- functions that are tasks ---------------------------------------------------------------------------

USING = """
use:
  functions:
    double:
      input: {schema: {document: {type: object, required: [n]}}}
      call: a
      with: {twice: '${ .n * 2 }'}
      output: {as: .result}
do: [{x: {call: double, with: {n: '${ .m }'}, output: {as: '{out: .}'}}}]
"""


def test_a_function_of_the_workflow_is_a_task_on_the_arguments() -> None:
    run = drive(USING, {"m": 4})
    assert run.invoked[0].arguments == {"twice": 8}
    assert run.answer("a", {"result": 8}).output == {"out": 8}
    inner, outer = run.records
    assert (inner.pointer, inner.input, inner.parent_id) == ("/use/functions/double", {"n": 4}, outer.run_id)


def test_a_function_of_the_workflow_checks_its_input() -> None:
    assert drive(USING.replace("n: '${ .m }'", "k: 1"), {}).fault == (
        "validation",
        400,
        "/use/functions/double",
    )


def test_without_arguments_a_function_of_the_workflow_works_on_the_input() -> None:
    assert drive("use: {functions: {f: {set: '${ [.] }'}}}\ndo: [{x: {call: f}}]", 1).output == [1]


def test_functions_do_not_see_the_variables_of_who_calls_them() -> None:
    text = """
    use: {functions: {f: {for: {in: '[10]'}, do: [{y: {set: '${ . + [$item] }'}}]}}}
    do: [{l: {for: {in: '[1, 2]'}, do: [{x: {call: f}}]}}]
    """
    assert drive(text, []).output == [10, 10]


def test_a_function_may_be_of_any_kind_and_call_others() -> None:
    text = """
    use:
      functions:
        g: {set: '${ . + ["g"] }'}
        f: {do: [{y: {call: g}}, {z: {set: '${ . + ["z"] }', then: exit}}, {n: {call: a}}]}
    do: [{x: {call: f}}, {w: {call: g}}]
    """
    assert drive(text, []).output == ["g", "z", "g"]


def test_a_function_may_call_itself_as_long_as_it_ends() -> None:
    text = """
    use:
      functions:
        down:
          do:
            - stop: {switch: [{done: {when: .n == 0, then: exit}}]}
            - less: {set: {n: '${ .n - 1 }'}}
            - again: {call: down}
    do: [{x: {call: down}}]
    """
    assert drive(text, {"n": 50}).output == {"n": 0}


def test_end_in_a_function_ends_the_workflow() -> None:
    text = (
        "use: {functions: {f: {do: [{y: {set: {n: 1}, then: end}}]}}}\ndo: [{x: {call: f}}, {z: {call: a}}]"
    )
    assert drive(text).output == {"n": 1}


def test_a_fault_in_a_function_tells_its_place_there() -> None:
    text = "use: {functions: {f: {call: a}}}\ndo: [{x: {call: f}}]"
    assert drive(text).fail("a").fault == ("communication", 503, "/use/functions/f")


def test_a_function_of_a_catalog_is_a_resource() -> None:
    resources = {"log:1.0.0@shared": {"set": {"logged": "${ .m }"}}}
    run = drive("do: [{x: {call: 'log:1.0.0@shared', with: {m: hi}}}]", resources=resources)
    assert run.output == {"logged": "hi"}
    assert run.records[0].pointer == "/catalog/log:1.0.0@shared"


def test_names_are_looked_up_in_the_workflow_first() -> None:
    text = "use: {functions: {a: {set: {n: 1}}}}\ndo: [{x: {call: a}}]"
    assert drive(text, functions=FUNCTIONS).output == {"n": 1}


def test_a_name_that_nothing_has_is_refused_when_planning() -> None:
    definition = plan_of("do: [{x: {call: a}}]")  # valid: the function is known
    assert definition.nodes["/do/0/x"].kind == "call"
    with pytest.raises(PlanError, match=r"/do/0/x/call: 'a' is no protocol"):
        drive("do: [{x: {call: a}}]", functions=_Known({"a"}))


class _Known(dict[str, Any]):
    """Functions that validation knows and planning does not have."""

    def __init__(self, names: set[str]) -> None:
        super().__init__()
        self._names = names

    def keys(self) -> Any:
        return self._names

    def __iter__(self) -> Any:
        return iter(self._names)

    def __contains__(self, name: object) -> bool:
        return False


# --- run ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("process", "expected"),
    [
        (
            "{shell: {command: 'echo ${ .n }', arguments: ['${ .n }']}}",
            {"command": "echo 7", "arguments": [7]},
        ),
        (
            "{script: {language: js, code: 'return `${x}`', arguments: ['${ .n }']}}",
            {"language": "js", "code": "return `${x}`", "arguments": [7]},
        ),
        ("{container: {image: '${ \"i:\" + (.n | tostring) }'}}", {"image": "i:7"}),
    ],
)
def test_processes(process: str, expected: Any) -> None:
    run = drive(f"do: [{{x: {{run: {process}}}}}]", {"n": 7})
    [call] = run.invoked
    assert call.arguments == {call.kind: expected, "await": True, "return": "stdout"}
    assert call.settings is None
    assert run.answer("x", "out").output == "out"


def test_a_process_that_is_not_awaited_gives_the_input() -> None:
    run = drive("do: [{x: {run: {shell: {command: ls}, await: false, return: all}}}]", 5)
    assert run.invoked[0].arguments["await"] is False
    assert run.invoked[0].arguments["return"] == "all"
    assert run.answer("x", "started").output == 5


RUN = (
    "do: [{x: {run: {workflow: {namespace: other, name: child, version: 1.2.3, input: {n: '${ .n }'}}MORE}}}]"
)
CHILD = RUN.replace("MORE", "")


def test_a_child_is_started_and_awaited() -> None:
    run = drive(CHILD, {"n": 1})
    assert run.commands == [
        StartChild(
            execution_id="x1",
            run_id=1,
            child_id="x1.1",
            namespace="other",
            name="child",
            version="1.2.3",
            input={"n": 1},
            trace=traceparent("x1", None, "x1.1"),
        )
    ]
    assert run.outstanding() == run.commands
    assert run.status == "running"
    assert run.child("completed", {"m": 2}).output == {"m": 2}


def test_a_child_without_input_works_on_the_tasks() -> None:
    run = drive("do: [{x: {run: {workflow: {namespace: other, name: child, version: latest}}}}]", 5)
    [command] = run.of(StartChild)
    assert (command.version, command.input, command.awaited) == ("latest", 5, True)


def test_a_child_that_is_not_awaited_gives_the_input_once_it_is_started() -> None:
    run = drive(RUN.replace("MORE", ", await: false"), {"n": 1})
    [command] = run.of(StartChild)
    assert command.awaited is False
    assert run.finish is None
    assert run.child("started").output == {"n": 1}


def test_the_error_of_a_child_is_this_tasks_own() -> None:
    error = WorkflowError.standard("validation", detail="no", instance="/do/3/theirs")
    run = drive(CHILD, {"n": 1}).child("faulted", error=error)
    assert run.fault == ("validation", 400, "/do/0/x")
    assert run.error["detail"] == "no"


def test_a_child_that_was_cancelled_is_a_runtime_error() -> None:
    assert drive(CHILD, {"n": 1}).child("cancelled").fault == ("runtime", 500, "/do/0/x")


def test_return_none_gives_nothing() -> None:
    run = drive(RUN.replace("MORE", ", return: none"), {"n": 1})
    assert run.child("completed", 5).output is None


def test_a_child_whose_parent_gives_up_is_cancelled() -> None:
    run = drive(CHILD.replace("{run:", "{timeout: {after: PT5S}, run:"), {"n": 1}).later(5)
    assert run.of(CancelChild) == [CancelChild(execution_id="x1", run_id=1, child_id="x1.1")]
    assert run.fault == ("timeout", 408, "/do/0/x")
    run.send(events.ChildFinished(run_id=1, status="completed", output=1))
    assert run.commands == []


def test_a_childs_end_for_a_run_that_waits_for_none_is_refused() -> None:
    run = drive("do: [{x: {call: a}}]")
    run.send(events.ChildFinished(run_id=1, status="completed", output=1))
    run.send(events.ChildFinished(run_id=9, status="completed", output=1))
    assert run.commands == []
    assert run.now == NOW


def test_a_batch_is_a_call_for_readers() -> None:
    text = """
do:
  - all: {call: batch, with: {function: a, items: '${ .many }', concurrency: 3}}
"""
    flow = drive(text, {"many": [1, 2]}, functions={"a": {"lease": "PT1M"}})
    (call,) = flow.invoked
    assert (call.kind, call.target, call.settings) == ("batch", "a", {"lease": "PT1M"})
    assert call.arguments == {"items": [1, 2], "concurrency": 3}
    assert (call.queued, call.previous) == (True, None)
    (waiting,) = flow.waiting()
    assert (waiting.queued, waiting.kind, waiting.target) == (True, "batch", "a")
    assert waiting.invocation_id == call.invocation_id


def test_what_readers_do_is_withdrawn() -> None:
    functions = {"a": {"delivery": "queue"}, "b": {}}
    text = "do: [{both: {fork: {branches: [{one: {call: a}}, {two: {call: b}}]}}}]"
    flow = drive(text, {}, functions=functions)
    assert [call.queued for call in flow.invoked] == [True, False]
    flow.cancel()
    cancelled = sorted(flow.of(CancelInvocation), key=lambda each: each.target)
    assert [(each.kind, each.target, each.queued) for each in cancelled] == [
        ("function", "a", True),
        ("function", "b", False),
    ]
    assert cancelled[0].invocation_id == flow.invoked[0].invocation_id
    assert cancelled[0].flow == flow.invoked[0].flow
