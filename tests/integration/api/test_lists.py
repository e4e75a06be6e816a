"""What lists and objects have in common: pages that are stable under inserts, gzip, conditional requests."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from integration.api.flows import GREET, GREET_2
from integration.api.served import TOKEN, Served
from integration.api.stocked import FUNCTIONS

Add = Callable[[Served, str], Awaitable[Any]]
PASSWORD = "a-password-of-the-tests"


@pytest.fixture
def functions() -> Mapping[str, Any]:
    return FUNCTIONS


async def add_flowapp(served: Served, name: str) -> None:
    await served.deploy(GREET.replace("greet", name))


async def add_version(served: Served, name: str) -> None:
    await served.deploy(GREET.replace("1.0.0", f"1.0.0-{name}").replace("hello ", f"hello {name} "))


async def add_execution(served: Served, name: str) -> None:
    reply = await served.post("flowapps/greet/executions", {"name": name})
    assert reply.status == 202, reply.text


async def add_event(served: Served, name: str) -> None:
    event = {"specversion": "1.0", "id": name, "source": "/tests", "type": "added"}
    reply = await served.post("events", event, headers={"content-type": "application/cloudevents+json"})
    assert reply.status == 202, reply.text


async def add_user(served: Served, name: str) -> None:
    reply = await served.post("/api/v1/users", {"name": name, "password": PASSWORD, "roles": {}})
    assert reply.status == 201, reply.text


async def add_change(served: Served, name: str) -> None:
    reply = await served.call("PUT", f"secrets/{name}", {"value": "a secret"})
    assert reply.status == 200, reply.text


async def add_dead_letter(served: Served, name: str) -> None:
    await served.post("queues/jobs/items", {"items": [{"id": name, "data": 1}]})
    [item] = (await served.post("queues/jobs/lease", {})).data["items"]
    failed = {"id": item["id"], "token": item["token"], "final": True}
    assert (await served.post("queues/jobs/fail", {"items": [failed]})).status == 200


# A path, how one more is made, and what tells items apart.
LISTS: dict[str, tuple[str, Add, str]] = {
    "flowapps": ("flowapps", add_flowapp, "name"),
    "versions": ("flowapps/greet/versions", add_version, "generation"),
    "executions": ("executions", add_execution, "id"),
    "events": ("events", add_event, "sequence"),
    "users": ("/api/v1/users", add_user, "name"),
    "audit": ("/api/v1/audit", add_change, "sequence"),
    "dead letters": ("queues/jobs/dead-letters", add_dead_letter, "id"),
}


@pytest.mark.parametrize("noun", LISTS)
async def test_pages_are_stable_under_inserts(served: Served, noun: str) -> None:
    """What was there is seen once, however much is added between two pages, before and behind."""
    path, add, identity = LISTS[noun]
    await served.deploy(GREET)
    for number in range(6):
        await add(served, f"m{number}")
    there = [each[identity] for each in (await served.get(path, {"limit": "100"})).data["items"]]
    assert len(there) >= 6
    seen: list[Any] = []
    query = {"limit": "2"}
    for turn in range(100):
        page = (await served.get(path, query)).data
        seen += [each[identity] for each in page["items"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
        if turn < 2:
            await add(served, f"a{turn}")
            await add(served, f"z{turn}")
    else:
        raise AssertionError("the pages have no end")
    assert len(seen) == len(set(seen))
    assert [each for each in seen if each in there] == there
    for cursor in ("x", "bm9uc2Vuc2U", "e30", "W10", ""):
        reply = await served.get(path, {"after": cursor})
        assert (reply.status, reply.code) == (400, "bad-cursor"), cursor


async def test_answers_are_packed_for_who_can_unpack_them(served: Served) -> None:
    for number in range(20):
        await served.deploy(GREET.replace("greet", f"greet-{number}"))
    for accepted in ("gzip", "identity", "br"):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(served.server.url.rpartition(":")[2]))
        head = (
            "GET /api/v1/namespaces/default/flowapps HTTP/1.1\r\nhost: a\r\nconnection: close\r\n"
            f"authorization: Bearer {TOKEN}\r\naccept-encoding: {accepted}\r\n\r\n"
        )
        writer.write(head.encode())
        top, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        assert (b"content-encoding: gzip" in top) == (accepted == "gzip"), top
        if b"transfer-encoding: chunked" in top:
            body = _unchunked(body)
        assert len(json.loads(gzip.decompress(body) if accepted == "gzip" else body)["items"]) == 20


def _unchunked(body: bytes) -> bytes:
    whole = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        whole += rest[: int(size, 16)]
        body = rest[int(size, 16) + 2 :]
    return whole


@pytest.mark.parametrize(
    ("path", "method", "changed"),
    [
        ("flowapps/greet", "PUT", GREET_2.encode()),
        ("flowapps/greet/definition", None, None),
        ("/api/v1/users/ada", "PATCH", b'{"disabled": true}'),
    ],
)
async def test_what_is_known_is_not_sent_again_and_what_was_changed_not_overwritten(
    served: Served, path: str, method: str | None, changed: bytes | None
) -> None:
    await served.deploy(GREET)
    await add_user(served, "ada")
    first = await served.get(path)
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        reply = await served.get(path, headers={"if-none-match": known})
        assert (reply.status, reply.text, reply.headers["etag"]) == (304, "", tag)
    assert (await served.get(path, headers={"if-none-match": '"other"'})).status == 200
    if method is None:
        return
    send = {"if-match": tag, "content-type": "application/json"}
    assert (await served.call(method, path, data=changed, headers=send)).status == 200
    assert (await served.get(path, headers={"if-none-match": tag})).status == 200
    again = await served.call(method, path, data=changed, headers=send)
    assert (again.status, again.code) == (412, "changed-meanwhile")
