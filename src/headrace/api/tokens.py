"""API tokens: make, list, revoke."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.datastructures import CacheControlHeader
from litestar.params import JSONBody, PathParameter

from headrace.access.access import Access
from headrace.access.token import NAME_CHARACTERS_MAX
from headrace.api.identify import request_id_of
from headrace.api.page import Page
from headrace.api.platform import Caller, Platform
from headrace.api.route import delete, get, post
from headrace.api.rule import rule
from headrace.api.users import Roles
from headrace.store.access import TokenRow

_SECONDS_MAX = 10 * 366 * 24 * 3600


class Token(msgspec.Struct, kw_only=True):
    """A token without its text. Times are epoch seconds (UTC); `last_used_at` is exact to some minutes."""

    id: str
    name: str
    roles: Roles
    created_at: float
    created_by: str
    expires_at: float | None
    last_used_at: float | None


class MadeToken(Token, kw_only=True):
    """A token that was just made. Its text is in this answer, and can never be had again."""

    token: str


class NewToken(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A token to be made. Without `expires_in_seconds` it is good until it is revoked."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_CHARACTERS_MAX)]
    roles: Roles
    expires_in_seconds: Annotated[float, msgspec.Meta(gt=0, le=_SECONDS_MAX)] | None = None


def _fields(row: TokenRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Token.__struct_fields__}


@get(
    "/api/v1/tokens",
    rule("admin", anywhere=True),
    tag="Access",
    id="listTokens",
    cache_control=CacheControlHeader(no_store=True),
)
async def list_tokens(platform: Platform, principal: Caller) -> Page[Token]:
    """Return the tokens of the namespaces that the caller administers, oldest first."""
    access: Access = platform.access
    return Page(items=[Token(**_fields(row)) for row in await access.tokens.list(principal)])


@post("/api/v1/tokens", rule("admin", anywhere=True), tag="Access", id="makeToken", status_code=201)
async def make_token(
    request: Request[Any, Any, Any], platform: Platform, principal: Caller, data: JSONBody[NewToken]
) -> MadeToken:
    """Make a token with roles in namespaces that the caller administers."""
    access: Access = platform.access
    lasts = data.expires_in_seconds
    row, text = await access.tokens.create(
        principal,
        data.name,
        data.roles,
        expires_at=None if lasts is None else platform.clock.now() + lasts,
        request_id=request_id_of(request.scope),
    )
    return MadeToken(**_fields(row), token=text)


@delete(
    "/api/v1/tokens/{token_id:str}",
    rule("admin", anywhere=True),
    tag="Access",
    id="revokeToken",
    problems=(409,),
)
async def revoke_token(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    token_id: Annotated[str, PathParameter(max_length=64, description="The `id` of the token.")],
) -> None:
    """Revoke a token; it is refused at once, and so are sessions that were begun with it."""
    access: Access = platform.access
    await access.tokens.revoke(principal, token_id, request_id=request_id_of(request.scope))


GLOBAL = (list_tokens, make_token, revoke_token)
