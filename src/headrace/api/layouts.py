"""Where the nodes of FlowApps stand on the canvas."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson
from litestar import Request, Response
from litestar.datastructures import ResponseHeader
from litestar.params import JSONBody

from headrace.api.conditional import etag_of, require, unless_known
from headrace.api.flowapps import Name, Namespace, known_flowapp
from headrace.api.platform import Caller, Platform
from headrace.api.problem import Problem, not_found
from headrace.api.route import NOT_MODIFIED, get, put
from headrace.api.rule import rule
from headrace.store.flowapps import FlowAppRow

LAYOUT_BYTES_MAX = 1024 * 1024
# Not in the body, which is the layout itself. Not `Last-Modified`: browsers keep such an answer unasked
# (RFC 9111, section 4.2.2).
SAVED_BY = "Headrace-Saved-By"
SAVED_AT = "Headrace-Saved-At"
_SAVED = (
    ResponseHeader(
        name=SAVED_BY,
        description="Who saved it: the name, percent-encoded as in an address. Missing where nobody did.",
        documentation_only=True,
    ),
    ResponseHeader(
        name=SAVED_AT, description="When it was saved, in epoch seconds (UTC).", documentation_only=True
    ),
)


@get(
    "/flowapps/{name:str}/layout",
    rule("viewer"),
    tag="FlowApps",
    id="getLayout",
    responses=NOT_MODIFIED,
    response_headers=_SAVED,
)
async def get_layout(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, name: Name
) -> Response[dict[str, Any]]:
    """Return where the nodes of a FlowApp stand on the canvas; empty where nobody moved any."""
    row = await known_flowapp(platform, namespace, name)
    tag = _etag(row.layout)
    answer = unless_known(request, tag, lambda: {} if row.layout is None else orjson.loads(row.layout))
    answer.headers.update(_saved(row))
    return answer


@put("/flowapps/{name:str}/layout", rule("editor"), tag="FlowApps", id="putLayout", problems=(412,))
async def put_layout(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    name: Name,
    data: JSONBody[dict[str, Any]],
) -> Response[dict[str, Any]]:
    """Keep where the nodes of a FlowApp stand. It is no new version."""
    layout = orjson.dumps(data)
    if len(layout) > LAYOUT_BYTES_MAX:
        raise Problem(413, "too-large", f"the layout has {len(layout)} bytes; {LAYOUT_BYTES_MAX} are taken")
    async with platform.changing("layout", namespace, name):
        before = (await known_flowapp(platform, namespace, name)).layout
        require(request, _etag(before), "layout")
        at, by = platform.clock.now(), principal.name
        if not await platform.flowapps.put_layout(namespace, name, layout, at, by):
            raise not_found("FlowApp", name)
        # Which one it was, not all of where each node stood.
        await platform.record(
            request, "flowapp.layout", name, before={"etag": _etag(before)}, after={"etag": _etag(layout)}
        )
    return Response(data, headers={"etag": _etag(layout)})


def _saved(row: FlowAppRow) -> dict[str, str]:
    if row.layout_saved_at is None or row.layout_saved_by is None:
        return {}
    return {SAVED_BY: quote(row.layout_saved_by), SAVED_AT: f"{row.layout_saved_at:.3f}"}


def _etag(layout: bytes | None) -> str:
    # None, as nobody moved anything, is shown as an empty one.
    return etag_of(layout or b"{}")


NAMESPACED = (get_layout, put_layout)
