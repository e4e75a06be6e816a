"""What metrics learn from the store: operations, executions and task runs, all of them durable."""

from __future__ import annotations

from headrace.metrics import Metrics
from headrace.store.port import StoreError, Transition


class StoreMeter:
    """A watcher (`headrace.store.watched`) that counts.

    Executions and task runs are counted from transitions: once each, and only what is on record. Of a flow
    whose `history` is not `full`, the task runs that are not recorded are not counted.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def operated(self, operation: str, seconds: float, error: StoreError | None) -> None:
        if error is None:
            self._metrics.store_operated(operation, seconds)
        else:
            self._metrics.store_failed(operation, type(error).__name__)

    def committed(self, transition: Transition, seconds: float) -> None:
        metrics = self._metrics
        metrics.store_operated("commit", seconds)
        namespace, flow = transition.namespace, transition.name
        if transition.create is not None:
            metrics.execution_started(namespace, flow)
        for run in transition.runs:
            if not run.carried:
                metrics.task_run_ended(
                    namespace, flow, run.kind, run.status, run.ended_at - run.started_at, run.count
                )
        if transition.ended_at is not None:
            metrics.execution_ended(
                namespace, flow, transition.status or "", transition.ended_at - transition.created_at
            )
