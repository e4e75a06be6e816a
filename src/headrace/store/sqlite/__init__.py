"""The store on one SQLite file: one process writes it, any number may read beside it."""

from headrace.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
