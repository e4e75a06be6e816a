"""Expressions: they compile, and see what exists at their place."""

from __future__ import annotations

import pytest

from unit.spec.documents import codes, shown, workflow_problems

USE = "use: {secrets: [key]}\n"
EVERYWHERE = "$secrets.key, $workflow, $runtime"


def in_place(place: str, expression: str) -> str:
    """Return a workflow with `expression` at a place of the specification's table of arguments."""
    quoted = "'" + expression.replace("'", "''") + "'"
    body = {
        "workflow input": f"input: {{from: {quoted}}}\ndo: [{{a: {{wait: PT1S}}}}]",
        "workflow output": f"output: {{as: {quoted}}}\ndo: [{{a: {{wait: PT1S}}}}]",
        "if": f"do: [{{a: {{wait: PT1S, if: {quoted}}}}}]",
        "input": f"do: [{{a: {{wait: PT1S, input: {{from: {quoted}}}}}}}]",
        "definition": f"do: [{{a: {{switch: [{{b: {{when: {quoted}, then: end}}}}]}}}}]",
        "output": f"do: [{{a: {{wait: PT1S, output: {{as: {quoted}}}}}}}]",
        "export": f"do: [{{a: {{wait: PT1S, export: {{as: {quoted}}}}}}}]",
    }[place]
    return USE + body + "\n"


AVAILABLE = {
    "workflow input": "",
    "if": "context task",
    "input": "context task",
    "definition": "context task input authorization",
    "output": "context task input authorization",
    "export": "context task input authorization output",
    "workflow output": "context",
}


@pytest.mark.parametrize("argument", ["context", "task", "input", "authorization", "output"])
@pytest.mark.parametrize("place", AVAILABLE)
def test_arguments_are_those_of_the_specifications_table(place: str, argument: str) -> None:
    problems = workflow_problems(in_place(place, f"[${argument}, {EVERYWHERE}]"))
    expected = [] if argument in AVAILABLE[place].split() else ["unknown-variable"]
    assert codes(problems) == expected
    if expected:
        assert f"`${argument}` does not exist in" in problems[0].message


def test_variables_exist_inside_of_what_sets_them() -> None:
    assert not workflow_problems(
        """
        do:
          - loop:
              for: {each: pet, in: .pets, at: number}
              while: $pet.ok and $number < 3
              do:
                - inner: {set: {x: '${ $pet.name + ($number | tostring) }'}, if: $pet.ok}
                - nested: {for: {in: $pet.toys}, do: [{x: {set: {y: '${ [$pet, $item, $index] }'}}}]}
          - careful:
              try: [{a: {wait: PT1S}}]
              catch:
                as: failure
                when: $failure.status == 503
                retry: {when: $failure.status != 400, delay: '${ $failure.detail }'}
                do: [{b: {set: {x: '${ $failure }'}}}]
          - usual: {try: [{a: {wait: PT1S}}], catch: {exceptWhen: $error.status == 1}}
          - hear:
              listen: {to: {any: [{with: {type: t}}], until: '.done'}}
              foreach:
                item: event
                do: [{a: {set: {x: '${ [$event, $index] }'}}}]
                output: {as: $event.data}
                export: {as: '$context + {last: $event}'}
        """
    )


@pytest.mark.parametrize(
    ("tasks", "name"),
    [
        ("{a: {for: {in: $item}, do: [{b: {wait: PT1S}}]}}", "item"),
        ("{a: {for: {each: x, in: .x}, do: [{b: {set: {c: '${ $item }'}}}]}}", "item"),
        ("{a: {for: {in: .x}, do: [{b: {wait: PT1S}}], output: {as: $item}}}", "item"),
        ("{a: {try: [{b: {set: {c: '${ $error }'}}}], catch: {}}}", "error"),
        ("{a: {try: [{b: {wait: PT1S}}], catch: {as: e, when: $error}}}", "error"),
    ],
)
def test_variables_do_not_exist_outside(tasks: str, name: str) -> None:
    (problem,) = workflow_problems(f"do: [{tasks}]\n")
    assert (problem.code, problem.message) == ("unknown-variable", f"no variable `${name}` is set here")


def test_functions_do_not_see_the_variables_of_their_callers() -> None:
    problems = workflow_problems(
        """
        use: {functions: {f: {set: {x: '${ $item }'}}}}
        do: [{loop: {for: {in: .x}, do: [{a: {call: f}}]}}]
        """
    )
    assert codes(problems) == ["unknown-variable"]
    assert problems[0].remedy is not None
    assert "inside the loop" in problems[0].remedy


