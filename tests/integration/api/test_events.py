"""CloudEvents in: all three modes, duplicates, what is refused, and that they are durable."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from integration.api.flows import LISTEN, elsewhere
from integration.api.served import Served

STRUCTURED = {"content-type": "application/cloudevents+json"}
BATCH = {"content-type": "application/cloudevents-batch+json"}
BINARY = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "com.example.paid"}


def _paid(number: str, data: Any = None, **more: Any) -> dict[str, Any]:
    event = {"specversion": "1.0", "id": number, "source": "/s", "type": "com.example.paid", **more}
    return event if data is None else {**event, "data": data}


async def _listening(served: Served, namespace: str = "default") -> str:
    await served.deploy(LISTEN if namespace == "default" else elsewhere(LISTEN, namespace), namespace)
    reply = await served.post("flowapps/listen/executions", {}, namespace=namespace)
    assert reply.status == 202
    return str(reply.data["id"])


async def _output(served: Served, execution_id: str, namespace: str = "default") -> Any:
    return (await served.get(f"executions/{execution_id}/wait", namespace=namespace)).data["output"]


async def test_structured_binary_and_batch_reach_who_listens(served: Served) -> None:
    for number, (body, headers) in enumerate(
        (
            (_paid("a", {"total": 1}), STRUCTURED),
            ({"total": 1}, {**BINARY, "ce-id": "b"}),
            ([_paid("c", {"total": 1}), _paid("d", {"total": 2})], BATCH),
        )
    ):
        execution_id = await _listening(served)
        reply = await served.post("events", body, headers=headers)
        assert reply.status == 202, reply.text
        assert len(reply.data["events"]) == (2 if number == 2 else 1)
        assert reply.data["duplicates"] == 0
        assert await _output(served, execution_id) == [{"total": 1}]


async def test_duplicates_say_so_and_reach_nothing(served: Served) -> None:
    assert (await served.post("events", _paid("1", 1), headers=STRUCTURED)).data == {
        "events": [{"id": "1", "source": "/s", "duplicate": False}],
        "duplicates": 0,
    }
    execution_id = await _listening(served)
    reply = await served.post("events", [_paid("1", 1), _paid("2", 2), _paid("2", 2)], headers=BATCH)
    assert [each["duplicate"] for each in reply.data["events"]] == [True, False, True]
    assert reply.data["duplicates"] == 2
    assert await _output(served, execution_id) == [2]


async def test_events_stay_in_their_namespace_whatever_they_say(served: Served) -> None:
    mine, theirs = await _listening(served), await _listening(served, "other")
    intruding = _paid("1", 1, headracenamespace="other")
    assert (await served.post("events", intruding, headers=STRUCTURED)).status == 202
    assert await _output(served, mine) == [1]
    assert (await served.get(f"executions/{theirs}", namespace="other")).data["status"] == "waiting"
    # The same source and id are another event there.
    same = await served.post("events", _paid("1", 2), headers=STRUCTURED, namespace="other")
    assert same.data["duplicates"] == 0
    assert await _output(served, theirs, "other") == [2]


async def test_accepted_events_survive_a_restart(served: Served) -> None:
    execution_id = await _listening(served)
    await served.post(f"executions/{execution_id}/suspend")
    await served.post("events", _paid("1", 7), headers=STRUCTURED)
    await served.restart()
    await served.post(f"executions/{execution_id}/resume")
    assert await _output(served, execution_id) == [7]
    assert (await served.post("events", _paid("1", 7), headers=STRUCTURED)).data["duplicates"] == 1


async def test_recent_events_are_listed_newest_first(served: Served) -> None:
    for number in range(3):
        await served.post("events", _paid(str(number), number), headers=STRUCTURED)
    await served.post("events", _paid("x"), headers=STRUCTURED, namespace="other")
    async with asyncio.timeout(20):
        while not all(each["delivered"] for each in (await served.get("events")).data["items"]):
            await asyncio.sleep(0.01)
    page = (await served.get("events", {"limit": "2"})).data
    rest = (await served.get("events", {"after": page["next"]})).data
    found = [each["event"]["id"] for each in (*page["items"], *rest["items"])]
    assert found == ["2", "1", "0"] and rest["next"] is None


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", STRUCTURED, 400, "bad-json"),
        (b"[]", STRUCTURED, 400, "bad-event"),
        (b"{}", BATCH, 400, "no-batch"),
        (b"{}", {}, 400, "no-event"),
        (b"x", {"content-type": "application/cloudevents+avro"}, 415, "unsupported-media-type"),
        (b"{", {**BINARY, "content-type": "application/json"}, 400, "bad-json"),
        (b"", {**BINARY, "ce-id": "%ff"}, 400, "not-utf-8"),
        (b"", {**BINARY, "ce-data": "x"}, 400, "bad-attribute"),
        (b"", {**BINARY, "ce-headraceexecution": "e"}, 400, "bad-event"),
        (b"[" + b"1," * 5 + b"2]", BATCH, 400, "bad-event"),
    ],
)
async def test_what_is_no_event_is_told_and_not_kept(
    served: Served, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    reply = await served.call("POST", "events", data=body, headers=headers)
    assert (reply.status, reply.code) == (status, code)
    assert (await served.get("events")).data["items"] == []


async def test_a_batch_is_taken_whole_or_not_at_all(served: Served) -> None:
    reply = await served.post("events", [_paid("1"), {**_paid("2"), "type": ""}], headers=BATCH)
    assert (reply.status, reply.code, reply.data["pointer"]) == (400, "bad-event", "/1/type")
    many = await served.post("events", [_paid(str(number)) for number in range(1001)], headers=BATCH)
    assert (many.status, many.code) == (413, "too-large")
    empty = await served.post("events", [], headers=BATCH)
    assert (empty.status, empty.data) == (202, {"events": [], "duplicates": 0})
    assert (await served.get("events")).data["items"] == []
