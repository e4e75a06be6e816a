"""What the walk over the table of shapes says: the message, the place, the remedy."""

from __future__ import annotations

import pytest

from headrace.spec.parse import parse
from headrace.spec.validate import validate
from unit.spec.documents import HEAD, codes, problems_of, shown, workflow_problems


def test_five_different_mistakes_are_five_problems_with_their_places() -> None:
    problems = problems_of(
        """\
        document:
          dsl: 1.0.3
          namespace: test
          name: order pizza
          version: '1.0'
        do:
          - charge:
              call: http
              whith:
                method: post
          - wait:
              wait: 5s
          - check:
              switch:
                - big: {when: .total > 10, then: chrage}
          - pack:
              call: pakc
        """,
        known_functions=["pack"],
    )
    assert [str(problem) for problem in problems] == [
        "flow.yaml:4:9: error: `order pizza` is not a name of at most 63 letters, digits and inner hyphens "
        "(at /document/name) — write it like `order-pizza` [pattern]",
        "flow.yaml:5:12: error: `1.0` is not a semantic version (at /document/version) "
        "— write it like `1.0.0` [pattern]",
        "flow.yaml:9:7: error: unknown property `whith` (at /do/0/charge/whith) "
        "— did you mean `with`? [unknown-property]",
        "flow.yaml:12:13: error: '5s' is not an ISO 8601 duration; write it like PT30S, PT5M or P1DT12H "
        "(at /do/1/wait/wait) [duration]",
        "flow.yaml:15:42: error: no task `chrage` in this list (at /do/2/check/switch/0/big/then) "
        "— did you mean `charge`? [flow-target]",
        "flow.yaml:17:13: error: no function `pakc` is known (at /do/3/pack/call) "
        "— did you mean `pack`? [unknown-function]",
    ]


def test_problems_print_without_pointer_and_remedy_too() -> None:
    (problem,) = problems_of("just a text")
    assert str(problem).startswith(
        "flow.yaml:1:1: error: expected a FlowApp or an OWS document, found a text — "
    )


@pytest.mark.parametrize("text", ["[]", "5", "{}", "{a: 1}", "null"])
def test_other_documents_are_refused_with_what_is_expected(text: str) -> None:
    assert codes(problems_of(text)) == ["unknown-document"]


def test_missing_properties() -> None:
    problems = problems_of("document: {dsl: 1.0.3, namespace: a}\n")
    assert sorted(shown(problems)) == [
        "1:1 missing-property `document` needs the property `name`",
        "1:1 missing-property `document` needs the property `version`",
        "1:1 missing-property a workflow needs the property `do`",
    ]


def test_a_number_where_a_text_is_due_is_shown_as_it_was_written() -> None:
    (problem,) = problems_of("document: {dsl: 1.0.3, namespace: a, name: b, version: 1.10}\ndo: []\n")[:1]
    assert problem.remedy == 'put it in quotes: "1.10"'
    assert (problem.line, problem.column) == (1, 56)


def test_a_key_without_a_value_is_placed_at_the_key() -> None:
    assert shown(workflow_problems("do:\n")) == ["2:1 wrong-type expected a list, found nothing"]


