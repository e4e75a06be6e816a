"""The arguments of the built-in calls: what `with` of a `call` task holds for each protocol.

A `CallTask` keeps `with_` as it was written, because any value in it may be a runtime expression. These
structs are the typed view, and `ARGUMENTS` tells which one belongs to which call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headrace.spec.component import AuthenticationPolicy, Endpoint, ExternalResource
from headrace.spec.convert import DslObject, build
from headrace.spec.duration import Duration
from headrace.spec.task import SubscriptionIterator

if TYPE_CHECKING:
    import msgspec


class HttpArguments(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`call: http`. `output` is `raw` (base64), `content` or `response`."""

    method: str
    endpoint: Endpoint | str
    headers: dict[str, str] | str | None = None
    body: Any = None
    query: dict[str, Any] | str | None = None
    output: str = "content"
    redirect: bool = False


class OpenApiArguments(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`call: openapi`. `output` is `raw` (base64), `content` or `response`."""

    document: ExternalResource
    operation_id: str
    parameters: dict[str, Any] | None = None
    authentication: AuthenticationPolicy | None = None
    output: str = "content"
    redirect: bool = False


class GrpcService(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The service of a gRPC call, and where it runs."""

    name: str
    host: str
    port: int | None = None
    authentication: AuthenticationPolicy | None = None


class GrpcArguments(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`call: grpc`."""

    proto: ExternalResource
    service: GrpcService
    method: str
    arguments: dict[str, Any] | None = None


class AsyncApiServer(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The server of an AsyncAPI document to use."""

    name: str
    variables: dict[str, Any] | None = None


class AsyncApiOutboundMessage(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The message to publish."""

    payload: dict[str, Any] | None = None
    headers: dict[str, Any] | None = None


class AsyncApiMessageConsumptionPolicy(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a subscription ends: exactly one of `amount`, `while_`, `until`; at the latest after `for_`."""

    amount: int | None = None
    for_: Duration | str | None = None
    while_: str | None = None
    until: str | None = None


class AsyncApiSubscription(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which messages to consume, until when, and what to do with each."""

    consume: AsyncApiMessageConsumptionPolicy
    filter: str | None = None
    foreach: SubscriptionIterator | None = None


class AsyncApiArguments(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`call: asyncapi`. `operation` is for AsyncAPI 3, `channel` for 2.6; `message` or `subscription`."""

    document: ExternalResource
    channel: str | None = None
    operation: str | None = None
    server: AsyncApiServer | None = None
    protocol: str | None = None
    message: AsyncApiOutboundMessage | None = None
    subscription: AsyncApiSubscription | None = None
    authentication: AuthenticationPolicy | None = None


class A2aArguments(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`call: a2a`. `agent_card` or `server` says where the agent is."""

    method: str
    agent_card: ExternalResource | None = None
    server: Endpoint | str | None = None
    parameters: dict[str, Any] | str | None = None


class McpHttpTransport(DslObject, frozen=True, kw_only=True):
    """An MCP server behind streamable HTTP."""

    endpoint: Endpoint | str
    headers: dict[str, str] | None = None


class McpStdioTransport(DslObject, frozen=True, kw_only=True):
    """An MCP server that is started as a process."""

    command: str
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] | None = None


class McpTransport(DslObject, frozen=True, kw_only=True):
    """Exactly one of `http` and `stdio`."""

    http: McpHttpTransport | None = None
    stdio: McpStdioTransport | None = None
    options: dict[str, str] | None = None


class McpClient(DslObject, frozen=True, kw_only=True):
    """How the client introduces itself to the MCP server."""

    name: str
    version: str


class McpArguments(DslObject, frozen=True, kw_only=True):
    """`call: mcp`."""

    method: str
    transport: McpTransport
    protocol_version: str = "2025-06-18"
    parameters: dict[str, Any] | str | None = None
    timeout: Duration | str | None = None
    client: McpClient | None = None


class BatchFile(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of items. `format`: None tells it by the name, `.jsonl`, `.ndjson`, `.csv`, else lines."""

    path: str
    format: str | None = None


class BatchQueue(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A work queue of items; without an `address` it is where the engine's queues are."""

    name: str
    address: str | None = None


class BatchTolerance(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many items may fail: so many, or a share of all (0 to 1). `stop` ends at once beyond."""

    failures: int | None = None
    share: float | None = None
    stop: bool = False


class BatchCollect(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where results go: `file`, `list` or `none`. A file at `path` is in the order of the items."""

    as_: str = "file"
    path: str | None = None


class BatchArguments(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`call: batch`. Exactly one of `items`, `file` and `queue`."""

    function: str = ""
    items: Any = None
    file: BatchFile | None = None
    queue: BatchQueue | None = None
    concurrency: int | str | None = None
    attempts: int | None = None
    lease: Duration | str | None = None
    tolerate: BatchTolerance | None = None
    collect: BatchCollect | str | None = None


ARGUMENTS: dict[str, type[msgspec.Struct]] = {
    "a2a": A2aArguments,
    "asyncapi": AsyncApiArguments,
    "batch": BatchArguments,
    "grpc": GrpcArguments,
    "http": HttpArguments,
    "mcp": McpArguments,
    "openapi": OpenApiArguments,
}

# The names that `call` resolves first, before any function.
BUILT_IN_CALLS = frozenset(ARGUMENTS)


def load_arguments(call: str, arguments: dict[str, Any]) -> msgspec.Struct:
    """Build the typed arguments of a built-in call; `KeyError` when `call` is not one."""
    return build(ARGUMENTS[call], arguments)
