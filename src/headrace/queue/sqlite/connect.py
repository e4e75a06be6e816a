"""Opening connections with the settings that the queue relies on."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Literal

Durability = Literal["full", "normal"]

PAGE_SIZE_BYTES = 8192
WRITER_CACHE_KIB = 32 * 1024
READER_CACHE_KIB = 2 * 1024
# How much log is gathered before it is moved into the file: an item's row changes three times in its life,
# and a page that changes often is then moved once.
CHECKPOINT_PAGES = 4000
LOG_LIMIT_BYTES = 64 * 1024 * 1024
# How long a reader waits where another process recovers the log after a crash.
READER_BUSY_SECONDS = 5.0
# How long opening waits for those who write at the moment.
SET_UP_BUSY_MS = 10_000
CACHED_STATEMENTS = 256

_SYNCHRONOUS = {"full": "FULL", "normal": "NORMAL"}


def create(path: str) -> None:
    """Make the file, with its directory where missing, readable by this user only. Raises OSError."""
    directory = os.path.dirname(path)
    if not os.path.isdir(directory):
        os.mkdir(directory)
    # Payloads are nobody else's business; SQLite gives its other files the same permissions.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def open_writer(path: str) -> sqlite3.Connection:
    """Open a connection that writes; `set_up_writer` comes next. Raises sqlite3.Error.

    Transactions are begun and ended by explicit statements. It never waits for a lock: who waits, and in
    which order, is the turnstile's business.
    """
    return sqlite3.connect(
        path, timeout=0.0, isolation_level=None, check_same_thread=False, cached_statements=CACHED_STATEMENTS
    )


def set_up_writer(connection: sqlite3.Connection, durability: Durability) -> None:
    """Set how the file is kept: write-ahead log, page size, syncing. Raises sqlite3.Error."""
    # Takes effect on a new file only, and must come before WAL.
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE_BYTES}")
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[durability]}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}").fetchall()
    connection.execute(f"PRAGMA journal_size_limit = {LOG_LIMIT_BYTES}").fetchall()
    # Some builds overwrite deleted content with zeros by default: twice the writing for each prune.
    connection.execute("PRAGMA secure_delete = OFF").fetchall()
    connection.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KIB}")
    connection.execute("PRAGMA temp_store = MEMORY")


def open_reader(path: str) -> sqlite3.Connection:
    """Open a connection that cannot write. Raises sqlite3.Error."""
    connection = sqlite3.connect(
        f"{Path(path).as_uri()}?mode=ro",
        uri=True,
        timeout=READER_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=CACHED_STATEMENTS,
    )
    connection.execute("PRAGMA query_only = ON")
    connection.execute(f"PRAGMA cache_size = -{READER_CACHE_KIB}")
    return connection
