"""Calls that readers of a work queue perform: `delivery: queue` on a function, and `call: batch`.

`docs/decisions/0007-queued-calls.md` says how an answer finds its way back.
"""

from headrace.delivery.batch.files import BatchFiles
from headrace.delivery.calls import QueuedCalls
from headrace.delivery.place import QueuePlace, TemporaryPlace

__all__ = ["BatchFiles", "QueuePlace", "QueuedCalls", "TemporaryPlace"]
