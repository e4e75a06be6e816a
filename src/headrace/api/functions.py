"""Functions: where the code of each step runs, and how it is."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import PathParameter, QueryParameter

from headrace.api.page import Page
from headrace.api.platform import Platform
from headrace.api.problem import conflict, not_found
from headrace.api.route import get, post
from headrace.api.rule import rule
from headrace.runtime.definitions import Deployed

PAGE = 500


class FunctionView(msgspec.Struct, kw_only=True):
    """A function of a FlowApp.

    `kind`: `process` (this server runs it), `url` (it is elsewhere), `python` (a callable of this process).
    `state` of a process: stopped (not asked for yet), starting, ready, or backoff (it failed to start).
    `flow_version` is the current one; executions of earlier versions call the same code.
    """

    flow: str
    flow_version: str
    name: str
    kind: str
    delivery: str
    source: str | None = None
    url: str | None = None
    language: str | None = None
    description: str | None = None
    parallelism: int | None = None
    state: str | None = None
    pid: int | None = None
    address: str | None = None
    restarts: int = 0
    last_error: str | None = None


Namespace = Annotated[str, PathParameter(max_length=253, description="A namespace.")]
Flow = Annotated[str, PathParameter(max_length=253, description="A FlowApp's name.")]


@get("/functions", rule("viewer"), tag="Functions", id="listFunctions")
async def list_functions(
    platform: Platform,
    namespace: Namespace,
    flow: Annotated[str | None, QueryParameter(max_length=253, description="Only of this FlowApp.")] = None,
) -> Page[FunctionView]:
    """Return the functions of a namespace, by FlowApp and name."""
    found: list[FunctionView] = []
    after: tuple[str, str] | None = None
    while True:
        rows = await platform.flowapps.page([namespace], after=after, limit=PAGE)
        for row in rows:
            if flow in (None, row.name):
                found += functions_of(platform, await platform.definitions.by_digest(row.digest))
        if len(rows) < PAGE:
            return Page(items=found)
        after = (rows[-1].namespace, rows[-1].name)


@post(
    "/flowapps/{flow:str}/functions/{function:str}/restart",
    rule("operator"),
    tag="Functions",
    id="restartFunction",
    problems=(409,),
)
async def restart_function(
    request: Request[Any, Any, Any],
    platform: Platform,
    namespace: Namespace,
    flow: Flow,
    function: Annotated[str, PathParameter(max_length=253, description="The function's name.")],
) -> FunctionView:
    """End a function's process; the next call starts a new one. Calls in flight are made again."""
    _, deployed = await platform.deploying.current(namespace, flow)
    if function not in deployed.definition.functions:
        raise not_found("function", function)
    host = platform.hosts.host_of(f"{namespace}/{flow}", function)
    if host is None:
        raise conflict("not-here", f"the function {function!r} is not a process of this server")
    before = host.pid(function)
    host.restart(function)
    await platform.record(request, "function.restart", f"{flow}/{function}", before={"pid": before})
    return next(each for each in functions_of(platform, deployed) if each.name == function)


def functions_of(platform: Platform, deployed: Deployed) -> list[FunctionView]:
    """Return the functions of a FlowApp, as they are now."""
    return [
        _function(platform, deployed, name, entry or {})
        for name, entry in deployed.definition.functions.items()
    ]


def _function(platform: Platform, deployed: Deployed, name: str, entry: dict[str, Any]) -> FunctionView:
    view = FunctionView(
        flow=deployed.name,
        flow_version=deployed.version,
        name=name,
        kind="url" if entry.get("url") else "process",
        delivery=entry.get("delivery", "http"),
        source=entry.get("source"),
        url=entry.get("url"),
        language=entry.get("language"),
        description=entry.get("description"),
        parallelism=entry.get("parallelism"),
    )
    if view.kind == "url":
        return view
    host = platform.hosts.host_of(f"{deployed.namespace}/{deployed.name}", name)
    if host is None:
        view.kind = "python"
        return view
    status = host.status()[name]
    view.state, view.pid, view.address = status.state, status.pid, status.address
    view.restarts, view.last_error = status.restarts, status.last_error
    return view


NAMESPACED = (list_functions, restart_function)
