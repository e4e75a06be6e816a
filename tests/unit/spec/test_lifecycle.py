"""The data of lifecycle events has the names of the specification."""

from __future__ import annotations

import msgspec

from headrace.errors import WorkflowError
from headrace.spec import lifecycle
from headrace.spec.lifecycle import (
    TaskCompletedEvent,
    TaskEvent,
    TaskFaultedEvent,
    WorkflowDefinitionReference,
    WorkflowEvent,
    WorkflowStartedEvent,
)


def test_events_are_written_by_their_names_in_the_specification() -> None:
    event = WorkflowStartedEvent(
        name="order-1.shop",
        definition=WorkflowDefinitionReference(name="order", namespace="shop", version="1.0.0"),
        started_at="2026-01-01T00:00:00.000Z",
    )
    assert msgspec.to_builtins(event) == {
        "name": "order-1.shop",
        "definition": {"name": "order", "namespace": "shop", "version": "1.0.0"},
        "startedAt": "2026-01-01T00:00:00.000Z",
    }
    completed = TaskCompletedEvent(workflow="w", task="/do/0/a", completed_at="t", output_uri="/x")
    assert msgspec.to_builtins(completed)["outputUri"] == "/x"
    faulted = TaskFaultedEvent(
        workflow="w", task="/do/0/a", faulted_at="t", error=WorkflowError.standard("timeout")
    )
    assert msgspec.to_builtins(faulted)["error"]["status"] == 408


def test_every_event_has_a_type_of_its_own() -> None:
    events = [
        value
        for value in vars(lifecycle).values()
        if isinstance(value, type) and issubclass(value, WorkflowEvent | TaskEvent)
    ]
    types = {event.event_type for event in events if event not in (WorkflowEvent, TaskEvent)}
    assert len(types) == len(events) - 2 == 18
    assert all(kind.startswith("io.serverlessworkflow.") and kind.endswith(".v1") for kind in types)
