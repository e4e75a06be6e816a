"""Alerts over the API: a rule, a fault, and a webhook that is told."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from integration.api.flows import REFUSE
from integration.api.served import Served


class Webhook:
    """Takes what is sent to it."""

    def __init__(self) -> None:
        self.came: asyncio.Queue[Any] = asyncio.Queue()
        self.url = ""


@pytest.fixture
async def webhook() -> AsyncIterator[Webhook]:
    hook = Webhook()

    async def take(request: web.Request) -> web.Response:
        hook.came.put_nowait(await request.json())
        return web.Response()

    application = web.Application()
    application.router.add_post("/told", take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/told"
    yield hook
    await runner.cleanup()


def rule(url: str) -> dict[str, Any]:
    return {"faulted": True, "webhook": {"url": url}, "group": "PT0S"}


async def test_a_fault_is_told(served: Served, webhook: Webhook) -> None:
    await served.deploy(REFUSE)
    kept = await served.call("PUT", "alerts/rules/faults", rule(webhook.url))
    assert kept.status == 200, kept.text
    assert [each["name"] for each in (await served.get("alerts/rules")).data["items"]] == ["faults"]
    await served.post("flowapps/refuse/executions", {})
    told = await asyncio.wait_for(webhook.came.get(), 20)
    assert "refuse" in str(told)
    async with asyncio.timeout(10):
        while True:
            items = (await served.get("alerts/notifications")).data["items"]
            if items and items[0]["status"] == "delivered":
                break
            await asyncio.sleep(0.05)
    assert (items[0]["rule"], items[0]["count"]) == ("faults", 1)


async def test_a_rule_is_tried_before_it_is_kept(served: Served, webhook: Webhook) -> None:
    tried = await served.post("alerts/rules/faults/test", rule(webhook.url))
    assert tried.data == {"delivered": True, "error": None}
    assert webhook.came.qsize() == 1
    assert (await served.get("alerts/rules")).data["items"] == []
    nobody = await served.post("alerts/rules/faults/test", rule("http://127.0.0.1:1/"))
    assert nobody.data["delivered"] is False
    assert nobody.data["error"]


async def test_silences(served: Served) -> None:
    until = time.time() + 3600
    added = await served.post("alerts/silences", {"until": until, "rule": "faults", "reason": "planned"})
    assert (added.status, added.data["reason"]) == (201, "planned")
    assert [each["id"] for each in (await served.get("alerts/silences")).data["items"]] == [added.data["id"]]
    assert (await served.get("alerts/silences", namespace="shop")).data["items"] == []
    assert (await served.call("DELETE", f"alerts/silences/{added.data['id']}")).status == 204
    assert (await served.call("DELETE", f"alerts/silences/{added.data['id']}")).status == 404
    assert (await served.post("alerts/silences", {"until": 1})).status == 400


async def test_a_rule_that_cannot_be(served: Served) -> None:
    refused = await served.call("PUT", "alerts/rules/odd", {"faulted": True, "slower": "PT1S"})
    assert (refused.status, refused.code) == (422, "invalid-rule")
    assert refused.data["problems"]
    other = await served.call("PUT", "alerts/rules/odd", {**rule("http://127.0.0.1:1/"), "name": "other"})
    assert other.data["pointer"] == "/name"
    assert (await served.call("DELETE", "alerts/rules/odd")).status == 404


async def test_what_would_be_sent_is_shown_without_secrets_and_not_sent(
    served: Served, webhook: Webhook
) -> None:
    await served.call("PUT", "secrets/chat", {"value": {"key": "abc", "path": "/canary-of-a-path"}})
    await served.call("PUT", "secrets/seal", {"value": "whsec_Y2FuYXJ5"})
    shown = {
        "faulted": True,
        "webhook": {
            "url": webhook.url + "{{ secrets.chat.path }}",
            "headers": {"authorization": "Bearer {{ secrets.chat.key }}"},
            "body": '{"text": {{ alert.summary | tojson }}}',
            "signature": "seal",
        },
    }
    preview = (await served.post("alerts/rules/faults/preview", shown)).data
    assert preview["url"] == f"{webhook.url}***"
    headers = {each["name"]: each["value"] for each in preview["headers"]}
    assert headers["authorization"] == "Bearer ***"
    assert headers["webhook-signature"] == "***"
    assert preview["body"] == '{"text": "default/example: 1 execution faulted"}'
    assert preview["error"] is None
    assert "canary" not in str(preview)
    unknown = {**shown, "webhook": {"url": "{{ secrets.nobody }}"}}
    assert "nobody" in (await served.post("alerts/rules/faults/preview", unknown)).data["error"]
    assert "webhook" in (await served.post("alerts/rules/faults/preview", {"faulted": True})).data["error"]
    assert webhook.came.qsize() == 0


async def test_rules_of_flows_are_listed_as_they_stand_there(served: Served) -> None:
    slow = {"name": "slow", "slower": "PT10S", "webhook": {"url": "http://127.0.0.1:9/"}}
    assert (await served.get("alerts/flow-rules")).data["items"] == []
    await served.deploy(f"{REFUSE.rstrip()}\n  alerts: [{json.dumps(slow)}]\n")
    await served.call("PUT", "alerts/rules/faults", rule("http://127.0.0.1:9/"))
    listed = (await served.get("alerts/flow-rules")).data["items"]
    assert listed == [{"flow": "refuse", "name": "slow", "rule": slow}]
    assert [each["name"] for each in (await served.get("alerts/rules")).data["items"]] == ["faults"]
    assert (await served.get("alerts/flow-rules", namespace="shop")).data["items"] == []
    assert (await served.call("DELETE", "flowapps/refuse")).status == 204
    assert (await served.get("alerts/flow-rules")).data["items"] == []
