"""Changes that are meant for what was read: another ETag changes nothing, and says what is there now."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import pytest

from integration.api.flows import GREET
from integration.api.served import Reply, Served

Change = Callable[[Served, dict[str, str]], Awaitable[Reply]]
PASSWORD = "a-password-of-the-tests"
USER = "/api/v1/users/ada"


class Noun(NamedTuple):
    """How to make one, change it, take it away (where that can be), and read its ETag (None: it is gone)."""

    make: Change
    change: Change
    remove: Change | None
    read: Callable[[Served], Awaitable[str | None]]
    makes: bool = True  # its PUT also makes a new one


def ask(method: str, path: str, body: Any = ...) -> Change:
    async def asked(served: Served, headers: dict[str, str]) -> Reply:
        if isinstance(body, bytes):
            return await served.call(method, path, data=body, headers=headers)
        return await served.call(method, path, body, headers=headers)

    return asked


def header(path: str) -> Callable[[Served], Awaitable[str | None]]:
    async def read(served: Served) -> str | None:
        return (await served.get(path)).headers.get("etag")

    return read


def listed(path: str, name: str) -> Callable[[Served], Awaitable[str | None]]:
    async def read(served: Served) -> str | None:
        items = (await served.get(path)).data["items"]
        return next((each["etag"] for each in items if each["name"] == name), None)

    return read


RULE = {"faulted": {"count": 1, "within": "PT1M"}, "webhook": {"url": "https://hooks.example/x"}}
RULES = "alerts/rules"
NOUNS = {
    "flowapp": Noun(
        ask("PUT", "flowapps/other", GREET.replace("greet", "other").encode()),
        ask("PUT", "flowapps/other", GREET.replace("greet", "other").replace("hello", "hi").encode()),
        ask("DELETE", "flowapps/other"),
        header("flowapps/other"),
    ),
    "layout": Noun(
        ask("PUT", "flowapps/greet/layout", {"hello": {"x": 1}}),
        ask("PUT", "flowapps/greet/layout", {"hello": {"x": 2}}),
        None,
        header("flowapps/greet/layout"),
        makes=False,
    ),
    "alert rule": Noun(
        ask("PUT", f"{RULES}/late", RULE),
        ask("PUT", f"{RULES}/late", {**RULE, "webhook": {"url": "https://hooks.example/y"}}),
        ask("DELETE", f"{RULES}/late"),
        listed(RULES, "late"),
    ),
    "secret": Noun(
        ask("PUT", "secrets/key", {"value": "one"}),
        ask("PUT", "secrets/key", {"value": "one"}),
        ask("DELETE", "secrets/key"),
        listed("secrets", "key"),
    ),
    "user": Noun(
        ask("POST", "/api/v1/users", {"name": "ada", "password": PASSWORD, "roles": {}}),
        ask("PATCH", USER, {"roles": {"default": "viewer"}}),
        ask("DELETE", USER),
        header(USER),
        makes=False,
    ),
    "member": Noun(
        ask("PUT", "members/eve", {"role": "viewer"}),
        ask("PUT", "members/eve", {"role": "editor"}),
        ask("DELETE", "members/eve"),
        listed("members", "eve"),
        makes=False,
    ),
}


@pytest.fixture
async def noun(served: Served, request: pytest.FixtureRequest) -> Noun:
    await served.deploy(GREET)
    eve = {"name": "eve", "password": PASSWORD, "roles": {}}
    assert (await served.post("/api/v1/users", eve)).status == 201
    made: Noun = NOUNS[request.param]
    reply = await made.make(served, {})
    assert reply.status in (200, 201), reply.text
    return made


each_noun = pytest.mark.parametrize("noun", NOUNS, indirect=True)


@each_noun
async def test_another_etag_changes_nothing_and_says_which_it_is(served: Served, noun: Noun) -> None:
    first = await noun.read(served)
    assert first is not None
    changed = await noun.change(served, {"if-match": first})
    assert changed.status == 200, changed.text
    second = await noun.read(served)
    assert second not in (None, first) and changed.headers.get("etag") == second
    for late in (noun.change, noun.remove):
        if late is not None:
            reply = await late(served, {"if-match": first})
            assert (reply.status, reply.code) == (412, "changed-meanwhile"), reply.text
            assert reply.headers["etag"] == reply.data["etag"] == second
    assert await noun.read(served) == second
    # With the one that is there now, with several, and with none, it goes on.
    assert (await noun.change(served, {"if-match": f'"0", {second}'})).status in (200, 400)
    assert (await noun.change(served, {"if-match": "*"})).status == 200
    if noun.remove is not None:
        current = await noun.read(served)
        assert current is not None
        assert (await noun.remove(served, {"if-match": current})).status == 204
        assert await noun.read(served) is None


@each_noun
async def test_only_a_new_one(served: Served, noun: Noun) -> None:
    if not noun.makes:
        pytest.skip("it is not made by this request")
    assert noun.remove is not None
    current = await noun.read(served)
    reply = await noun.change(served, {"if-none-match": "*"})
    assert (reply.status, reply.headers.get("etag")) == (412, current)
    assert (await noun.remove(served, {})).status == 204
    assert (await noun.change(served, {"if-match": str(current)})).status == 412
    assert await noun.read(served) is None
    assert (await noun.change(served, {"if-none-match": "*"})).status in (200, 201)


@each_noun
async def test_of_many_at_once_one_is_taken(served: Served, noun: Noun) -> None:
    current = await noun.read(served)
    assert current is not None
    replies = await asyncio.gather(*(noun.change(served, {"if-match": current}) for _ in range(5)))
    statuses = sorted(reply.status for reply in replies)
    # The very same content again may be no change at all.
    assert statuses[0] == 200 and set(statuses) <= {200, 412}, statuses
    if noun in (NOUNS["secret"], NOUNS["alert rule"], NOUNS["user"], NOUNS["member"]):
        assert statuses == [200, 412, 412, 412, 412]


async def test_a_layout_that_is_known_is_not_sent_again(served: Served) -> None:
    await served.deploy(GREET)
    empty = await served.get("flowapps/greet/layout")
    assert (empty.status, empty.data) == (200, {})
    again = await served.get("flowapps/greet/layout", headers={"if-none-match": empty.headers["etag"]})
    assert (again.status, again.text) == (304, "")
    await served.call("PUT", "flowapps/greet/layout", {"a": 1}, headers={"if-match": empty.headers["etag"]})
    changed = await served.get("flowapps/greet/layout", headers={"if-none-match": empty.headers["etag"]})
    assert (changed.status, changed.data) == (200, {"a": 1})
