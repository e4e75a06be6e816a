"""Between the port's structs and the rows of the tables, and large payloads into blobs.

A payload column holds JSON text as a BLOB value, or a marker, the SHA-256 of a large payload as a TEXT
value. The queries that read payloads put blobs back in place of markers, so only writers see them.
"""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Callable
from typing import Any

import msgspec

from headrace.store.port import (
    BLOB_THRESHOLD_BYTES,
    AskedDecision,
    ExecutionRow,
    LogLine,
    StoreError,
    TaskRun,
)

Row = tuple[Any, ...]
# A payload that goes to the blob table: its hash and its bytes.
Blob = tuple[str, bytes]

# The columns of a table in the order in which the statements of queries.sql name them.
EXECUTION_COLUMNS = (
    "id", "namespace", "name", "workflow_version", "definition_digest", "status", "created_at", "key",
    "started_at", "ended_at", "parent_id", "parent_run_id", "rerun_of", "rerun_run_id", "trigger",
    "started_by", "started_by_name", "input", "output", "error",
)  # fmt: skip
RUN_COLUMNS = (
    "execution_id", "run_id", "parent_id", "pointer", "name", "kind", "status", "started_sequence",
    "ended_sequence", "started_at", "ended_at", "attempt", "iteration", "carried", "count",
    "worker", "input", "output", "error", "variables", "context", "details",
)  # fmt: skip
LOG_COLUMNS = ("execution_id", "run_id", "attempt", "at", "stream", "text")

_CARRIED = RUN_COLUMNS.index("carried")
_RUN_PAYLOADS = RUN_COLUMNS.index("input")

_run_row: Callable[[TaskRun], Row] = operator.attrgetter(*RUN_COLUMNS)
log_row: Callable[[LogLine], Row] = operator.attrgetter(*LOG_COLUMNS)


def payload_value(payload: bytes | None, blobs: list[Blob]) -> bytes | str | None:
    """Return what a payload column holds for `payload`; a large one is added to `blobs`."""
    if payload is None or len(payload) <= BLOB_THRESHOLD_BYTES:
        return payload
    marker = hashlib.sha256(payload).hexdigest()
    blobs.append((marker, payload))
    return marker


def decision_row(execution_id: str, asked: AskedDecision) -> Row:
    """Return the row of a decision that is asked for; `users` is a JSON list, NULL where nobody is named."""
    users = msgspec.json.encode(list(asked.users)).decode() if asked.users else None
    return (
        execution_id,
        asked.run_id,
        asked.namespace,
        asked.flow,
        asked.pointer,
        asked.event_type,
        asked.title,
        asked.role,
        users,
        asked.asked_at,
        asked.due_at,
        asked.shown,
    )


def run_row(run: TaskRun, blobs: list[Blob]) -> Row:
    """Return the row of a task run; its large payloads are added to `blobs`."""
    row = _run_row(run)
    for payload in row[_RUN_PAYLOADS:]:
        if payload is not None and len(payload) > BLOB_THRESHOLD_BYTES:
            payloads = (payload_value(value, blobs) for value in row[_RUN_PAYLOADS:])
            return (*row[:_RUN_PAYLOADS], *payloads)
    return row


def run_from_row(row: Row) -> TaskRun:
    values = dict(zip(RUN_COLUMNS, row, strict=True))
    values["carried"] = row[_CARRIED] != 0
    return TaskRun(**values)


def execution_from_row(row: Row) -> ExecutionRow:
    """Build an execution from a row with or without its three payloads."""
    return ExecutionRow(**dict(zip(EXECUTION_COLUMNS, row, strict=False)))


def log_from_row(row: Row) -> LogLine:
    return LogLine(**dict(zip(LOG_COLUMNS, row, strict=True)))


class _EventIdentity(msgspec.Struct):
    source: str
    id: str
    headracenamespace: str = ""


_event_decoder = msgspec.json.Decoder(_EventIdentity)


def event_identity(event: bytes) -> tuple[str, str, str]:
    """Return (namespace, source, id) of a CloudEvent in JSON event format; the namespace may be empty.

    Raises `StoreError` when the bytes are no JSON object with both as text.
    """
    try:
        identity = _event_decoder.decode(event)
    except msgspec.MsgspecError as problem:
        raise StoreError(
            f"this is not a CloudEvent in JSON event format: {problem}; "
            "publish a JSON object with at least `source` and `id` as text"
        ) from problem
    return identity.headracenamespace, identity.source, identity.id
