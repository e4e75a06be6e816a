"""Reading executions: in a store, beside the process that owns it, or at a server."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headrace.cli.records.port import Records
    from headrace.cli.where import Server, Where


@asynccontextmanager
async def reading(where: Where) -> AsyncIterator[Records]:
    """Read executions where the command line says, or where one is. Nothing is made or changed."""
    from headrace.cli.where import place_of

    place = place_of(where)
    if isinstance(place, Path):
        async with reading_store(place, where.namespace) as records:
            yield records
    else:
        async with reading_server(place) as records:
            yield records


@asynccontextmanager
async def reading_store(store: Path, namespace: str | None = None) -> AsyncIterator[Records]:
    """Open a store that exists, for reading only."""
    from headrace.cli.records.local import LocalRecords
    from headrace.store.sqlite import SqliteStore

    opened = await SqliteStore.open(store, read_only=True)
    try:
        yield LocalRecords(opened, store, namespace)
    finally:
        await opened.close()


@asynccontextmanager
async def reading_server(server: Server) -> AsyncIterator[Records]:
    """Read executions of a server's namespace."""
    from headrace.cli.client.client import Client
    from headrace.cli.records.server import ServerRecords

    async with Client(server) as client:
        yield ServerRecords(client)


def is_owned(store: Path) -> bool | None:
    """Whether a process runs the store now; None where that cannot be told (another host's, no note).

    Only what the owner wrote down is read: trying its lock could keep an owner out that starts just now.
    """
    import socket

    owner = owner_of(store)
    try:
        if owner["host"] != socket.gethostname():
            return None
        os.kill(owner["pid"], 0)
    except ProcessLookupError:
        return False
    except (OSError, KeyError, TypeError):
        return None
    return True


def owner_of(store: Path) -> dict[str, Any]:
    """Return what the last owner of a store wrote down about itself; empty where that cannot be read."""
    import msgspec

    try:
        return msgspec.json.decode(Path(f"{os.path.realpath(store)}.owner").read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError):
        return {}
