"""The shapes of the tasks and of the arguments of the built-in calls (dsl-reference.md, "Task")."""

from __future__ import annotations

from typing import Any

from headrace.spec import text_rules
from headrace.spec.approval_grammar import LISTEN_METADATA, approval_listens_for_one
from headrace.spec.batch_grammar import BATCH
from headrace.spec.grammar import (
    AUTHENTICATION,
    CONDITION,
    DATA,
    DURATION,
    EMITTED_EVENT,
    ENDPOINT,
    ERROR,
    ERROR_FILTER,
    EXPORT,
    EXPRESSION,
    EXTERNAL_RESOURCE,
    INPUT,
    OUTPUT,
    PLAIN,
    READ,
    RETRY_POLICY,
    RUNTIME_EXPRESSION,
    STRATEGY,
    TASK,
    TASK_LIST,
    TASKS,
    TEXT,
    TEXTS,
    TIMEOUT_OR_NAME,
    VALUE,
)
from headrace.spec.problem import escape, listed, nearest
from headrace.spec.scopes import (
    TASK_BEFORE,
    TASK_BODY,
    TASK_EXPORT,
    at,
    branches,
    inside_catch,
    inside_for,
    inside_foreach,
)
from headrace.spec.shape import (
    Anything,
    Either,
    Flag,
    ListOf,
    MapOf,
    NamedList,
    Number,
    Object,
    Property,
    Rule,
    Shape,
    Text,
    Unportable,
    Variant,
    Whole,
)
from headrace.spec.walk import Walk

_BASE: dict[str, Shape | Property] = {
    "if": Property(CONDITION, at("`if` of a task", TASK_BEFORE)),
    "input": Property(INPUT, at("`input.from` of a task", TASK_BEFORE)),
    "output": Property(OUTPUT, at("`output.as` of a task", TASK_BODY)),
    "export": Property(EXPORT, at("`export.as` of a task", TASK_EXPORT)),
    "timeout": TIMEOUT_OR_NAME,
    "then": Text(role="then"),
    "metadata": MapOf(Anything()),
}


def _task(
    kind: str,
    properties: dict[str, Shape | Property],
    required: tuple[str, ...],
    rules: tuple[Rule, ...] = (),
) -> Object:
    return Object(
        f"a `{kind}` task",
        {**_BASE, **properties},
        required=required,
        rules=rules,
        rescope=at(f"a `{kind}` task", TASK_BODY),
    )


# --- calls ----------------------------------------------------------------------------------------------

_NUMBER_IN_QUERY = ("other runtimes take only texts in `query`", "put it in quotes")
_QUERY_VALUE = Either(TEXT, Unportable(Number(), *_NUMBER_IN_QUERY), Unportable(Flag(), *_NUMBER_IN_QUERY))
_FOR_ITEM = Either(
    DATA,
    Unportable(
        VALUE, "other runtimes take only maps as the items of `in`", "write the list as `${ [1, 2, 3] }`"
    ),
)
_HEADERS = Either(MapOf(TEXT), RUNTIME_EXPRESSION)
_PARAMETERS = Either(DATA, TEXT)
_CONTENT = Text(values=("raw", "content", "response"))
_ASYNCAPI_PROTOCOLS = (
    "amqp",
    "amqp1",
    "anypointmq",
    "googlepubsub",
    "http",
    "ibmmq",
    "jms",
    "kafka",
    "mercure",
    "mqtt",
    "mqtt5",
    "nats",
    "pulsar",
    "redis",
    "sns",
    "solace",
    "sqs",
    "stomp",
    "ws",
)
_A2A_METHODS = (
    "message/send",
    "message/stream",
    "tasks/get",
    "tasks/list",
    "tasks/cancel",
    "tasks/resubscribe",
    "tasks/pushNotificationConfig/set",
    "tasks/pushNotificationConfig/get",
    "tasks/pushNotificationConfig/list",
    "tasks/pushNotificationConfig/delete",
    "agent/getAuthenticatedExtendedCard",
)
_MCP_METHODS = (
    "tools/list",
    "tools/call",
    "prompts/list",
    "prompts/get",
    "resources/list",
    "resources/read",
    "resources/templates/list",
)

