"""http triggers and the triggers' own routes, on a real server."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import pytest

from integration.api.served import Served

FLOW = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: orders}
spec:
  version: 1.0.0
  triggers:
    - name: api
      http:
        path: "/orders/{customer}"
        reply: output
        input: "${ {customer: .params.customer, order: .body} }"
    - name: later
      http: {path: /later}
    - name: ask
      http: {path: /ask, method: GET, reply: output, access: public}
    - name: page
      http:
        path: /page
        method: GET
        reply: output
        access: public
        response:
          status: 203
          headers: {content-type: text/html, x-flow: "yes"}
          body: <p>hi</p>
    - name: slow
      http: {path: /slow, reply: output, wait: PT0.2S}
    - name: signed
      http:
        path: /signed
        access: {signature: {secret: hook, header: x-signature, prefix: "sha256="}}
  steps:
    - route:
        switch:
          - slow: {when: '.slow == true', then: wait}
          - bad: {when: '.bad == true', then: refuse}
          - other: {then: answer}
    - answer: {set: {got: "${ . }"}, then: end}
    - wait: {call: slowly, then: end}
    - refuse:
        raise:
          error: {type: "https://example.com/errors/no-stock", status: 418, title: None left}
"""


@pytest.fixture
def gate() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def functions(gate: asyncio.Event) -> Mapping[str, Any]:
    async def slowly(data: Any) -> Any:
        await gate.wait()
        return {"done": True}

    return {"slowly": slowly}


async def test_the_output_is_the_answer(served: Served) -> None:
    await served.deploy(FLOW)
    reply = await served.post("/hooks/default/orders/ada%20l", {"total": 3})
    assert (reply.status, reply.data) == (200, {"got": {"customer": "ada l", "order": {"total": 3}}})
    execution = (await served.get(f"executions/{reply.headers['headrace-execution']}")).data
    assert (execution["trigger"], execution["status"]) == ("api", "completed")


async def test_the_query_is_the_input_of_a_get(served: Served) -> None:
    await served.deploy(FLOW)
    reply = await served.get("/hooks/default/ask", {"item": "tea"}, headers={"authorization": ""})
    assert (reply.status, reply.data) == (200, {"got": {"item": "tea"}})
    head = await served.call("HEAD", "/hooks/default/ask")
    assert (head.status, head.text) == (200, "")


async def test_a_response_sets_status_headers_and_body(served: Served) -> None:
    await served.deploy(FLOW)
    reply = await served.get("/hooks/default/page")
    assert (reply.status, reply.text) == (203, "<p>hi</p>")
    assert (reply.headers["content-type"], reply.headers["x-flow"]) == ("text/html", "yes")


async def test_accepted_at_once(served: Served) -> None:
    await served.deploy(FLOW)
    reply = await served.post("/hooks/default/later", {"x": 1}, headers={"idempotency-key": "k-1"})
    assert reply.status == 202
    assert reply.headers["location"].endswith(reply.data["id"])
    again = await served.post("/hooks/default/later", {"x": 1}, headers={"idempotency-key": "k-1"})
    assert (again.data["id"], again.data["replayed"]) == (reply.data["id"], True)


async def test_too_late_goes_on(served: Served, gate: asyncio.Event) -> None:
    await served.deploy(FLOW)
    reply = await served.post("/hooks/default/slow", {"slow": True})
    assert reply.status == 202
    gate.set()
    waited = await served.get(f"executions/{reply.data['id']}/wait")
    assert waited.data["output"] == {"done": True}


async def test_a_fault_is_the_answer(served: Served) -> None:
    await served.deploy(FLOW)
    reply = await served.post("/hooks/default/slow", {"bad": True})
    assert reply.status == 418
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.data["type"] == "https://example.com/errors/no-stock"
    assert reply.data["execution"] == reply.headers["headrace-execution"]


async def test_what_is_refused(served: Served) -> None:
    await served.deploy(FLOW)
    assert (await served.post("/hooks/default/nowhere", {})).code == "no-trigger"
    assert (await served.post("/hooks/elsewhere/later", {})).status == 404
    wrong = await served.get("/hooks/default/later")
    assert (wrong.status, wrong.headers["allow"]) == (405, "POST")
    odd = await served.call(
        "POST", "/hooks/default/later", data=b"{", headers={"content-type": "application/json"}
    )
    assert odd.code == "invalid-json"
    odd = await served.call(
        "POST", "/hooks/default/later", data=b"\x00", headers={"content-type": "image/png"}
    )
    assert odd.status == 415
    large = await served.call("POST", "/hooks/default/later", data=b" " * (9 * 1024 * 1024))
    assert large.code == "too-large"
    nobody = await served.post("/hooks/default/later", {}, headers={"authorization": "Bearer hr_wrong"})
    assert nobody.code == "unauthenticated"
    assert (await served.get("executions")).data["items"] == []


