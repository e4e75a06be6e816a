"""What came to a trigger, over HTTP: as its expressions see it, and without what is secret."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from integration.api.flows import elsewhere
from integration.api.served import TOKEN, Reply, Served

CANARY = 'c4n4ry "of/the" mine'
ENVIRONMENT = "c4n4ry-of-the-environment"

FLOW = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: shop}
spec:
  version: 1.0.0
  use: {secrets: [till]}
  triggers:
    - name: api
      http: {path: "/orders/{id}", input: ".body.total + 1"}
    - name: signed
      http: {path: /signed, access: {signature: {secret: hook, header: X-Ours, prefix: sha256=}}}
    - {name: open, http: {path: /open, access: public}}
    - {name: paid, event: {with: {type: paid}}}
  steps: [{a: {set: {b: 1}}}]
"""


async def arrivals(served: Served, name: str = "api", **more: Any) -> Any:
    reply = await served.get(f"flowapps/shop/triggers/{name}/arrivals", **more)
    assert reply.status == 200, reply.text
    return reply.data


async def send(served: Served, path: str, body: Any = ..., **more: Any) -> Reply:
    return await served.post(f"/hooks/default{path}", body, **more)


async def test_what_came_last_and_what_was_refused_last(served: Served) -> None:
    await served.deploy(FLOW)
    assert await arrivals(served) == {"last": None, "refused": None, "filtered": None}
    assert (await send(served, "/orders/7?dry=1", {"total": {}})).status == 422
    failed = await arrivals(served)
    assert failed["last"] == failed["refused"]
    assert {name: failed["last"][name] for name in ("outcome", "cause", "execution", "omitted")} == {
        "outcome": "failed",
        "cause": "mapping",
        "execution": None,
        "omitted": None,
    }
    assert failed["last"]["detail"].startswith("the mapping failed: ")
    payload = failed["last"]["payload"]
    assert (payload["method"], payload["params"], payload["query"]) == ("POST", {"id": "7"}, {"dry": "1"})
    assert payload["body"] == {"total": {}}
    assert payload["headers"]["content-type"] == "application/json"
    started = await send(served, "/orders/8", {"total": 1})
    later = await arrivals(served)
    assert (later["last"]["outcome"], later["last"]["execution"]) == ("started", started.data["id"])
    assert later["last"]["at"] >= failed["last"]["at"]
    assert later["refused"] == failed["refused"]
    # What came is what an expression is tried on.
    tried = await served.post(
        "expressions/evaluate", {"where": "trigger", "value": ".body.total + 1", "data": payload}
    )
    assert tried.data["error"]["message"] in failed["last"]["detail"]


async def test_who_says_who_they_are_is_not_told(served: Served) -> None:
    await served.deploy(FLOW)
    credentials = {
        "proxy-authorization": "Basic x",
        "cookie": "session=x",
        "x-api-key": "x",
        "X-Gitlab-Token": "x",
        "x-hub-signature-256": "sha256=x",
        "x-plain": "shown",
    }
    await send(
        served, "/orders/7?access_token=x&page=2", {"total": {}, "token": "of the order"}, headers=credentials
    )
    last = (await arrivals(served))["last"]
    headers = last["payload"]["headers"]
    assert {"authorization", "proxy-authorization", "cookie"}.isdisjoint(headers)
    for name in ("x-api-key", "x-gitlab-token", "x-hub-signature-256"):
        assert headers[name] == "***"
    assert headers["x-plain"] == "shown"
    assert last["payload"]["query"] == {"access_token": "***", "page": "2"}
    # The body is the trigger's to look at, as it is in the input of an execution.
    assert last["payload"]["body"]["token"] == "of the order"
    assert last["hidden"] == [
        "headers.x-api-key",
        "headers.x-gitlab-token",
        "headers.x-hub-signature-256",
        "query.access_token",
    ]
    assert TOKEN not in json.dumps(last)