FOREACH = Object(
    "`foreach`",
    {
        "item": PLAIN,
        "at": PLAIN,
        "do": TASKS,
        "output": OUTPUT,
        "export": Property(EXPORT, at("`export.as` of `foreach`", TASK_EXPORT)),
    },
    rescope=inside_foreach,
)


def _at_least_one_parameter(walk: Walk, data: dict[str, Any], pointer: str) -> None:
    if data.get("parameters") == {}:
        walk.error(
            "empty", f"{pointer}/parameters", "the map needs at least one entry", "remove it if there is none"
        )


def _agent_somewhere(walk: Walk, data: dict[str, Any], pointer: str) -> None:
    if "agentCard" not in data and "server" not in data:
        # The reference requires one; the schema does not say so.
        walk.error(
            "agent",
            pointer,
            "an A2A call needs `agentCard` or `server`",
            "say where the agent is",
            at_key=True,
        )


ARGUMENT_SHAPES: dict[str, Object] = {
    "asyncapi": Object(
        "an AsyncAPI call",
        {
            "document": EXTERNAL_RESOURCE,
            "channel": TEXT,
            "operation": TEXT,
            "server": Object("a server", {"name": TEXT, "variables": DATA}, required=("name",)),
            "protocol": Text(values=_ASYNCAPI_PROTOCOLS),
            "message": Object("a message", {"payload": DATA, "headers": DATA}),
            "subscription": Object(
                "a subscription",
                {
                    "filter": RUNTIME_EXPRESSION,
                    "consume": Object(
                        "`consume`",
                        {
                            "amount": Whole(),
                            "for": DURATION,
                            "while": RUNTIME_EXPRESSION,
                            "until": RUNTIME_EXPRESSION,
                        },
                        one_of=(("amount", "while", "until"),),
                    ),
                    "foreach": FOREACH,
                },
                required=("consume",),
            ),
            "authentication": AUTHENTICATION,
        },
        required=("document",),
        one_of=(("operation", "channel"), ("message", "subscription")),
    ),
    "grpc": Object(
        "a gRPC call",
        {
            "proto": EXTERNAL_RESOURCE,
            "service": Object(
                "a service",
                {
                    "name": TEXT,
                    "host": Text(
                        pattern=text_rules.HOST,
                        means="a host name without scheme and port",
                        example="api.example.com",
                    ),
                    "port": Whole(0, 65535),
                    "authentication": AUTHENTICATION,
                },
                required=("name", "host"),
            ),
            "method": TEXT,
            "arguments": DATA,
        },
        required=("proto", "service", "method"),
    ),
    "http": Object(
        "an HTTP call",
        {
            "method": TEXT,
            "endpoint": ENDPOINT,
            "headers": _HEADERS,
            "body": VALUE,
            "query": Either(MapOf(_QUERY_VALUE), RUNTIME_EXPRESSION),
            "output": _CONTENT,
            "redirect": Flag(),
        },
        required=("method", "endpoint"),
    ),
    "openapi": Object(
        "an OpenAPI call",
        {
            "document": EXTERNAL_RESOURCE,
            "operationId": TEXT,
            "parameters": DATA,
            "authentication": AUTHENTICATION,
            "output": _CONTENT,
            "redirect": Flag(),
        },
        required=("document", "operationId"),
    ),
    "a2a": Object(
        "an A2A call",
        {
            "agentCard": EXTERNAL_RESOURCE,
            "server": ENDPOINT,
            "method": Text(values=_A2A_METHODS),
            "parameters": _PARAMETERS,
        },
        required=("method",),
        rules=(_at_least_one_parameter, _agent_somewhere),
    ),
    "mcp": Object(
        "an MCP call",
        {
            "protocolVersion": PLAIN,
            "method": Text(values=_MCP_METHODS),
            "parameters": _PARAMETERS,
            "timeout": DURATION,
            "transport": Object(
                "a transport",
                {
                    "http": Object(
                        "an HTTP transport",
                        {"endpoint": ENDPOINT, "headers": MapOf(TEXT)},
                        required=("endpoint",),
                        open_=True,
                    ),
                    "stdio": Object(
                        "a stdio transport",
                        {"command": TEXT, "arguments": TEXTS, "environment": MapOf(TEXT)},
                        required=("command",),
                        open_=True,
                    ),
                    "options": MapOf(TEXT),
                },
                one_of=(("http", "stdio"),),
                open_=True,
            ),
            "client": Object(
                "a client", {"name": TEXT, "version": TEXT}, required=("name", "version"), open_=True
            ),
        },
        required=("method", "transport"),
        open_=True,
    ),
    "batch": BATCH,
}
_CALL = Text(role="call")
_BUILT_IN_CALLS = {
    name: _task("call", {"call": _CALL, "with": arguments}, ("call", "with"))
    for name, arguments in ARGUMENT_SHAPES.items()
}
_FUNCTION_CALL = _task("call", {"call": _CALL, "with": DATA}, ("call",))

