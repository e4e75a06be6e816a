"""How an item ended, and what that means for the call that waits for it."""

from __future__ import annotations

import msgspec

from headrace.call.answer import ContentError, content_of
from headrace.call.performer import CallError, call_error, completed, failed
from headrace.engine.commands import Invoke
from headrace.engine.events import CallCompleted, CallFailed
from headrace.errors import WorkflowError
from headrace.queue.port import Done, ItemRecord, Leased
from headrace.worker.application import Outcome
from headrace.worker.invocation import error_of
from headrace.worker.replies import ended_for_good


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """The end of an item. `reason`: None where it was completed, else why it was given up on.

    The reasons are those of `DeadLetter`, and `gone`: somebody has deleted the item.
    """

    id: str
    result: bytes | None = None
    reason: str | None = None
    error: str | None = None
    attempts: int = 1
    worker: str | None = None  # who had it last


def ended_of_outcome(item: Leased, outcome: Outcome, worker: str) -> Ended | None:
    """Return the end that an outcome is, once the queue has taken it; None: the item comes again."""
    if not ended_for_good(item, outcome):
        return None
    if isinstance(outcome, Done):
        return Ended(id=item.id, result=outcome.result, attempts=item.attempt, worker=worker)
    reason = "final" if outcome.final else "attempts"
    return Ended(id=item.id, reason=reason, error=outcome.error, attempts=item.attempt, worker=worker)


def ended_of_record(record: ItemRecord) -> Ended | None:
    """Return the end of an item that a queue tells of; None: it has not ended."""
    if record.state not in ("completed", "dead"):
        return None
    worker = next((event.worker for event in reversed(record.history) if event.worker), None)
    if record.state == "completed":
        return Ended(id=record.id, result=record.result, attempts=record.attempts, worker=worker)
    reason = "attempts"
    for event in record.history:
        if event.what == "dead":
            reason = event.detail or reason
    return Ended(id=record.id, reason=reason, error=record.error, attempts=record.attempts, worker=worker)


def answer_of(call: Invoke, ended: Ended, queue: str) -> CallCompleted | CallFailed:
    """Return the answer to a call whose item has ended."""
    if ended.reason is not None:
        failure = CallError(error_of_ended(ended, queue), retryable=_may_succeed(call, ended))
        return failed(call, failure, worker=ended.worker)
    try:
        return completed(call, content_of(ended.result or b"", ""), worker=ended.worker)
    except ContentError as error:  # only a guess that could not be made
        failure = call_error("communication", "unusable answer", str(error), status=502)
        return failed(call, failure, worker=ended.worker)


def error_of_ended(ended: Ended, queue: str) -> WorkflowError:
    """Return why an item was given up on, as an OWS error."""
    more = f"`headrace queue show {queue} {ended.id}` tells its history"
    if ended.reason == "gone":
        return WorkflowError.standard(
            "runtime",
            title="The call was taken off its queue",
            detail=f"item {ended.id} is no longer on queue {queue}: somebody has deleted it",
        )
    if ended.reason == "expired":
        who = f", the last time that of {ended.worker}" if ended.worker else ""
        before = f"; before that: {ended.error.splitlines()[0]}" if ended.error else ""
        return WorkflowError.standard(
            "runtime",
            title="The readers of the call died",
            detail=f"the lease of item {ended.id} on queue {queue} ran out without an answer{who}, "
            f"and its {_times(ended.attempts)} are used up{before}; {more}",
        )
    error = error_of(ended.error or "")
    if ended.reason == "attempts" and ended.attempts > 1:
        detail = f"{error.detail or error.title or error.type}; given up after {_times(ended.attempts)}"
        return msgspec.structs.replace(error, detail=f"{detail} on queue {queue}")
    return error


def _times(attempts: int) -> str:
    return f"{attempts} attempt{'' if attempts == 1 else 's'}"


def _may_succeed(call: Invoke, ended: Ended) -> bool:
    # A number of retries was the queue's business; a policy is the engine's, which asks for each attempt.
    retries = (call.settings or {}).get("retries")
    return isinstance(retries, str | dict) and ended.reason in ("attempts", "expired")
