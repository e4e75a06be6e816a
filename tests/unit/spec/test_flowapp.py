"""FlowApps: what is accepted, what is refused and where, and the definition that comes out."""

from __future__ import annotations

import textwrap

import pytest

from headrace.spec.duration import Duration
from headrace.spec.flowapp import (
    Definition,
    flowapp_pointer,
    flowapp_to_ows,
    load_function,
    load_trigger,
    ows_pointer,
    ows_to_flowapp,
    parse_definition,
)
from unit.spec.documents import HEAD, codes, problems_of, shown

FLOWAPP = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: append-display, namespace: shop, labels: {team: a}}
spec:
  version: 1.0.0
  runtime: durable                 # durable (default) | eventing
  triggers:
    - name: orders
      rocketmq: {endpoints: "127.0.0.1:8081", topic: orders, group: append-display}
    - name: nightly
      cron: {schedule: "0 3 * * *", timezone: Asia/Shanghai, missed: once}
    - name: often
      interval: {every: PT5M}
    - name: paid
      event: {with: {type: order.paid}, read: envelope}
    - name: api
      http: {path: /orders, method: POST, reply: output}     # synchronous call
  functions:
    append:  {source: cmd/append}
    display: {source: cmd/display, delivery: queue, lease: PT5M, parallelism: 4, retries: 3, env: {A: b}}
    legacy:  {url: "https://example.test/score"}
    shell:   {command: "cat -", timeout: {seconds: 5}}
    exec:    {command: [cat, "-"]}
  steps:
    - append:  {call: append}
    - check:
        switch:
          - big:   {when: .total > 1000, then: display}
          - other: {then: end}
    - display: {call: display}
  history: calls
  retention: P30D