# --- processes ------------------------------------------------------------------------------------------


def _cleanup_after(walk: Walk, data: dict[str, Any], pointer: str) -> None:
    if data.get("cleanup", "eventually") == "eventually":
        if "after" not in data:
            message = "`cleanup: eventually` needs `after`, the time until the cleanup"
            walk.error("missing-property", pointer, message, at_key=True)
    elif "after" in data:
        walk.error(
            "exclusive-properties",
            f"{pointer}/after",
            "`after` only goes with `cleanup: eventually`",
            "remove one of them",
            at_key=True,
        )


_INPUT_OF_PROCESS: dict[str, Shape | Property] = {"stdin": TEXT, "arguments": TEXTS, "environment": DATA}
_PROCESSES: dict[str, Shape | Property] = {
    "container": Object(
        "a container",
        {
            "image": TEXT,
            "name": TEXT,
            "command": TEXT,
            "ports": DATA,
            "volumes": DATA,
            **_INPUT_OF_PROCESS,
            "lifetime": Object(
                "a lifetime",
                {"cleanup": Text(values=("always", "never", "eventually")), "after": DURATION},
                required=("cleanup",),
                rules=(_cleanup_after,),
            ),
            "pullPolicy": Text(values=("ifNotPresent", "always", "never")),
        },
        required=("image",),
    ),
    "script": Object(
        "a script",
        {
            "language": Text(role="script-language"),
            "code": PLAIN,
            "source": EXTERNAL_RESOURCE,
            **_INPUT_OF_PROCESS,
        },
        required=("language",),
        one_of=(("code", "source"),),
    ),
    "shell": Object("a shell process", {"command": TEXT, **_INPUT_OF_PROCESS}, required=("command",)),
    "workflow": Object(
        "a workflow to run",
        {"namespace": TEXT, "name": TEXT, "version": TEXT, "input": DATA},
        required=("namespace", "name", "version"),
    ),
}

# --- the other tasks ------------------------------------------------------------------------------------

