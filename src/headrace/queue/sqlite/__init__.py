"""Work queues in one SQLite file, for any number of processes of one machine."""

from headrace.queue.sqlite.queue import SqliteQueue
from headrace.queue.sqlite.queues import SqliteQueues

__all__ = ["SqliteQueue", "SqliteQueues"]
