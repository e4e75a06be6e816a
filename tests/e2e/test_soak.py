"""Everything is read while everything runs: the example flows, whose functions are edited meanwhile."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from e2e.command import DEADLINE_SECONDS
from e2e.server import TOKEN, Up

EXAMPLES = Path(__file__).parents[2] / "examples"
SHOP = "/api/v1/namespaces/shop"
ORDERS_MAX = 600
STARTERS = 3
READERS = 4
ROAMERS = 2
STREAMS = 2
NAMES = {
    "namespace": "shop",
    "name": "order-fulfilment",
    "flow": "order-fulfilment",
    "function": "take-payment",
    "trigger": "orders",
    "version": "1.1.0",
    "run_id": "1",
}


class Soak:
    """Many who ask one server. What is refused is an answer; none, or a 5xx, is `wrong`."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.wrong: list[str] = []
        self.answers: Counter[int] = Counter()
        self.known: deque[str] = deque(maxlen=40)
        self.over = asyncio.Event()
        self._session = session
        self._dice = random.Random(1)

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return the JSON of an answer, `None` where it is refused."""
        try:
            async with self._session.request(method, self.url + path, json=body) as answer:
                text = await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            self.wrong.append(f"{method} {path}: {error!r}")
            self.over.set()
            return None
        self.answers[answer.status] += 1
        if answer.status >= 500:
            self.wrong.append(f"{method} {path}: {answer.status} {text[:500]!r}")
        if answer.status != 200 or not answer.content_type.endswith("json"):
            return None
        return json.loads(text)

    async def start(self, orders: list[Any], count: int) -> None:
        """Send orders, each when the one before is answered."""
        for _ in range(count):
            if self.over.is_set():
                return
            await self.ask("POST", "/hooks/shop/orders", self._dice.choice(orders))

    async def list(self) -> None:
        """Look for the newest executions."""
        while not self.over.is_set():
            page = await self.ask("GET", f"{SHOP}/executions?limit=20")
            self.known.extend(each["id"] for each in (page or {"items": []})["items"])
            await asyncio.sleep(0.05)

    async def read(self) -> None:
        """Look at executions as a page does: the history, task runs with their lines."""
        while not self.over.is_set():
            one = f"{SHOP}/executions/{self._dice.choice(self.known)}" if self.known else None
            page = await self.ask("GET", f"{one}/history?limit=100") if one else None
            for run in (page or {"items": []})["items"][-3:]:
                await self.ask("GET", f"{one}/runs/{run['run_id']}")
            await asyncio.sleep(0)

    async def roam(self, paths: list[str]) -> None:
        """Ask for anything that the description names."""
        while not self.over.is_set():
            path = self._dice.choice(paths)
            for name, value in NAMES.items():
                path = path.replace(f"{{{name}}}", value)
            await self.ask("GET", path.replace("{execution_id}", self.known[-1] if self.known else "none"))

    async def follow(self) -> None:
        """Open live updates and leave them after a while."""
        while not self.over.is_set():
            try:
                async with self._session.get(f"{self.url}{SHOP}/stream") as stream:
                    for _ in range(self._dice.randrange(200)):
                        if self.over.is_set() or not await stream.content.readline():
                            break
            except (aiohttp.ClientError, TimeoutError) as error:
                self.wrong.append(f"stream: {error!r}")
                self.over.set()

    async def edit(self, projects: Path) -> None:
        """Change functions, so that their processes are replaced."""
        files = sorted(projects.glob("*/cmd/*/main.py"))
        while not self.over.is_set():
            file = self._dice.choice(files)
            file.write_text(file.read_text() + "# edited\n")
            await asyncio.sleep(1)


@pytest.fixture
def projects(tmp_path: Path) -> Path:
    copied = tmp_path / "projects"
    shutil.copytree(EXAMPLES, copied, ignore=shutil.ignore_patterns(".headrace*", "__pycache__"))
    return copied


@pytest.fixture
def up(tmp_path: Path, projects: Path) -> Iterator[Up]:
    server = Up(tmp_path, str(projects))
    server.start()
    yield server
    server.stop()


@pytest.mark.long
async def test_everything_is_read_while_everything_runs(up: Up, projects: Path) -> None:
    orders = json.loads((EXAMPLES / "order-fulfilment" / "data" / "orders.json").read_text())
    headers = {"authorization": f"Bearer {TOKEN}"}
    patient = aiohttp.ClientTimeout(total=2 * DEADLINE_SECONDS)
    async with aiohttp.ClientSession(headers=headers, timeout=patient) as session:
        soak = Soak(up.url, session)
        described = await soak.ask("GET", "/api/openapi.json")
        paths = [
            path
            for path, operations in described["paths"].items()
            if "get" in operations and not path.endswith(("stream", "wait"))
        ]
        around = [
            *(soak.read() for _ in range(READERS)),
            *(soak.roam(paths) for _ in range(ROAMERS)),
            *(soak.follow() for _ in range(STREAMS)),
            soak.list(),
            soak.edit(projects),
        ]
        tasks = [asyncio.create_task(each) for each in around]
        await asyncio.gather(*(soak.start(orders, ORDERS_MAX // STARTERS) for _ in range(STARTERS)))
        soak.over.set()
        await asyncio.gather(*tasks)
        assert soak.wrong == [], up.log.read_text()[-4_000:]
        assert soak.answers[200] > ORDERS_MAX
        query = "flow=order-fulfilment&status=running"
        left = (await soak.ask("GET", f"{SHOP}/executions?{query}"))["items"]
        for each in left:
            assert (await soak.ask("GET", f"{SHOP}/executions/{each['id']}/wait?seconds=60"))["ended"]
        failed = (await soak.ask("GET", f"{SHOP}/executions?flow=order-fulfilment&status=faulted"))["items"]
        assert failed == []
    assert "the event loop has had no turn" not in up.log.read_text()
