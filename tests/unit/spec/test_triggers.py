"""Triggers: what is accepted, what is refused and where, and the typed views."""

from __future__ import annotations

import json
import textwrap

import pytest

from headrace.spec.duration import Duration
from headrace.spec.flowapp import Definition, parse_definition
from headrace.spec.trigger import Signature, Trigger
from unit.spec.documents import HEAD, problems_of, shown

APP = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: a}
spec:
  version: 1.0.0
  steps: [{a: {set: {x: 1}}}]
"""
TRIGGERS = """\
- name: api
  http:
    path: /orders/{id}
    method: PUT
    reply: output
    wait: PT5S
    access: public
    input: "{id: .params.id, order: .body}"
    dedupe: .body.id
    maxOpen: 10
    response: {status: 201, headers: {location: "/orders/${ .id }"}, body: "${ . }"}
- name: hook
  http:
    path: /hook
    access:
      signature: {secret: hook, header: X-Hub-Signature-256, prefix: sha256=}
- name: slack
  http:
    path: /slack
    access:
      signature:
        {secret: slack, header: x-slack-signature, prefix: v0=, payload: "v0:{timestamp}:{body}",
         timestampHeader: x-slack-request-timestamp, tolerance: PT2M}
- name: nightly
  cron: {schedule: "0 3 * * *", timezone: Europe/Berlin, missed: once, whenFull: skip, maxOpen: 1}
- name: often
  interval: {every: {minutes: 5}, input: {at: "${ .scheduledAt }"}}
- name: paid
  event:
    all:
      - with: {type: paid}
        correlate: {order: {from: .data.id}}
      - with: {type: packed}
        correlate: {order: {from: .data.id}}
    missed: skip
    input: .[0].data
- name: jobs
  queue: {name: jobs, batch: 20, complete: ended, lease: PT30S, maxOpen: 4, input: .data, dedupe: .headers.id}
