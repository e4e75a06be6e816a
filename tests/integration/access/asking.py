"""Requests as the guard sees them."""

from __future__ import annotations

from headrace.access.access import Access
from headrace.access.role import Principal
from headrace.access.session import cookie_name

ADDRESS = "127.0.0.1"


async def by_token(access: Access, token: str, method: str = "GET", address: str = ADDRESS) -> Principal:
    """Return who makes a request with a bearer token."""
    headers = [(b"host", b"localhost:8420"), (b"authorization", b"Bearer " + token.encode())]
    return await access.guard.identify(method, headers, address)


async def by_cookie(
    access: Access,
    session_id: str,
    method: str = "GET",
    scheme: str = "http",
    host: str = "localhost:8420",
    **more: str,
) -> Principal:
    """Return who makes a request with a session's cookie; `more` are other headers, `_` for `-`."""
    cookie = f"theme=dark; {cookie_name(access.guard.secure(scheme))}={session_id}"
    headers = [(b"host", host.encode()), (b"cookie", cookie.encode())]
    headers += [(name.replace("_", "-").encode(), value.encode()) for name, value in more.items()]
    return await access.guard.identify(method, headers, ADDRESS, scheme=scheme)


async def administrator(access: Access) -> Principal:
    """Return the administrator of a new store."""
    assert access.first_token is not None
    return await by_token(access, access.first_token)
