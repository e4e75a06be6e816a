"""The log of changes."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar.datastructures import CacheControlHeader
from litestar.params import QueryParameter

from headrace.access.access import Access
from headrace.api.page import Cursor, Limit, Page, after, cursor
from headrace.api.platform import Caller, Platform
from headrace.api.route import get
from headrace.api.rule import rule
from headrace.store.access import AuditEntry, AuditQuery

_Text = Annotated[str | None, QueryParameter(max_length=300)]
_Time = Annotated[float | None, QueryParameter(description="Epoch seconds (UTC).")]


class Entry(msgspec.Struct, kw_only=True):
    """One change: when, who and from where, what was done to what; before and after without secrets."""

    sequence: int
    at: float
    principal: str
    name: str
    kind: str
    address: str | None
    action: str
    namespace: str | None
    object: str
    before: Any
    after: Any
    request_id: str | None


def _entry(row: AuditEntry) -> Entry:
    fields = {name: getattr(row, name) for name in Entry.__struct_fields__}
    for name in ("before", "after"):
        if fields[name] is not None:
            fields[name] = msgspec.json.decode(fields[name])
    return Entry(**fields)


@get(
    "/api/v1/audit",
    rule("admin", anywhere=True),
    tag="Access",
    id="listChanges",
    cache_control=CacheControlHeader(no_store=True),
)
async def list_changes(
    platform: Platform,
    principal: Caller,
    namespace: _Text = None,
    by: Annotated[
        str | None, QueryParameter(max_length=300, description="A principal's id, `user:ada`.")
    ] = None,
    action: Annotated[
        str | None,
        QueryParameter(max_length=100, description="`flowapp.apply`, or `flowapp` for all of them."),
    ] = None,
    object_name: Annotated[str | None, QueryParameter(name="object", max_length=300)] = None,
    request_id: _Text = None,
    since: _Time = None,
    until: _Time = None,
    limit: Limit = 50,
    after_cursor: Cursor = None,
) -> Page[Entry]:
    """Return changes in the namespaces that the caller administers, newest first."""
    access: Access = platform.access
    key = after(after_cursor, (int,))
    query = AuditQuery(
        namespaces=None if namespace is None else [namespace],
        principal=by,
        action=action,
        object=object_name,
        request_id=request_id,
        since=since,
        until=until,
        before=None if key is None else int(str(key[0])),
        limit=limit + 1,
    )
    rows = await access.audit.page(principal, query)
    more = cursor(rows[limit - 1].sequence) if len(rows) > limit else None
    return Page(items=[_entry(row) for row in rows[:limit]], next=more)


GLOBAL = (list_changes,)
