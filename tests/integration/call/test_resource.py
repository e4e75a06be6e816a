"""External resources: from files under the base directory, and over HTTP with validators."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web

from headrace.call import CallError, HostPolicy
from headrace.errors import STANDARD_ERROR_BASE


async def test_files_are_found_by_path_and_uri(make_calls, tmp_path: Path):
    (tmp_path / "a b.json").write_bytes(b"{}")
    resources = make_calls().resources
    for uri in ("a b.json", "a%20b.json", "./a b.json", (tmp_path / "a b.json").as_uri()):
        assert await resources.fetch(uri) == b"{}"


@pytest.mark.parametrize(
    "uri", ["../secret", "file:///etc/passwd", "/etc/passwd", "link", "sub/../../secret"]
)
async def test_files_outside_of_the_base_directory_are_refused_on_a_server(make_calls, tmp_path: Path, uri):
    base = tmp_path / "base"
    base.mkdir()
    (tmp_path / "secret").write_text("s3cret")
    (base / "link").symlink_to(tmp_path / "secret")
    resources = make_calls(policy=HostPolicy(), base_dir=base).resources
    with pytest.raises(CallError) as raised:
        await resources.fetch(uri)
    assert raised.value.error.type == STANDARD_ERROR_BASE + "configuration"


async def test_what_is_not_there_is_a_communication_error(make_calls, serve):
    resources = make_calls().resources
    async with serve([]) as url:
        for uri in ("missing.json", ".", f"{url}/missing.json?key=s3cret"):
            with pytest.raises(CallError) as raised:
                await resources.fetch(uri)
            assert raised.value.error.status == 404
            assert "s3cret" not in str(raised.value.error)


@pytest.mark.parametrize("uri", ["ftp://x/y", "data:text/plain,x", "//host/x", "file://host/x", "a\0b"])
async def test_unusable_references_are_configuration_errors(make_calls, uri):
    with pytest.raises(CallError) as raised:
        await make_calls().resources.fetch(uri)
    assert raised.value.error.type == STANDARD_ERROR_BASE + "configuration"


async def test_what_was_fetched_is_asked_for_again_with_its_validator(make_calls, serve):
    asked: list[tuple[str | None, str | None]] = []
    content = {"etag": '"1"', "text": "one"}

    async def get(request: web.Request) -> web.Response:
        asked.append((request.headers.get("if-none-match"), request.headers.get("authorization")))
        if request.headers.get("if-none-match") == content["etag"]:
            return web.Response(status=304)
        return web.Response(text=content["text"], headers={"etag": content["etag"]})

    resources = make_calls().resources
    async with serve([web.get("/x", get)]) as url:
        assert await resources.fetch(f"{url}/x") == b"one"
        assert await resources.fetch(f"{url}/x") == b"one"
        assert asked == [(None, None)]
        resources._fresh_seconds = 0.0
        assert await resources.fetch(f"{url}/x") == b"one"
        assert asked[1:] == [('"1"', None)]
        content.update(etag='"2"', text="two")
        assert await resources.fetch(f"{url}/x") == b"two"
        policy = {"bearer": {"token": "t"}}
        assert await resources.fetch(f"{url}/x", policy) == b"two"
        assert asked[3:] == [(None, "Bearer t")]


async def test_the_size_is_limited(make_calls, tmp_path: Path):
    (tmp_path / "big").write_bytes(b"x" * 1001)
    with pytest.raises(CallError):
        await make_calls(max_response_bytes=1000).resources.fetch("big")
