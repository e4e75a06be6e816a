"""FlowApps: apply, list, get, validate, pause, delete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response
from litestar.openapi.spec import Example, OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.params import PathParameter, QueryParameter

from headrace.access.role import EVERYWHERE
from headrace.api.conditional import etag, expected_generation, unless_known
from headrace.api.examples import FLOWAPP
from headrace.api.failure import place_of
from headrace.api.page import Cursor, Limit, Page, after, cursor
from headrace.api.platform import Caller, Platform, RunningPlatform
from headrace.api.problem import bad_request, changed_meanwhile, not_found
from headrace.api.route import NOT_MODIFIED, also, delete, get, post, put
from headrace.api.rule import rule
from headrace.runtime.definitions import Deployed
from headrace.spec.write import as_text
from headrace.store.flowapps import FlowAppRow


@dataclass
class DefinitionOperation(Operation):
    """An operation whose body is a definition as text."""

    def __post_init__(self) -> None:
        """Describe the body."""
        # Any: what is no definition is told with all its problems, not refused as a request.
        example = OpenAPIMediaType(schema=Schema(), examples={"greet": Example(value=FLOWAPP)})
        self.request_body = RequestBody(
            content={"application/yaml": example, "application/json": example},
            description="A FlowApp, or an OWS document: YAML or JSON.",
            required=True,
        )


class TriggerSummary(msgspec.Struct, kw_only=True):
    """What starts executions of a FlowApp."""

    name: str
    kind: str


class FlowAppSummary(msgspec.Struct, kw_only=True):
    """A FlowApp in a list. Times are epoch seconds (UTC)."""

    namespace: str
    name: str
    version: str
    generation: int
    digest: str
    paused: bool
    created_at: float
    updated_at: float
    updated_by: str


class FlowAppDetail(FlowAppSummary, kw_only=True):
    """A FlowApp with its content. `definition` is the FlowApp as data, `text` as it was written."""

    kind: Literal["FlowApp", "Workflow"]
    text: str
    definition: dict[str, Any]
    triggers: list[TriggerSummary]
    functions: list[str]
    problems: list[dict[str, Any]]
    project: str | None = None


class Validation(msgspec.Struct, kw_only=True):
    """What is wrong with a definition: every problem with its place and remedy."""

    valid: bool
    problems: list[dict[str, Any]]


def summary_of(row: FlowAppRow) -> FlowAppSummary:
    """Return a FlowApp as lists show it."""
    return FlowAppSummary(**{name: getattr(row, name) for name in FlowAppSummary.__struct_fields__})


def detail_of(row: FlowAppRow, deployed: Deployed) -> FlowAppDetail:
    """Return a FlowApp with its content."""
    definition = deployed.definition
    return FlowAppDetail(
        **{name: getattr(row, name) for name in FlowAppSummary.__struct_fields__},
        kind=definition.kind,
        text=row.text,
        definition=definition.flowapp(),
        triggers=[
            TriggerSummary(name=each["name"], kind=next(key for key in each if key != "name"))
            for each in definition.triggers
        ],
        functions=list(definition.functions),
        problems=[place_of(each) for each in deployed.problems],
        project=row.project,
    )


Name = Annotated[str, PathParameter(max_length=253, description="The FlowApp's name.")]
Namespace = Annotated[str, PathParameter(max_length=253, description="A namespace.")]
Message = Annotated[
    str, QueryParameter(max_length=2000, description="What changed and why, for the versions.")
]
Strict = Annotated[bool, QueryParameter(description="Refuse changed content under a used version.")]
APPLY_HEADERS = "If-Match: the ETag that was read; If-None-Match: * to make a new one only."


@get("/flowapps", rule("viewer"), tag="FlowApps", id="listFlowApps")
async def list_flowapps(
    platform: Platform,
    namespace: Namespace,
    search: Annotated[str, QueryParameter(max_length=200, description="A part of the name.")] = "",
    limit: Limit = 100,
    after_cursor: Cursor = None,
) -> Page[FlowAppSummary]:
    """Return the FlowApps of a namespace, by name."""
    key = after(after_cursor, (str,))
    rows = await platform.flowapps.page(
        [namespace],
        search=search,
        after=None if key is None else (namespace, str(key[0])),
        limit=limit + 1,
    )
    more = cursor(rows[limit - 1].name) if len(rows) > limit else None
    return Page(items=[summary_of(row) for row in rows[:limit]], next=more)


@post(
    "/flowapps/validate",
    rule("viewer"),
    tag="FlowApps",
    id="validateFlowApp",
    operation_class=DefinitionOperation,
)
async def validate_flowapp(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace
) -> Validation:
    """Check a definition and return all its problems; nothing is kept."""
    problems = platform.deploying.validate(await _text(request), "flowapp.yaml")
    return Validation(
        valid=not any(each.severity == "error" for each in problems),
        problems=[place_of(each) for each in problems],
    )


@post(
    "/flowapps",
    rule("editor"),
    tag="FlowApps",
    id="applyFlowApp",
    problems=(409, 412, 422),
    status_code=201,
    responses=also(200, FlowAppDetail, "There was one of this name, or nothing is changed."),
    operation_class=DefinitionOperation,
    description=f"Make a definition the current one of its FlowApp. {APPLY_HEADERS}",
)
async def apply_flowapp(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    message: Message = "",
    strict: Strict = False,
) -> Response[FlowAppDetail]:
    """Make a definition the current one of its FlowApp."""
    return await _apply(request, platform, principal, namespace, None, message, strict)


@put(
    "/flowapps/{name:str}",
    rule("editor"),
    tag="FlowApps",
    id="putFlowApp",
    problems=(409, 412, 422),
    responses=also(201, FlowAppDetail, "There was none of this name."),
    operation_class=DefinitionOperation,
    description=f"Make a definition the current one of this FlowApp. {APPLY_HEADERS}",
)
async def put_flowapp(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    name: Name,
    message: Message = "",
    strict: Strict = False,
) -> Response[FlowAppDetail]:
    """Make a definition the current one of this FlowApp."""
    return await _apply(request, platform, principal, namespace, name, message, strict)


async def _apply(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: str,
    name: str | None,
    message: str,
    strict: bool,
) -> Response[FlowAppDetail]:
    text = await _text(request)
    applied = await platform.deploying.apply(
        namespace,
        text,
        by=principal.name,
        name=name,
        message=message,
        strict=strict,
        expected_generation=expected_generation(request),
    )
    row, before = applied.row, applied.before
    if applied.changed:
        await platform.record(
            request,
            "flowapp.apply",
            row.name,
            before=None if before is None else {"version": before.version, "digest": before.digest},
            after={"version": row.version, "digest": row.digest, "message": message},
        )
    return Response(
        detail_of(row, applied.deployed),
        status_code=201 if row.generation == 1 and applied.changed else 200,
        headers={"etag": etag(row.generation, row.paused)},
    )


async def _text(request: Request[Any, Any, Any]) -> str:
    body = await request.body()
    if not body.strip():
        raise bad_request("empty-body", "the body is empty", remedy="send a FlowApp as YAML or JSON")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise bad_request("not-utf-8", f"the body is not UTF-8 text: {error}") from error


@get("/flowapps/{name:str}", rule("viewer"), tag="FlowApps", id="getFlowApp", responses=NOT_MODIFIED)
async def get_flowapp(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, name: Name
) -> Response[FlowAppDetail]:
    """Return a FlowApp with its content, and an ETag for changing it."""
    row, deployed = await platform.deploying.current(namespace, name)
    return unless_known(request, etag(row.generation, row.paused), lambda: detail_of(row, deployed))


@get(
    "/flowapps/{name:str}/definition",
    rule("viewer"),
    tag="FlowApps",
    id="getFlowAppText",
    responses=NOT_MODIFIED,
    media_type="application/yaml",
)
async def get_definition(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, name: Name
) -> Response[str]:
    """Return a FlowApp's definition as it was written."""
    row, _ = await platform.deploying.current(namespace, name)
    tag = etag(row.generation, row.paused)
    return unless_known(request, tag, lambda: row.text, media_type="application/yaml")


