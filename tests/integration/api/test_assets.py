"""The dashboard's files, as a browser gets them."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from headrace.api.assets import Assets
from headrace.api.front import Front
from headrace.api.listener import Listener

SCRIPT = "console.log('hello');\n" * 200


async def api(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"3")]})
    await send({"type": "http.response.body", "body": b"api"})


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[aiohttp.ClientSession]:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>Headrace</title>")
    (tmp_path / "assets" / "app-1a2b.js").write_text(SCRIPT)
    listening = Listener("127.0.0.1", 0, grace_seconds=1)
    await listening.start(Front(api, pages=Assets(tmp_path)))
    async with aiohttp.ClientSession(listening.url, auto_decompress=False) as session:
        yield session
    await listening.stop()


async def test_every_page_is_the_dashboard(site: aiohttp.ClientSession) -> None:
    for path in ("/", "/login", "/n/shop/executions/01m8a2"):
        async with site.get(path) as answer:
            assert await answer.text() == "<title>Headrace</title>"
            assert answer.headers["cache-control"] == "no-cache"
            assert "default-src 'self'" in answer.headers["content-security-policy"]
            assert answer.headers["x-frame-options"] == "DENY"


async def test_files_with_a_hash_are_kept_and_compressed(site: aiohttp.ClientSession) -> None:
    async with site.get("/assets/app-1a2b.js", headers={"accept-encoding": "gzip"}) as answer:
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(await answer.read()).decode() == SCRIPT
    async with site.get("/assets/app-1a2b.js", headers={"accept-encoding": "identity"}) as answer:
        assert (await answer.read()).decode() == SCRIPT
    async with site.head("/assets/app-1a2b.js", headers={"accept-encoding": "identity"}) as answer:
        assert answer.headers["content-length"] == str(len(SCRIPT))


async def test_what_is_not_there_is_no_page(site: aiohttp.ClientSession) -> None:
    for path in ("/assets/app-9z.js", "/favicon.ico", "/../../etc/passwd.txt"):
        async with site.get(path) as answer:
            assert answer.status in (400, 404), path


async def test_the_api_is_not_the_dashboards(site: aiohttp.ClientSession) -> None:
    for path in ("/api/v1/version", "/metrics", "/hooks/shop/orders", "/healthz"):
        async with site.get(path) as answer:
            assert await answer.text() == "api"
    async with site.post("/login") as answer:
        assert await answer.text() == "api"


async def test_without_a_dashboard_the_page_says_so(tmp_path: Path) -> None:
    assets = Assets(tmp_path / "nothing")
    assert not assets.built
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await assets({"method": "GET", "path": "/", "headers": []}, asyncio.sleep, send)
    assert b"installed without its dashboard" in sent[1]["body"]
