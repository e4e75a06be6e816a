"""A FlowApp that is deleted: what runs goes on to its end, with its functions; then those stop."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from headrace.main.leaving import PAUSE_SECONDS
from integration.api.served import Served, options

FLOW = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: leaver}
spec:
  version: 1.0.0
  functions:
    pack: {source: cmd/pack, retries: 0}
  steps:
    - word: {listen: {to: {one: {with: {type: com.example.word}}}}}
    - pack: {call: pack, with: {number: 1}}
"""
AGAIN = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: leaver}
spec: {version: 2.0.0, steps: [{nothing: {set: {done: true}}}]}
"""
PACK = """\
from headrace.function import function


@function
def pack(data: dict) -> dict:
    return {"packed": data["number"]}
"""
FLOW_NAME = "default/leaver"
DEADLINE_SECONDS = 30.0
STRUCTURED = {"content-type": "application/cloudevents+json"}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Served]:
    """A server with a FlowApp that waits for a word before it calls its function."""
    project = tmp_path / "leaver"
    for path, text in {"config/flowapp.yaml": FLOW, "cmd/pack/main.py": PACK}.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text, "utf-8")
    running = Served(options(tmp_path, projects=[project]))
    await running.start()
    yield running
    await running.stop()


async def waiting(served: Served) -> str:
    """Start an execution and return its id when it waits."""
    started = await served.post("flowapps/leaver/executions", {})
    execution_id = str(started.data["id"])
    async with asyncio.timeout(DEADLINE_SECONDS):
        while (await served.get(f"executions/{execution_id}")).data["status"] != "waiting":
            await asyncio.sleep(0.02)
    return execution_id


async def said(served: Served, execution_id: str) -> Any:
    """Say the word to an execution and return how it ended."""
    event = {"specversion": "1.0", "id": execution_id, "source": "/test", "type": "com.example.word"}
    signal = await served.post(f"executions/{execution_id}/signal", event, headers=STRUCTURED)
    assert signal.status == 202, signal.text
    await served.get(f"executions/{execution_id}/wait?seconds=30")
    return (await served.get(f"executions/{execution_id}")).data


async def stopped(served: Served) -> None:
    """Return when nothing serves the functions any more."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while served.server.headrace.hosts.of_flow(FLOW_NAME):
            await asyncio.sleep(0.02)


async def test_what_runs_when_its_flow_is_deleted_has_its_functions_until_the_last_has_ended(
    server: Served,
) -> None:
    first, second = await waiting(server), await waiting(server)
    assert (await server.call("DELETE", "flowapps/leaver")).status == 204
    assert (await said(server, first))["output"] == {"packed": 1}
    # The other one is still open.
    assert server.server.headrace.hosts.of_flow(FLOW_NAME)
    assert (await said(server, second))["output"] == {"packed": 1}
    await stopped(server)


async def test_functions_of_a_flow_of_which_nothing_is_open_stop_when_it_is_deleted(server: Served) -> None:
    execution_id = await waiting(server)
    assert (await said(server, execution_id))["status"] == "completed"
    assert server.server.headrace.hosts.of_flow(FLOW_NAME)
    assert (await server.call("DELETE", "flowapps/leaver")).status == 204
    await stopped(server)


async def test_what_runs_has_its_functions_when_a_flow_of_that_name_is_deployed_again(server: Served) -> None:
    first = await waiting(server)
    second = await waiting(server)
    assert (await server.call("DELETE", "flowapps/leaver")).status == 204
    await server.deploy(AGAIN)
    assert (await said(server, first))["output"] == {"packed": 1}
    assert (await said(server, second))["output"] == {"packed": 1}
    # It is deployed: nothing of it is stopped, whoever looks after an end.
    await asyncio.sleep(3 * PAUSE_SECONDS)
    assert server.server.headrace.hosts.of_flow(FLOW_NAME)


async def test_what_is_open_after_a_restart_has_its_functions(server: Served) -> None:
    first = await waiting(server)
    assert (await server.call("DELETE", "flowapps/leaver")).status == 204
    server.options = dataclasses.replace(server.options, projects=[])
    await server.restart()
    assert (await said(server, first))["output"] == {"packed": 1}
    await stopped(server)
