"""The stages that data goes through (dsl.md, "Data Flow"), and what expressions see there."""

from __future__ import annotations

import pytest

from headrace.engine.fault import PlanError
from unit.engine.driver import NOW, drive, error_type, plan_of

OBJECT = "{schema: {document: {type: object, required: [n]}}}"


def test_each_task_works_on_the_output_of_the_one_before() -> None:
    run = drive("do: [{x: {set: {n: '${ .n + 1 }'}}}, {y: {set: {n: '${ .n * 10 }'}}}]", {"n": 1})
    assert run.output == {"n": 20}
    assert [(r.input, r.output) for r in run.records] == [({"n": 1}, {"n": 2}), ({"n": 2}, {"n": 20})]


def test_input_from_is_what_the_task_works_on_and_history_keeps_the_raw_input() -> None:
    run = drive("do: [{x: {input: {from: .a}, set: '${ [., $input, $task.input] }'}}]", {"a": 1})
    assert run.output == [1, 1, {"a": 1}]
    assert run.run("x").input == {"a": 1}


def test_input_from_may_be_a_template() -> None:
    assert drive("do: [{x: {input: {from: {b: '${ .a }'}}, set: '${ . }'}}]", {"a": 1}).output == {"b": 1}


def test_output_as_and_export_as() -> None:
    run = drive(
        """
        do:
          - x:
              set: {n: 1}
              output: {as: '${ {m: .n, raw: $task.output} }'}
              export: {as: '${ {seen: ., output: $output, before: $context} }'}
          - y: {set: '${ $context }'}
        """,
        {"i": 1},
    )
    transformed = {"m": 1, "raw": {"n": 1}}
    assert run.run("x").output == transformed
    assert run.output == {"seen": transformed, "output": transformed, "before": {"i": 1}}
    assert run.run("x").exported
    assert run.run("x").context == run.output
    assert not run.run("y").exported


def test_the_initial_context_is_the_transformed_input_of_the_workflow() -> None:
    run = drive("input: {from: .in}\ndo: [{x: {set: '${ [$context, $workflow.input] }'}}]", {"in": {"a": 1}})
    assert run.output == [{"a": 1}, {"in": {"a": 1}}]


def test_the_workflows_own_output_stage() -> None:
    run = drive("output: {as: '.n'}\ndo: [{x: {set: {n: 5}}}]")
    assert run.output == 5


def test_the_arguments_of_expressions() -> None:
    run = drive(
        """
        do:
          - x:
              set:
                task: ${ [$task.name, $task.reference, $task.definition.metadata.k] }
                started: ${ $task.startedAt }
                workflow: ${ [$workflow.id, $workflow.definition.document.name] }
                runtime: ${ $runtime.name }
                now: ${ now }
              metadata: {k: 7}
        """
    )
    assert run.output == {
        "task": ["x", "/do/0/x", 7],
        "started": {
            "iso8601": "2027-01-15T08:00:00.000Z",
            "epoch": {"seconds": int(NOW), "milliseconds": int(NOW) * 1000},
        },
        "workflow": ["x1", "flow"],
        "runtime": "headrace",
        "now": NOW,
    }


def test_several_outputs_are_an_array_and_none_is_null() -> None:
    assert drive("do: [{x: {set: {many: '${ .[] }', none: '${ empty }'}}}]", [1, 2]).output == {
        "many": [1, 2],
        "none": None,
    }


@pytest.mark.parametrize(
    ("text", "instance"),
    [
        (f"input: {OBJECT}\ndo: [{{x: {{set: {{k: 1}}}}}}]", "/input"),
        (f"do: [{{x: {{input: {OBJECT}, set: {{k: 1}}}}}}]", "/do/0/x"),
        (f"do: [{{x: {{output: {OBJECT}, set: {{k: 1}}}}}}]", "/do/0/x"),
        (
            "do: [{x: {export: {as: '${ {} }', schema: {document: {required: [n]}}}, set: {k: 1}}}]",
            "/do/0/x",
        ),
        (f"output: {OBJECT}\ndo: [{{x: {{set: {{k: 1}}}}}}]", "/output"),
        (f"do: [{{o: {{do: [{{x: {{input: {OBJECT}, set: {{k: 1}}}}}}]}}}}]", "/do/0/o/do/0/x"),
    ],
)
def test_what_breaks_a_schema_is_a_validation_error_at_its_component(text: str, instance: str) -> None:
    run = drive(text, {})
    assert run.fault == ("validation", 400, instance)
    assert run.error["type"] == error_type("validation")
    assert "n" in run.error["detail"]


