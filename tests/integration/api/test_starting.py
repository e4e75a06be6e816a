"""Starting executions: asynchronous, synchronous, under keys; what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from integration.api.flows import CALL, GREET, GREET_2, LISTEN, REFUSE, elsewhere
from integration.api.served import Served

WAIT = {"prefer": "wait=20"}


@pytest.fixture
def gate() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def functions(gate: asyncio.Event) -> Mapping[str, Any]:
    async def double(data: Any) -> Any:
        await gate.wait()
        return {"value": 2 * data["value"]}

    return {"double": double}


async def test_start_is_durable_and_found(served: Served) -> None:
    await served.deploy(GREET)
    reply = await served.post("flowapps/greet/executions", {"name": "Ada"})
    assert reply.status == 202
    assert reply.data == {"id": reply.data["id"], "location": reply.headers["location"], "replayed": False}
    assert reply.headers["headrace-execution"] == reply.data["id"]
    waited = await served.get(f"executions/{reply.data['id']}/wait")
    assert waited.status == 200
    assert waited.data == {
        "id": reply.data["id"],
        "status": "completed",
        "ended": True,
        "output": {"text": "hello Ada"},
        "error": None,
    }
    shown = await served.get(reply.headers["location"])
    assert (shown.data["status"], shown.data["input"], shown.data["output"]) == (
        "completed",
        {"name": "Ada"},
        {"text": "hello Ada"},
    )
    assert shown.data["flow"] == "greet" and shown.data["version"] == "1.0.0" and shown.data["why"] == []


async def test_synchronous_start_answers_with_the_output(served: Served) -> None:
    await served.deploy(GREET)
    reply = await served.post("flowapps/greet/executions", {"name": "Ada"}, headers=WAIT)
    assert reply.status == 200
    assert reply.data == {"text": "hello Ada"}
    assert reply.headers["preference-applied"] == "wait=20"
    found = await served.get(reply.headers["location"])
    assert found.data["status"] == "completed"


async def test_fault_is_its_ows_error_to_who_waits(served: Served) -> None:
    await served.deploy(REFUSE)
    reply = await served.post("flowapps/refuse/executions", {"name": "Ada"}, headers=WAIT)
    assert reply.status == 402
    assert reply.code == "faulted"
    assert reply.data["type"] == "https://example.com/errors/card"
    assert reply.data["title"] == "Card refused"
    assert reply.data["detail"] == "the card of Ada is refused"
    assert reply.data["instance"] == "/do/1/refuse"
    shown = await served.get(f"executions/{reply.data['execution']}")
    assert shown.data["status"] == "faulted" and shown.data["error"]["status"] == 402


async def test_too_late_leaves_it_running(served: Served, gate: asyncio.Event) -> None:
    await served.deploy(CALL)
    late = await served.post(
        "flowapps/work/executions",
        {"value": 4},
        headers={"prefer": "respond-async, wait=0", "idempotency-key": "k1"},
    )
    assert late.status == 202
    assert "preference-applied" not in late.headers
    still = await served.get(f"executions/{late.data['id']}/wait", {"seconds": "0"})
    assert (still.status, still.data["ended"], still.data["output"]) == (202, False, None)
    gate.set()
    again = await served.post(
        "flowapps/work/executions", {"value": 4}, headers={**WAIT, "idempotency-key": "k1"}
    )
    assert (again.status, again.data) == (200, {"result": 8})
    assert again.headers["headrace-execution"] == late.data["id"]


async def test_caller_who_is_gone_leaves_it_running(served: Served, gate: asyncio.Event) -> None:
    await served.deploy(CALL)
    calling = asyncio.create_task(
        served.post("flowapps/work/executions", {"value": 1}, headers={**WAIT, "idempotency-key": "mine"})
    )
    while not (listed := (await served.get("executions", {"key": "mine"})).data["items"]):
        await asyncio.sleep(0.01)
    calling.cancel()
    gate.set()
    waited = await served.get(f"executions/{listed[0]['id']}/wait")
    assert waited.data["output"] == {"result": 2}


async def test_same_key_starts_once(served: Served) -> None:
    await served.deploy(GREET)
    replies = await asyncio.gather(
        *(
            served.post("flowapps/greet/executions", {"name": "Ada"}, headers={"idempotency-key": "order 7"})
            for _ in range(10)
        )
    )
    assert {reply.status for reply in replies} == {202}
    assert len({reply.data["id"] for reply in replies}) == 1
    assert sum(not reply.data["replayed"] for reply in replies) == 1
    other = await served.post(
        "flowapps/greet/executions", {"name": "Bob"}, headers={"idempotency-key": "order 7"}
    )
    assert (other.status, other.code) == (409, "key-reused")
    assert other.data["execution"] == replies[0].data["id"]
    assert len((await served.get("executions")).data["items"]) == 1


async def test_version_is_the_current_one_or_an_older_one(served: Served) -> None:
    await served.deploy(GREET)
    await served.deploy(GREET_2)
    for query, text in (
        ({}, "good day Ada"),
        ({"version": "1.0.0"}, "hello Ada"),
        ({"version": "latest"}, "good day Ada"),
    ):
        reply = await served.post("flowapps/greet/executions", {"name": "Ada"}, headers=WAIT, query=query)
        assert reply.data == {"text": text}
    missing = await served.post("flowapps/greet/executions", {}, query={"version": "9.9.9"})
    assert (missing.status, missing.code) == (404, "not-found")


async def test_paused_flow_starts_nothing(served: Served) -> None:
    await served.deploy(GREET)
    await served.post("flowapps/greet/pause")
    reply = await served.post("flowapps/greet/executions", {})
    assert (reply.status, reply.code) == (409, "paused")
    assert (await served.get("executions")).data["items"] == []
    await served.post("flowapps/greet/resume")
    assert (await served.post("flowapps/greet/executions", {"name": "x"})).status == 202


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "bad-json"),
        (b"\xff", {}, 400, "bad-json"),
        (b"[" * 900 + b"]" * 900, {}, 400, "too-deep"),
        (b"NaN", {}, 400, "bad-json"),
        (b"a=1", {"content-type": "application/x-www-form-urlencoded"}, 415, "unsupported-media-type"),
        (b"{}", {"idempotency-key": " "}, 400, "bad-key"),
        (b"{}", {"idempotency-key": "trigger/nightly/7"}, 400, "bad-key"),
        (b"{}", {"idempotency-key": "k" * 256}, 400, "bad-request"),
    ],
)
async def test_bad_start_changes_nothing(
    served: Served, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    await served.deploy(GREET)
    reply = await served.call("POST", "flowapps/greet/executions", data=body, headers=headers)
    assert (reply.status, reply.code) == (status, code)
    assert (await served.get("executions")).data["items"] == []


async def test_no_body_is_null(served: Served) -> None:
    await served.deploy(REFUSE)
    started = await served.call("POST", "flowapps/refuse/executions")
    assert started.status == 202
    assert (await served.get(started.headers["location"])).data["input"] is None


async def test_flow_of_another_namespace_is_none(served: Served) -> None:
    await served.deploy(elsewhere(GREET, "other"), namespace="other")
    reply = await served.post("flowapps/greet/executions", {"name": "x"})
    assert (reply.status, reply.code) == (404, "not-found")
    assert (await served.post("flowapps/greet/executions", {"name": "x"}, namespace="other")).status == 202


async def test_cancelled_while_somebody_waits(served: Served) -> None:
    await served.deploy(LISTEN)
    calling = asyncio.create_task(served.post("flowapps/listen/executions", {}, headers=WAIT))
    while not (listed := (await served.get("executions", {"status": "waiting"})).data["items"]):
        await asyncio.sleep(0.01)
    await served.post(f"executions/{listed[0]['id']}/cancel", {"reason": "enough"})
    reply = await calling
    assert (reply.status, reply.code) == (409, "cancelled")
    assert reply.data["execution"] == listed[0]["id"]
