"""Documents that a definition refers to: catalogs in a folder and behind a URL, external schemas."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from headrace import ExecutionFaulted, Headrace
from headrace.errors import HeadraceError

DOUBLE = """
input: {schema: {document: {type: object, properties: {n: {type: number}}}}}
set: {n: "${ .n * FACTOR }"}
"""
SCHEMA = '{"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}'


class Site:
    """A web site with a catalog and a schema; counts what is fetched."""

    def __init__(self) -> None:
        self.fetched: list[str] = []
        self.factor = "2"
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.fetched.append(request.path)
        if request.path == "/functions/double/1.0.0/function.yaml":
            return web.Response(text=DOUBLE.replace("FACTOR", self.factor))
        if request.path == "/schema.json":
            return web.Response(text=SCHEMA, content_type="application/json")
        return web.Response(status=404)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    application = web.Application()
    application.router.add_get("/{path:.*}", site.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    port = runner.addresses[0][1]
    site.url = f"http://127.0.0.1:{port}"
    yield site
    await runner.cleanup()


def flow(call: str, use: str = "", schema: str = "") -> str:
    return f"""
document: {{dsl: 1.0.3, namespace: default, name: catalogued, version: 1.0.0}}
{schema}
{use}
do:
  - double: {{call: "{call}", with: {{n: "${{ .n }}"}}}}
"""


async def test_the_default_catalog_is_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "catalog" / "double" / "1.0.0"
    folder.mkdir(parents=True)
    (folder / "function.yaml").write_text(DOUBLE.replace("FACTOR", "3"))
    async with Headrace(tmp_path / "a.db", catalog=tmp_path / "catalog") as headrace:
        deployed = await headrace.deploy(flow("double:1.0.0@default"))
        assert await headrace.run(deployed, {"n": 4}) == {"n": 12}
        with pytest.raises(HeadraceError, match=r"treble:1\.0\.0@default"):
            await headrace.deploy(flow("treble:1.0.0@default"))


async def test_a_catalog_behind_a_url(tmp_path: Path, site: Site) -> None:
    use = f"use: {{catalogs: {{mine: {{endpoint: {{uri: '{site.url}'}}}}}}}}"
    async with Headrace(tmp_path / "a.db") as headrace:
        deployed = await headrace.deploy(flow("double:1.0.0@mine", use))
        assert await headrace.run(deployed, {"n": 4}) == {"n": 8}
        with pytest.raises(ExecutionFaulted, match="is not of type"):
            await headrace.run(deployed, {})


async def test_a_function_by_its_own_url(tmp_path: Path, site: Site) -> None:
    async with Headrace(tmp_path / "a.db") as headrace:
        deployed = await headrace.deploy(flow(f"{site.url}/functions/double/1.0.0/function.yaml"))
        assert await headrace.run(deployed, {"n": 5}) == {"n": 10}


async def test_a_version_keeps_the_documents_that_it_was_deployed_with(tmp_path: Path, site: Site) -> None:
    use = f"use: {{catalogs: {{mine: {{endpoint: '{site.url}'}}}}}}"
    async with Headrace(tmp_path / "a.db") as headrace:
        old = await headrace.deploy(flow("double:1.0.0@mine", use))
    site.factor = "100"
    site.fetched.clear()
    async with Headrace(tmp_path / "a.db") as headrace:
        kept = await headrace.flow("catalogued")
        assert kept.row.digest == old.row.digest
        assert await headrace.run(kept, {"n": 1}) == {"n": 2}
        assert site.fetched == []
        changed = await headrace.deploy(flow("double:1.0.0@mine", use))
        assert changed.row.digest != old.row.digest
        assert await headrace.run(changed, {"n": 1}) == {"n": 100}


async def test_external_schemas(tmp_path: Path, site: Site) -> None:
    schema = f"input: {{schema: {{format: json, resource: {{endpoint: '{site.url}/schema.json'}}}}}}"
    text = flow("double", schema=schema)
    async with Headrace(tmp_path / "a.db", functions={"double": lambda data: data}) as headrace:
        deployed = await headrace.deploy(text)
        assert await headrace.run(deployed, {"n": 5}) == {"n": 5}
        with pytest.raises(ExecutionFaulted) as caught:
            await headrace.run(deployed, {"n": "five"})
        error = caught.value.result.error
        assert error is not None
        assert error["type"].endswith("/errors/validation")
        assert error["instance"] == "/input"
        with pytest.raises(HeadraceError, match=r"nothing\.json"):
            await headrace.deploy(text.replace("schema.json", "nothing.json"))
