"""The data of the lifecycle events that a runtime publishes (dsl-reference.md, "Lifecycle Events").

Each is the `data` of a CloudEvent whose type is the class's `event_type`. Times are RFC 3339 texts. A
workflow's `name` is its qualified name, `<name>-<execution>.<namespace>`; a task is named by its reference.
`output_uri` points at the output instead of carrying it (dsl.md, "Lifecycle Events").
"""

from __future__ import annotations

from typing import Any, ClassVar

from headrace.errors import WorkflowError
from headrace.spec.convert import DslObject


class WorkflowDefinitionReference(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which definition a workflow runs."""

    name: str
    namespace: str
    version: str


class WorkflowEvent(DslObject, frozen=True, kw_only=True):
    """What the events of workflows have."""

    event_type: ClassVar[str] = ""
    name: str


class TaskEvent(DslObject, frozen=True, kw_only=True):
    """What the events of tasks have: the qualified name of the workflow, and the task's reference."""

    event_type: ClassVar[str] = ""
    workflow: str
    task: str


class WorkflowStartedEvent(WorkflowEvent, frozen=True, kw_only=True):
    """The workflow has started."""

    event_type: ClassVar[str] = "io.serverlessworkflow.workflow.started.v1"
    started_at: str
    definition: WorkflowDefinitionReference


class WorkflowSuspendedEvent(WorkflowEvent, frozen=True, kw_only=True):
    """The workflow has been suspended."""

    event_type: ClassVar[str] = "io.serverlessworkflow.workflow.suspended.v1"
    suspended_at: str


class WorkflowResumedEvent(WorkflowEvent, frozen=True, kw_only=True):
    """The workflow goes on after it was suspended."""

    event_type: ClassVar[str] = "io.serverlessworkflow.workflow.resumed.v1"
    resumed_at: str


class WorkflowCorrelationStartedEvent(WorkflowEvent, frozen=True, kw_only=True):
    """The workflow starts to look for correlated events."""

    event_type: ClassVar[str] = "io.serverlessworkflow.workflow.correlation-started.v1"
    started_at: str


class WorkflowCorrelationCompletedEvent(WorkflowEvent, frozen=True, kw_only=True):
    """The workflow has found its correlated events."""

    event_type: ClassVar[str] = "io.serverlessworkflow.workflow.correlation-completed.v1"
    completed_at: str
    correlation_keys: dict[str, Any] | None = None


class WorkflowCancelledEvent(WorkflowEvent, frozen=True, kw_only=True):
    """The workflow has been cancelled."""

    event_type: ClassVar[str] = "io.serverlessworkflow.workflow.cancelled.v1"
    cancelled_at: str


class WorkflowFaultedEvent(WorkflowEvent, frozen=True, kw_only=True):
    """The workflow has faulted."""

    event_type: ClassVar[str] = "io.serverlessworkflow.workflow.faulted.v1"
    faulted_at: str
    error: WorkflowError


class WorkflowCompletedEvent(WorkflowEvent, frozen=True, kw_only=True):
    """The workflow has completed."""

    event_type: ClassVar[str] = "io.serverlessworkflow.workflow.completed.v1"
    completed_at: str
    output_uri: str | None = None


class WorkflowStatusChangedEvent(WorkflowEvent, frozen=True, kw_only=True):
    """The workflow is in another status phase."""

    event_type: ClassVar[str] = "io.serverlessworkflow.workflow.status-changed.v1"
    updated_at: str
    status: str


class TaskCreatedEvent(TaskEvent, frozen=True, kw_only=True):
    """The task has been created."""

    event_type: ClassVar[str] = "io.serverlessworkflow.task.created.v1"
    created_at: str


class TaskStartedEvent(TaskEvent, frozen=True, kw_only=True):
    """The task has started."""

    event_type: ClassVar[str] = "io.serverlessworkflow.task.started.v1"
    started_at: str


class TaskSuspendedEvent(TaskEvent, frozen=True, kw_only=True):
    """The task has been suspended."""

    event_type: ClassVar[str] = "io.serverlessworkflow.task.suspended.v1"
    suspended_at: str


class TaskResumedEvent(TaskEvent, frozen=True, kw_only=True):
    """The task goes on after it was suspended."""

    event_type: ClassVar[str] = "io.serverlessworkflow.task.resumed.v1"
    resumed_at: str


class TaskRetriedEvent(TaskEvent, frozen=True, kw_only=True):
    """The task is tried again."""

    event_type: ClassVar[str] = "io.serverlessworkflow.task.retried.v1"
    retried_at: str


class TaskCancelledEvent(TaskEvent, frozen=True, kw_only=True):
    """The task has been cancelled."""

    event_type: ClassVar[str] = "io.serverlessworkflow.task.cancelled.v1"
    cancelled_at: str


class TaskFaultedEvent(TaskEvent, frozen=True, kw_only=True):
    """The task has faulted."""

    event_type: ClassVar[str] = "io.serverlessworkflow.task.faulted.v1"
    faulted_at: str
    error: WorkflowError


class TaskCompletedEvent(TaskEvent, frozen=True, kw_only=True):
    """The task has completed."""

    event_type: ClassVar[str] = "io.serverlessworkflow.task.completed.v1"
    completed_at: str
    output_uri: str | None = None


class TaskStatusChangedEvent(TaskEvent, frozen=True, kw_only=True):
    """The task is in another status phase."""

    event_type: ClassVar[str] = "io.serverlessworkflow.task.status-changed.v1"
    updated_at: str
    status: str