async def test_a_request_that_is_signed_wrongly_is_there_with_the_reason(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    await served.deploy(FLOW)
    assert (await send(served, "/signed", {"n": 1})).status == 503
    missing = await arrivals(served, "signed")
    assert (missing["last"], missing["refused"]["cause"]) == (None, "signature")
    assert "no secret 'hook'" in missing["refused"]["detail"]
    monkeypatch.setenv("HEADRACE_SECRET_HOOK", ENVIRONMENT)
    wrong = {"X-Ours": "sha256=00ff"}
    assert (await send(served, "/signed", {"n": ENVIRONMENT}, headers=wrong)).status == 401
    refused = (await arrivals(served, "signed"))["refused"]
    assert (refused["outcome"], refused["cause"]) == ("refused", "signature")
    assert refused["detail"] == "the signature does not fit the body"
    assert refused["payload"]["headers"]["x-ours"] == "***"
    assert refused["payload"]["body"] == {"n": "***"}
    assert refused["hidden"] == ["headers.x-ours"]


async def test_nobody_without_a_token_leaves_anything(served: Served) -> None:
    await served.deploy(FLOW)
    async with aiohttp.ClientSession(served.server.url) as stranger:
        for headers in ({}, {"authorization": "Bearer wrong"}):
            async with stranger.post("/hooks/default/orders/7", json={"n": 1}, headers=headers) as answer:
                assert answer.status == 401
    assert await arrivals(served) == {"last": None, "refused": None, "filtered": None}


async def test_a_secret_is_never_in_it(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADRACE_SECRET_TILL", json.dumps({"username": "ada", "password": ENVIRONMENT}))
    await served.deploy(FLOW)
    await served.call("PUT", "secrets/other", {"value": {"deep": {"text": CANARY}}})

    async def told(name: str) -> str:
        text = json.dumps(await arrivals(served, name))
        for text_of in (CANARY, ENVIRONMENT, json.dumps(CANARY)[1:-1], "c4n4ry"):
            assert text_of not in text
        return text

    body = {"a": CANARY, CANARY: [f"before {ENVIRONMENT} after"], "total": {}}
    path = "/orders/c4n4ry%20%22of%2Fthe%22%20mine"
    await send(served, f"{path}?a=c4n4ry+%22of%2Fthe%22+mine", body, headers={"x-plain": ENVIRONMENT})
    await told("api")
    # The reason may say what came: an expression that gives it away is not told either.
    await served.deploy(FLOW.replace("1.0.0", "2.0.0").replace(".body.total + 1", ".body.a | error"))
    await send(served, "/orders/7", body)
    assert "the mapping failed" in await told("api")
    # What cannot be read is the text that was sent.
    await send(served, "/open", data=b'{"a": ' + json.dumps(CANARY).encode())
    assert "not JSON" in await told("open")
    await served.post(
        "events",
        {"specversion": "1.0", "id": "1", "source": "/x", "type": "paid", "data": {"a": CANARY}},
        headers={"content-type": "application/cloudevents+json"},
    )
    while (await arrivals(served, "paid"))["last"] is None:
        pass
    await told("paid")


async def test_a_secret_that_is_changed_or_deleted_takes_along_what_came(served: Served) -> None:
    await served.deploy(FLOW)
    nothing = {"last": None, "refused": None, "filtered": None}
    # One that is new was in nothing that came; from now on it is not told.
    await send(served, "/orders/7", {"total": 1, "a": CANARY})
    await served.call("PUT", "secrets/other", {"value": CANARY})
    assert (await arrivals(served))["last"]["payload"]["body"]["a"] == "***"
    await served.call("PUT", "secrets/other", {"value": "another text"})
    assert await arrivals(served) == nothing
    await send(served, "/orders/7", {"total": 1, "a": "another text"})
    assert (await arrivals(served))["last"]["payload"]["body"]["a"] == "***"
    await served.call("DELETE", "secrets/other")
    assert await arrivals(served) == nothing


async def test_what_is_too_large_is_omitted(served: Served) -> None:
    await served.deploy(FLOW)
    await send(served, "/open", {"a": "x" * 70_000})
    last = (await arrivals(served, "open"))["last"]
    assert (last["outcome"], last["omitted"]) == ("started", "too-large")
    assert "payload" not in last
    # Signs that JSON writes longer count as they are written.
    await send(served, "/open", data=("\x01" * 20_000).encode(), headers={"content-type": "text/plain"})
    assert (await arrivals(served, "open"))["last"]["omitted"] == "too-large"


async def test_it_is_in_memory_and_of_one_namespace(served: Served) -> None:
    await served.deploy(FLOW)
    await served.deploy(elsewhere(FLOW, "bank"), "bank")
    await send(served, "/orders/7", {"total": 1})
    assert (await arrivals(served, namespace="bank"))["last"] is None
    await served.restart()
    assert (await arrivals(served))["last"] is None
    for path in ("flowapps/shop/triggers/none/arrivals", "flowapps/none/triggers/api/arrivals"):
        assert (await served.get(path)).code == "not-found"
