"""The list of batches: those under way and those that were, with how their items ended."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from integration.api.flows import elsewhere
from integration.api.served import Served

MAIL = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: mail}
spec:
  version: 1.0.0
  functions:
    send: {source: cmd/send, retries: 0}
  steps:
    - all:
        call: batch
        with:
          items: '${ .letters }'
          function: send
          concurrency: 1
          tolerate: {failures: 1}
"""


class Unsendable(Exception):
    problem = {"type": "https://shop.example/errors/letter", "status": 422, "title": "No"}  # noqa: RUF012


class Post:
    """Sends letters: `bad` ones fail, and one that is `held` waits until it may go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def send(self, letter: str) -> str:
        if letter == "held":
            await self.go.wait()
        if letter == "bad":
            raise Unsendable
        return letter


@pytest.fixture
def office() -> Post:
    return Post()


@pytest.fixture
def functions(office: Post) -> Mapping[str, Any]:
    return {"send": office.send}


async def started(served: Served, *letters: str, namespace: str = "default") -> str:
    reply = await served.post("flowapps/mail/executions", {"letters": letters}, namespace=namespace)
    assert reply.status == 202, reply.text
    return str(reply.data["id"])


async def ended(served: Served, execution_id: str, namespace: str = "default") -> None:
    outcome = await served.get(f"executions/{execution_id}/wait?seconds=30", namespace=namespace)
    assert outcome.data["ended"], outcome.text


async def listed(served: Served, query: Any = None, namespace: str = "default") -> list[dict[str, Any]]:
    reply = await served.get("batches", query, namespace=namespace)
    assert reply.status == 200, reply.text
    return list(reply.data["items"])


async def under_way(served: Served, done: int) -> dict[str, Any]:
    """Wait for the only batch that runs, until so many of its items have ended."""
    async with asyncio.timeout(30):
        while True:
            found = await listed(served, {"running": "true"})
            if found and found[0]["completed"] + found[0]["failed"] == done:
                return found[0]
            await asyncio.sleep(0.01)


async def test_a_batch_is_in_the_list_while_it_runs_and_afterwards(served: Served, office: Post) -> None:
    await served.deploy(MAIL)
    execution_id = await started(served, "a", "bad", "held")
    batch = await under_way(served, 2)
    assert (batch["execution"], batch["flow"], batch["task"]) == (execution_id, "mail", "all")
    assert (batch["status"], batch["ended_at"], batch["put"]) == ("running", None, 1)
    assert (batch["total"], batch["completed"], batch["failed"]) == (3, 1, 1)
    assert batch["rate_per_second"] > 0 and batch["seconds_left"] > 0
    assert batch["queue"].startswith("mail.send.batch-")
    assert await listed(served, {"running": "false"}) == []
    assert [each["execution"] for each in await listed(served, {"queue": batch["queue"]})] == [execution_id]
    assert await listed(served, {"queue": "mail.send"}) == []
    office.go.set()
    await ended(served, execution_id)
    [after] = await listed(served, {"running": "false"})
    assert await listed(served, {"running": "true"}) == []
    assert (after["execution"], after["status"], after["put"]) == (execution_id, "completed", 0)
    assert (after["total"], after["completed"], after["failed"]) == (3, 2, 1)
    assert after["started_at"] == batch["started_at"] < after["ended_at"]
    assert after["duration_seconds"] == pytest.approx(after["ended_at"] - after["started_at"])
    assert after["seconds_left"] is None


async def test_how_a_batch_ended_and_whose_it_is(served: Served, office: Post) -> None:
    await served.deploy(MAIL)
    await served.deploy(elsewhere(MAIL, "shop"), "shop")
    failed = await started(served, "bad", "bad", "a")
    await ended(served, failed)
    cancelled = await started(served, "a", "held")
    await under_way(served, 1)
    assert (await served.post(f"executions/{cancelled}/cancel")).status in (200, 202, 204)
    await ended(served, cancelled)
    other = await started(served, "a", namespace="shop")
    await ended(served, other, "shop")
    found = await listed(served)
    assert [(each["execution"], each["status"]) for each in found] == [
        (cancelled, "cancelled"),
        (failed, "faulted"),
    ]
    [there] = await listed(served, namespace="shop")
    assert (there["execution"], there["completed"]) == (other, 1)
    assert there["queue"].startswith("mail.send.batch-")  # as it is called in its namespace
    assert await listed(served, {"flow": "letters"}) == []
    assert len(await listed(served, {"flow": "mail"})) == 2
    assert (await served.call("DELETE", f"executions/{failed}")).status == 204
    assert [each["execution"] for each in await listed(served)] == [cancelled]


async def test_a_batch_that_a_stop_has_interrupted_waits_and_goes_on(served: Served, office: Post) -> None:
    await served.deploy(MAIL)
    execution_id = await started(served, "a", "held")
    before = await under_way(served, 1)
    await served.restart()
    [batch] = await listed(served)
    assert batch["status"] in ("waiting", "running")
    assert (batch["completed"], batch["started_at"]) == (1, before["started_at"])
    office.go.set()
    await ended(served, execution_id)
    [batch] = await listed(served)
    assert (batch["status"], batch["completed"], batch["started_at"]) == (
        "completed",
        2,
        before["started_at"],
    )


async def test_pages_of_batches(served: Served, office: Post) -> None:
    await served.deploy(MAIL)
    ids = [await started(served, "a") for _ in range(5)]
    for each in ids:
        await ended(served, each)
    seen: list[str] = []
    query = {"limit": "2"}
    while True:
        page = (await served.get("batches", query)).data
        seen += [each["execution"] for each in page["items"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
        await ended(served, await started(served, "a"))  # newer: not in the pages that follow
    assert seen == ids[::-1]
    assert (await served.get("batches", {"after": "bm9uc2Vuc2U"})).code == "bad-cursor"
