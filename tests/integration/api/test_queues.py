"""Work queues over HTTP: everything that a worker in any language needs."""

from __future__ import annotations

import asyncio
import base64

import pytest

from integration.api.served import Served


async def put(served: Served, *items: object, queue: str = "jobs") -> list[str]:
    reply = await served.post(f"queues/{queue}/items", {"items": list(items)})
    assert reply.status == 201, reply.text
    return [each["id"] for each in reply.data["items"]]


async def lease(served: Served, queue: str = "jobs", **wanted: object) -> list[dict[str, object]]:
    reply = await served.post(f"queues/{queue}/lease", {"max_items": 10, **wanted})
    assert reply.status == 200, reply.text
    items: list[dict[str, object]] = reply.data["items"]
    return items


async def test_put_lease_complete_and_look(served: Served) -> None:
    binary = base64.b64encode(b"\xff\x00").decode()
    ids = await put(served, {"data": {"n": 1}}, {"text": "apple"}, {"data_base64": binary})
    items = await lease(served, lease_seconds=60, worker="w-1")
    assert [each["id"] for each in items] == ids
    assert (items[0]["data"], items[1]["text"], items[2]["data_base64"]) == ({"n": 1}, "apple", binary)
    done = [{"id": each["id"], "token": each["token"], "data": {"ok": True}} for each in items]
    assert (await served.post("queues/jobs/complete", {"items": done})).data == {"refused": [], "items": []}
    shown = (await served.get(f"queues/jobs/items/{ids[0]}")).data
    assert (shown["state"], shown["result"]) == ("completed", {"data": {"ok": True}})
    assert [each["what"] for each in shown["history"]] == ["enqueued", "leased", "completed"]
    assert shown["history"][1]["worker"] == "w-1"
    stats = (await served.get("queues/jobs")).data
    assert (stats["completed_total"], stats["drained"], stats["capabilities"]["extend"]) == (3, True, True)
    assert [each["name"] for each in (await served.get("queues")).data["items"]] == ["jobs"]


async def test_a_late_result_is_refused(served: Served) -> None:
    [item_id] = await put(served, {"text": "apple"})
    [first] = await lease(served, lease_seconds=0.05)
    [second] = await lease(served, lease_seconds=60, wait_seconds=5)
    assert (second["id"], second["attempt"]) == (item_id, 2)
    late = await served.post("queues/jobs/complete", {"items": [{"id": item_id, "token": first["token"]}]})
    assert (late.status, late.code, late.data["items"]) == (409, "lease-expired", [item_id])
    for verb in ("extend", "release", "fail"):
        held = {"items": [{"id": item_id, "token": first["token"]}]}
        assert (await served.post(f"queues/jobs/{verb}", held)).code == "lease-expired"
    both = [{"id": item_id, "token": token} for token in (first["token"], second["token"])]
    taken = await served.post("queues/jobs/complete", {"items": both})
    assert (taken.status, taken.data["refused"]) == (200, [item_id])


async def test_complete_and_lease_in_one_round_trip(served: Served) -> None:
    await put(served, {"data": 1}, {"data": 2})
    [first] = await lease(served, max_items=1)
    reply = await served.post(
        "queues/jobs/complete",
        {"items": [{"id": first["id"], "token": first["token"]}], "lease": {"max_items": 5}},
    )
    assert [each["data"] for each in reply.data["items"]] == [2]


async def test_who_waits_is_woken(served: Served) -> None:
    waiting = asyncio.create_task(lease(served, wait_seconds=20))
    await asyncio.sleep(0.1)
    await put(served, {"data": "now"})
    assert [each["data"] for each in await asyncio.wait_for(waiting, 10)] == ["now"]


