"""Work queues in one SQLite file, for any number of processes of one machine."""

from headrace.queue.sqlite.queue import SqliteQueue

__all__ = ["SqliteQueue"]