@pytest.mark.parametrize(
    ("text", "expected", "remedy"),
    [
        (
            "do: {a: {set: {b: 1}}}",
            "2:5 wrong-type expected a list, found a map",
            "start each entry with `- `",
        ),
        (
            "do:\n  - a:\n    set: {b: 1}\n",
            "4:5 named-entry one list entry is one task, but `set` follows `a` in the same entry",
            "indent what belongs to `a` deeper than `a`",
        ),
        (
            "do:\n  - a: {set: {b: 1}}\n    c: {set: {b: 1}}\n",
            "4:5 named-entry one list entry is one task, but `c` follows `a` in the same entry",
            "start `c` with `- `, or indent it if it belongs to `a`",
        ),
        (
            "do:\n  - set\n",
            "3:5 wrong-type expected a task as a map with one key, found a text",
            "write `- name: …`, where the name is the task's",
        ),
        (
            "do:\n  - {}\n",
            "3:5 named-entry this entry has no task",
            "write `- name: …`, or remove it",
        ),
        (
            "do:\n  - a: {cal: f}\n",
            "3:9 unknown-property unknown property `cal`",
            "did you mean `call`?",
        ),
        (
            "do:\n  - a: {set: {b: 1}, wait: PT1S}\n",
            "3:22 task-kind a task does one thing, and this one has `set` and `wait`",
            "make two tasks of it",
        ),
        (
            "do:\n  - a: {then: end}\n",
            "3:5 task-kind a task needs one of `call`, `do`, `emit`, `for`, `fork`, `listen`, `raise`, "
            "`run`, `set`, `switch`, `try` or `wait`",
            None,
        ),
        (
            "do:\n  - a: {for: {in: .x}}\n",
            "3:5 missing-property a `for` task needs the property `do`",
            None,
        ),
        (
            "do:\n  - a: {call: http, with: {methd: get, endpoint: /x}}\n",
            "3:28 unknown-property unknown property `methd`",
            "did you mean `method`?",
        ),
        (
            "do:\n  - a: {call: http, with: {method: get, endpoint: /x, output: body}}\n",
            "3:63 value `body` is none of `raw`, `content` or `response`",
            None,
        ),
        (
            "do:\n  - a: {call: http, with: {method: get, endpoint: '/x y'}}\n",
            "3:51 uri `/x y` is not a URI: it is empty or has spaces in it",
            None,
        ),
        (
            "do:\n  - a: {call: http, with: {method: get, endpoint: '/x/{id'}}\n",
            "3:51 uri `/x/{id` has a brace without its partner",
            None,
        ),
        (
            "do:\n  - a: {call: http, with: {method: get, endpoint: '/x/{a b}'}}\n",
            "3:51 uri `/x/{a b}` is not a URI: it is empty or has spaces in it",
            None,
        ),
        (
            "do:\n  - a: {call: http, with: {method: get, endpoint: '${ .x'}}\n",
            "3:51 uri `${ .x` starts like a runtime expression but does not end with `}`",
            None,
        ),
        (
            "do:\n  - a: {wait: {}}\n",
            "3:15 empty a duration needs at least one property",
            None,
        ),
        (
            "do:\n  - a: {wait: {seconds: 1.5}}\n",
            "3:25 wrong-type expected a whole number, found a number",
            None,
        ),
        (
            "do:\n  - a: {wait: {seconds: '5'}}\n",
            "3:25 wrong-type expected a whole number, found a text",
            "write the number without quotes",
        ),
        (
            "do:\n  - a: {run: {shell: {command: x}, script: {language: js, code: y}}}\n",
            "3:36 exclusive-properties `run` has only one of `container`, `script`, `shell` or `workflow`, "
            "and `shell` is there too",
            "remove one of them",
        ),
        (
            "do:\n  - a: {run: {}}\n",
            "3:9 missing-property `run` needs one of `container`, `script`, `shell` or `workflow`",
            None,
        ),
        (
            "do:\n  - a: {listen: {to: {one: {with: {type: t}}, until: .x}}}\n",
            "3:47 exclusive-properties `until` only goes with `any`",
            "`all` and `one` end by themselves; remove `until`",
        ),
        (
            "do:\n  - a: {listen: {to: {one: {with: {}}}}}\n",
            "3:35 empty an event filter needs at least one property",
            None,
        ),
        (
            "do:\n  - a: {emit: {event: {with: {source: /x}}}}\n",
            "3:24 missing-property an event needs the property `type`",
            None,
        ),
        (
            "do:\n  - a: {run: {container: {image: x, lifetime: {cleanup: eventually}}}}\n",
            "3:37 missing-property `cleanup: eventually` needs `after`, the time until the cleanup",
            None,
        ),
        (
            "do: []\nschedule: {cron: '* * * * *', read: data}\n",
            "3:31 missing-property `read` says how events are read, but no events are scheduled",
            "add `on`, or remove `read`",
        ),
        (
            "do: []\nuse: {authentications: {a: {basic: {username: x}}}}\n",
            "3:29 missing-property this scheme needs the property `password`",
            "or write `use: …` with the name of a secret",
        ),
        (
            "do:\n  - a: {call: grpc, with: {proto: {endpoint: /x}, method: m, service: {name: s, host: 'http://h'}}}\n",
            "3:87 pattern `http://h` is not a host name without scheme and port",
            "write it like `api.example.com`",
        ),
        (
            "do:\n  - a: {call: grpc, with: {proto: {endpoint: /x}, method: m, service: {name: s, host: h, "
            "port: 70000}}}\n",
            "3:96 range 70000 is more than 65535",
            None,
        ),
    ],
)
def test_messages_name_the_mistake_and_the_remedy(text: str, expected: str, remedy: str | None) -> None:
    problems = [p for p in workflow_problems(text) if p.severity == "error"]
    assert shown(problems) == [expected]
    assert problems[0].remedy == remedy


