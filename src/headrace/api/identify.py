"""From an ASGI scope to a principal, for the framework's routes and the hot ones alike."""

from __future__ import annotations

from typing import Any

from headrace.access.access import Access
from headrace.access.failure import Refused
from headrace.access.role import Principal
from headrace.api.failure import problem_of
from headrace.api.platform import Identify


def identifier(access: Access) -> Identify:
    """Return what tells who makes a request. It raises `Problem`: 401 who is it?, 403 without CSRF proof."""
    identify = access.guard.identify

    async def of_scope(scope: Any) -> Principal:
        try:
            return await identify(
                scope["method"],
                scope["headers"],
                address_of(access, scope),
                scheme=scope.get("scheme", "http"),
            )
        except Refused as refused:
            raise problem_of(refused) from refused

    return of_scope


def address_of(access: Access, scope: Any) -> str | None:
    """Return where a request comes from."""
    client = scope.get("client")
    return access.proxies.client(None if client is None else str(client[0]), scope["headers"])


def request_id_of(scope: Any) -> str | None:
    """Return the id of a request, for the log of changes."""
    found: str | None = scope.get("headrace_request_id")
    return found
