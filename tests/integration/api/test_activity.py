"""What FlowApps do, over HTTP: triggers, last executions, counts, tags; orders and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from integration.api.flows import GREET, REFUSE, elsewhere
from integration.api.served import Served
from integration.api.stocked import FUNCTIONS, STARTED

WAIT = {"prefer": "wait=20"}
TAGGED = GREET.replace("  steps:", "  title: Greets\n  tags: {team: till, tier: '1'}\n  steps:")
OTHER = TAGGED.replace("name: greet", "name: other").replace("team: till", "team: store")
SCHEDULED = """
document: {dsl: 1.0.0, namespace: default, name: scheduled, version: 1.0.0, tags: {team: till}}
schedule: {every: {minutes: 5}}
do:
  - wait: {set: {a: 1}}
"""


@pytest.fixture
def functions() -> Mapping[str, Any]:
    return FUNCTIONS


async def _activity(served: Served, query: Any = None, **more: Any) -> dict[str, Any]:
    reply = await served.get("activity", query, **more)
    assert reply.status == 200, reply.text
    return {each["name"]: each for each in reply.data["items"]}


async def test_each_flowapp_has_what_starts_it_and_what_it_did(served: Served) -> None:
    await served.deploy(STARTED)
    await served.deploy(REFUSE)
    await served.deploy(SCHEDULED)
    ids = []
    for body in ({"name": "Ada"}, {"name": "Bob"}):
        reply = await served.post("flowapps/refuse/executions", body, headers=WAIT)
        ids.append(reply.headers["headrace-execution"])
    done = await served.post("flowapps/started/executions", {}, headers=WAIT)
    assert (await served.post("flowapps/started/triggers/nightly/pause")).status == 200
    found = await _activity(served)
    assert list(found) == ["refuse", "scheduled", "started"]
    assert found["started"]["triggers"] == [
        {"name": "api", "kind": "http", "what": "POST /orders", "paused": False},
        {"name": "nightly", "kind": "cron", "what": "0 3 * * *", "paused": True},
        {"name": "paid", "kind": "event", "what": "com.example.paid", "paused": False},
        {"name": "jobs", "kind": "queue", "what": "arriving", "paused": False},
    ]
    assert [each["id"] for each in found["started"]["recent"]] == [done.headers["headrace-execution"]]
    assert found["started"]["counts"] == {"completed": 1}
    assert [each["id"] for each in found["refuse"]["recent"]] == ids[::-1]
    assert {each["status"] for each in found["refuse"]["recent"]} == {"faulted"}
    assert found["refuse"]["counts"] == {"faulted": 2}
    [every] = found["scheduled"]["triggers"]
    assert (every["kind"], every["what"]) == ("interval", "PT300S")
    assert found["scheduled"]["recent"] == [] and found["scheduled"]["counts"] == {}
    assert all(each["runs"] and not each["paused"] for each in found.values())
    brief = await _activity(served, {"recent": "1", "flow": ["refuse", "nosuch"]})
    assert [each["id"] for each in brief["refuse"]["recent"]] == ids[1:] and list(brief) == ["refuse"]


async def test_the_window_is_counted_back_from_now(served: Served) -> None:
    await served.deploy(GREET)
    await served.post("flowapps/greet/executions", {"name": "Ada"}, headers=WAIT)
    now = served.platform.clock.now()
    whole = (await _activity(served, {"window_seconds": "3600"}))["greet"]
    assert whole["counts"] == {"completed": 1}
    assert now - 3600 <= whole["counted_from"] <= served.platform.clock.now() - 3600
    # A window that begins right now has nothing in it; the last executions are there all the same.
    empty = (await _activity(served, {"window_seconds": "0.000001"}))["greet"]
    assert empty["counts"] == {} and len(empty["recent"]) == 1


async def test_tags_are_listed_and_filter(served: Served) -> None:
    for flow in (TAGGED, OTHER, SCHEDULED, elsewhere(TAGGED, "bank")):
        await served.deploy(flow, "bank" if "bank" in flow else "default")
    tags = (await served.get("tags")).data["items"]
    assert tags == [
        {"key": "team", "value": "store", "flowapps": 1},
        {"key": "team", "value": "till", "flowapps": 2},
        {"key": "tier", "value": "1", "flowapps": 2},
    ]
    assert len((await served.get("tags", namespace="bank")).data["items"]) == 2
    assert (await served.get("tags", namespace="nowhere")).data["items"] == []
    found = await _activity(served, {"tag": "team=till"})
    assert list(found) == ["greet", "scheduled"]
    assert (found["greet"]["title"], found["greet"]["tags"]) == ("Greets", {"team": "till", "tier": "1"})
    assert list(await _activity(served, {"tag": "tier"})) == ["greet", "other"]
    assert list(await _activity(served, {"tag": ["tier", "team=store"]})) == ["other"]
    assert list(await _activity(served, {"tag": "team="})) == []
    assert list(await _activity(served, {"tag": "team", "search": "HED"})) == ["scheduled"]
    assert list(await _activity(served, namespace="bank")) == ["greet"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("name", ["a", "b", "c", "d"]),
        ("changed", ["d", "c", "b", "a"]),
        ("executed", ["a", "c", "b", "d"]),
    ],
)
async def test_orders_and_their_pages(served: Served, order: str, expected: list[str]) -> None:
    for name in ("a", "b", "c", "d"):
        await served.deploy(GREET.replace("greet", name))
    for name in ("c", "a"):
        await served.post(f"flowapps/{name}/executions", {"name": "Ada"}, headers=WAIT)
    seen: list[str] = []
    query = {"order": order, "limit": "1"}
    while True:
        page = await served.get("activity", query)
        seen += [each["name"] for each in page.data["items"]]
        if page.data["next"] is None:
            break
        query["after"] = page.data["next"]
    assert seen == expected


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"recent": "101"}, "bad-request"),
        ({"window_seconds": "0"}, "bad-request"),
        ({"order": "size"}, "bad-request"),
        ({"after": "nonsense"}, "bad-cursor"),
        ({"limit": "501"}, "bad-request"),
    ],
)
async def test_bad_queries_are_told(served: Served, query: dict[str, str], code: str) -> None:
    reply = await served.get("activity", query)
    assert (reply.status, reply.code) == (400, code)
