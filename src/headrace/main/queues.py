"""Where the work queues of an engine are, and what the engine is called among those that share them."""

from __future__ import annotations

import os
import socket
import uuid
from pathlib import Path

from headrace.delivery.batch.files import BatchFiles
from headrace.delivery.place import QueuePlace, TemporaryPlace

# The folder of batches' ledgers, beside the store.
BATCHES_NAME = "batches"

MEMORY = ":memory:"
FILE_NAME = "queue.db"


def place_of(queue: str | os.PathLike[str] | None, store: str | os.PathLike[str]) -> tuple[QueuePlace, str]:
    """Return the place of the queues, and the engine's name: the same in each life of one store.

    Without an address the queues are in `queue.db` beside the store, for a store in memory in a temporary
    folder.
    """
    if os.fspath(store) == MEMORY:
        engine = uuid.uuid4().hex
        return (TemporaryPlace() if queue is None else QueuePlace(os.fspath(queue))), engine
    path = Path(store).resolve()
    engine = f"{socket.gethostname()}:{path}"
    return QueuePlace(str(path.with_name(FILE_NAME)) if queue is None else os.fspath(queue)), engine


def batch_files_of(store: str | os.PathLike[str], base_dir: Path, *, files_anywhere: bool) -> BatchFiles:
    """Return where the files of batches are: beside the store, or temporary ones for a store in memory."""
    in_memory = os.fspath(store) == MEMORY
    folder = None if in_memory else Path(store).resolve().with_name(BATCHES_NAME)
    return BatchFiles(folder, base_dir, files_anywhere=files_anywhere)
