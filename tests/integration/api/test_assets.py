"""The dashboard's files, as a browser gets them."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from yarl import URL

from headrace.api.assets import Assets
from headrace.api.front import Front
from headrace.api.listener import Listener

SCRIPT = "console.log('hello');\n" * 200

API = "/api/v1/namespaces/{namespace}"
AHEAD = {
    "flows": {"files": ["/assets/flows-1a.js", "/assets/flows-1a.css"], "asks": []},
    "flows/new": {"files": ["/assets/new-1a.js"], "asks": []},
    "flows/*": {"files": ["/assets/flow-1a.js"], "asks": [f"{API}/flowapps/{{one}}"]},
}
VISITOR = "</api/v1/session/visitor>; rel=preload; as=fetch; crossorigin"


async def api(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"3")]})
    await send({"type": "http.response.body", "body": b"api"})


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[aiohttp.ClientSession]:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>Headrace</title>")
    (tmp_path / "assets" / "app-1a2b.js").write_text(SCRIPT)
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "ahead.json").write_text(json.dumps(AHEAD))
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


async def test_a_page_says_which_files_it_needs(site: aiohttp.ClientSession) -> None:
    style = "</assets/flows-1a.css>; rel=preload; as=style; crossorigin"
    flows = f"</assets/flows-1a.js>; rel=modulepreload, {style}"
    for path, link in {
        "/n/shop/flows": flows,
        "/n/shop/flows/": flows,
        "/n/shop/flows/new": "</assets/new-1a.js>; rel=modulepreload",
        "/n/shop/flows/orders": "</assets/flow-1a.js>; rel=modulepreload",
        "/n/shop/queues": None,
        "/login": None,
        "/": None,
    }.items():
        async with site.get(path) as answer:
            assert answer.headers.get("link") == link, path
    async with site.get("/assets/app-1a2b.js") as answer:
        assert "link" not in answer.headers


async def test_who_has_a_session_is_told_what_the_page_asks(site: aiohttp.ClientSession) -> None:
    flow = "</assets/flow-1a.js>; rel=modulepreload"
    ask = "</api/v1/namespaces/shop/flowapps/orders>; rel=preload; as=fetch; crossorigin"
    for name in ("headrace_session", "__Host-headrace_session"):
        cookie = {"cookie": f"theme=dark; {name}=1a2b"}
        async with site.get("/n/shop/flows/orders", headers=cookie) as answer:
            assert answer.headers["link"] == f"{VISITOR}, {flow}, {ask}"
        async with site.get("/n/shop/queues", headers=cookie) as answer:
            assert answer.headers["link"] == VISITOR
        async with site.get("/decide", headers=cookie) as answer:
            assert "link" not in answer.headers
        # What would have to be escaped in a header is left to the page.
        for odd in ("/n/shop/flows/a%0d%0ab", "/n/shop/flows/%3e%3b", "/n/b%C3%BCro/flows/orders"):
            async with site.get(URL(odd, encoded=True), headers=cookie) as answer:
                assert answer.headers["link"] == VISITOR, odd


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