def test_unknown_variables_are_placed_and_have_a_remedy() -> None:
    problems = workflow_problems(
        "do:\n  - a: {for: {each: pet, in: .x}, do: [{b: {set: {c: '${ .d + $pat }'}}}]}\n"
    )
    assert shown(problems) == ["3:63 unknown-variable no variable `$pat` is set here"]
    assert problems[0].remedy == "did you mean `$pet`?"


def test_syntax_errors_have_the_place_of_the_character() -> None:
    (problem,) = workflow_problems("do:\n  - a: {wait: PT1S, if: .x ==}\n")
    assert (problem.line, problem.code) == (3, "expression")
    assert problem.column >= 25
    assert "the expression does not compile" in problem.message


@pytest.mark.parametrize(
    "task",
    [
        "{wait: PT1S, if: '.a |'}",
        "{wait: '${ .a | }'}",
        "{set: {deep: [{x: '${ .a | }'}]}}",
        "{set: '${ .a | }'}",
        "{switch: [{b: {when: '.a |', then: end}}]}",
        "{call: http, with: {method: get, endpoint: '${ .a | }'}}",
        "{call: http, with: {method: get, endpoint: {uri: '${ .a | }'}}}",
        "{call: http, with: {method: get, endpoint: /x, headers: {b: '${ .a | }'}}}",
        "{call: http, with: {method: get, endpoint: /x, headers: '${ .a | }'}}",
        "{call: http, with: {method: get, endpoint: /x, body: '${ .a | }'}}",
        "{for: {in: '.a |'}, do: [{b: {wait: PT1S}}]}",
        "{for: {in: .x}, while: '.a |', do: [{b: {wait: PT1S}}]}",
        "{emit: {event: {with: {type: t, data: {x: '${ .a | }'}}}}}",
        "{listen: {to: {one: {with: {data: '${ .a | }'}}}}}",
        "{listen: {to: {one: {with: {type: t}, correlate: {k: {from: '.a |'}}}}}}",
        "{listen: {to: {any: [], until: '.a |'}}}",
        "{raise: {error: {type: /x, status: 1, detail: '${ .a | }'}}}",
        "{raise: {error: {type: '${ .a | }', status: 1}}}",
        "{run: {shell: {command: '${ .a | }'}}}",
        "{run: {workflow: {namespace: a, name: b, version: c, input: {x: '${ .a | }'}}}}",
        "{try: [{b: {wait: PT1S}}], catch: {when: '.a |'}}",
        "{try: [{b: {wait: PT1S}}], catch: {retry: {delay: '${ .a | }'}}}",
        "{wait: PT1S, timeout: {after: '${ .a | }'}}",
        "{wait: PT1S, output: {as: {x: '${ .a | }'}}}",
        "{wait: PT1S, export: {as: '.a |'}}",
    ],
)
def test_every_place_of_an_expression_is_compiled(task: str) -> None:
    assert codes(workflow_problems(f"do: [{{a: {task}}}]\n")) == ["expression"]


def test_texts_that_are_no_expressions_stay_texts() -> None:
    assert not workflow_problems("do: [{a: {set: {x: '.a |', y: '$unknown', z: 'cost: $5'}}}]\n")


def test_in_loose_mode_a_text_that_does_not_compile_is_a_text() -> None:
    assert not workflow_problems("evaluate: {mode: loose}\ndo: [{a: {set: {x: '.a |', y: .b}}}]\n")


def test_secrets_that_an_expression_reads_are_listed() -> None:
    problems = workflow_problems(
        USE + "do: [{a: {set: {x: '${ $secrets.kee }', y: '${ $secrets[\"key\"] }'}}}]\n"
    )
    assert [(p.code, p.remedy) for p in problems] == [("unknown-secret", "did you mean `key`?")]
    problems = workflow_problems("do: [{a: {set: {x: '${ $secrets.kee }'}}}]\n")
    assert problems[0].remedy == "add `kee` to the list `/use/secrets`"


def test_the_other_language_compiles_its_own_way() -> None:
    text = "evaluate: {language: jsonata}\ndo: [{a: {set: {x: '${ HERE }'}}}]\n"
    assert not workflow_problems(text.replace("HERE", "$sum(prices)"))
    assert codes(workflow_problems(text.replace("HERE", "$sum("))) == ["expression"]


def test_expressions_are_not_compiled_when_that_is_asked_for() -> None:
    assert not workflow_problems("do: [{a: {wait: PT1S, if: '.a |'}}]\n", compile_expression=None)
