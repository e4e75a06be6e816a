"""Reading a store beside the process that owns it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from headrace.cli import project

if TYPE_CHECKING:
    from headrace.store.sqlite import SqliteStore


@asynccontextmanager
async def reading(store: Path | None) -> AsyncIterator[SqliteStore]:
    """Open a store that exists, for reading only."""
    from headrace.store.sqlite import SqliteStore

    opened = await SqliteStore.open(project.find_store(store), read_only=True)
    try:
        yield opened
    finally:
        await opened.close()


def is_owned(store: Path) -> bool | None:
    """Whether a process runs the store now; None where that cannot be told (another host's, no note).

    Only what the owner wrote down is read: trying its lock could keep an owner out that starts just now.
    """
    import socket

    import msgspec

    try:
        owner = msgspec.json.decode(Path(f"{os.path.realpath(store)}.owner").read_bytes())
        if owner["host"] != socket.gethostname():
            return None
        os.kill(owner["pid"], 0)
    except ProcessLookupError:
        return False
    except (OSError, msgspec.MsgspecError, KeyError, TypeError):
        return None
    return True
