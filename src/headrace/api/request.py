"""How the framework reads requests here: JSON by our own limits, and OPTIONS with all methods of a path."""

from __future__ import annotations

from typing import Any

from litestar import Litestar, Request, Response

from headrace.api.json_body import read_json


class ApiRequest(Request[Any, Any, Any]):
    """A request whose JSON is read as that of every other body.

    The framework's own reading takes any media type, integers that cannot be written again, and breaks at
    what is nested deeply.
    """

    async def json(self) -> Any:
        """Return the JSON value in the body. Raises `Problem` 400, 415."""
        return read_json(await self.body(), self.headers.get("content-type", ""), "the body")


class Options:
    """Answers OPTIONS; what the framework makes knows the methods of some of a path's routes only."""

    def __init__(self) -> None:
        self._allow: dict[str, str] = {}

    def learn(self, app: Litestar) -> None:
        """Take note of the methods of every path."""
        methods: dict[str, set[str]] = {}
        for route in app.routes:
            methods.setdefault(route.path_format, set()).update(getattr(route, "methods", ()))
        self._allow = {path: ", ".join(sorted(found)) for path, found in methods.items()}

    async def __call__(self, request: Request[Any, Any, Any]) -> Response[None] | None:
        """Litestar's `before_request`: the answer to OPTIONS, None for everything else."""
        if request.method != "OPTIONS":
            return None
        allow = self._allow.get(request.scope["path_template"], "OPTIONS")
        return Response(None, status_code=204, headers={"allow": allow})
