"""Who started an execution: on its own record, whichever way it was started over the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from integration.api.flows import GREET
from integration.api.served import Reply, Served, options

PASSWORD = "a-password-of-the-tests"
WAIT = {"prefer": "wait=20"}
HOOKED = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: hooked}
spec:
  version: 1.0.0
  triggers: [{name: api, http: {path: /orders, method: POST}}]
  steps: [{take: {set: {taken: true}}}]
"""
PARENT = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: parent}
spec:
  version: 1.0.0
  steps: [{child: {run: {workflow: {namespace: default, name: hooked, version: 1.0.0}}}}]
"""


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """A server with flows to start, and a token of an operator, `robot`, beside the administrator's."""
    running = Served(options(tmp_path))
    await running.start()
    for flow in (GREET, HOOKED, PARENT):
        await running.deploy(flow)
    yield running
    await running.stop()


async def _robot(served: Served) -> tuple[dict[str, str], str]:
    """Make a token; return the headers of who has it, and the principal's id."""
    made = await served.post("/api/v1/tokens", {"name": "robot", "roles": {"default": "operator"}})
    assert made.status == 201, made.text
    return {"authorization": f"Bearer {made.data['token']}"}, f"token:{made.data['id']}"


async def _starter(served: Served, execution_id: str) -> tuple[str | None, str | None]:
    shown = (await served.get(f"executions/{execution_id}")).data
    return shown["started_by"], shown["started_by_name"]


def _id(reply: Reply) -> str:
    assert reply.status in (200, 202), reply.text
    return str(reply.headers["headrace-execution"])


async def _mcp(served: Served, headers: dict[str, str]) -> str:
    call: dict[str, Any] = {"name": "default__greet", "arguments": {"name": "Ada"}}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    reply = await served.post("/mcp", asked, headers=headers)
    return str(reply.data["result"]["structuredContent"]["execution"])


async def test_every_way_to_start_says_who(served: Served) -> None:
    as_robot, robot = await _robot(served)
    start = "flowapps/greet/executions"
    input = {"name": "Ada"}
    first = _id(await served.post(start, input, headers={**WAIT}))
    ways = {
        "start": _id(await served.post(start, input, headers=as_robot)),
        "start and wait": _id(await served.post(start, input, headers={**as_robot, **WAIT})),
        "rerun": _id(await served.post(f"executions/{first}/rerun", {}, headers=as_robot)),
        "rerun of a task": _id(
            await served.post(f"executions/{first}/rerun", {"from_run": 1}, headers=as_robot)
        ),
        "mcp": await _mcp(served, as_robot),
    }
    many = await served.post("executions/rerun", {"ids": [first]}, headers=as_robot)
    ways["rerun of many"] = many.data["results"][0]["execution"]
    fired = await served.post("flowapps/hooked/triggers/api/fire", {"payload": {}}, headers=as_robot)
    ways["fired by hand"] = fired.data["execution"]
    said = {way: await _starter(served, execution_id) for way, execution_id in ways.items()}
    assert said == dict.fromkeys(ways, (robot, "robot"))
    # Whom another one reruns is as it was.
    before, name = await _starter(served, first)
    assert before is not None and before != robot and name not in (None, "robot")

    # What is listed is what they started, and nothing else.
    theirs = await served.get("executions", {"started_by": robot})
    assert {row["id"] for row in theirs.data["items"]} == set(ways.values())
    assert {row["started_by_name"] for row in theirs.data["items"]} == {"robot"}
    fewer = await served.get("executions", {"started_by": robot, "flow": "hooked"})
    assert [row["id"] for row in fewer.data["items"]] == [ways["fired by hand"]]
    assert (await served.get("executions", {"started_by": "user:robot"})).data["items"] == []
    again = await served.post("executions/rerun", {"filter": {"started_by": robot, "flow": "hooked"}})
    assert [each["id"] for each in again.data["results"]] == [ways["fired by hand"]]


async def test_a_user_in_a_session_is_named(served: Served) -> None:
    await served.post(
        "/api/v1/users", {"name": "eve", "password": PASSWORD, "roles": {"default": "operator"}}
    )
    begun = await served.post("/api/v1/session", {"name": "eve", "password": PASSWORD})
    cookie = begun.headers["set-cookie"].partition(";")[0]
    assert served.session is not None
    token = served.session.headers.pop("authorization")
    proof = {"cookie": cookie, "x-headrace-csrf": begun.data["csrf"]}
    started = _id(await served.post("flowapps/greet/executions", {"name": "Ada"}, headers=proof))
    served.session.headers["authorization"] = token
    assert await _starter(served, started) == ("user:eve", "eve")


async def test_a_key_that_is_used_again_leaves_who_used_it_first(served: Served) -> None:
    as_robot, robot = await _robot(served)
    keyed = {"idempotency-key": "order-1"}
    first = _id(
        await served.post("flowapps/greet/executions", {"name": "Ada"}, headers={**as_robot, **keyed})
    )
    again = await served.post("flowapps/greet/executions", {"name": "Ada"}, headers=keyed)
    assert again.data == {**again.data, "id": first, "replayed": True}
    assert await _starter(served, first) == (robot, "robot")


async def test_what_starts_by_itself_names_nobody(served: Served) -> None:
    # A token with the request is the hook's business: the execution has its trigger.
    hooked = await served.post("/hooks/default/orders", {"n": 1})
    assert hooked.status == 202, hooked.text
    parent = _id(await served.post("flowapps/parent/executions", {}, headers=WAIT))
    rows = {row["id"]: row for row in (await served.get("executions")).data["items"]}
    [child] = [row for row in rows.values() if row["parent_id"] == parent]
    [by_hook] = [row for row in rows.values() if row["trigger"] == "api"]
    assert child["started_by"] is None and by_hook["started_by"] is None
    assert rows[parent]["started_by"] is not None
