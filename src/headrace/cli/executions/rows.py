"""Executions and task runs as plain data, as `-o json` and exports give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headrace.cli.history_tree import decoded
from headrace.cli.words import moment

if TYPE_CHECKING:
    from headrace.store.port import ExecutionRow, LogLine, TaskRun


def execution_data(row: ExecutionRow, *, payloads: bool) -> dict[str, Any]:
    """Return an execution as data; times are RFC 3339, and what is not there is left out."""
    data: dict[str, Any] = {
        "id": row.id,
        "status": row.status,
        "namespace": row.namespace,
        "name": row.name,
        "version": row.workflow_version,
        "digest": row.definition_digest,
        "key": row.key,
        "created_at": moment(row.created_at),
        "started_at": _moment(row.started_at),
        "ended_at": _moment(row.ended_at),
        "duration_ms": _milliseconds(row.started_at, row.ended_at),
        "parent_id": row.parent_id,
        "parent_run_id": row.parent_run_id,
        "rerun_of": row.rerun_of,
        "rerun_run_id": row.rerun_run_id,
        "trigger": row.trigger,
        "started_by": row.started_by,
        "started_by_name": row.started_by_name,
    }
    data = {name: value for name, value in data.items() if value is not None}
    if payloads:
        data["input"] = decoded(row.input)
        if row.ended_at is not None and row.error is None:
            data["output"] = decoded(row.output)
        if row.error is not None:
            data["error"] = decoded(row.error)
    return data


def run_data(run: TaskRun) -> dict[str, Any]:
    """Return a task run as data."""
    data: dict[str, Any] = {
        "run_id": run.run_id,
        "parent_id": run.parent_id,
        "task": run.pointer,
        "name": run.name,
        "kind": run.kind,
        "status": run.status,
        "started_at": moment(run.started_at),
        "ended_at": moment(run.ended_at),
        "duration_ms": _milliseconds(run.started_at, run.ended_at),
        "attempt": run.attempt,
        "iteration": run.iteration,
        "count": run.count if run.count > 1 else None,
        "carried": run.carried or None,
        "worker": run.worker,
    }
    data = {name: value for name, value in data.items() if value is not None}
    for name in ("input", "output", "error", "variables", "context", "details"):
        value = getattr(run, name)
        if value is not None:
            data[name] = decoded(value)
    return data


def log_data(line: LogLine) -> dict[str, Any]:
    """Return a log line as data."""
    return {
        "run_id": line.run_id,
        "attempt": line.attempt,
        "at": moment(line.at),
        "stream": line.stream,
        "text": line.text,
    }


def _moment(at: float | None) -> str | None:
    return None if at is None else moment(at)


def _milliseconds(begun: float | None, ended: float | None) -> float | None:
    return None if begun is None or ended is None else round((ended - begun) * 1000, 3)