def test_schemas_see_the_right_stage() -> None:
    run = drive(
        """
        input: {schema: {document: {type: object, required: [raw]}}, from: .raw}
        do:
          - x:
              input: {schema: {document: {type: object, required: [a]}}, from: .a}
              set: '${ {n: .} }'
              output: {as: .n, schema: {document: {type: number}}}
              export: {as: '{n: .}', schema: {document: {required: [n]}}}
        output: {as: '[.]', schema: {document: {type: array}}}
        """,
        {"raw": {"a": 1}},
    )
    assert run.output == [1]


def test_an_export_schema_alone_checks_the_context() -> None:
    text = "do: [{x: {set: {k: 1}, export: {schema: {document: {required: [n]}}}}}]"
    assert drive(text, {"n": 1}).output == {"k": 1}
    assert drive(text, {}).fault == ("validation", 400, "/do/0/x")


def test_external_schemas_are_resources() -> None:
    text = "do: [{x: {input: {schema: {resource: {endpoint: 'https://s.test/n'}}}, set: {k: 1}}}]"
    resources = {"https://s.test/n": {"type": "number"}}
    assert drive(text, 1, resources=resources).output == {"k": 1}
    assert drive(text, "1", resources=resources).fault == ("validation", 400, "/do/0/x")


@pytest.mark.parametrize(
    ("text", "instance"),
    [
        ("input: {from: '.a.b'}\ndo: [{x: {set: {k: 1}}}]", "/input"),
        ("do: [{x: {input: {from: .a.b}, set: {k: 1}}}]", "/do/0/x"),
        ("do: [{x: {set: '${ .a.b }'}}]", "/do/0/x"),
        ("do: [{x: {if: .a.b, set: {k: 1}}}]", "/do/0/x"),
        ("do: [{x: {set: {k: 1}, output: {as: '1 | .b'}}}]", "/do/0/x"),
        ("do: [{x: {set: {k: 1}, export: {as: '1 | .b'}}}]", "/do/0/x"),
        ("do: [{x: {set: {k: 1}}}]\noutput: {as: '1 | .b'}", "/output"),
        ("timeout: {after: '${ .a.b }'}\ndo: [{x: {set: {k: 1}}}]", "/input"),
        ("do: [{x: {timeout: {after: '${ .a }'}, set: {k: 1}}}]", "/do/0/x"),
    ],
)
def test_an_expression_that_fails_is_an_expression_error_at_its_component(text: str, instance: str) -> None:
    assert drive(text, {"a": 1}).fault == ("expression", 400, instance)


def test_secrets() -> None:
    text = "use: {secrets: [s]}\ndo: [{x: {set: '${ $secrets.s.key }'}}]"
    assert drive(text, secrets={"s": {"key": "k"}}).output == "k"


def test_a_secret_that_is_not_provided_is_an_authorization_error() -> None:
    run = drive("use: {secrets: [s, t]}\ndo: [{x: {set: '${ $secrets.s }'}}]", secrets={"s": "k"})
    assert run.fault == ("authorization", 403, "/do/0/x")
    assert "'t'" in run.error["detail"]


def test_a_missing_secret_does_not_matter_where_secrets_are_not_used() -> None:
    assert drive("use: {secrets: [s]}\ndo: [{x: {set: {n: 1}}}]").output == {"n": 1}


def test_loose_mode_takes_strings_as_expressions_where_they_are() -> None:
    assert drive("evaluate: {mode: loose}\ndo: [{x: {set: {n: .n, t: plain text}}}]", {"n": 1}).output == {
        "n": 1,
        "t": "plain text",
    }


def test_authorization_is_seen_by_the_calls_own_output_only() -> None:
    run = drive(
        """
        do:
          - x: {call: a, output: {as: '$authorization.parameter'}}
          - y: {set: {k: 1}, output: {as: '[$authorization]'}}
        """
    )
    run.answer("a", {}, authorization={"scheme": "Bearer", "parameter": "t-1"})
    assert run.run("x").output == "t-1"
    assert run.output == [None]


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        ({"https://s.test/n": {"type": "strange"}}, "/do/0/x/input/schema: not a usable JSON Schema"),
        ({"https://s.test/n": {"$ref": "https://s.test/m"}}, "write it inline or as an external resource"),
        ({}, "the schema at https://s.test/n was not fetched"),
    ],
)
def test_a_fetched_schema_that_cannot_be_used_is_refused_when_planning(
    resources: dict[str, object], message: str
) -> None:
    text = "do: [{x: {input: {schema: {resource: {endpoint: 'https://s.test/n'}}}, set: {k: 1}}}]"
    with pytest.raises(PlanError, match=message):
        plan_of(text, resources=resources)