@get(
    "/flowapps/{name:str}/ows",
    rule("viewer"),
    tag="FlowApps",
    id="getFlowAppAsOws",
    responses=NOT_MODIFIED,
    media_type="application/yaml",
    description="Return a FlowApp as an OWS document, for any runtime of the language. What the language has "
    "no word for is in the document's metadata; applied again, it is the same FlowApp.",
)
async def get_ows(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, name: Name
) -> Response[str]:
    """Return a FlowApp as an OWS document."""
    row, deployed = await platform.deploying.current(namespace, name)
    tag = etag(row.generation, row.paused)
    return unless_known(request, tag, lambda: as_text(deployed.definition.ows), media_type="application/yaml")


@post(
    "/flowapps/{name:str}/pause",
    rule("operator"),
    tag="FlowApps",
    id="pauseFlowApp",
)
async def pause_flowapp(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    name: Name,
) -> FlowAppSummary:
    """Let a FlowApp's triggers start nothing more; what runs goes on."""
    return await _pause(request, platform, principal, namespace, name, True)


@post(
    "/flowapps/{name:str}/resume",
    rule("operator"),
    tag="FlowApps",
    id="resumeFlowApp",
)
async def resume_flowapp(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    name: Name,
) -> FlowAppSummary:
    """Let a FlowApp's triggers start executions again."""
    return await _pause(request, platform, principal, namespace, name, False)


