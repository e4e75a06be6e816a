"""The versions of FlowApps: list, get, difference."""

from __future__ import annotations

import difflib
from typing import Annotated, Any

import msgspec
from litestar.params import PathParameter, QueryParameter

from headrace.api.difference import Change, differences
from headrace.api.flowapps import Name, Namespace, known_flowapp
from headrace.api.page import Cursor, Limit, Page, after, cursor
from headrace.api.platform import Platform
from headrace.api.problem import not_found
from headrace.api.route import get
from headrace.api.rule import rule
from headrace.store.flowapps import FlowAppVersion

# What every client can count to.
GENERATION_MAX = 2**53 - 1

Generation = Annotated[int, PathParameter(ge=1, le=GENERATION_MAX, description="Counts from 1.")]


class FlowAppVersionSummary(msgspec.Struct, kw_only=True):
    """A content that a FlowApp had. `generation` counts from 1."""

    generation: int
    version: str
    digest: str
    message: str
    applied_at: float
    applied_by: str


class FlowAppVersionDetail(FlowAppVersionSummary, kw_only=True):
    """A content that a FlowApp had, as it was written."""

    text: str


class Difference(msgspec.Struct, kw_only=True):
    """What differs between two contents: by meaning, and as a unified text."""

    from_generation: int
    to_generation: int
    changes: list[Change]
    text: str


@get("/flowapps/{name:str}/versions", rule("viewer"), tag="FlowApps", id="listVersions")
async def list_versions(
    platform: Platform,
    namespace: Namespace,
    name: Name,
    limit: Limit = 50,
    after_cursor: Cursor = None,
) -> Page[FlowAppVersionSummary]:
    """Return the contents that a FlowApp had, newest first."""
    await known_flowapp(platform, namespace, name)
    key = after(after_cursor, (int,))
    before = None if key is None else int(str(key[0]))
    rows = await platform.flowapps.versions(namespace, name, before=before, limit=limit + 1)
    more = cursor(rows[limit - 1].generation) if len(rows) > limit else None
    return Page(items=[_version_summary(row) for row in rows[:limit]], next=more)


@get(
    "/flowapps/{name:str}/versions/{generation:int}",
    rule("viewer"),
    tag="FlowApps",
    id="getVersion",
)
async def get_version(
    platform: Platform, namespace: Namespace, name: Name, generation: Generation
) -> FlowAppVersionDetail:
    """Return one content that a FlowApp had, as it was written."""
    found = await _version(platform, namespace, name, generation)
    return FlowAppVersionDetail(**_fields(found), text=found.text)


@get("/flowapps/{name:str}/diff", rule("viewer"), tag="FlowApps", id="diffFlowApp")
async def diff_flowapp(
    platform: Platform,
    namespace: Namespace,
    name: Name,
    from_generation: Annotated[
        int | None,
        QueryParameter(
            name="from", ge=1, le=GENERATION_MAX, description="A generation; by default the one before."
        ),
    ] = None,
    to_generation: Annotated[
        int | None,
        QueryParameter(
            name="to", ge=1, le=GENERATION_MAX, description="A generation; by default the current one."
        ),
    ] = None,
) -> Difference:
    """Return what differs between two contents of a FlowApp: by meaning, and as text."""
    row = await known_flowapp(platform, namespace, name)
    to = row.generation if to_generation is None else to_generation
    since = max(to - 1, 1) if from_generation is None else from_generation
    old = await _version(platform, namespace, name, since)
    new = await _version(platform, namespace, name, to)
    before = await platform.definitions.by_digest(old.digest)
    now = await platform.definitions.by_digest(new.digest)
    lines = difflib.unified_diff(
        old.text.splitlines(),
        new.text.splitlines(),
        f"{name} {old.version} (generation {since})",
        f"{name} {new.version} (generation {to})",
        lineterm="",
    )
    return Difference(
        from_generation=since,
        to_generation=to,
        changes=differences(before.definition.flowapp(), now.definition.flowapp()),
        text="\n".join(lines),
    )


async def _version(platform: Platform, namespace: str, name: str, generation: int) -> FlowAppVersion:
    found = await platform.flowapps.version(namespace, name, generation)
    if found is None:
        await known_flowapp(platform, namespace, name)
        raise not_found("generation", str(generation), "list them with GET .../versions")
    return found


def _fields(row: FlowAppVersion) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FlowAppVersionSummary.__struct_fields__}


def _version_summary(row: FlowAppVersion) -> FlowAppVersionSummary:
    return FlowAppVersionSummary(**_fields(row))


NAMESPACED = (list_versions, get_version, diff_flowapp)
