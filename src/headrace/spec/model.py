"""The workflow of the Open Workflow Specification DSL 1.0, as typed data (dsl-reference.md).

`load_workflow` builds it from plain data that `headrace.spec.validate` found without errors. This module
is the one to import from: it also gives the tasks (`task`), their parts (`component`), the arguments of
the built-in calls (`call_arguments`) and durations (`duration`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from headrace.spec.call_arguments import (
    ARGUMENTS,
    BUILT_IN_CALLS,
    A2aArguments,
    AsyncApiArguments,
    AsyncApiMessageConsumptionPolicy,
    AsyncApiOutboundMessage,
    AsyncApiServer,
    AsyncApiSubscription,
    GrpcArguments,
    GrpcService,
    HttpArguments,
    McpArguments,
    McpClient,
    McpHttpTransport,
    McpStdioTransport,
    McpTransport,
    OpenApiArguments,
    load_arguments,
)
from headrace.spec.component import (
    AuthenticationPolicy,
    Backoff,
    BasicAuthentication,
    BearerAuthentication,
    Catalog,
    CatchErrors,
    Correlation,
    DigestAuthentication,
    Endpoint,
    Error,
    ErrorFilter,
    EventConsumptionStrategy,
    EventFilter,
    EventProperties,
    Export,
    ExternalResource,
    Input,
    Jitter,
    OAuth2Authentication,
    OAuth2Client,
    OAuth2Endpoints,
    OAuth2Request,
    OAuth2Token,
    OpenIdConnectAuthentication,
    Output,
    RetryAttemptLimit,
    RetryLimit,
    RetryPolicy,
    Schema,
    Timeout,
)
from headrace.spec.convert import DslObject, build, build_struct, only_entry
from headrace.spec.duration import Duration, parse_duration
from headrace.spec.task import (
    FLOW_DIRECTIVES,
    TASK_CLASSES,
    CallTask,
    Catch,
    ContainerLifetime,
    ContainerProcess,
    DoTask,
    Emit,
    EmitEvent,
    EmitTask,
    Fork,
    ForkTask,
    ForLoop,
    ForTask,
    Listen,
    ListenTask,
    NamedTask,
    Raise,
    RaiseTask,
    Run,
    RunTask,
    ScriptProcess,
    SetTask,
    ShellProcess,
    SubscriptionIterator,
    SwitchCase,
    SwitchTask,
    Task,
    TaskList,
    TryTask,
    WaitTask,
    WorkflowProcess,
    child_lists,
    task_kind,
)

__all__ = [
    "ARGUMENTS",
    "BUILT_IN_CALLS",
    "FLOW_DIRECTIVES",
    "TASK_CLASSES",
    "A2aArguments",
    "AsyncApiArguments",
    "AsyncApiMessageConsumptionPolicy",
    "AsyncApiOutboundMessage",
    "AsyncApiServer",
    "AsyncApiSubscription",
    "AuthenticationPolicy",
    "Backoff",
    "BasicAuthentication",
    "BearerAuthentication",
    "CallTask",
    "Catalog",
    "Catch",
    "CatchErrors",
    "ContainerLifetime",
    "ContainerProcess",
    "Correlation",
    "DigestAuthentication",
    "DoTask",
    "Document",
    "Duration",
    "Emit",
    "EmitEvent",
    "EmitTask",
    "Endpoint",
    "Error",
    "ErrorFilter",
    "Evaluate",
    "EventConsumptionStrategy",
    "EventFilter",
    "EventProperties",
    "Export",
    "Extension",
    "ExternalResource",
    "ForLoop",
    "ForTask",
    "Fork",
    "ForkTask",
    "GrpcArguments",
    "GrpcService",
    "HttpArguments",
    "Input",
    "Jitter",
    "Listen",
    "ListenTask",
    "McpArguments",
    "McpClient",
    "McpHttpTransport",
    "McpStdioTransport",
    "McpTransport",
    "NamedTask",
    "OAuth2Authentication",
    "OAuth2Client",
    "OAuth2Endpoints",
    "OAuth2Request",
    "OAuth2Token",
    "OpenApiArguments",
    "OpenIdConnectAuthentication",
    "Output",
    "Raise",
    "RaiseTask",
    "RetryAttemptLimit",
    "RetryLimit",
    "RetryPolicy",
    "Run",
    "RunTask",
    "Schedule",
    "Schema",
    "ScriptProcess",
    "SetTask",
    "ShellProcess",
    "SubscriptionIterator",
    "SwitchCase",
    "SwitchTask",
    "Task",
    "TaskList",
    "Timeout",
    "TryTask",
    "Use",
    "WaitTask",
    "Workflow",
    "WorkflowProcess",
    "child_lists",
    "load_arguments",
    "load_workflow",
    "parse_duration",
    "task_kind",
]


class Document(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the workflow is: the DSL version it is written in, and its namespace, name and version."""

    dsl: str
    namespace: str
    name: str
    version: str
    title: str | None = None
    summary: str | None = None
    tags: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None


class Extension(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tasks to perform before and after every task of a kind (`extend`, or `all`) while `when` holds."""

    name: str
    extend: str
    when: str | None = None
    before: tuple[NamedTask, ...] | None = None
    after: tuple[NamedTask, ...] | None = None

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Extension:
        """Build from a map with one key."""
        name, extension = only_entry(data)
        return build_struct(cls, extension, name=name)


class Use(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the workflow refers to by name. `secrets` are names only."""

    authentications: dict[str, AuthenticationPolicy] = msgspec.field(default_factory=dict)
    catalogs: dict[str, Catalog] = msgspec.field(default_factory=dict)
    errors: dict[str, Error] = msgspec.field(default_factory=dict)
    extensions: tuple[Extension, ...] = ()
    functions: dict[str, Task] = msgspec.field(default_factory=dict)
    retries: dict[str, RetryPolicy] = msgspec.field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    timeouts: dict[str, Timeout] = msgspec.field(default_factory=dict)


class Schedule(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When to start by itself: at an interval, by cron, some time after it completed, or on events.

    `read` (`data`, `envelope`, `raw`) says how the events of `on` become the input.
    """

    every: Duration | str | None = None
    cron: str | None = None
    after: Duration | str | None = None
    on: EventConsumptionStrategy | None = None
    read: str = "data"


class Evaluate(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The language of runtime expressions, and whether they need `${ }` (`strict`) or not (`loose`)."""

    language: str = "jq"
    mode: str = "strict"


class Workflow(DslObject, frozen=True, kw_only=True):
    """A whole workflow. `definition` is the plain data as written (`$workflow.definition`)."""

    definition: dict[str, Any]
    document: Document
    do: tuple[NamedTask, ...]
    input: Input | None = None
    use: Use = Use()
    timeout: Timeout | str | None = None
    output: Output | None = None
    schedule: Schedule | None = None
    evaluate: Evaluate = Evaluate()

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Workflow:
        """Build from a whole document."""
        return build_struct(cls, data, definition=data)


def load_workflow(data: dict[str, Any]) -> Workflow:
    """Build the model from the plain data of a document that validation found without errors.

    Data that breaks the schema raises `KeyError`, `TypeError` or `ValueError` without a place; call
    `headrace.spec.validate.validate` first.
    """
    return build(Workflow, data)
