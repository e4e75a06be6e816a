"""What traces learn from the store: executions and task runs that ended, all of them durable."""

from __future__ import annotations

import orjson

from headrace.engine.trace import run_identity, span_of, trace_of
from headrace.metrics.traces import Traces, Value
from headrace.store.port import StoreError, TaskRun, Transition


class StoreTracer:
    """A watcher (`headrace.store.watched`) that makes spans.

    The span of an execution is the parent of those of its tasks, which are nested as tasks are. A trace that
    whoever started the execution did not sample is not sampled here either.
    """

    def __init__(self, traces: Traces) -> None:
        self._traces = traces

    def operated(self, operation: str, seconds: float, error: StoreError | None) -> None:
        """Traces are about executions."""

    def committed(self, transition: Transition, seconds: float) -> None:
        execution_id = transition.execution_id
        if transition.ended_at is None and not transition.runs:
            return
        trace_id, parent_id, sampled = trace_of(execution_id, transition.trace)
        if not sampled:
            return
        for run in transition.runs:
            if not run.carried:
                self._task_run(transition, trace_id, run)
        if transition.ended_at is None:
            return
        attributes = _attributes(transition)
        attributes["headrace.status"] = transition.status or ""
        self._traces.span(
            f"{transition.namespace}/{transition.name}",
            trace_id=trace_id,
            span_id=span_of(execution_id),
            parent_id=parent_id,
            started_at=transition.created_at,
            ended_at=transition.ended_at,
            attributes=attributes,
            error=_error(transition.error) if transition.status == "faulted" else None,
        )

    def _task_run(self, transition: Transition, trace_id: str, run: TaskRun) -> None:
        attributes = _attributes(transition)
        attributes |= {
            "headrace.task": run.pointer,
            "headrace.task.kind": run.kind,
            "headrace.status": run.status,
            "headrace.run": run.run_id,
        }
        if run.attempt != 1:
            attributes["headrace.attempt"] = run.attempt
        if run.iteration is not None:
            attributes["headrace.iteration"] = run.iteration
        if run.count != 1:
            attributes["headrace.count"] = run.count
        self._traces.span(
            run.name,
            trace_id=trace_id,
            span_id=span_of(run_identity(run.execution_id, run.run_id)),
            parent_id=span_of(run_identity(run.execution_id, run.parent_id)),
            started_at=run.started_at,
            ended_at=run.ended_at,
            attributes=attributes,
            error=_error(run.error) if run.status == "faulted" else None,
        )


def _attributes(transition: Transition) -> dict[str, Value]:
    return {
        "headrace.namespace": transition.namespace,
        "headrace.flow": transition.name,
        "headrace.execution": transition.execution_id,
    }


def _error(data: bytes | None) -> str:
    """Return type and title of an OWS error. The store has it without secrets."""
    error = {} if data is None else orjson.loads(data)
    parts = [str(error[name]) for name in ("type", "title") if error.get(name)]
    return ": ".join(parts) or "faulted"