async def test_failures_dead_letters_and_redriving(served: Served) -> None:
    await put(served, {"data": 1, "max_attempts": 1}, {"data": 2})
    one, two = await lease(served)
    failed = [
        {"id": one["id"], "token": one["token"], "error": "no route"},
        {"id": two["id"], "token": two["token"], "error": "never", "final": True},
    ]
    assert (await served.post("queues/jobs/fail", {"items": failed})).data == {"refused": []}
    page = (await served.get("queues/jobs/dead-letters", {"limit": "1"})).data
    assert [(each["reason"], each["error"]) for each in page["items"]] == [("attempts", "no route")]
    rest = (await served.get("queues/jobs/dead-letters", {"after": page["next"]})).data
    assert [each["reason"] for each in rest["items"]] == ["final"]
    assert (await served.post("queues/jobs/redrive", {"ids": [one["id"]]})).data == {"count": 1}
    assert (await served.post("queues/jobs/redrive", {})).data == {"count": 1}
    assert (await served.post("queues/jobs/purge", {"what": "ready"})).data == {"count": 2}


async def test_delay_priority_and_dedupe(served: Served) -> None:
    await put(
        served, {"data": "low"}, {"data": "high", "priority": 9}, {"data": "later", "delay_seconds": 60}
    )
    twice = {"items": [{"data": 1, "dedupe_key": "k"}, {"data": 2, "dedupe_key": "k"}]}
    outcome = (await served.post("queues/jobs/items", twice)).data["items"]
    assert [each["duplicate"] for each in outcome] == [False, True]
    assert [each["data"] for each in await lease(served)] == ["high", "low", 1]
    delayed = (await served.get("queues/jobs/items", {"state": "delayed"})).data["items"]
    assert [each["data"] for each in delayed] == ["later"]


async def test_pausing(served: Served) -> None:
    await put(served, {"data": 1})
    assert (await served.post("queues/jobs/pause")).data["paused"] is True
    assert await lease(served) == []
    await put(served, {"data": 2})
    assert (await served.post("queues/jobs/resume")).data["paused"] is False
    assert len(await lease(served)) == 2


async def test_namespaces_have_queues_of_their_own(served: Served) -> None:
    await put(served, {"data": "ours"})
    reply = await served.post("queues/jobs/items", {"items": [{"data": "theirs"}]}, namespace="shop")
    assert reply.status == 201
    theirs = await served.post("queues/jobs/lease", {"max_items": 10}, namespace="shop")
    assert [each["data"] for each in theirs.data["items"]] == ["theirs"]
    assert [each["data"] for each in await lease(served)] == ["ours"]
    # No detour to a namespace by the name of a queue.
    assert (await served.get("queues/shop%2Fjobs")).status in (400, 404)
    assert (await served.post("queues/shop%2Fjobs/lease", {})).status in (400, 404)


async def test_what_is_refused(served: Served) -> None:
    assert (await served.get("queues/nothing")).code == "not-found"
    assert (await served.get("queues")).data["items"] == []  # looking makes no queue
    refused = await served.post("queues/jobs/items", {"items": [{"data": 1}, {"text": "a", "data": 2}]})
    assert (refused.code, refused.data["pointer"]) == ("two-payloads", "/items/1")
    assert (await served.post("queues/jobs/items", {"items": [{}]})).code == "no-payload"
    assert (await served.post("queues/jobs/items", {"items": [{"data_base64": "%"}]})).code == "not-base64"
    assert (await served.post("queues/jobs/items", {"items": []})).status == 400
    assert (await served.post("queues/jobs/lease", {"max_items": 0})).status == 400
    assert (await served.post("queues/jobs/lease", {"lease_seconds": "long"})).status == 400
    assert (await served.post("queues/jobs/complete", {"items": [{"id": "x"}]})).status == 400
    assert (await served.post("queues/jobs/purge", {"what": "everything"})).status == 400
    assert (await served.call("POST", "queues/jobs/lease", data=b"{")).status == 400


