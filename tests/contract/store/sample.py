"""Small valid values of the port, for tests to vary."""

from __future__ import annotations

from typing import Any

import msgspec

from headrace.store.port import ExecutionRow, LogLine, TaskRun, Transition


def an_execution(execution_id: str = "e1", **changes: Any) -> ExecutionRow:
    row = ExecutionRow(
        id=execution_id,
        namespace="default",
        name="orders",
        workflow_version="1.0.0",
        definition_digest="sha256:d1",
        status="running",
        created_at=100.0,
        started_at=100.5,
        input=b'{"total":1}',
    )
    return msgspec.structs.replace(row, **changes)


def a_start(
    execution_id: str = "e1", *, execution: dict[str, Any] | None = None, **changes: Any
) -> Transition:
    transition = Transition(
        execution_id=execution_id,
        expected_version=0,
        state=b'{"at":0}',
        create=an_execution(execution_id, **(execution or {})),
    )
    return msgspec.structs.replace(transition, **changes)


def a_step(execution_id: str = "e1", expected_version: int = 1, **changes: Any) -> Transition:
    transition = Transition(
        execution_id=execution_id, expected_version=expected_version, state=b'{"at":%d}' % expected_version
    )
    return msgspec.structs.replace(transition, **changes)


def an_end(execution_id: str = "e1", expected_version: int = 1, **changes: Any) -> Transition:
    transition = Transition(
        execution_id=execution_id,
        expected_version=expected_version,
        state=None,
        status="completed",
        ended_at=200.0,
        output=b'{"done":true}',
    )
    return msgspec.structs.replace(transition, **changes)


def a_run(execution_id: str = "e1", run_id: int = 1, **changes: Any) -> TaskRun:
    run = TaskRun(
        execution_id=execution_id,
        run_id=run_id,
        parent_id=0,
        pointer=f"/do/{run_id}/charge",
        name="charge",
        kind="call",
        status="completed",
        started_sequence=2 * run_id,
        ended_sequence=2 * run_id + 1,
        started_at=101.0,
        ended_at=102.0,
    )
    return msgspec.structs.replace(run, **changes)


def a_line(execution_id: str = "e1", run_id: int = 1, text: str = "hello", **changes: Any) -> LogLine:
    line = LogLine(execution_id=execution_id, run_id=run_id, attempt=1, at=103.0, stream="stdout", text=text)
    return msgspec.structs.replace(line, **changes)


def an_event(event_id: str = "1", source: str = "shop", **members: Any) -> bytes:
    event = {"specversion": "1.0", "id": event_id, "source": source, "type": "order.placed", **members}
    return msgspec.json.encode(event)