"""


def definition_of(text: str, file: str = "flowapp.yaml") -> Definition:
    definition, problems = parse_definition(text, file)
    assert problems == []
    assert definition is not None
    return definition


def test_a_flowapp_becomes_a_definition() -> None:
    definition = definition_of(FLOWAPP)
    assert (definition.kind, definition.namespace, definition.name, definition.version) == (
        "FlowApp",
        "shop",
        "append-display",
        "1.0.0",
    )
    assert [task.name for task in definition.workflow.do] == ["append", "check", "display"]
    assert definition.ows["do"][0] == {"append": {"call": "append"}}
    assert (definition.runtime, definition.history) == ("durable", "calls")
    assert definition.retention_ms == 30 * 86_400_000
    assert definition.labels == {"team": "a"}
    assert definition.source == FLOWAPP
    assert definition.place("/do/0/append") == "/spec/steps/0/append"


def test_functions_have_a_typed_view() -> None:
    functions = {name: load_function(data) for name, data in definition_of(FLOWAPP).functions.items()}
    assert (functions["append"].source, functions["append"].delivery) == ("cmd/append", "http")
    assert (functions["display"].lease, functions["display"].parallelism) == ("PT5M", 4)
    assert (functions["display"].retries, functions["display"].env) == (3, {"A": "b"})
    assert functions["legacy"].url == "https://example.test/score"
    assert functions["shell"].command == ("/bin/sh", "-c", "cat -")
    assert functions["shell"].timeout == Duration(seconds=5)
    assert functions["exec"].command == ("cat", "-")


def test_triggers_have_a_typed_view() -> None:
    triggers = {trigger.name: trigger for trigger in map(load_trigger, definition_of(FLOWAPP).triggers)}
    assert triggers["orders"].kind == "rocketmq"
    assert triggers["orders"].configuration["topic"] == "orders"
    cron, http = triggers["nightly"].cron, triggers["api"].http
    assert cron is not None
    assert (cron.schedule, cron.timezone, cron.missed) == ("0 3 * * *", "Asia/Shanghai", "once")
    assert http is not None
    assert (http.path, http.method, http.reply) == ("/orders", "POST", "output")
    event = triggers["paid"].event
    assert event is not None
    assert event.to.one is not None
    assert (event.to.one.with_, event.read) == ({"type": "order.paid"}, "envelope")
    assert triggers["often"].interval is not None


def test_the_digest_ignores_comments_and_layout() -> None:
    one, other = (
        definition_of(FLOWAPP),
        definition_of("# changed\n" + FLOWAPP.replace("  # synchronous call", "")),
    )
    assert one.digest == other.digest
    assert one.digest.startswith("sha256:")
    assert definition_of(FLOWAPP.replace("1000", "1001")).digest != one.digest


def test_a_plain_ows_document_is_a_definition_too() -> None:
    definition = definition_of(HEAD + "do: [{a: {set: {x: 1}}}]\n", "flow.yaml")
    assert (definition.kind, definition.namespace, definition.name) == ("Workflow", "test", "flow")
    assert (definition.functions, definition.triggers, definition.history) == ({}, [], "full")
    assert definition.retention_ms is None
    assert definition.place("/do/0/a") == "/do/0/a"


def test_a_flowapp_that_was_written_out_as_ows_is_the_same_definition() -> None:
    import json

    before = definition_of(FLOWAPP)
    after = definition_of(json.dumps(before.ows), "flow.json")
    assert after.kind == "Workflow"
    assert (after.functions, after.triggers, after.history, after.labels) == (
        before.functions,
        before.triggers,
        before.history,
        before.labels,
    )
    assert after.ows == before.ows
    assert after.flowapp() == before.flowapp()


def test_problems_point_into_the_flowapp() -> None:
    bad = (
        FLOWAPP.replace("{call: append}", "{cal: append}")
        .replace("then: display", "then: dispaly")
        .replace("Asia/Shanghai", "Asia/Shangai")
        .replace("reply: output", "replay: output")
        .replace("lease: PT5M", "lease: 5m")
    )
    definition, problems = parse_definition(bad, "flowapp.yaml")
    assert definition is None
    assert [(p.line, p.pointer, p.code, p.remedy) for p in problems] == [
        (11, "/spec/triggers/1/cron/timezone", "timezone", "did you mean `Asia/Shanghai`?"),
        (17, "/spec/triggers/4/http/replay", "unknown-property", "did you mean `reply`?"),
        (20, "/spec/functions/display/lease", "duration", None),
        (25, "/spec/steps/0/append/cal", "unknown-property", "did you mean `call`?"),
        (28, "/spec/steps/1/check/switch/0/big/then", "flow-target", "did you mean `display`?"),
    ]


def test_warnings_do_not_refuse() -> None:
    definition, problems = parse_definition(FLOWAPP.replace("P30D", "P1M"), "flowapp.yaml")
    assert definition is not None
    assert codes(problems) == ["calendar-duration"]


def test_text_that_cannot_be_read_gives_no_definition() -> None:
    definition, problems = parse_definition("a: [", "flowapp.yaml")
    assert definition is None
    assert codes(problems) == ["yaml-syntax"]


def flowapp(spec: str) -> str:
    head = "apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\nmetadata: {name: a}\nspec:\n  version: 1.0.0\n"
    return head + textwrap.indent(textwrap.dedent(spec).strip("\n"), "  ") + "\n"


STEPS = "steps: [{a: {set: {x: 1}}}]"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("triggers: [{http: {path: /x}}]", "missing-property a trigger needs the property `name`"),
        (
            "triggers: [{name: a}]",
            "trigger-kind the trigger has no kind: `http`, `cron`, `interval`, `event`, `queue`, `kafka`, "
            "`rabbitmq`, `rocketmq`, `activemq`, `nats`, `mqtt` or `redis`",
        ),
        (
            "triggers: [{name: a, http: {path: /x}, cron: {schedule: '* * * * *'}}]",
            "trigger-kind a trigger has one kind, and this one has `http` and `cron`",
        ),
        ("triggers: [{name: a, http: {path: x}}]", "path `x` is not a path; write it like `/orders`"),
        (
            "triggers: [{name: a, http: {path: /x, method: post}}]",
            "value `post` is none of `GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE` or `OPTIONS`",
        ),
        (
            "triggers: [{name: a, cron: {schedule: '* * *'}}]",
            "cron `* * *` is not a cron expression: Wrong number of fields",
        ),
        (
            "triggers: [{name: a, interval: {every: '${ .x }'}}]",
            "duration a runtime expression has no data here; write a duration such as PT30S",
        ),
        ("triggers: [{name: a, kafka: topic}]", "wrong-type expected a map, found a text"),
        (
            "triggers: [{name: a, kafka: {}}, {name: a, redis: {}}]",
            "duplicate-name the trigger name `a` is taken at 7:21",
        ),
        (
            "triggers: [{name: a, event: {one: {with: {type: x}}, until: .x}}]",
            "exclusive-properties `until` only goes with `any`",
        ),
        ("functions: {a: {}}", "missing-property a function needs one of `source`, `url` or `command`"),
        (
            "functions: {a: {source: x, url: /y}}",
            "exclusive-properties a function has only one of `source`, `url` or `command`, "
            "and `source` is there too",
        ),
        ("functions: {a: {source: ''}}", "empty the text is empty"),
        ("functions: {a: {command: 5}}", "wrong-type expected a text or a list, found a whole number"),
        ("functions: {a: {source: x, parallelism: -1}}", "range -1 is less than 0"),
        ("functions: {a: {source: x, delivery: que}}", "value `que` is none of `http` or `queue`"),
        ("functions: {a: {source: x, retries: slow}}", "unknown-reference no retry policy `slow` is defined"),
        ("history: all", "value `all` is none of `full`, `calls` or `outcome`"),
        ("runtime: knative", "value `knative` is none of `durable` or `eventing`"),
        (
            "retention: 30d",
            "duration '30d' is not an ISO 8601 duration; write it like PT30S, PT5M or P1DT12H",
        ),
        ("do: []", "unknown-property unknown property `do`"),
    ],
)
def test_what_is_refused(spec: str, expected: str) -> None:
    problems = [p for p in problems_of(flowapp(f"{STEPS}\n{spec}")) if p.severity == "error"]
    assert [line.split(" ", 1)[1] for line in shown(problems)] == [expected]


def test_what_is_a_warning() -> None:
    problems = problems_of(
        flowapp(
            f"{STEPS}\ntriggers: [{{name: a, kafak: {{}}}}]\nfunctions: {{f: {{source: x, lease: PT1S}}}}"
        )
    )
    assert [(p.severity, p.code) for p in problems] == [("warning", "trigger-kind"), ("warning", "no-effect")]


def test_unknown_kinds_of_brokers_and_kubernetes_metadata_pass() -> None:
    text = flowapp(f"{STEPS}\ntriggers: [{{name: a, pulsar: {{topic: x}}}}]")
    text = (
        text.replace("{name: a}", "{name: a, uid: x, resourceVersion: '1', generation: 2}", 1)
        + "status: {phase: x}\n"
    )
    assert problems_of(text) == []


def test_calls_find_the_functions_of_the_flowapp() -> None:
    problems = problems_of(flowapp("functions: {append: {source: x}}\nsteps: [{a: {call: apend}}]"))
    assert [(p.code, p.remedy) for p in problems] == [("unknown-function", "did you mean `append`?")]


def test_pointers_change_places() -> None:
    pairs = {
        "/do/0/a": "/spec/steps/0/a",
        "/do": "/spec/steps",
        "/document/name": "/metadata/name",
        "/document/version": "/spec/version",
        "/use/functions/f": "/spec/use/functions/f",
        "/elsewhere": "/elsewhere",
        "/done": "/done",
    }
    for ours, theirs in pairs.items():
        assert flowapp_pointer(ours) == theirs
        assert ows_pointer(theirs) == ours


def test_the_ows_document_of_a_flowapp_is_plain() -> None:
    definition = definition_of(FLOWAPP)
    assert list(definition.ows["document"]) == ["dsl", "namespace", "name", "version", "metadata"]
    assert ows_to_flowapp(flowapp_to_ows(definition.flowapp())) == definition.flowapp()


def test_what_an_ows_document_carries_of_a_flowapp_is_checked_where_it_stands() -> None:
    kept = "{flowapp: {spec: {functions: {f: {sauce: x}}, triggers: [{name: t, http: {}}]}}}"
    text = (
        "document: {dsl: 1.0.3, namespace: a, name: b, version: 1.0.0, metadata: {headrace.dev: "
        + kept
        + "}}\ndo: [{a: {call: f}}]\n"
    )
    assert [(p.code, p.pointer, p.remedy) for p in problems_of(text)] == [
        (
            "unknown-property",
            "/document/metadata/headrace.dev/flowapp/spec/functions/f/sauce",
            "did you mean `source`?",
        ),
        ("missing-property", "/document/metadata/headrace.dev/flowapp/spec/triggers/0/http", None),
    ]


def test_the_annotation_with_the_version_of_the_dsl_is_checked() -> None:
    annotated = FLOWAPP.replace("labels: {team: a}", "annotations: {headrace.dev/dsl: 2.0.0}")
    (problem,) = problems_of(annotated)
    assert (problem.code, problem.pointer) == ("dsl-version", "/metadata/annotations/headrace.dev~1dsl")
    definition = definition_of(annotated.replace("2.0.0", "1.0.1"))
    assert definition.workflow.document.dsl == "1.0.1"


def test_expressions_of_a_flowapp_are_compiled() -> None:
    problems = problems_of(FLOWAPP.replace(".total > 1000", ".total >"))
    assert [(p.code, p.line, p.pointer) for p in problems] == [
        ("expression", 28, "/spec/steps/1/check/switch/0/big/when")
    ]
