"""Rules beyond the schema: flow, references, single values."""

from __future__ import annotations

import pytest

from unit.spec.documents import codes, problems_of, shown, workflow_problems

# --- flow -----------------------------------------------------------------------------------------------


def test_directives_reach_tasks_of_their_own_list() -> None:
    assert not workflow_problems(
        """
        do:
          - a: {set: {x: 1}, then: c}
          - b: {set: {x: 1}, then: exit}
          - c:
              switch:
                - one: {when: .x, then: b}
                - two: {then: d}
          - d:
              try: [{e: {set: {x: 1}, then: end}}]
              catch: {then: b}
        """
    )


def test_a_directive_into_another_list_is_refused() -> None:
    (problem,) = workflow_problems(
        """
        do:
          - a:
              do:
                - inner: {set: {x: 1}, then: b}
          - b: {set: {x: 1}, then: end}
        """
    )
    assert shown([problem]) == ["5:38 flow-target no task `b` in this list"]
    assert problem.remedy is not None
    assert "leave the list with `exit`" in problem.remedy


@pytest.mark.parametrize(
    "task",
    [
        "{set: {x: 1}, then: nowhere}",
        "{switch: [{one: {then: nowhere}}]}",
        "{try: [{b: {set: {x: 1}}}], catch: {then: nowhere}}",
    ],
)
def test_every_place_of_a_directive_is_checked(task: str) -> None:
    assert codes(workflow_problems(f"do: [{{a: {task}}}]\n")) == ["flow-target"]


def test_branches_cannot_follow_one_another() -> None:
    (problem,) = workflow_problems(
        "do: [{f: {fork: {branches: [{a: {set: {x: 1}, then: b}}, {b: {set: {x: 1}, then: exit}}]}}}]\n"
    )
    assert (problem.code, problem.pointer) == ("flow-target", "/do/0/f/fork/branches/0/a/then")


def test_a_function_goes_nowhere() -> None:
    assert codes(
        workflow_problems("use: {functions: {f: {set: {x: 1}, then: a}}}\ndo: [{a: {call: f}}]\n")
    ) == ["flow-target"]
    assert not workflow_problems("use: {functions: {f: {set: {x: 1}, then: exit}}}\ndo: [{a: {call: f}}]\n")


def test_names_are_unique_in_their_list() -> None:
    problems = workflow_problems(
        """
        do:
          - a: {set: {x: 1}}
          - a: {do: [{a: {set: {x: 1}}}]}
          - s: {switch: [{c: {when: .x, then: end}}, {c: {then: end}}]}
        """
    )
    assert shown(problems) == [
        "4:5 duplicate-name the task name `a` is taken at 3:5",
        "5:47 duplicate-name the case name `c` is taken at 5:19",
    ]


def test_a_switch_has_one_default() -> None:
    problems = workflow_problems("do: [{s: {switch: [{a: {then: end}}, {b: {then: exit}}]}}]\n")
    assert codes(problems) == ["default-case"]


def test_unreachable_tasks_are_warnings() -> None:
    problems = workflow_problems(
        """
        do:
          - a: {set: {x: 1}, then: c}
          - b: {set: {x: 1}}
          - c: {raise: {error: {type: /x, status: 1}}}
          - d: {set: {x: 1}}
          - e: {set: {x: 1}}
        """
    )
    assert [(p.severity, p.pointer) for p in problems] == [
        ("warning", "/do/1/b"),
        ("warning", "/do/3/d"),
        ("warning", "/do/4/e"),
    ]


@pytest.mark.parametrize(
    "first",
    [
        "{set: {x: 1}, if: .y, then: end}",
        "{switch: [{a: {when: .y, then: end}}]}",
        "{switch: [{a: {when: .y, then: end}}, {b: {then: continue}}]}",
        "{raise: {error: {type: /x, status: 1}}, if: .y}",
        "{try: [{a: {set: {x: 1}}}], catch: {then: continue}, then: end}",
        "{set: {x: 1}, then: nowhere}",
    ],
)
def test_what_data_decides_is_reachable(first: str) -> None:
    problems = workflow_problems(f"do: [{{first: {first}}}, {{second: {{set: {{x: 1}}}}}}]\n")
    assert "unreachable-task" not in codes(problems)


def test_a_loop_back_is_fine() -> None:
    assert not workflow_problems("do: [{a: {set: {x: 1}}}, {b: {set: {x: 1}, if: .x, then: a}}]\n")