async def _pause(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: str,
    name: str,
    paused: bool,
) -> FlowAppSummary:
    before = await known_flowapp(platform, namespace, name)
    row = await platform.deploying.pause(namespace, name, paused, principal.name)
    await platform.record(
        request,
        "flowapp.pause" if paused else "flowapp.resume",
        name,
        before={"paused": before.paused},
        after={"paused": paused},
    )
    return summary_of(row)


@delete(
    "/flowapps/{name:str}",
    rule("editor"),
    tag="FlowApps",
    id="deleteFlowApp",
    problems=(412,),
    description="Undeploy a FlowApp: nothing starts any more, history stays. If-Match is heeded.",
)
async def delete_flowapp(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, name: Name
) -> None:
    """Undeploy a FlowApp."""
    row = await known_flowapp(platform, namespace, name)
    expected = expected_generation(request)
    if expected not in (None, row.generation):
        raise changed_meanwhile(
            f"the FlowApp is at generation {row.generation}, not at {expected}",
            etag(row.generation, row.paused),
        )
    await platform.deploying.remove(namespace, name)
    await platform.record(
        request, "flowapp.delete", name, before={"version": row.version, "digest": row.digest}
    )


@get("/api/v1/namespaces", rule("viewer", anywhere=True), tag="FlowApps", id="listNamespaces")
async def list_namespaces(platform: Platform, principal: Caller) -> list[str]:
    """Return the namespaces that have a FlowApp, of those that the caller may see."""
    names = await platform.flowapps.namespaces()
    if EVERYWHERE in principal.roles:
        return list(names)
    return sorted({name for name in names if name in principal.roles} | set(principal.roles))


async def known_flowapp(platform: RunningPlatform, namespace: str, name: str) -> FlowAppRow:
    """Return a FlowApp of this namespace. Raises `Problem` 404 for any other."""
    row = await platform.flowapps.get(namespace, name)
    if row is None:
        raise not_found("FlowApp", name, "list them with GET .../flowapps")
    return row


NAMESPACED = (
    list_flowapps,
    validate_flowapp,
    apply_flowapp,
    put_flowapp,
    get_flowapp,
    get_definition,
    get_ows,
    pause_flowapp,
    resume_flowapp,
    delete_flowapp,
)
GLOBAL = (list_namespaces,)
