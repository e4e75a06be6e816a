"""As much of httpbin as the conformance kit calls."""

from __future__ import annotations

import base64

from aiohttp import web

HOST = "httpbin.org"


async def httpbin(request: web.Request) -> web.StreamResponse:
    """Answer `/basic-auth/{user}/{password}`: 401 unless these very credentials come."""
    parts = request.path.split("/")[1:]
    if len(parts) != 3 or parts[0] != "basic-auth":
        return web.json_response({"title": "not found"}, status=404)
    wanted = "Basic " + base64.b64encode(f"{parts[1]}:{parts[2]}".encode()).decode()
    if request.headers.get("Authorization") != wanted:
        return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="Fake Realm"'})
    return web.json_response({"authenticated": True, "user": parts[1]})
