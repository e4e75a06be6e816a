"""Flows as tools of the Model Context Protocol (Streamable HTTP, JSON answers, no session).

Each FlowApp that the caller may start is a tool; its input schema is the workflow's. A call waits for the
end for a while; what takes longer is asked for again with the tool `execution`.
"""

from __future__ import annotations

import re
from typing import Any

import orjson
from litestar import Request, Response

from headrace.access.role import allows
from headrace.api.execution import starter_of
from headrace.api.outcome import told
from headrace.api.platform import Caller, Platform
from headrace.api.route import post
from headrace.api.rule import rule
from headrace.errors import HeadraceError
from headrace.runtime.definitions import Deployed
from headrace.runtime.waiter import result_within
from headrace.store.flowapps import FlowAppRow

PROTOCOL_VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26")
WAIT_SECONDS = 60.0
PAGE = 500
TOOLS_MAX = 1000
TRIGGER = "mcp"
# The argument that is the input, for a flow whose input is no object.
WRAPPED = "input"

# JSON-RPC 2.0, section 5.1.
PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602

LOOK_TOOL = "execution"
_LOOK: dict[str, Any] = {
    "name": LOOK_TOOL,
    "title": "Look at an execution",
    "description": "Return how an execution is, and its output when it has ended. Waits a while for the end.",
    "inputSchema": {
        "type": "object",
        "properties": {
            "namespace": {"type": "string"},
            "id": {"type": "string", "description": "The id that a flow's tool returned."},
        },
        "required": ["namespace", "id"],
    },
    "annotations": {"readOnlyHint": True, "idempotentHint": True},
}


