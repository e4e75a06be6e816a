"""The port for triggers of each kind of store."""

from __future__ import annotations

from contract.store.backend import ClosableStore
from headrace.store.sqlite import SqliteStore
from headrace.store.sqlite.triggers import SqliteTriggers
from headrace.store.triggers import TriggerStore


def triggers_of(store: ClosableStore) -> TriggerStore:
    """Return the port for triggers that lives beside the executions of `store`."""
    assert isinstance(store, SqliteStore), f"no port for triggers is known for {type(store).__name__}"
    return SqliteTriggers(store)
