"""A server that is killed or stopped under load: every start that was accepted is there afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from integration.api.flows import CALL
from integration.api.served import TOKEN, Served, options

CALLERS = 20


async def _child(store: Path) -> tuple[asyncio.subprocess.Process, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(__file__).with_name("load_server.py")), str(store), TOKEN,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    async with asyncio.timeout(60):
        return process, (await process.stdout.readline()).decode().strip()


async def _all(served: Served) -> dict[str, str]:
    """Return the ids of all executions by their keys."""
    found: dict[str, str] = {}
    query = {"limit": "500"}
    while True:
        page = (await served.get("executions", query)).data
        found |= {each["key"]: each["id"] for each in page["items"]}
        if page["next"] is None:
            return found
        query["after"] = page["next"]


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
async def test_every_accepted_start_is_there_afterwards(tmp_path: Path, ending: signal.Signals) -> None:
    process, url = await _child(tmp_path / "headrace.db")
    accepted: dict[str, str] = {}  # by key
    cut: set[str] = set()
    base = f"{url}/api/v1/namespaces/default"
    headers = {"authorization": f"Bearer {TOKEN}"}
    enough = asyncio.Event()

    async def caller(number: int) -> None:
        for turn in range(10_000):
            key = f"{number}-{turn}"
            waits = {"prefer": "wait=30"} if number % 2 else {}
            try:
                async with session.post(
                    f"{base}/flowapps/work/executions",
                    json={"value": turn},
                    headers={**headers, **waits, "idempotency-key": key},
                ) as answer:
                    if answer.status not in (200, 202):
                        return
                    accepted[key] = answer.headers["headrace-execution"]
            except (aiohttp.ClientError, OSError):
                # Asked, and no answer came: it may have been accepted or not.
                cut.add(key)
                return
            if len(accepted) >= 200:
                enough.set()

    async with aiohttp.ClientSession() as session:
        async with session.post(f"{base}/flowapps", data=CALL.encode(), headers=headers) as answer:
            assert answer.status == 201, await answer.text()
        calling = [asyncio.create_task(caller(number)) for number in range(CALLERS)]
        async with asyncio.timeout(120):
            await enough.wait()
            process.send_signal(ending)
            await asyncio.gather(*calling)
            await process.wait()

    def double(data: Any) -> Any:
        return {"value": 2 * data["value"]}

    served = Served(options(tmp_path, functions={"double": double}))
    await served.start()
    try:
        listed = await _all(served)
        assert {key: listed.get(key) for key in accepted} == accepted
        for key, execution_id in list(accepted.items())[-40:]:
            ended = (await served.get(f"executions/{execution_id}/wait", {"seconds": "60"})).data
            assert ended["output"] == {"result": 2 * int(key.partition("-")[2])}, ended
        for key in cut:
            # Whoever was cut off asks again under the same key, and gets the one that there is, if there is.
            found = (await served.get("executions", {"key": key})).data["items"]
            reply = await served.post(
                "flowapps/work/executions",
                {"value": int(key.partition("-")[2])},
                headers={"prefer": "wait=60", "idempotency-key": key},
            )
            assert reply.data == {"result": 2 * int(key.partition("-")[2])}
            assert [each["id"] for each in found] in ([], [reply.headers["headrace-execution"]])
    finally:
        await served.stop()
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