_CASE = Object("a case", {"when": CONDITION, "then": Text(role="then")}, required=("then",))
_CATCH = Object(
    "`catch`",
    {
        "errors": Object("`errors`", {"with": ERROR_FILTER}, open_=True),
        "as": PLAIN,
        "when": CONDITION,
        "exceptWhen": CONDITION,
        "retry": Either(RETRY_POLICY, Text(role="retry-name")),
        "do": TASKS,
        "then": Text(role="then"),
    },
    rescope=inside_catch,
)
TASK_SHAPES: dict[str, Object] = {
    "call": _FUNCTION_CALL,
    "do": _task("do", {"do": TASKS}, ("do",)),
    "emit": _task(
        "emit",
        {
            "emit": Object(
                "`emit`",
                {"event": Object("`event`", {"with": EMITTED_EVENT}, open_=True)},
                required=("event",),
            )
        },
        ("emit",),
    ),
    "for": _task(
        "for",
        {
            "for": Object(
                "`for`",
                {"each": PLAIN, "in": Either(EXPRESSION, ListOf(_FOR_ITEM)), "at": PLAIN},
                required=("in",),
            ),
            "while": Property(CONDITION, inside_for),
            "do": Property(TASKS, inside_for),
        },
        ("for", "do"),
    ),
    "fork": _task(
        "fork",
        {
            "fork": Object(
                "`fork`",
                {
                    "branches": NamedList(TASK, "branch", "branches", rescope=branches),
                    "compete": Flag(),
                },
                required=("branches",),
            )
        },
        ("fork",),
    ),
    "listen": _task(
        "listen",
        {
            "listen": Object("`listen`", {"to": STRATEGY, "read": READ}, required=("to",)),
            "foreach": FOREACH,
            "metadata": LISTEN_METADATA,
        },
        ("listen",),
        (approval_listens_for_one,),
    ),
    "raise": _task(
        "raise",
        {"raise": Object("`raise`", {"error": Either(ERROR, Text(role="error-name"))}, required=("error",))},
        ("raise",),
    ),
    "run": _task(
        "run",
        {
            "run": Object(
                "`run`",
                {
                    "await": Flag(),
                    "return": Text(values=("stdout", "stderr", "code", "all", "none")),
                    **_PROCESSES,
                },
                one_of=(tuple(_PROCESSES),),
            )
        },
        ("run",),
    ),
    "set": _task("set", {"set": Either(MapOf(Anything(), minimum=1, role="template"), TEXT)}, ("set",)),
    "switch": _task("switch", {"switch": NamedList(_CASE, "case", "cases", minimum=1)}, ("switch",)),
    "try": _task("try", {"try": TASKS, "catch": _CATCH}, ("try", "catch")),
    "wait": _task("wait", {"wait": DURATION}, ("wait",)),
}
# In the order in which the kind is looked for: a `for` task has a `do` too.
KINDS = ("call", "for", "fork", "emit", "listen", "raise", "run", "set", "switch", "try", "wait", "do")


def _choose(walk: Walk, data: dict[str, Any], pointer: str) -> tuple[Shape, frozenset[str]] | None:
    """Choose the shape of a task by its properties; the names of other kinds are reported here, once."""
    present = [kind for kind in KINDS if kind in data]
    if not present:
        _no_kind(walk, data, pointer)
        return None
    kind = present[0]
    shape = TASK_SHAPES[kind]
    others = frozenset(other for other in present if other not in shape.properties)
    for other in sorted(others, key=list(data).index):
        walk.error(
            "task-kind",
            f"{pointer}/{escape(other)}",
            f"a task does one thing, and this one has `{kind}` and `{other}`",
            "make two tasks of it",
            at_key=True,
        )
    if kind == "call" and isinstance(data["call"], str) and data["call"] in _BUILT_IN_CALLS:
        shape = _BUILT_IN_CALLS[data["call"]]
    return shape, others


def _no_kind(walk: Walk, data: dict[str, Any], pointer: str) -> None:
    for name in data:
        if name not in _BASE and (match := nearest(name, KINDS)):
            walk.error(
                "unknown-property",
                f"{pointer}/{escape(name)}",
                f"unknown property `{name}`",
                f"did you mean `{match}`?",
                at_key=True,
            )
            return
    walk.error("task-kind", pointer, f"a task needs one of {listed(sorted(KINDS))}", at_key=True)


DEFINITIONS: dict[str, Shape] = {"task": Variant(_choose), "tasks": TASK_LIST}
