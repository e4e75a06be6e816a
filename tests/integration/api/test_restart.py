"""`headrace up`, killed again and again while many start executions; and stopped while some wait.

What was accepted (an answer was seen) is there afterwards, once for each key.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from integration.api.flows import GREET, LISTEN
from integration.api.served import TOKEN

CALLERS = 16
LIVES = 4
SPACE = "/api/v1/namespaces/default"


@dataclass
class Up:
    """A server in a process of its own, and a client for it."""

    process: asyncio.subprocess.Process
    session: aiohttp.ClientSession

    async def get(self, path: str, **query: str) -> Any:
        async with self.session.get(SPACE + path, params=query) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def deploy(self, definition: str) -> None:
        async with self.session.post(f"{SPACE}/flowapps", data=definition.encode()) as answer:
            assert answer.status in (200, 201), await answer.text()


@asynccontextmanager
async def up(folder: Path) -> AsyncIterator[Up]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HEADRACE_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "headrace.cli", "up", str(folder)),
        *("--port", "0", "--store", str(folder / "headrace.db"), "--token", TOKEN),
        cwd=folder,
        env={**environment, "NO_COLOR": "1", "XDG_CONFIG_HOME": str(folder)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    reading: asyncio.Task[bytes] | None = None
    try:
        async with asyncio.timeout(60):
            while (found := re.search(rb"http://[\d.:]+", line := await process.stdout.readline())) is None:
                assert line, "it ended before it said where it listens"
        reading = asyncio.create_task(process.stdout.read())
        async with aiohttp.ClientSession(
            found[0].decode(), headers={"authorization": f"Bearer {TOKEN}"}
        ) as session:
            yield Up(process, session)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        if reading is not None:
            await reading


async def every_execution(server: Up) -> list[tuple[str, str]]:
    """Return key and id of all executions: a list, so that a key that is there twice is seen."""
    found: list[tuple[str, str]] = []
    query = {"limit": "500"}
    while True:
        page = await server.get("/executions", **query)
        found += [(each["key"], each["id"]) for each in page["items"]]
        if page["next"] is None:
            return found
        query["after"] = page["next"]


async def start(server: Up, key: str, number: int) -> str | None:
    """Start one execution, every second one synchronously; None where no answer came."""
    waits = {"prefer": "wait=30"} if number % 2 else {}
    try:
        async with server.session.post(
            f"{SPACE}/flowapps/greet/executions",
            json={"name": key},
            headers={**waits, "idempotency-key": key},
        ) as answer:
            data = await answer.json()
            assert answer.status in (200, 202), data
            if answer.status == 200:
                assert data == {"text": f"hello {key}"}
            return str(answer.headers["headrace-execution"])
    except (aiohttp.ClientError, OSError):
        return None


async def test_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    chance = random.Random(7)
    accepted: dict[str, str] = {}
    cut: set[str] = set()
    for life in range(LIVES):
        enough = len(accepted) + chance.randint(20, 200)
        async with up(tmp_path) as server:
            if life == 0:
                await server.deploy(GREET)
            # Whoever was cut off asks again under the same key, while others go on starting.
            again = sorted(cut)

            async def caller(
                number: int, life: int = life, again: list[str] = again, server: Up = server
            ) -> None:
                for turn in range(10_000):
                    key = again.pop() if again else f"{life}-{number}-{turn}"
                    execution_id = await start(server, key, number)
                    if execution_id is None:
                        cut.add(key)
                        return
                    assert accepted.setdefault(key, execution_id) == execution_id
                    cut.discard(key)

            calling = [asyncio.create_task(caller(number)) for number in range(CALLERS)]
            async with asyncio.timeout(120):
                while len(accepted) < enough and not any(task.done() for task in calling):
                    await asyncio.sleep(0.001)
            server.process.send_signal(signal.SIGKILL)
            await asyncio.gather(*calling)
    async with up(tmp_path) as server:
        found = await every_execution(server)
        assert [key for key, count in Counter(key for key, _ in found).items() if count > 1] == []
        assert {key: dict(found).get(key) for key in accepted} == accepted
        assert dict(found).keys() <= accepted.keys() | cut
        for key in cut:
            # What was cut off is found by its key where it was accepted; asked again it is that one.
            there = (await server.get("/executions", key=key))["items"]
            execution_id = await start(server, key, 1)
            assert [each["id"] for each in there] in ([], [execution_id])
        # All of them come to their end, in this life or in one before.
        async with asyncio.timeout(120):
            for _, execution_id in found:
                ended = await server.get(f"/executions/{execution_id}/wait", seconds="60")
                assert ended["status"] == "completed", ended


async def test_a_stop_gives_what_is_under_way_its_answer(tmp_path: Path) -> None:
    async with up(tmp_path) as server:
        await server.deploy(LISTEN)
        waiting = asyncio.create_task(_waiting(server))
        async with asyncio.timeout(60):
            while not (listed := (await server.get("/executions", status="waiting"))["items"]):
                await asyncio.sleep(0.01)
        stream = await server.session.get(f"{SPACE}/executions/{listed[0]['id']}/stream")
        assert stream.status == 200
        lease = asyncio.create_task(_lease(server))
        # Somebody who asks makes the queue: when it is there, the worker waits.
        while not (await server.get("/queues"))["items"]:
            await asyncio.sleep(0.01)
        server.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            # The synchronous caller is told where its execution is; the stream ends; the process too.
            status, execution_id = await waiting
            await stream.content.read()
            assert await lease == {"items": []}
            assert await server.process.wait() == 0
        assert (status, execution_id) == (202, listed[0]["id"])
    async with up(tmp_path) as server:
        [found] = (await server.get("/executions", key="mine"))["items"]
        assert (found["id"], found["status"]) == (execution_id, "waiting")


async def _lease(server: Up) -> Any:
    body = {"wait_seconds": 60}
    async with server.session.post(f"{SPACE}/queues/jobs/lease", json=body) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def _waiting(server: Up) -> tuple[int, str]:
    async with server.session.post(
        f"{SPACE}/flowapps/listen/executions",
        json={},
        headers={"prefer": "wait=60", "idempotency-key": "mine"},
    ) as answer:
        return answer.status, answer.headers["headrace-execution"]
