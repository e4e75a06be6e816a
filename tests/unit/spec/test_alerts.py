"""Alerts of a FlowApp: what is accepted and refused, their typed view, and that conversion keeps them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from headrace.spec.alert import Alert, Webhook, check_alert, load_alert
from headrace.spec.flowapp import flowapp_to_ows, ows_to_flowapp, parse_definition

FLOWAPP = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: orders}
spec:
  version: 1.0.0
  functions:
    charge: {source: cmd/charge}
  alerts:
    - {name: faults, faulted: true, webhook: {url: "https://example.test/hook"}}
    - name: many
      faulted: {count: 3, within: PT5M}
      group: {minutes: 2}
      webhook:
        url: "{{ secrets.chat }}"
        headers: {Authorization: "Bearer {{ secrets.token }}"}
        body: '{"text": {{ alert.summary | tojson }}}'
        signature: hook-key
    - {name: slow, slower: PT10S, webhook: {url: "https://example.test/hook"}}
  steps:
    - charge: {call: charge}
"""
HOOK = {"url": "https://example.test/hook"}


def test_a_flowapp_has_alerts_and_keeps_them_as_an_ows_document() -> None:
    definition, problems = parse_definition(FLOWAPP, "flowapp.yaml")
    assert definition is not None and problems == []
    assert [load_alert(each).name for each in definition.alerts] == ["faults", "many", "slow"]
    flowapp = definition.flowapp()
    ows = flowapp_to_ows(flowapp)
    assert ows_to_flowapp(ows) == flowapp
    again, problems = parse_definition(orjson.dumps(ows).decode(), "workflow.json")
    assert again is not None and problems == []
    assert again.kind == "Workflow"
    assert again.alerts == definition.alerts


def test_problems_of_alerts_have_their_place_in_either_document() -> None:
    broken = FLOWAPP.replace("PT10S", "10 seconds")
    definition, problems = parse_definition(broken, "flowapp.yaml")
    assert definition is None
    assert [(problem.code, problem.pointer) for problem in problems] == [
        ("duration", "/spec/alerts/2/slower")
    ]
    good, _ = parse_definition(FLOWAPP, "flowapp.yaml")
    assert good is not None
    text = orjson.dumps(flowapp_to_ows(good.flowapp())).decode().replace("PT10S", "10 seconds")
    _, problems = parse_definition(text, "workflow.json")
    assert [problem.pointer for problem in problems] == [
        "/document/metadata/headrace.dev/flowapp/spec/alerts/2/slower"
    ]


def test_a_name_is_given_once() -> None:
    _, problems = parse_definition(FLOWAPP.replace("name: slow,", "name: faults,"), "flowapp.yaml")
    assert [(problem.code, problem.pointer) for problem in problems] == [
        ("duplicate-name", "/spec/alerts/2/name")
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"faulted": True}, {"condition": "faulted", "count": 1}),
        ({"faulted": {"count": 3, "within": "PT5M"}}, {"condition": "faulted", "count": 3, "seconds": 300}),
        ({"slower": "PT0.5S"}, {"condition": "slower", "seconds": 0.5}),
        ({"stuck": {"hours": 1}}, {"condition": "stuck", "seconds": 3600}),
        ({"deadLetter": True}, {"condition": "deadLetter"}),
        ({"deadLetter": {"queue": "letters"}}, {"condition": "deadLetter", "queue": "letters"}),
        (
            {"queueOlder": {"queue": "letters", "than": "PT1M"}},
            {"condition": "queueOlder", "queue": "letters", "seconds": 60},
        ),
    ],
)
def test_every_condition_has_a_typed_view(written: dict[str, Any], expected: dict[str, Any]) -> None:
    data = {"name": "a", "webhook": HOOK, **written}
    assert check_alert(data) == []
    assert load_alert(data) == Alert(name="a", webhook=Webhook(url=HOOK["url"]), **expected)


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"faulted": None}, "missing-property", ""),
        ({"slower": "PT1S"}, "exclusive-properties", "/slower"),
        ({"faulted": False}, "value", "/faulted"),
        ({"faulted": {"count": 3}}, "missing-property", "/faulted"),
        ({"faulted": {"count": 0, "within": "PT1M"}}, "range", "/faulted/count"),
        ({"webhook": None}, "missing-property", ""),
        ({"webhook": {"url": "not a url"}}, "uri", "/webhook/url"),
        ({"webhook": {"url": "file:///etc/passwd"}}, "uri", "/webhook/url"),
        ({"webhook": {"url": "{{ secrets.a() }}"}}, "uri", "/webhook/url"),
        ({"webhook": HOOK | {"body": "{{ 'a' * 9 }}"}}, "template", "/webhook/body"),
        (
            {"webhook": HOOK | {"headers": {"Content-Length": "3"}}},
            "header",
            "/webhook/headers/Content-Length",
        ),
        ({"webhook": HOOK | {"headers": {"a b": "3"}}}, "header", "/webhook/headers/a b"),
        ({"webhook": HOOK | {"method": "GET"}}, "unknown-property", "/webhook/method"),
        ({"group": "soon"}, "duration", "/group"),
        ({"name": "Two Words"}, "pattern", "/name"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(change: dict[str, Any], code: str, pointer: str) -> None:
    data = {"name": "a", "faulted": True, "webhook": HOOK, **change}
    problems = check_alert({name: value for name, value in data.items() if value is not None})
    assert [(problem.code, problem.pointer) for problem in problems] == [(code, pointer)]


def test_what_is_no_map_at_all_is_told() -> None:
    assert [problem.code for problem in check_alert([])] == ["wrong-type"]