"""


def app(triggers: str) -> str:
    return APP + "  triggers:\n" + textwrap.indent(textwrap.dedent(triggers), "    ")


def definition_of(text: str) -> Definition:
    definition, problems = parse_definition(text, "flowapp.yaml")
    assert problems == []
    assert definition is not None
    return definition


def named(definition: Definition) -> dict[str, Trigger]:
    return {trigger.name: trigger for trigger in definition.all_triggers()}


def test_typed_views_have_all_that_is_written() -> None:
    triggers = named(definition_of(app(TRIGGERS)))
    http = triggers["api"].http
    assert http is not None
    assert (http.method, http.reply, http.wait, http.access, http.max_open) == (
        "PUT",
        "output",
        "PT5S",
        "public",
        10,
    )
    assert (http.input, http.dedupe) == ("{id: .params.id, order: .body}", ".body.id")
    assert isinstance(http.response, dict)
    hook, slack = triggers["hook"].http, triggers["slack"].http
    assert hook is not None
    assert hook.access == Signature(secret="hook", header="X-Hub-Signature-256", prefix="sha256=")
    assert slack is not None
    assert isinstance(slack.access, Signature)
    assert (slack.access.timestamp_header, slack.access.tolerance) == ("x-slack-request-timestamp", "PT2M")
    cron = triggers["nightly"].cron
    assert cron is not None
    assert (cron.missed, cron.when_full, cron.max_open) == ("once", "skip", 1)
    interval = triggers["often"].interval
    assert interval is not None
    assert interval.every == Duration(minutes=5)
    event = triggers["paid"].event
    assert event is not None
    assert event.to.all is not None
    assert (len(event.to.all), event.missed, event.input, event.listed) == (2, "skip", ".[0].data", False)
    queue = triggers["jobs"].queue
    assert queue is not None
    assert (queue.name, queue.batch, queue.complete, queue.lease, queue.dedupe) == (
        "jobs",
        20,
        "ended",
        "PT30S",
        ".headers.id",
    )


def test_nothing_of_them_is_lost_as_an_ows_document() -> None:
    before = definition_of(app(TRIGGERS))
    after = definition_of(json.dumps(before.ows))
    assert after.kind == "Workflow"
    assert after.triggers == before.triggers
    assert after.flowapp() == before.flowapp()


def test_a_schedule_stands_for_triggers() -> None:
    text = HEAD + textwrap.dedent("""\
        schedule:
          every: PT10S
          cron: "0 3 * * *"
          after: {minutes: 1}
          on: {any: [{with: {type: x}}], until: "length > 1"}
          read: envelope
        do: [{a: {set: {x: 1}}}]
        """)
    triggers = named(definition_of(text))
    assert list(triggers) == ["schedule.every", "schedule.cron", "schedule.after", "schedule.on"]
    assert all(trigger.scheduled for trigger in triggers.values())
    assert [trigger.kind for trigger in triggers.values()] == ["interval", "cron", "after", "event"]
    every, after, event = (triggers[f"schedule.{part}"] for part in ("every", "after", "on"))
    assert every.interval is not None
    assert every.interval.every == "PT10S"
    assert after.after is not None
    assert after.after.delay == Duration(minutes=1)
    assert event.event is not None
    assert (event.event.read, event.event.listed, event.event.to.until) == ("envelope", True, "length > 1")
    # What is written tells a changed schedule from the same one.
    json.dumps([trigger.configuration for trigger in triggers.values()])


def test_nobody_can_write_the_kind_of_schedule_after() -> None:
    triggers = named(definition_of(app("- {name: t, after: {delay: PT1S}}")))
    assert (triggers["t"].kind, triggers["t"].after) == ("after", None)


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ("http: {path: '/a b'}", "path `/a b` is not a path; write it like `/orders`"),
        ("http: {path: '/a?b=1'}", "path `/a?b=1` is not a path; write it like `/orders`"),
        (
            "http: {path: '/a/x{id}'}",
            "path `x{id}` in `/a/x{id}` is no parameter; one is a whole segment, like `/orders/{id}`",
        ),
        (
            "http: {path: '/{id}/{id}'}",
            "path `/{id}/{id}` has the parameter `{id}` twice; give one another name",
        ),
        (
            "http: {path: '/a/../b'}",
            "path `/a/../b` has `..` in it, which clients take away; name the path itself",
        ),
        ("http: {path: /a, access: open}", "value `open` is none of `token` or `public`"),
        (
            "http: {path: /a, access: {signature: {secret: s}}}",
            "missing-property a signature needs the property `header`",
        ),
        (
            "http: {path: /a, access: {signature: {secret: s, header: 'x y'}}}",
            "header `x y` is not the name of a header",
        ),
        (
            "http: {path: /a, access: {signature: {secret: s, header: x, payload: '{time}{body}'}}}",
            "payload `{time}` is not known there; it has `{body}` and `{timestamp}`",
        ),
        (
            "http: {path: /a, access: {signature: {secret: s, header: x, payload: '{timestamp}{body}'}}}",
            "missing-property `payload` has a `{timestamp}`, but no header has one",
        ),
        (
            "http: {path: /a, access: {signature: {secret: s, header: x, timestampHeader: y}}}",
            "no-effect the timestamp is not signed, so anybody can write it",
        ),
        (
            "http: {path: /a, input: '.body |'}",
            "expression the expression does not compile: unexpected end of the expression, expected a value, "
            "at character 8 (near `.body |`)",
        ),
        ("http: {path: /a, input: $secrets.x}", "unknown-variable `$secrets` does not exist in a trigger"),
        ("http: {path: /a, maxOpen: 0}", "range 0 is less than 1"),
        ("cron: {schedule: '* * * * *', whenFull: wiat}", "value `wiat` is none of `wait` or `skip`"),
        ("cron: {schedule: '* * * * *', dedupe: .x}", "unknown-property unknown property `dedupe`"),
        ("interval: {every: PT0S}", "range an interval of no time would never stop starting"),
        ("interval: {every: {}}", "range an interval of no time would never stop starting"),
        ("event: {with: {type: x}, missed: once}", "value `once` is none of `skip` or `all`"),
        ("queue: {}", "missing-property a queue trigger needs the property `name`"),
        ("queue: {name: q, complete: later}", "value `later` is none of `started` or `ended`"),
        ("queue: {name: q, batch: 1001}", "range 1001 is more than 1000"),
    ],
)
def test_what_is_refused(trigger: str, expected: str) -> None:
    problems = [p for p in problems_of(app(f"- {{name: t, {trigger}}}")) if p.severity == "error"]
    assert [line.split(" ", 1)[1] for line in shown(problems)] == [expected]


def test_one_path_is_answered_by_one_trigger() -> None:
    triggers = """\
    - {name: a, http: {path: '/orders/{id}'}}
    - {name: b, http: {path: '/orders/{number}'}}
    - {name: c, http: {path: '/orders/{id}', method: GET}}
    - {name: d, http: {path: /orders/new}}
    """
    [problem] = problems_of(app(triggers))
    assert (problem.code, problem.pointer) == ("duplicate-route", "/spec/triggers/1/http/path")
    assert problem.message == "`POST /orders/{number}` is what the trigger at 8:30 answers already"


def test_what_needs_reply_output_is_a_warning_without() -> None:
    problems = problems_of(app("- {name: a, http: {path: /a, wait: PT1S, response: '{body: .}'}}"))
    assert sorted((p.severity, p.code, p.pointer.rsplit("/", 1)[1]) for p in problems) == [
        ("warning", "no-effect", "response"),
        ("warning", "no-effect", "wait"),
    ]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (
            "every: '${ .x }'",
            "schedule `every` is an expression, but there is no data before an execution",
        ),
        (
            "after: '${ .x }'",
            "schedule `after` is an expression, but there is no data before an execution",
        ),
        ("every: PT0S", "schedule an interval of no time would never stop starting"),
        ("every: {seconds: 0}", "schedule an interval of no time would never stop starting"),
        (
            "on: {one: {with: {subject: '${ . == $secrets.x }'}}}",
            "unknown-variable `$secrets` does not exist in `schedule`",
        ),
    ],
)
def test_what_is_refused_of_a_schedule(schedule: str, expected: str) -> None:
    problems = problems_of(HEAD + f"schedule: {{{schedule}}}\ndo: [{{a: {{set: {{x: 1}}}}}}]\n")
    assert [line.split(" ", 1)[1] for line in shown(problems)] == [expected]
