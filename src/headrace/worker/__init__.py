"""The reader: leases items and hands them to an application that knows nothing of queues."""

from headrace.worker.application import ApplicationError, ItemContext, Reject, Retry
from headrace.worker.callable_application import callable_application, load_callable
from headrace.worker.options import Counters, ReaderOptions
from headrace.worker.reader import Reader

__all__ = [
    "ApplicationError",
    "Counters",
    "ItemContext",
    "Reader",
    "ReaderOptions",
    "Reject",
    "Retry",
    "callable_application",
    "load_callable",
]