async def test_who_put_an_item_is_kept_with_it(served: Served) -> None:
    made = await served.post("/api/v1/tokens", {"name": "机器人", "roles": {"default": "operator"}})
    robot = f"token:{made.data['id']}"
    forged = {"headrace-put-by": "user:ada", "headrace-put-by-name": "Ada", "x-order": "7"}
    reply = await served.post(
        "queues/jobs/items",
        {"items": [{"data": 1}, {"data": 2, "headers": forged}]},
        headers={"authorization": f"Bearer {made.data['token']}"},
    )
    plain, with_headers = (each["id"] for each in reply.data["items"])
    for item_id in (plain, with_headers):
        shown = (await served.get(f"queues/jobs/items/{item_id}")).data
        assert (shown["put_by"], shown["put_by_name"]) == (robot, "机器人")
        assert "execution" not in shown
    assert shown["headers"]["x-order"] == "7"
    # It stays with the item to its end: as a dead letter, and when it was completed.
    first, second = await lease(served)
    failed = {"id": first["id"], "token": first["token"], "final": True}
    await served.post("queues/jobs/fail", {"items": [failed]})
    [letter] = (await served.get("queues/jobs/dead-letters")).data["items"]
    assert (letter["id"], letter["put_by_name"]) == (plain, "机器人")
    done = {"id": second["id"], "token": second["token"]}
    await served.post("queues/jobs/complete", {"items": [done]})
    shown = (await served.get(f"queues/jobs/items/{with_headers}")).data
    assert (shown["state"], shown["put_by"]) == ("completed", robot)


async def test_some_items_are_deleted(served: Served) -> None:
    ids = await put(served, *({"data": number} for number in range(5)))
    refused = [{"id": each["id"], "token": each["token"], "final": True} for each in await lease(served)]
    await served.post("queues/jobs/fail", {"items": refused[:4]})
    asked = {"what": "dead", "ids": [ids[0], ids[2], ids[4], "nobody"]}
    assert (await served.post("queues/jobs/purge", asked)).data == {"count": 2}
    letters = (await served.get("queues/jobs/dead-letters")).data["items"]
    assert [each["id"] for each in letters] == [ids[1], ids[3]]
    assert (await served.get("queues/jobs")).data["leased"] == 1
    assert (await served.post("queues/jobs/purge", {"what": "dead", "ids": []})).status == 400
    [entry] = (await served.get("/api/v1/audit", {"action": "queue.purge"})).data["items"]
    assert entry["after"] == {**asked, "count": 2}


async def test_dead_letters_are_searched_page_by_page(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await put(served, *({"data": {"to": f"客户{number}"}} for number in range(9)))
    failed = [
        {"id": each["id"], "token": each["token"], "final": True, "error": "550 no such mailbox"}
        for each in await lease(served)
    ]
    for place in (1, 4, 7):
        failed[place]["error"] = "connection refused"
    await served.post("queues/jobs/fail", {"items": failed})

    async def pages(**asked: str) -> list[list[str]]:
        found: list[list[str]] = []
        more: dict[str, str] = {}
        while True:
            page = (await served.get("queues/jobs/dead-letters", {**asked, **more})).data
            found.append([each["id"] for each in page["items"]])
            if page["next"] is None:
                return found
            more = {"after": page["next"]}

    refused = [ids[1], ids[4], ids[7]]
    assert await pages(text="connection") == [refused]
    assert await pages(text="connection", limit="2") == [refused[:2], refused[2:]]
    assert await pages(text="Connection") == [[]]
    assert await pages(text="客户8") == [[ids[8]]]
    assert await pages(limit="4") == [ids[:4], ids[4:8], ids[8:]]
    assert await pages(limit="9") == [ids]
    # Where many have to be looked at, a page is short, and the next one goes on.
    monkeypatch.setattr("headrace.api.queue_items.ITEMS_PER_CALL_MAX", 2)
    monkeypatch.setattr("headrace.api.queue_items.LETTER_PAGES_MAX", 2)
    assert await pages(text="connection") == [[ids[1]], [ids[4], ids[7]], []]
