"""Lifecycle CloudEvents of workflows and tasks (dsl.md, "Lifecycle Events"; dsl-reference.md, same title)."""

from __future__ import annotations

from typing import Any

from headrace.engine.evaluate import iso8601
from headrace.engine.record import Notice
from headrace.engine.state import Execution

# The specification was renamed; its text still gives the event types under the former name.
TYPE_PREFIX = "io.serverlessworkflow"

# phase -> the name of its time in the event's data.
_WORKFLOW_TIMES = {
    "started": "startedAt",
    "suspended": "suspendedAt",
    "resumed": "resumedAt",
    "correlation-started": "startedAt",
    "correlation-completed": "completedAt",
    "cancelled": "cancelledAt",
    "faulted": "faultedAt",
    "completed": "completedAt",
}
_TASK_TIMES = {
    "created": "createdAt",
    "started": "startedAt",
    "suspended": "suspendedAt",
    "resumed": "resumedAt",
    "retried": "retriedAt",
    "cancelled": "cancelledAt",
    "faulted": "faultedAt",
    "completed": "completedAt",
}


def qualified_name(execution: Execution) -> str:
    """Return the qualified name of an execution: `<workflow>-<execution id>.<namespace>`."""
    return f"{execution.name}-{execution.execution_id}.{execution.namespace}"


def lifecycle_event(execution: Execution, notice: Notice, number: str) -> dict[str, Any] | None:
    """Return the CloudEvent of a change of phase, or None where the specification has none.

    `number` makes the event's id unique within the execution and the same when it is made again.
    """
    of_workflow = notice.run_id == 0 or notice.phase.startswith("correlation-")
    times = _WORKFLOW_TIMES if of_workflow else _TASK_TIMES
    time_name = times.get(notice.phase)
    if time_name is None:
        return None
    name = qualified_name(execution)
    at = iso8601(notice.at)
    data: dict[str, Any]
    if of_workflow:
        data = {"name": name, time_name: at}
        if notice.phase == "started":
            data["definition"] = {
                "name": execution.name,
                "namespace": execution.namespace,
                "version": execution.workflow_version,
            }
        elif notice.phase == "correlation-completed" and notice.correlation:
            data["correlationKeys"] = notice.correlation
        elif notice.phase == "completed":
            data["outputUri"] = f"urn:headrace:execution:{execution.execution_id}:output"
    else:
        data = {"workflow": name, "task": notice.pointer, time_name: at}
        if notice.phase == "completed":
            data["outputUri"] = f"urn:headrace:execution:{execution.execution_id}:run:{notice.run_id}:output"
    if notice.phase == "faulted":
        data["error"] = notice.error
    subject = "workflow" if of_workflow else "task"
    return {
        "specversion": "1.0",
        "id": f"{execution.execution_id}.{subject}.{number}",
        "source": f"/{execution.namespace}/{execution.name}/{execution.workflow_version}",
        "type": f"{TYPE_PREFIX}.{subject}.{notice.phase}.v1",
        "subject": execution.execution_id,
        "time": at,
        "datacontenttype": "application/json",
        "data": data,
    }
