"""sqlite3's errors in the queue's words: what failed, where, and what to do."""

from __future__ import annotations

import errno
import sqlite3

from headrace.queue.port import QueueError, QueueUnavailable

# Primary result codes (https://sqlite.org/rescode.html) of a database that cannot be written or read
# at the moment. Anything else is a fault of the statement or its values.
_UNAVAILABLE = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _primary_code(error: BaseException) -> int:
    # Absent on errors that the sqlite3 module raises itself, such as for a value it cannot bind.
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else -1


def is_busy(error: sqlite3.OperationalError) -> bool:
    """Whether another connection holds the lock that was asked for."""
    return _primary_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def concerns_database(error: BaseException) -> bool:
    """Whether the database failed, and not the statement or values that were given to it."""
    code = _primary_code(error)
    return code in _UNAVAILABLE or code in _DAMAGED or isinstance(error, OSError | MemoryError)


def translate(error: BaseException, path: str, doing: str) -> QueueError:
    """Return the queue's error for `error`, which happened while `doing` something to the file `path`."""
    if isinstance(error, QueueError):
        return error
    code = _primary_code(error)
    if code in _DAMAGED:
        return QueueError(
            f"the queue file {path} is damaged or is no SQLite database ({error}) while {doing}; keep the "
            "file, its -wal and -shm for examination, and use another file"
        )
    if code in _UNAVAILABLE or isinstance(error, OSError | MemoryError):
        return QueueUnavailable(
            f"the queue file {path} is not available while {doing}: {error}; nothing was written. "
            f"{_remedy(code, error)}"
        )
    return QueueError(f"the queue file {path} failed while {doing}: {type(error).__name__}: {error}")


def _remedy(code: int, error: BaseException) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if code == sqlite3.SQLITE_FULL or number == errno.ENOSPC:
        return "Free space on its disk, then the same call works again."
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM) or number in (errno.EROFS, errno.EACCES):
        return "Make the file and its directory writable for this user, or mount its disk writable."
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return "Another program holds a lock on it: close programs that have it open (sqlite3, a backup)."
    if code == sqlite3.SQLITE_CANTOPEN or number in (errno.ENOENT, errno.ENOTDIR, errno.EISDIR):
        return "Check that the path exists and that this user may read and write it and its directory."
    return "Check the disk's health and space, and the system's log."
