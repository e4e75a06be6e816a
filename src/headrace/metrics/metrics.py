"""Every metric of the platform, by name.

Labels never hold ids or what callers send: routes are templates, names are those of deployed things and
bounded (`family.py`), methods, statuses and kinds are of known sets.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Protocol, TypeVar

from headrace.metrics.exposition import Collected, Page
from headrace.metrics.family import (
    LONG_SECONDS,
    NAMES_MAX,
    OTHER,
    QUICK_SECONDS,
    Counter,
    Gauge,
    Histogram,
    Totals,
)
from headrace.metrics.loop_lag import LoopLag

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Those that have a name (IANA's registry); a function may answer with any number.
_STATUS_TEXTS: dict[int | None, str] = {None: "none"} | {each.value: str(each.value) for each in HTTPStatus}
_FLOW = ("namespace", "flow")
_QUEUE_TOTALS = {
    "enqueued": "Items that were put.",
    "completed": "Items that were completed.",
    "retried": "Items that failed and were given another attempt.",
    "expired": "Leases that ran out.",
    "dead": "Items that became dead letters.",
}
_GROUP_ITEMS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
_COMMIT_SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
_LAG_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

_Family = TypeVar("_Family", bound=Collected)


class QueueFigures(Protocol):
    """What is shown of a queue: `headrace.queue.port.Stats` has it."""

    ready: int
    delayed: int
    leased: int
    dead: int
    enqueued_total: int
    completed_total: int
    retried_total: int
    expired_total: int
    dead_total: int
    oldest_ready_seconds: float | None


class Metrics:
    """Counts what it is told, and shows it in a registry of its own.

    `names_max` bounds each metric's names of flows, functions, queues, triggers. `now` is a monotonic clock.
    """

    def __init__(
        self,
        *,
        version: str = "",
        names_max: int = NAMES_MAX,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        def counter(name: str, text: str, *labels: str, named: int = 0) -> Counter:
            return shown(Counter(name, text, labels, named=named, names_max=names_max))

        def gauge(name: str, text: str, *labels: str, named: int = 0) -> Gauge:
            return shown(Gauge(name, text, labels, named=named, names_max=names_max))

        def totals(name: str, text: str, *labels: str, named: int = 0) -> Totals:
            return shown(Totals(name, text, labels, named=named, names_max=names_max))

        def histogram(
            name: str,
            text: str,
            *labels: str,
            bounds: Sequence[float],
            named: int = 0,
            counted: tuple[str, str] | None = None,
            left_out: int = 0,
        ) -> Histogram:
            family = Histogram(
                name,
                text,
                labels,
                bounds=bounds,
                counted=counted,
                left_out=left_out,
                named=named,
                names_max=names_max,
            )
            return shown(family)

        families: list[Collected] = []

        def shown(family: _Family) -> _Family:
            families.append(family)
            return family

        gauge("headrace_info", "The version that runs.", "version").replace([((version,), 1.0)])

        self._requests = histogram(
            "headrace_api_request_duration_seconds",
            "How long requests to the API took.",
            *("route", "method", "status"),
            bounds=QUICK_SECONDS,
            counted=(
                "headrace_api_requests",
                "Requests to the API, by route (a template), method and class of status.",
            ),
            left_out=1,
            named=1,
        )
        self._streams = gauge("headrace_live_streams", "Live streams (server-sent events) that are open.")
        self._streams.add((), 0)

        self._started = counter(
            "headrace_executions_started", "Executions that were started.", *_FLOW, named=2
        )
        self._ended = histogram(
            "headrace_execution_duration_seconds",
            "How long executions took from their start.",
            *(*_FLOW, "status"),
            bounds=LONG_SECONDS,
            counted=("headrace_executions_ended", "Executions that ended, by status."),
            named=2,
        )
        self._open = gauge("headrace_executions_open", "Executions that are not final, by status.", "status")
        self._runs = histogram(
            "headrace_task_run_duration_seconds",
            "How long task runs took.",
            *(*_FLOW, "kind", "status"),
            bounds=LONG_SECONDS,
            counted=("headrace_task_runs", "Task runs that ended, by kind of task and status."),
            left_out=1,
            named=2,
        )

        self._functions = histogram(
            "headrace_function_duration_seconds",
            "How long functions took to answer.",
            *(*_FLOW, "function", "status"),
            bounds=QUICK_SECONDS,
            counted=(
                "headrace_function_requests",
                "Calls of functions that ended, by the HTTP status of the answer (none: no answer).",
            ),
            left_out=1,
            named=3,
        )
        self._calls = histogram(
            "headrace_call_duration_seconds",
            "How long calls other than of functions took.",
            *(*_FLOW, "kind", "outcome"),
            bounds=LONG_SECONDS,
            counted=(
                "headrace_calls",
                "Calls other than of functions that ended, by kind and outcome.",
            ),
            left_out=1,
            named=2,
        )
        self._call_retries = counter(
            "headrace_call_retries",
            "Calls that were made again after a failure, by kind.",
            *(*_FLOW, "kind"),
            named=2,
        )
        self._open_calls = gauge("headrace_calls_open", "Calls in flight or waiting for a slot.")

        self._queue_items = gauge(
            "headrace_queue_items", "Items in the queue, by state.", "queue", "state", named=1
        )
        self._queue_oldest = gauge(
            "headrace_queue_oldest_ready_seconds", "Age of the oldest item that is ready.", "queue", named=1
        )
        self._queue_totals = {
            what: totals(f"headrace_queue_{what}", text, "queue", named=1)
            for what, text in _QUEUE_TOTALS.items()
        }
        self._queue_handled = counter(
            "headrace_queue_operation_items",
            "Items that went through this process, by what was done with them.",
            *("queue", "operation"),
            named=1,
        )
        self._queue_seconds = histogram(
            "headrace_queue_operation_duration_seconds",
            "How long calls of the queue took; of a lease only those that may not wait.",
            *("queue", "operation"),
            bounds=QUICK_SECONDS,
            named=1,
        )
        self._queue_wait = histogram(
            "headrace_queue_wait_seconds",
            "From an item's being put to its first lease by this process.",
            "queue",
            bounds=LONG_SECONDS,
            named=1,
        )
        self._queue_failures = counter(
            "headrace_queue_failures", "Calls of the queue that it could not serve.", "queue", named=1
        )

        self._firings = counter(
            "headrace_trigger_firings",
            "Firings of triggers, by what became of them.",
            *(*_FLOW, "trigger", "outcome"),
            named=3,
        )
        self._lag = histogram(
            "headrace_trigger_lag_seconds",
            "From when a trigger was due, or what it brought was made, to the start that is durable.",
            *(*_FLOW, "trigger"),
            bounds=LONG_SECONDS,
            named=3,
        )

        self._store_seconds = histogram(
            "headrace_store_operation_duration_seconds",
            "How long the store took, the wait for the disk included.",
            "operation",
            bounds=_COMMIT_SECONDS,
        )
        self._store_failures = counter(
            "headrace_store_failures",
            "What the store refused, by operation and reason.",
            *("operation", "reason"),
        )
        self._group_items = histogram(
            "headrace_commit_group_items",
            "Pieces of work in one transaction (group commit).",
            bounds=_GROUP_ITEMS,
        )
        self._group_seconds = histogram(
            "headrace_commit_group_duration_seconds",
            "How long a transaction took, synced to the disk.",
            bounds=_COMMIT_SECONDS,
        )
        self._loop_lag = histogram(
            "headrace_event_loop_lag_seconds", "By how much the event loop is late.", bounds=_LAG_SECONDS
        )
        self._alerts = counter(
            "headrace_alert_notifications",
            "Notifications of alerts, by what became of them.",
            *("namespace", "outcome"),
            named=1,
        )

        self._page = Page(families, now)

    # --- showing ----------------------------------------------------------------------------------------

    async def exposition(self, accept: str = "") -> tuple[bytes, str]:
        """Return the page and its content type for an `Accept` header: OpenMetrics, or the text format."""
        return await self._page.render(accept)

    def loop_lag(self) -> LoopLag:
        """Return what measures the event loop; start it in the loop, stop it at the end."""
        return LoopLag(lambda seconds: self._loop_lag.observe((), seconds))

    # --- looked up when somebody asks -------------------------------------------------------------------

    def watch_executions(self, read: Callable[[], Awaitable[Mapping[str, int]]]) -> None:
        """Show how many executions are open, by status, as `read` returns it."""

        async def look() -> None:
            counts = await read()
            self._open.replace(((status,), count) for status, count in counts.items())

        self._page.add_source("executions", look)

    def watch_queues(self, read: Callable[[], Awaitable[Mapping[str, QueueFigures]]]) -> None:
        """Show the queues that `read` returns, by name."""

        async def look() -> None:
            queues = await read()
            self._queue_items.replace(
                ((name, state), getattr(figures, state))
                for name, figures in queues.items()
                for state in ("ready", "delayed", "leased", "dead")
            )
            self._queue_oldest.replace(
                ((name,), figures.oldest_ready_seconds or 0.0) for name, figures in queues.items()
            )
            for what, totals in self._queue_totals.items():
                totals.replace(
                    ((name,), getattr(figures, f"{what}_total")) for name, figures in queues.items()
                )

        self._page.add_source("queues", look)

    def watch_calls(self, read: Callable[[], int]) -> None:
        """Show how many calls are in flight (`Runtime.open_calls`)."""

        async def look() -> None:
            self._open_calls.replace([((), read())])

        self._page.add_source("calls", look)

    # --- the API ----------------------------------------------------------------------------------------

    def request_ended(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request; `route` is the template (`/api/v1/namespaces/{namespace}/...`), never the path."""
        method = method if method in _METHODS else OTHER
        text = f"{status // 100}xx" if 100 <= status <= 599 else OTHER
        self._requests.observe((route, method, text), seconds)

    def stream_opened(self) -> None:
        """Count a live stream that begins."""
        self._streams.add((), 1)

    def stream_closed(self) -> None:
        """Count a live stream that ended."""
        self._streams.add((), -1)

    # --- executions -------------------------------------------------------------------------------------

    def execution_started(self, namespace: str, flow: str) -> None:
        """Count a start that is durable."""
        self._started.add((namespace, flow))

    def execution_ended(self, namespace: str, flow: str, status: str, seconds: float) -> None:
        """Count an end (completed, faulted, cancelled) that is durable."""
        self._ended.observe((namespace, flow, status), seconds)

    def task_run_ended(
        self, namespace: str, flow: str, kind: str, status: str, seconds: float, count: int = 1
    ) -> None:
        """Count a task run, or so many that were summed up (their time is not known one by one)."""
        if count == 1:
            self._runs.observe((namespace, flow, kind, status), seconds)
        else:
            self._runs.count((namespace, flow, kind, status), count)

    # --- calls ------------------------------------------------------------------------------------------

    def function_answered(
        self, namespace: str, flow: str, function: str, status: int | None, seconds: float
    ) -> None:
        """Count a call of a function; `status` is the HTTP status, None when there was no answer."""
        text = _STATUS_TEXTS.get(status) or _status_class(status)
        self._functions.observe((namespace, flow, function, text), seconds)

    def call_ended(self, namespace: str, flow: str, kind: str, outcome: str, seconds: float) -> None:
        """Count another call; `outcome` is completed, failed or cancelled."""
        self._calls.observe((namespace, flow, kind, outcome), seconds)

    def call_retried(self, namespace: str, flow: str, kind: str) -> None:
        """Count a call that is a second attempt or a later one."""
        self._call_retries.add((namespace, flow, kind))

    # --- queues -----------------------------------------------------------------------------------------

    def queue_handled(self, queue: str, operation: str, items: int, seconds: float | None) -> None:
        """Count a call of a queue: enqueued, leased, completed, released, failed, ... so many items."""
        if items:
            self._queue_handled.add((queue, operation), items)
        if seconds is not None:
            self._queue_seconds.observe((queue, operation), seconds)

    def queue_waited(self, queue: str, seconds: float) -> None:
        """Count how long an item waited for its first lease."""
        self._queue_wait.observe((queue,), seconds)

    def queue_failed(self, queue: str) -> None:
        """Count a call that the queue could not serve."""
        self._queue_failures.add((queue,))

    # --- triggers, alerts -------------------------------------------------------------------------------

    def trigger_fired(
        self, namespace: str, flow: str, trigger: str, outcome: str, lag_seconds: float | None = None
    ) -> None:
        """Count a firing; `outcome` is one of a small set: started, filtered, duplicate, refused, failed."""
        self._firings.add((namespace, flow, trigger, outcome))
        if lag_seconds is not None:
            self._lag.observe((namespace, flow, trigger), max(0.0, lag_seconds))

    def notification_ended(self, namespace: str, outcome: str) -> None:
        """Count a notification: delivered, retried, failed (given up), silenced."""
        self._alerts.add((namespace, outcome))

    # --- the store --------------------------------------------------------------------------------------

    def store_operated(self, operation: str, seconds: float) -> None:
        """Count an operation of the store."""
        self._store_seconds.observe((operation,), seconds)

    def store_failed(self, operation: str, reason: str) -> None:
        """Count what the store refused; `reason` is the name of the error's class."""
        self._store_failures.add((operation, reason))

    def group_committed(self, items: int, seconds: float) -> None:
        """Count one transaction of the store's writer. Called on the thread that has its connection."""
        self._group_items.observe((), items)
        self._group_seconds.observe((), seconds)


def _status_class(status: int | None) -> str:
    return f"{status // 100}xx" if status is not None and 100 <= status <= 599 else OTHER
