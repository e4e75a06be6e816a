"""The lists of each backend of the store contract."""

from __future__ import annotations

from headrace.store.lists import Lists
from headrace.store.port import Store
from headrace.store.sqlite import SqliteStore
from headrace.store.sqlite.lists import SqliteLists
from headrace.store.watched import WatchedStore


def lists_of(store: Store) -> Lists:
    """Return the lists of a store, whatever stands before it."""
    inner = store.store if isinstance(store, WatchedStore) else store
    assert isinstance(inner, SqliteStore)
    return SqliteLists(inner)
