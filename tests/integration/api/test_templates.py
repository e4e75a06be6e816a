"""The templates that new flows begin with: each is deployed on a real server and runs to its expected end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from integration.api.served import Served, options

TEMPLATES = Path(__file__).parents[3] / "ui" / "src" / "pages" / "flows" / "new" / "templates"

CHARGE = """\
from headrace.function import FunctionError, function

busy = []


@function
def charge(payment: dict) -> dict:
    if payment["amount"] > 100:
        raise FunctionError("the card was declined", status=402, title="Card declined")
    if not busy:
        busy.append(True)
        raise FunctionError("the bank is busy", status=503)
    return {"paid": payment["amount"]}
"""


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """A server that runs an empty folder of projects, so that code can be written."""
    (tmp_path / "flows").mkdir()
    running = Served(options(tmp_path, projects=[tmp_path / "flows"]))
    await running.start()
    yield running
    await running.stop()


async def deploy(served: Served, name: str) -> None:
    """Deploy a template as it is, with nothing to find fault with."""
    text = (TEMPLATES / f"{name}.yaml").read_text()
    checked = await served.call("POST", "flowapps/validate", data=text.encode())
    assert checked.data == {"valid": True, "problems": []}
    await served.deploy(text)
    assert (await served.get(f"flowapps/{name}")).data["name"] == name


async def begin_code(served: Served, flow: str, function: str) -> None:
    """Write the code that the editor offers to begin with."""
    place = f"flowapps/{flow}/functions/{function}/code"
    text = (await served.get(place)).data["text"]
    written = await served.call("PUT", place, {"text": text}, headers={"if-none-match": "*"})
    assert written.status == 200, written.text


async def eventually(served: Served, path: str, fits: Any) -> Any:
    async with asyncio.timeout(30):
        while True:
            reply = await served.get(path)
            if fits(reply.data):
                return reply.data
            await asyncio.sleep(0.02)


async def the_end(served: Served, flow: str) -> Any:
    """Return the output of the one execution of a flow, when it is completed."""
    [row] = (
        await eventually(
            served,
            f"executions?flow={flow}",
            lambda data: [each["status"] for each in data["items"]] == ["completed"],
        )
    )["items"]
    return (await served.get(f"executions/{row['id']}/wait")).data["output"]


async def test_a_request_is_answered(served: Served) -> None:
    await deploy(served, "answer-a-request")
    address = "/hooks/default/answer-a-request"
    small = await served.post(address, {"items": [{"price": 12, "quantity": 2}, {"price": 3, "quantity": 1}]})
    assert (small.status, small.data) == (200, {"total": 27, "state": "taken"})
    large = await served.post(address, {"items": [{"price": 600, "quantity": 2}]})
    assert (large.status, large.data) == (202, {"total": 1200, "state": "to be looked at"})
    assert (await served.post(address, {"items": []})).status == 400


@pytest.mark.parametrize(("answers", "status", "asked"), [([503, 429, 200], 200, 3), ([404], 404, 1)])
async def test_who_is_busy_is_asked_again(
    served: Served, answers: list[int], status: int, asked: int
) -> None:
    came: list[int] = []

    async def answer(_: web.Request) -> web.Response:
        came.append(answers[len(came)])
        return web.json_response({"healthy": True}, status=came[-1])

    application = web.Application()
    application.router.add_get("/health", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        await deploy(served, "ask-every-hour")
        port = runner.addresses[0][1]
        body = {"address": f"http://127.0.0.1:{port}/health"}
        reply = await served.post("flowapps/ask-every-hour/executions", body, headers={"prefer": "wait=30"})
    finally:
        await runner.cleanup()
    assert reply.status == status, reply.text
    assert len(came) == asked
    if status == 200:
        assert reply.data == {"said": {"healthy": True}}


async def test_what_belongs_together_starts_one_execution(served: Served) -> None:
    await deploy(served, "paid-and-packed")

    async def publish(number: int, kind: str, data: dict[str, Any]) -> None:
        event = {"specversion": "1.0", "id": str(number), "source": "/shop", "data": data}
        event["type"] = f"com.example.order.{kind}"
        reply = await served.post("events", event, headers={"content-type": "application/cloudevents+json"})
        assert reply.status < 300, reply.text

    await publish(1, "packed", {"order": "B", "parcel": "P2"})
    await publish(2, "paid", {"order": "C", "total": 0})  # a free sample
    await publish(3, "packed", {"order": "C", "parcel": "P3"})
    await publish(4, "paid", {"order": "A", "total": 5})
    await publish(5, "paid", {"order": "B", "total": 7})
    assert await the_end(served, "paid-and-packed") == {
        "order": "B",
        "total": 7,
        "label": "order B, parcel P2",
    }
    published = [each["event"] for each in (await served.get("events")).data["items"]]
    told = [each["data"]["order"] for each in published if each["type"] == "com.example.order.shippable"]
    assert told == ["B"]


async def test_a_queue_is_worked_through(served: Served) -> None:
    await deploy(served, "work-through-a-queue")
    await begin_code(served, "work-through-a-queue", "handle")
    items = [{"data": {"number": number}} for number in range(25)]
    assert (await served.post("queues/work-through-a-queue/items", {"items": items})).status == 201
    done: list[int] = []

    def all_done(data: Any) -> bool:
        return bool(data["items"]) and all(each["status"] == "completed" for each in data["items"])

    async with asyncio.timeout(30):
        while len(done) < len(items):
            rows = await eventually(served, "executions?flow=work-through-a-queue", all_done)
            outputs = [
                (await served.get(f"executions/{each['id']}/wait")).data["output"] for each in rows["items"]
            ]
            done = [result["number"] for output in outputs for result in output["results"]]
    assert sorted(done) == list(range(25))
    stats = await eventually(served, "queues/work-through-a-queue", lambda data: data["leased"] == 0)
    assert (stats["ready"], stats["dead"]) == (0, 0)


@pytest.mark.parametrize(("choice", "granted"), [("approve", True), ("reject", False)])
async def test_a_person_is_asked(served: Served, choice: str, granted: bool) -> None:
    await deploy(served, "ask-a-person")
    began = await served.post("/hooks/default/ask-a-person", {"what": "A chair", "amount": 120})
    assert began.status == 202, began.text
    [asked] = (await eventually(served, "decisions", lambda data: data["items"]))["items"]
    assert asked["title"] == "A chair"
    answer = {"choice": choice, "answer": {"note": "as agreed"}}
    place = f"decisions/{asked['execution_id']}/{asked['run_id']}/answer"
    reply = await served.post(place, answer)
    assert reply.status == 200, reply.text
    output = await the_end(served, "ask-a-person")
    assert (output["granted"], output["what"]) == (granted, "A chair")
    assert output["by"]
    if not granted:
        assert output["note"] == "as agreed"


async def test_a_small_wish_needs_nobody(served: Served) -> None:
    await deploy(served, "ask-a-person")
    await served.post("/hooks/default/ask-a-person", {"what": "A pen", "amount": 2})
    output = await the_end(served, "ask-a-person")
    assert output == {"granted": True, "what": "A pen", "by": "nobody had to"}


async def test_what_was_done_is_taken_back(served: Served) -> None:
    flow = "take-back-on-failure"
    await deploy(served, flow)
    for function in ("reserve", "release"):
        await begin_code(served, flow, function)
    await served.call("PUT", f"flowapps/{flow}/functions/charge/code", {"text": CHARGE})
    address = f"/hooks/default/{flow}"
    sold = await served.post(address, {"order": "A", "amount": 50})
    assert (sold.status, sold.data) == (200, {"order": "A", "sold": True})
    refused = await served.post(address, {"order": "B", "amount": 500})
    assert refused.data == {"order": "B", "sold": False, "reason": "the card was declined"}
    assert refused.status == 200

    async def tasks(order: Any) -> list[str]:
        runs = (await served.get(f"executions/{order.headers['headrace-execution']}/history")).data["items"]
        return [each["name"] for each in runs if each["name"] in ("chargeCard", "releaseGoods")]

    assert await tasks(sold) == ["chargeCard", "chargeCard"]  # the bank was busy at first
    assert await tasks(refused) == ["chargeCard", "releaseGoods"]


@pytest.mark.parametrize("name", sorted(each.stem for each in TEMPLATES.glob("*.yaml")))
async def test_as_an_ows_document_it_is_the_same_flow(served: Served, name: str) -> None:
    await deploy(served, name)
    kept = (await served.get(f"flowapps/{name}")).data
    written = await served.get(f"flowapps/{name}/ows")
    assert (written.status, written.headers["content-type"]) == (200, "application/yaml")
    assert written.text.startswith("document:")
    checked = await served.call("POST", "flowapps/validate", data=written.text.encode())
    assert checked.data == {"valid": True, "problems": []}
    applied = await served.call("PUT", f"flowapps/{name}", data=written.text.encode())
    assert applied.status == 200, applied.text
    assert (applied.data["kind"], applied.data["definition"]) == ("Workflow", kept["definition"])
    again = await served.get(f"flowapps/{name}/ows")
    assert again.text == written.text
    tag = again.headers["etag"]
    assert (await served.get(f"flowapps/{name}/ows", headers={"if-none-match": tag})).status == 304
    assert (await served.get("flowapps/none/ows")).status == 404


def test_every_template_is_run_here() -> None:
    here = Path(__file__).read_text()
    names = [each.stem for each in TEMPLATES.glob("*.yaml")]
    assert len(names) >= 6
    assert [name for name in names if f'"{name}"' not in here] == []