def test_a_task_named_like_a_directive_is_a_warning() -> None:
    assert codes(workflow_problems("do: [{end: {set: {x: 1}}}]\n")) == ["directive-name"]


def test_an_empty_list_is_a_warning() -> None:
    assert [(p.code, p.severity) for p in workflow_problems("do: []\n")] == [("empty", "warning")]


# --- references -----------------------------------------------------------------------------------------


def test_calls_resolve() -> None:
    assert not workflow_problems(
        """
        use:
          functions: {mine: {call: http, with: {method: get, endpoint: /x}}}
          catalogs: {ours: {endpoint: https://example.test/catalog}}
        do:
          - a: {call: mine}
          - b: {call: given}
          - c: {call: log:1.0.0@ours}
          - d: {call: log:1.0.0@default}
          - e: {call: https://example.test/f@v1.0.0}
          - f: {call: http, with: {method: get, endpoint: /x}}
        """,
        known_functions=["given"],
    )


@pytest.mark.parametrize(
    ("call", "code", "remedy"),
    [
        ("mien", "unknown-function", "did you mean `mine`?"),
        ("htp", "unknown-function", "did you mean `http`?"),
        ("zzz", "unknown-function", "define it in `functions`, or in `use.functions`"),
        ("log:1.0.0@our", "unknown-reference", "did you mean `ours`?"),
        ("log:1.0.0@zzz", "unknown-reference", "define it in `/use/catalogs`, or use `default`"),
        (
            "log@ours",
            "unknown-function",
            "write `name:version@catalog`, or a URL such as `https://example.com/function.yaml`",
        ),
        ("ftp://example.test/f", "unknown-function", "use `http`, `https` or `file`"),
        ("${ .name }", "unknown-function", "write one task per function behind a `switch`"),
    ],
)
def test_calls_that_do_not_resolve(call: str, code: str, remedy: str) -> None:
    (problem,) = workflow_problems(
        f"""
        use:
          functions: {{mine: {{call: http, with: {{method: get, endpoint: /x}}}}}}
          catalogs: {{ours: {{endpoint: https://example.test/catalog}}}}
        do:
          - a: {{call: '{call}'}}
        """
    )
    assert (problem.code, problem.remedy) == (code, remedy)
    assert problem.pointer == "/do/0/a/call"


def test_functions_that_are_not_known_yet_pass() -> None:
    text = "do: [{a: {call: later}}, {b: {call: 'x:1@zzz'}}]\n"
    assert codes(workflow_problems(text, known_functions=None)) == ["unknown-reference"]


@pytest.mark.parametrize(
    ("task", "where"),
    [
        ("{set: {x: 1}, timeout: long}", "timeouts"),
        ("{raise: {error: long}}", "errors"),
        ("{try: [{b: {set: {x: 1}}}], catch: {retry: long}}", "retries"),
        (
            "{call: http, with: {method: get, endpoint: {uri: /x, authentication: {use: long}}}}",
            "authentications",
        ),
    ],
)
def test_components_that_are_used_are_defined(task: str, where: str) -> None:
    (problem,) = workflow_problems(f"do: [{{a: {task}}}]\n")
    assert (problem.code, problem.remedy) == ("unknown-reference", f"define it in `/use/{where}`")
    definition = {
        "timeouts": "{after: PT1S}",
        "errors": "{type: /x, status: 1}",
        "retries": "{delay: PT1S}",
        "authentications": "{bearer: {token: x}}",
    }[where]
    assert not workflow_problems(f"use: {{{where}: {{long: {definition}}}}}\ndo: [{{a: {task}}}]\n")
    (problem,) = workflow_problems(f"use: {{{where}: {{lang: {definition}}}}}\ndo: [{{a: {task}}}]\n")
    assert problem.remedy == "did you mean `lang`?"


def test_the_timeout_of_the_workflow_is_checked_too() -> None:
    assert codes(workflow_problems("timeout: short\ndo: [{a: {set: {x: 1}}}]\n")) == ["unknown-reference"]


def test_secrets_that_are_used_are_listed() -> None:
    task = "{call: http, with: {method: get, endpoint: {uri: /x, authentication: {basic: {use: login}}}}}"
    assert codes(workflow_problems(f"do: [{{a: {task}}}]\n")) == ["unknown-secret"]
    assert not workflow_problems(f"use: {{secrets: [login]}}\ndo: [{{a: {task}}}]\n")


