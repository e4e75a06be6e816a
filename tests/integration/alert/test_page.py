"""docs/alerts.md: its FlowApp is valid, its message is what is sent, its check accepts what is signed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson

from headrace.spec.alert import load_alert
from headrace.spec.alert_grammar import CONDITIONS
from headrace.spec.flowapp import parse_definition
from integration.alert.place import place, receiver

PAGE = (Path(__file__).parents[3] / "docs" / "alerts.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_flowapp_is_valid_and_shows_every_condition() -> None:
    [text] = blocks("yaml")
    definition, problems = parse_definition(text, "flowapp.yaml")
    assert definition is not None and problems == []
    assert {load_alert(each).condition for each in definition.alerts} == set(CONDITIONS)
    for condition in CONDITIONS:
        assert f"| `{condition}" in PAGE


async def test_the_message_is_what_is_sent_and_the_check_accepts_it(tmp_path: Path) -> None:
    [written] = blocks("json")
    expected = orjson.loads(written)
    [program] = blocks("python")
    scope: dict[str, Any] = {}
    exec(program, scope)
    flow = """
    document: {dsl: 1.0.3, namespace: default, name: orders, version: 1.0.0}
    do: [{charge: {raise: {error: {type: "https://example.test/no-credit", status: 402, title: No credit}}}}]
    """
    async with receiver() as hook, place(tmp_path / "a.db", secrets={"default/key": "a key"}) as where:
        rule = {"name": "faults", "faulted": True, "webhook": {"url": hook.url, "signature": "key"}}
        await where.alerts.put_rule("default", rule, by="ann")
        await (await where.headrace.start(await where.headrace.deploy(flow))).result()
        [body] = await hook.wait(1)
        headers, raw = hook.requests[0]
        assert scope["is_genuine"](b"a key", headers, raw)
        assert not scope["is_genuine"](b"another", headers, raw)
    assert body["flow"] is None  # the namespace's rule; a flow's own rule names it
    assert [*body] == [*expected]
    for name in ("alert", "state", "condition", "namespace", "summary", "description", "count", "at"):
        assert body[name] == expected[name], name
    [event], [shown] = body["events"], expected["events"]
    assert {**event, "execution": shown["execution"]} == shown
