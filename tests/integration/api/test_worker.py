"""Who performed a task run stays on record: a function's process, an address, the reader of a queue."""

from __future__ import annotations

import asyncio
import os
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from integration.api.contents import contents
from integration.api.served import Served, options

HERE = f"{socket.gethostname()}-{os.getpid()}"
WAIT = {"prefer": "wait=30"}
HANDLER = """
from headrace.function import function


@function
def hosted(data):
    return {"seen": data}
"""
FLOW = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: work}
spec:
  version: 1.0.0
  functions:
    hosted: {source: cmd/hosted}
    local: {source: cmd/local}
    queued: {source: cmd/local, delivery: queue}
    there: {url: "URL/function", retries: {delay: {milliseconds: 1}, limit: {attempt: {count: 3}}}}
  steps:
    - hosted: {call: hosted}
    - local: {call: local}
    - queued: {call: queued}
    - there: {call: there}
    - http: {call: http, with: {method: get, endpoint: "URL/page?key=c4n4ry"}}
    - shell: {run: {shell: {command: echo hi}}}
    - pure: {set: {done: true}}
"""


@pytest.fixture
def functions() -> Mapping[str, Any]:
    return {"local": lambda data: data, "queued": lambda data: data}


@pytest.fixture
async def there() -> Any:
    """An HTTP server: its function is busy the first time."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        if asked == ["/function"]:
            return web.json_response({}, status=503)
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def working(tmp_path: Path, functions: Mapping[str, Any], there: str) -> Any:
    """A server with the flow's project."""
    project = tmp_path / "project"
    (project / "config").mkdir(parents=True)
    (project / "config" / "flowapp.yaml").write_text(FLOW.replace("URL", f"http://{there}"))
    (project / "cmd" / "hosted").mkdir(parents=True)
    (project / "cmd" / "hosted" / "main.py").write_text(HANDLER)
    served = Served(options(tmp_path, projects=[project], functions=functions))
    await served.start()
    yield served
    await served.stop()


async def test_each_task_run_says_who_performed_it(working: Served, there: str, tmp_path: Path) -> None:
    reply = await working.post("flowapps/work/executions", {"n": 1}, headers=WAIT)
    assert reply.status == 200, reply.text
    execution_id = reply.headers["headrace-execution"]
    history = (await working.get(f"executions/{execution_id}/history")).data["items"]
    workers = {each["name"]: each["worker"] for each in history}
    hosted = re.fullmatch(r"(127\.0\.0\.1:\d+), process (\d+)", workers.pop("hosted"))
    assert hosted is not None
    [function] = [each for each in (await working.get("functions")).data["items"] if each["name"] == "hosted"]
    assert (function["address"], function["pid"]) == (f"http://{hosted[1]}", int(hosted[2]))
    assert workers == {
        "local": HERE,
        "queued": HERE,
        "there": there,
        "http": there,
        "shell": HERE,
        "pure": None,
    }
    runs = {each["name"]: each["run_id"] for each in history}
    run = (await working.get(f"executions/{execution_id}/runs/{runs['there']}")).data
    assert (run["worker"], [each["worker"] for each in run["attempts"]]) == (there, [there])
    # Taken over by a rerun, it says who performed it then.
    rerun = await working.post(f"executions/{execution_id}/rerun", {"task": "shell"}, headers=WAIT)
    again = (await working.get(f"executions/{rerun.headers['headrace-execution']}/history")).data["items"]
    carried = {each["name"]: each["worker"] for each in again if each["carried"]}
    assert (carried["local"], carried["there"]) == (HERE, there)
    # Of an address it is the place: what comes behind may be anything.
    assert "c4n4ry" not in str([row[15] for row in contents(tmp_path)["headrace.db task_runs"]])


async def test_a_worker_elsewhere_is_named_while_it_works_and_after(served: Served) -> None:
    """Whoever leases the item over HTTP is the worker, of an answer and of a failure."""
    flow = FLOW.partition("    hosted:")[0] + "    far: {source: cmd/far, delivery: queue, parallelism: 0}\n"
    await served.deploy(flow + "  steps:\n    - far: {call: far}\n")
    for final in (False, True):
        execution_id = (await served.post("flowapps/work/executions", {"n": 1})).data["id"]
        async with asyncio.timeout(20):
            while (await served.get("queues/work.far")).status == 404:
                await asyncio.sleep(0.01)
        lease = {"worker": "a-robot-7", "wait_seconds": 20}
        [item] = (await served.post("queues/work.far/lease", lease)).data["items"]
        running = (await served.get(f"executions/{execution_id}/history")).data["open"]
        assert [each["worker"] for each in running] == ["a-robot-7"]
        # And the item says whose it is.
        shown = (await served.get(f"queues/work.far/items/{item['id']}")).data
        assert (shown["execution"], shown.get("put_by")) == (execution_id, None)
        done = {"id": item["id"], "token": item["token"]}
        if final:
            failed = {**done, "error": "no", "final": True}
            assert (await served.post("queues/work.far/fail", {"items": [failed]})).status == 200
        else:
            answer = {"items": [{**done, "data": {"ok": True}}]}
            assert (await served.post("queues/work.far/complete", answer)).status == 200
        ended = await served.get(f"executions/{execution_id}/wait", {"seconds": "30"})
        assert ended.data["ended"], ended.text
        [run] = (await served.get(f"executions/{execution_id}/history")).data["items"]
        assert (run["worker"], run["status"]) == ("a-robot-7", "faulted" if final else "completed")


async def test_a_worker_is_told_without_secrets(served: Served, tmp_path: Path) -> None:
    await served.call("PUT", "secrets/host", {"value": "c4n4ry.invalid"})
    await served.deploy(
        """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: hidden}
spec:
  version: 1.0.0
  use: {secrets: [host]}
  steps:
    - ask: {call: http, with: {method: get, endpoint: '${ "http://" + $secrets.host + "/x" }'}}
"""
    )
    reply = await served.post("flowapps/hidden/executions", {}, headers=WAIT)
    execution_id = reply.headers["headrace-execution"]
    [run] = (await served.get(f"executions/{execution_id}/history")).data["items"]
    assert run["status"] == "faulted" and run["worker"] == "***"
    assert "c4n4ry" not in str(contents(tmp_path)["headrace.db task_runs"])