class _RpcError(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@post(
    "/mcp",
    rule("viewer", anywhere=True),
    tag="Executions",
    id="mcp",
    include_in_schema=False,
)
async def mcp(request: Request[Any, Any, Any], platform: Platform, principal: Caller) -> Response[bytes]:
    """Answer one JSON-RPC message of an MCP client."""
    try:
        message = orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        return _answer(_failed(None, PARSE_ERROR, f"not JSON: {error}"), 400)
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        return _answer(_failed(None, INVALID_REQUEST, "not a JSON-RPC 2.0 message"), 400)
    if "id" not in message or not isinstance(message.get("method"), str):
        return Response(b"", status_code=202)  # a notification, or an answer to what we never asked
    number = message["id"]
    params = message.get("params") or {}
    if not isinstance(params, dict):
        return _answer(_failed(number, INVALID_PARAMS, "`params` is no object"))
    try:
        result = await _perform(platform, principal, message["method"], params, request)
    except _RpcError as error:
        return _answer(_failed(number, error.code, error.message))
    return _answer({"jsonrpc": "2.0", "id": number, "result": result})


def _answer(data: dict[str, Any], status: int = 200) -> Response[bytes]:
    return Response(orjson.dumps(data), status_code=status, media_type="application/json")


def _failed(number: Any, code: int, message: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": message}}


async def _perform(
    platform: Platform, principal: Caller, method: str, params: dict[str, Any], request: Any
) -> dict[str, Any]:
    if method == "initialize":
        asked = params.get("protocolVersion")
        return {
            "protocolVersion": asked if asked in PROTOCOL_VERSIONS else PROTOCOL_VERSIONS[0],
            "capabilities": {"tools": {"listChanged": False}},
            "serverInfo": {"name": "headrace", "title": "Headrace", "version": platform.version},
            "instructions": "Each tool runs a workflow. Every run is on record under its execution id.",
        }
    if method == "ping":
        return {}
    if method == "tools/list":
        tools = [_tool(row, deployed) for row, deployed in await _flows(platform, principal)]
        return {"tools": [*tools, _LOOK]}
    if method == "tools/call":
        return await _call(platform, principal, params, request)
    raise _RpcError(METHOD_NOT_FOUND, f"there is no method {method!r} here; there are tools")


async def _flows(platform: Platform, principal: Caller) -> list[tuple[FlowAppRow, Deployed]]:
    """Return the FlowApps that the caller may start, with their content."""
    found: list[tuple[FlowAppRow, Deployed]] = []
    after: tuple[str, str] | None = None
    while len(found) < TOOLS_MAX:
        rows = await platform.flowapps.page(after=after, limit=PAGE)
        found += [
            (row, await platform.definitions.by_digest(row.digest))
            for row in rows
            if not row.paused and allows(principal, "operator", row.namespace)
        ]
        if len(rows) < PAGE:
            break
        after = (rows[-1].namespace, rows[-1].name)
    return found[:TOOLS_MAX]


def tool_name(namespace: str, name: str) -> str:
    """Return the name of a flow's tool: `namespace__name`, with the characters that clients take."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", f"{namespace}__{name}")[:128]


def _tool(row: FlowAppRow, deployed: Deployed) -> dict[str, Any]:
    document = deployed.definition.workflow.document
    summary = document.summary or document.title or f"Run the workflow {row.namespace}/{row.name}."
    return {
        "name": tool_name(row.namespace, row.name),
        "title": document.title or row.name,
        "description": f"{summary}\n\nWorkflow {row.namespace}/{row.name}, version {row.version}.",
        "inputSchema": _input_schema(deployed),
    }


def _input_schema(deployed: Deployed) -> dict[str, Any]:
    """Return the schema of a tool's arguments: an object, as the protocol wants, whatever the flow takes."""
    schema = ((deployed.definition.ows.get("input") or {}).get("schema") or {}).get("document")
    if not isinstance(schema, dict):
        return {"type": "object"}
    if schema.get("type", "object") == "object":
        return {"type": "object", **schema}
    return {"type": "object", "properties": {WRAPPED: schema}, "required": [WRAPPED]}


def _input_of(deployed: Deployed, arguments: dict[str, Any]) -> Any:
    """Return the flow's input out of a tool's arguments."""
    schema = _input_schema(deployed)
    return arguments.get(WRAPPED) if schema.get("required") == [WRAPPED] else arguments


async def _call(
    platform: Platform, principal: Caller, params: dict[str, Any], request: Any
) -> dict[str, Any]:
    name, arguments = params.get("name"), params.get("arguments") or {}
    if not isinstance(arguments, dict):
        raise _RpcError(INVALID_PARAMS, "`arguments` is no object")
    if name == LOOK_TOOL:
        return await _look(platform, principal, arguments)
    known = {
        tool_name(row.namespace, row.name): (row, flow) for row, flow in await _flows(platform, principal)
    }
    if name not in known:
        raise _RpcError(INVALID_PARAMS, f"there is no tool {name!r}, or it is not yours to use")
    row, deployed = known[name]
    try:
        data = _input_of(deployed, arguments)
        execution_id = await platform.runtime.start_execution(
            deployed, data, trigger=TRIGGER, started_by=starter_of(principal)
        )
        return await _outcome(platform, row.namespace, execution_id, deployed)
    except HeadraceError as error:
        return _content(str(error), is_error=True)


async def _look(platform: Platform, principal: Caller, arguments: dict[str, Any]) -> dict[str, Any]:
    namespace, execution_id = arguments.get("namespace"), arguments.get("id")
    row = await platform.store.execution(str(execution_id))
    visible = row is not None and row.namespace == namespace and allows(principal, "viewer", row.namespace)
    if row is None or not visible:
        return _content(f"there is no execution {execution_id!r} in namespace {namespace!r}", is_error=True)
    deployed = await platform.definitions.by_digest(row.definition_digest)
    return await _outcome(platform, row.namespace, row.id, deployed)


async def _outcome(
    platform: Platform, namespace: str, execution_id: str, deployed: Deployed
) -> dict[str, Any]:
    try:
        result = await result_within(platform.runtime, execution_id, WAIT_SECONDS)
    except HeadraceError as error:
        raise _RpcError(INVALID_REQUEST, str(error)) from error
    about = {"namespace": namespace, "execution": execution_id}
    if result is None:
        return _content(
            f"The execution {execution_id} goes on; ask for it with the tool `{LOOK_TOOL}`.",
            structured={**about, "status": "running"},
        )
    result = await told(platform, result)
    if result.status == "completed":
        return _content(
            orjson.dumps(result.output, option=orjson.OPT_INDENT_2).decode(),
            structured={**about, "status": result.status, "output": result.output},
        )
    text = orjson.dumps(result.error, option=orjson.OPT_INDENT_2).decode()
    return _content(
        f"The execution {execution_id} {result.status}: {text}",
        structured={**about, "status": result.status, "error": result.error},
        is_error=True,
    )


def _content(
    text: str, *, structured: dict[str, Any] | None = None, is_error: bool = False
) -> dict[str, Any]:
    content: dict[str, Any] = {"content": [{"type": "text", "text": text}], "isError": is_error}
    if structured is not None:
        content["structuredContent"] = structured
    return content


HANDLERS = (mcp,)
