"""What the API answers, as the rows that the commands know from the store."""

from __future__ import annotations

from typing import Any

import msgspec
import orjson

from headrace.engine.record import Notice
from headrace.engine.waiting import Waiting
from headrace.runtime.open_state import OpenRun, OpenState
from headrace.store.port import ExecutionRow, LogLine, TaskRun


def execution_of(data: dict[str, Any]) -> ExecutionRow:
    """Return an execution, with payloads where the answer has them."""
    return ExecutionRow(
        id=data["id"],
        namespace=data["namespace"],
        name=data["flow"],
        workflow_version=data["version"],
        definition_digest=data["digest"],
        **{
            name: data[name]
            for name in (
                "status",
                "created_at",
                "started_at",
                "ended_at",
                "key",
                "trigger",
                "parent_id",
                "parent_run_id",
                "rerun_of",
                "rerun_run_id",
            )
        },
        # Not of a server of an earlier version.
        started_by=data.get("started_by"),
        started_by_name=data.get("started_by_name"),
        input=_payload(data, "input"),
        output=_payload(data, "output"),
        error=_payload(data, "error"),
    )


def run_of(execution_id: str, data: dict[str, Any]) -> TaskRun:
    """Return a task run that ended. Runs are numbered in the order in which they started."""
    return TaskRun(
        execution_id=execution_id,
        run_id=data["run_id"],
        parent_id=data["parent_id"],
        pointer=data["task"],
        name=data["name"],
        kind=data["kind"],
        status=data["status"],
        started_sequence=data["run_id"],
        ended_sequence=data["sequence"],
        started_at=data["started_at"],
        ended_at=data["ended_at"],
        attempt=data["attempt"],
        iteration=data["iteration"],
        carried=data["carried"],
        count=data["count"],
        worker=data.get("worker"),  # not of a server of an earlier version
        **{
            name: _payload(data, name)
            for name in ("input", "output", "error", "variables", "context", "details")
        },
    )


def open_state_of(runs: list[dict[str, Any]], why: list[dict[str, Any]]) -> OpenState:
    """Return what is open in an execution, and what it waits for."""
    found = [
        OpenRun(
            run_id=data["run_id"],
            parent_id=data["parent_id"],
            pointer=data["task"],
            name=data["name"],
            kind=data["kind"],
            started_sequence=data["run_id"],
            started_at=data["started_at"],
            attempt=data["attempt"],
            iteration=data["iteration"],
            status=data["status"],
        )
        for data in runs
    ]
    return OpenState(found, [msgspec.convert(each["waiting"], Waiting) for each in why])


def line_of(execution_id: str, data: dict[str, Any]) -> LogLine:
    """Return a line that a function wrote."""
    return LogLine(
        execution_id=execution_id,
        run_id=data["run_id"],
        attempt=data["attempt"],
        at=data["at"],
        stream=data["stream"],
        text=data["text"],
    )


def notice_of(data: dict[str, Any]) -> Notice:
    """Return a change of phase, of a task or of the execution."""
    return Notice(
        phase=data["phase"],
        at=data["at"],
        run_id=data.get("run_id", 0),
        parent_id=data.get("parent_id", 0),
        pointer=data.get("task", ""),
        name=data.get("name", ""),
        kind=data.get("kind", "workflow"),
        attempt=data.get("attempt", 1),
        iteration=data.get("iteration"),
        error=data.get("error"),
    )


def _payload(data: dict[str, Any], name: str) -> bytes | None:
    value = data.get(name)
    return None if value is None else orjson.dumps(value)