def test_what_the_specification_leaves_open_is_a_warning_when_it_looks_misspelt() -> None:
    (problem,) = workflow_problems("do: [{a: {set: {b: 1}}}]\ntimeuot: {after: PT1S}\nx-team: a\n")
    assert (problem.severity, problem.remedy) == ("warning", "did you mean `timeout`?")


def test_what_only_headrace_takes_is_a_warning() -> None:
    problems = workflow_problems(
        """
        do:
          - a: {call: http, with: {method: get, endpoint: /x, query: {limit: 10, all: true, name: x}}}
          - b: {for: {in: [1, {c: d}]}, do: [{e: {set: {f: 1}}}]}
        """
    )
    assert [(p.severity, p.code, p.pointer) for p in problems] == [
        ("warning", "portability", "/do/0/a/with/query/limit"),
        ("warning", "portability", "/do/0/a/with/query/all"),
        ("warning", "portability", "/do/1/b/for/in/0"),
    ]


def test_event_filters_may_hold_regular_expressions() -> None:
    assert not workflow_problems(
        "do: [{a: {listen: {to: {one: {with: {source: '^https://.*$', time: '^2026-.*'}}}}}}]\n"
    )
    assert codes(
        workflow_problems("do: [{a: {listen: {to: {one: {with: {source: '(a b', type: t}}}}}}]\n")
    ) == ["uri"]
    assert codes(workflow_problems("do: [{a: {emit: {event: {with: {source: '^a b$', type: t}}}}}]\n")) == [
        "uri"
    ]


def test_events_have_attribute_names_of_cloudevents() -> None:
    (problem,) = workflow_problems("do: [{a: {emit: {event: {with: {type: t, dataContentType: x}}}}}]\n")
    assert (problem.severity, problem.code) == ("warning", "event-attribute")


def test_an_aliased_mistake_is_said_once_at_its_anchor() -> None:
    problems = workflow_problems("do:\n  - a: &a {set: {b: 1}, fi: .x}\n  - c: *a\n")
    assert shown(problems) == ["3:25 unknown-property unknown property `fi`"]


def test_expressions_over_several_lines_are_expressions() -> None:
    assert not workflow_problems("do:\n  - a:\n      wait: |\n        ${\n          .x\n        }\n")


def test_validation_of_500_tasks_is_quick() -> None:
    import time

    tasks = "".join(
        f"  - t{i}: {{call: http, with: {{method: get, endpoint: 'https://x.test/{{id}}', body: [1, 2]}}}}\n"
        for i in range(500)
    )
    source, _ = parse(HEAD + "do:\n" + tasks, "f.yaml")
    assert source is not None
    started = time.process_time()
    assert validate(source) == []
    assert time.process_time() - started < 0.6


def test_long_texts_are_cut_in_messages() -> None:
    for task in (
        f"{{wait: {'x' * 500}}}",
        f"{{call: http, with: {{method: get, endpoint: '{'x ' * 500}'}}}}",
    ):
        (problem,) = workflow_problems(f"do: [{{a: {task}}}]\n")
        assert len(problem.message) < 200
        assert "…" in problem.message


def test_what_may_be_a_secret_is_not_repeated() -> None:
    (problem,) = workflow_problems(
        "do: []\nuse: {authentications: {a: {basic: {username: x, password: 123456}}}}\n"
    )[1:]
    assert problem.code == "wrong-type"
    assert "123456" not in str(problem)
