"""Opening connections with the settings that the store relies on."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

MEMORY = ":memory:"

# Rows are small and payloads up to 64 KiB lie in them: fewer, larger pages cost less CPU per row than
# SQLite's 4 KiB and no more disk (measured with bench/store_bench.py).
PAGE_SIZE_BYTES = 8192
WRITER_CACHE_KIB = 32 * 1024
READER_CACHE_KIB = 8 * 1024
# SQLite moves the write-ahead log into the file every 1,000 pages, beside readers, and then starts it over
# unless a reader is still in it. Where readers never pause it would grow for ever: beyond this size the
# writer makes a gap for it (see `cut_log`).
WAL_LIMIT_BYTES = 64 * 1024 * 1024
# How long the writer waits for readers to leave the log then, with commits waiting behind it.
CUT_LOG_SECONDS = 0.1
# How long to wait for a lock of another program (a backup, the sqlite3 shell) before giving up.
BUSY_TIMEOUT_SECONDS = 5.0
CACHED_STATEMENTS = 256

_SYNCHRONOUS = {"full": "FULL", "normal": "NORMAL"}


def open_writer(path: str) -> sqlite3.Connection:
    """Open the connection that writes, changing nothing yet; `set_up_writer` comes next.

    Transactions are begun and ended by explicit statements. Raises sqlite3.Error.
    """
    return sqlite3.connect(
        path,
        timeout=BUSY_TIMEOUT_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=CACHED_STATEMENTS,
    )


def set_up_writer(connection: sqlite3.Connection, durability: str) -> None:
    """Set how the file is kept: write-ahead log, page size, syncing. Raises sqlite3.Error."""
    # Takes effect on a new file only, and must come before WAL.
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE_BYTES}")
    # A database in memory stays without a log.
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[durability]}")
    connection.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}").fetchall()
    # Some builds overwrite deleted content with zeros by default: twice the writing for each prune.
    connection.execute("PRAGMA secure_delete = OFF").fetchall()
    _set_memory(connection, WRITER_CACHE_KIB)


def wait_for_locks(connection: sqlite3.Connection, seconds: float) -> None:
    """Set how long statements of this connection wait for the locks of others."""
    connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}").fetchall()


def cut_log(connection: sqlite3.Connection) -> None:
    """Move the whole write-ahead log into the file and make it empty.

    Waits up to `CUT_LOG_SECONDS` for readers; where one stays longer (a backup), the log keeps its size.
    Raises sqlite3.Error.
    """
    wait_for_locks(connection, CUT_LOG_SECONDS)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        wait_for_locks(connection, BUSY_TIMEOUT_SECONDS)


def open_reader(path: str) -> sqlite3.Connection:
    """Open a connection that cannot write. Raises sqlite3.Error."""
    options = "mode=ro"
    if not os.access(os.path.dirname(path), os.W_OK) and not os.path.exists(path + "-wal"):
        # A closed store on a read-only disk: without this SQLite insists on creating its -shm file.
        # No other process can be writing there either.
        options += "&immutable=1"
    connection = sqlite3.connect(
        f"{Path(path).as_uri()}?{options}",
        uri=True,
        timeout=BUSY_TIMEOUT_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=CACHED_STATEMENTS,
    )
    try:
        connection.execute("PRAGMA query_only = ON")
        _set_memory(connection, READER_CACHE_KIB)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_memory(connection: sqlite3.Connection, cache_kib: int) -> None:
    connection.execute(f"PRAGMA cache_size = -{cache_kib}")
    connection.execute("PRAGMA temp_store = MEMORY")