async def test_signed_requests(served: Served) -> None:
    await served.deploy(FLOW)
    assert (await served.post("/hooks/default/signed", {})).code == "no-secret"
    put = await served.call("PUT", "secrets/hook", {"value": "s3cret-of-the-hook"})
    assert put.status in (200, 201, 204), put.text
    body = b'{"paid": true}'
    good = hmac.new(b"s3cret-of-the-hook", body, hashlib.sha256).hexdigest()
    anonymous = {"authorization": "", "content-type": "application/json"}
    signed = {**anonymous, "x-signature": f"sha256={good}"}
    assert (await served.call("POST", "/hooks/default/signed", data=body, headers=signed)).status == 202
    assert (
        await served.call("POST", "/hooks/default/signed", data=body + b" ", headers=signed)
    ).code == "bad-signature"
    assert (await served.call("POST", "/hooks/default/signed", data=body, headers=anonymous)).status == 401


async def test_triggers_are_listed_paused_and_fired(served: Served) -> None:
    await served.deploy(FLOW)
    await served.post("/hooks/default/later", {"x": 1})
    triggers = {each["name"]: each for each in (await served.get("triggers")).data["items"]}
    assert set(triggers) == {"api", "later", "ask", "page", "slow", "signed"}
    later = triggers["later"]
    assert later["url"] == f"{served.server.url}/hooks/default/later"
    assert (later["kind"], later["method"], later["last"]["outcome"]) == ("http", "POST", "started")
    assert (await served.post("flowapps/orders/triggers/later/pause")).data["paused"] is True
    refused = await served.post("/hooks/default/later", {"x": 2})
    assert (refused.status, refused.code) == (503, "paused")
    assert "retry-after" in refused.headers
    fired = await served.post("flowapps/orders/triggers/later/fire", {"payload": {"x": 3}})
    assert fired.data["outcome"] == "started"
    page = (await served.get("flowapps/orders/triggers/later/firings", {"limit": "2"})).data
    assert [each["outcome"] for each in page["items"]] == ["started", "refused"]
    rest = (await served.get("flowapps/orders/triggers/later/firings", {"after": page["next"]})).data
    assert [each["outcome"] for each in rest["items"]] == ["started"]
    await served.restart()
    assert (await served.get("flowapps/orders/triggers/later")).data["paused"] is True
    assert (await served.post("flowapps/orders/triggers/later/resume")).data["paused"] is False
    assert (await served.post("/hooks/default/later", {"x": 4})).status == 202
    assert (await served.get("flowapps/orders/triggers/nothing")).status == 404


async def test_a_path_that_another_flow_has_is_refused(served: Served) -> None:
    await served.deploy(FLOW)
    other = FLOW.replace("name: orders}", "name: others}")
    reply = await served.call("POST", "flowapps", data=other.encode())
    assert (reply.status, reply.code) == (409, "cannot-run")
    assert "others" in reply.data["detail"]
    assert [each["name"] for each in (await served.get("flowapps")).data["items"]] == ["orders"]


async def test_a_paused_flowapp_starts_nothing(served: Served) -> None:
    await served.deploy(FLOW)
    await served.post("flowapps/orders/pause")
    assert (await served.post("/hooks/default/later", {})).code == "paused"
    await served.post("flowapps/orders/resume")
    assert (await served.post("/hooks/default/later", {})).status == 202


async def test_a_deleted_flowapp_answers_no_more(served: Served) -> None:
    await served.deploy(FLOW)
    await served.call("DELETE", "flowapps/orders")
    assert (await served.post("/hooks/default/later", {})).code == "no-trigger"
    await served.restart()
    assert (await served.post("/hooks/default/later", {})).code == "no-trigger"


SECRETIVE = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: tell}
spec:
  version: 1.0.0
  use: {secrets: [pin]}
  triggers:
    - name: api
      http: {path: /tell, reply: output}
  steps:
    - tell: {set: {pin: "${ $secrets.pin }", note: '${ "it is " + $secrets.pin }'}}
"""


async def test_an_answer_has_no_secrets(served: Served) -> None:
    await served.call("PUT", "secrets/pin", {"value": "canary-4711"})
    await served.deploy(SECRETIVE)
    reply = await served.post("/hooks/default/tell", {})
    assert reply.status == 200
    assert "canary-4711" not in reply.text
    assert reply.data == {"pin": "***", "note": "it is ***"}
    waited = await served.post("flowapps/tell/executions", {}, headers={"prefer": "wait=10"})
    assert waited.data == reply.data


async def test_an_answer_has_no_secrets_of_a_version_that_is_not_current_any_more(
    served: Served, gate: asyncio.Event
) -> None:
    await served.call("PUT", "secrets/pin", {"value": "canary-4712"})
    waiting = SECRETIVE.replace("  steps:\n", "  steps:\n    - wait: {call: slowly}\n")
    await served.deploy(waiting)
    asked = asyncio.ensure_future(served.post("/hooks/default/tell", {}))
    while served.platform.runtime.open_calls == 0:
        await asyncio.sleep(0.01)
    plain = FLOW.replace("name: orders", "name: tell").replace("version: 1.0.0", "version: 2.0.0")
    await served.deploy(plain)
    gate.set()
    reply = await asked
    assert reply.status == 200
    assert reply.data == {"pin": "***", "note": "it is ***"}
