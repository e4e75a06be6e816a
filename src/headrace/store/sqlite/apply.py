"""Write transitions with SQL, inside a transaction that the writer opened.

Every transition starts with one statement that decides it: the insert that creates the execution, or the
compare-and-set of its state. Where that changes no row, nothing else of the transition is written, and
the other transitions of the group are not touched. Everything that cannot fail any more (history, status,
subscriptions) is collected and written once per group.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from headrace.store.port import (
    BLOB_THRESHOLD_BYTES,
    Committed,
    ExecutionRow,
    KeyTaken,
    StoreConflict,
    StoreError,
    Transition,
)
from headrace.store.sqlite.queries import QUERIES
from headrace.store.sqlite.rows import Blob, Row, decision_row, event_identity, payload_value, run_row

_INSERT_EXECUTION = QUERIES["insert_execution"]
_FIND_TAKEN = QUERIES["find_taken"]
_INSERT_STATE = QUERIES["insert_state"]
_UPDATE_STATE = QUERIES["update_state"]
_DELETE_STATE = QUERIES["delete_state"]
_UPDATE_EXECUTION = QUERIES["update_execution"]
_CLEAR_OUTCOME = QUERIES["clear_outcome"]
_INSERT_RUN = QUERIES["insert_run"]
_INSERT_SUBSCRIPTION = QUERIES["insert_subscription"]
_DELETE_SUBSCRIPTION = QUERIES["delete_subscription"]
_DELETE_SUBSCRIPTIONS = QUERIES["delete_subscriptions"]
_INSERT_DECISION = QUERIES["insert_decision"]
_END_DECISION = QUERIES["end_decision"]
_INSERT_STATE_PAYLOAD = QUERIES["insert_state_payload"]
_SELECT_STATE_PAYLOAD_HASHES = QUERIES["select_state_payload_hashes"]
_DELETE_STATE_PAYLOAD = QUERIES["delete_state_payload"]
_DELETE_STATE_PAYLOADS = QUERIES["delete_state_payloads"]
_USE_BLOB = QUERIES["use_blob"]
_INSERT_BLOB = QUERIES["insert_blob"]
_INSERT_EVENT = QUERIES["insert_event"]
_FIND_EVENT = QUERIES["find_event"]

Outcome = Committed | StoreError


class Batch:
    """The transitions of one group. `add` each, then `finish` before COMMIT."""

    def __init__(self, cursor: sqlite3.Cursor, now: float) -> None:
        self._cursor = cursor
        self._execute = cursor.execute
        self._now = now
        self._runs: list[Row] = []
        self._executions: list[Row] = []
        self._final: list[Row] = []

    def add(self, transition: Transition) -> Outcome:
        """Decide and write one transition; an outcome that is an error has written nothing.

        Raises sqlite3.Error and the errors of binding values when the database or the values do not
        allow it; the caller then rolls back.
        """
        blobs: list[Blob] = []
        expected = transition.expected_version
        if transition.create is not None:
            refused = self._create(transition, transition.create, blobs)
        else:
            refused = self._advance(transition, blobs)
        if refused is not None:
            return refused

        execution_id = transition.execution_id
        if transition.state is None:
            self._final.append((execution_id,))
        if transition.runs:
            for run in transition.runs:
                self._runs.append(run_row(run, blobs))
        if transition.unsubscribe:
            for run_id in transition.unsubscribe:
                self._execute(_DELETE_SUBSCRIPTION, (execution_id, run_id))
        if transition.subscribe:
            for run_id, types in transition.subscribe:
                # No type is a subscription to every event, kept as ''.
                for event_type in types or ("",):
                    self._execute(_INSERT_SUBSCRIPTION, (execution_id, run_id, event_type))
        for asked in transition.asked:
            self._execute(_INSERT_DECISION, decision_row(execution_id, asked))
        for run_id, answered in transition.ended:
            self._execute(_END_DECISION, (execution_id, run_id, answered, self._now))
        sequences: Sequence[int] = ()
        if transition.events:
            sequences = [publish_event(self._cursor, event, self._now)[0] for event in transition.events]
        if transition.large:
            self._keep_large(execution_id, transition.large)
        if blobs:
            write_blobs(self._cursor, blobs)
        return Committed(version=expected + 1, event_sequences=sequences)

    def finish(self) -> None:
        """Write what was collected from the transitions that were added."""
        if self._runs:
            self._cursor.executemany(_INSERT_RUN, self._runs)
        self._update_executions()
        if self._final:
            self._cursor.executemany(_DELETE_SUBSCRIPTIONS, self._final)
            self._cursor.executemany(_DELETE_STATE_PAYLOADS, self._final)

    def _keep_large(self, execution_id: str, large: Mapping[str, bytes]) -> None:
        """Keep the payloads that a state refers to, and let go of those that it does not any more.

        A state without any lets go of the last ones when the execution is final, so that the common case
        costs nothing.
        """
        kept = {row[0] for row in self._execute(_SELECT_STATE_PAYLOAD_HASHES, (execution_id,))}
        for marker in kept - large.keys():
            self._execute(_DELETE_STATE_PAYLOAD, (execution_id, marker))
        for marker in large.keys() - kept:
            self._execute(_INSERT_STATE_PAYLOAD, (execution_id, marker))
            write_blobs(self._cursor, [(marker, large[marker])])

    def _update_executions(self) -> None:
        if self._executions:
            self._cursor.executemany(_UPDATE_EXECUTION, self._executions)
            self._executions = []

    def _create(self, transition: Transition, new: ExecutionRow, blobs: list[Blob]) -> StoreError | None:
        if transition.expected_version != 0:
            return StoreError(
                f"a transition creates {new.id} and expects version {transition.expected_version} of it; "
                "a transition with `create` expects version 0"
            )
        started_at = transition.started_at
        ended_at = transition.ended_at
        output = transition.output
        error = transition.error
        row = (
            new.id,
            new.namespace,
            new.name,
            new.workflow_version,
            new.definition_digest,
            transition.status or new.status,
            new.created_at,
            new.key,
            new.started_at if started_at is None else started_at,
            new.ended_at if ended_at is None else ended_at,
            new.parent_id,
            new.parent_run_id,
            new.rerun_of,
            new.rerun_run_id,
            new.trigger,
            new.started_by,
            new.started_by_name,
            payload_value(new.input, blobs),
            payload_value(new.output if output is None else output, blobs),
            payload_value(new.error if error is None else error, blobs),
        )
        if self._execute(_INSERT_EXECUTION, row).rowcount == 0:
            found = self._execute(_FIND_TAKEN, (new.id, new.namespace, new.name, new.key)).fetchone()
            return KeyTaken(found[0])
        state = transition.state
        if state is not None:
            self._execute(
                _INSERT_STATE,
                (new.id, transition.next_due, transition.in_flight, payload_value(state, blobs)),
            )
        return None

    def _advance(self, transition: Transition, blobs: list[Blob]) -> StoreError | None:
        execution_id = transition.execution_id
        expected = transition.expected_version
        state = transition.state
        if state is None:
            cursor = self._execute(_DELETE_STATE, (execution_id, expected))
        else:
            data: bytes | str | None = state
            if len(state) > BLOB_THRESHOLD_BYTES:
                data = payload_value(state, blobs)
            cursor = self._execute(
                _UPDATE_STATE,
                (transition.next_due, transition.in_flight, data, execution_id, expected),
            )
        if cursor.rowcount == 0:
            return StoreConflict(
                f"execution {execution_id} is not at version {expected} any more, or is final; "
                "drop the state and load it again"
            )
        output = transition.output
        error = transition.error
        status = transition.status
        started_at = transition.started_at
        ended_at = transition.ended_at
        if (
            status is not None
            or ended_at is not None
            or output is not None
            or error is not None
            or started_at is not None
        ):
            known = len(blobs)
            output_value = payload_value(output, blobs)
            error_value = payload_value(error, blobs)
            if len(blobs) > known:
                # A marker replaced by the same marker would count one use too many: first clear what
                # is replaced, after all updates before this one.
                self._update_executions()
                self._execute(_CLEAR_OUTCOME, (output is not None, error is not None, execution_id))
            self._executions.append((status, started_at, ended_at, output_value, error_value, execution_id))
        return None


def write_blobs(cursor: sqlite3.Cursor, blobs: Sequence[Blob]) -> None:
    """Count one use of each blob and keep the content of those that are new."""
    for marker, payload in blobs:
        (uses,) = cursor.execute(_USE_BLOB, (marker,)).fetchone()
        if uses == 1:
            cursor.execute(_INSERT_BLOB, (marker, len(payload), payload))


def publish_event(cursor: sqlite3.Cursor, event: bytes, now: float) -> tuple[int, bool]:
    """Keep an event; return its sequence, and whether it is new (not seen with this source and id)."""
    identity = event_identity(event)
    found = cursor.execute(_FIND_EVENT, identity).fetchone()
    if found is not None:
        return found[0], False
    blobs: list[Blob] = []
    value = payload_value(event, blobs)
    sequence = cursor.execute(_INSERT_EVENT, (*identity, now, value)).lastrowid
    assert sequence is not None
    write_blobs(cursor, blobs)
    return sequence, True