def test_functions_that_only_call_each_other() -> None:
    problems = workflow_problems(
        "use: {functions: {f: {call: g}, g: {call: f}, h: {call: f}}}\ndo: [{a: {call: h}}]\n"
    )
    assert shown(problems) == [
        "2:19 endless-call the function calls itself without end: f → g → f",
        "2:33 endless-call the function calls itself without end: g → f → g",
    ]


def test_a_function_that_is_hidden_is_a_warning() -> None:
    (problem,) = workflow_problems("use: {functions: {http: {set: {x: 1}}}}\ndo: [{a: {set: {x: 1}}}]\n")
    assert (problem.severity, problem.code) == ("warning", "shadowed-function")


# --- single values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "is_fine"),
    [
        ("1.0.0", True),
        ("1.0.3", True),
        ("1.0.99", True),
        ("1.1.0", False),
        ("0.8.0", False),
        ("2.0.0", False),
    ],
)
def test_versions_of_the_dsl(version: str, is_fine: bool) -> None:
    text = (
        f"document: {{dsl: {version}, namespace: a, name: b, version: 1.0.0}}\ndo: [{{a: {{wait: PT1S}}}}]\n"
    )
    assert codes(problems_of(text)) == ([] if is_fine else ["dsl-version"])


@pytest.mark.parametrize(
    ("cron", "is_fine"),
    [
        ("0 3 * * *", True),
        ("*/5 * * * MON-FRI", True),
        ("0 3 * *", False),
        ("61 * * * *", False),
        ("daily", False),
    ],
)
def test_cron(cron: str, is_fine: bool) -> None:
    problems = workflow_problems(f"schedule: {{cron: '{cron}'}}\ndo: [{{a: {{set: {{x: 1}}}}}}]\n")
    assert codes(problems) == ([] if is_fine else ["cron"])


def test_calendar_durations_are_a_warning() -> None:
    (problem,) = workflow_problems("do: [{a: {wait: P1M}}]\n")
    assert (problem.severity, problem.code) == ("warning", "calendar-duration")


@pytest.mark.parametrize(
    ("schema", "pointer", "code"),
    [
        ("{document: {type: strin}}", "/input/schema/document/type", "schema"),
        (
            "{document: {properties: {a: {minimum: x}}}}",
            "/input/schema/document/properties/a/minimum",
            "schema",
        ),
        ("{document: {$ref: https://example.test/schema.json}}", "/input/schema/document", "schema"),
        ("{document: {$ref: '#/$defs/a'}}", "/input/schema/document", "schema"),
        ("{document: {type: string, pattern: '('}}", "/input/schema/document", "schema"),
        ("{document: text}", "/input/schema/document", "schema"),
        ("{format: avro, document: {}}", "/input/schema/format", "schema-format"),
    ],
)
def test_schemas_compile(schema: str, pointer: str, code: str) -> None:
    (problem,) = workflow_problems(f"input: {{schema: {schema}}}\ndo: [{{a: {{set: {{x: 1}}}}}}]\n")
    assert problem.code == code
    assert problem.pointer.startswith(pointer)


@pytest.mark.parametrize(
    "schema",
    [
        "{document: {type: object}}",
        "{document: true}",
        "{format: 'json:2020-12', document: {$defs: {a: {}}, $ref: '#/$defs/a'}}",
        "{resource: {endpoint: /x}}",
    ],
)
def test_schemas_that_compile(schema: str) -> None:
    assert not workflow_problems(f"input: {{schema: {schema}}}\ndo: [{{a: {{set: {{x: 1}}}}}}]\n")


def test_languages() -> None:
    (problem,) = workflow_problems("evaluate: {language: jsonat}\ndo: [{a: {set: {x: 1}}}]\n")
    assert (problem.code, problem.remedy) == ("language", "did you mean `jsonata`?")
    (problem,) = workflow_problems("do: [{a: {run: {script: {language: pyton, code: x}}}}]\n")
    assert (problem.severity, problem.code, problem.remedy) == (
        "warning",
        "script-language",
        "did you mean `python`?",
    )


def test_an_agent_is_somewhere() -> None:
    assert codes(workflow_problems("do: [{a: {call: a2a, with: {method: tasks/list}}}]\n")) == ["agent"]
    assert not workflow_problems(
        "do: [{a: {call: a2a, with: {method: tasks/list, server: https://x.test}}}]\n"
    )
