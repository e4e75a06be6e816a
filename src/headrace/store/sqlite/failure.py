"""sqlite3's errors in the store's words: what failed, where, and what to do."""

from __future__ import annotations

import errno
import os
import sqlite3

from headrace.store.port import StoreError, StoreUnavailable

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


def concerns_database(error: BaseException) -> bool:
    """Whether the database failed, and not the statement or values that were given to it."""
    code = _primary_code(error)
    return code in _UNAVAILABLE or code in _DAMAGED or isinstance(error, OSError | MemoryError)


def translate(error: BaseException, path: str, doing: str) -> StoreError:
    """Return the store's error for `error`, which happened while `doing` something to the file `path`."""
    if isinstance(error, StoreError):
        return error
    code = _primary_code(error)
    if code in _DAMAGED:
        return StoreError(
            f"the store {path} is damaged or is no SQLite database ({error}) while {doing}; keep the "
            "file, its -wal and -shm for examination, and restore a backup or use another file with --store"
        )
    if code in _UNAVAILABLE or isinstance(error, OSError | MemoryError):
        return StoreUnavailable(
            f"the store {path} is not available while {doing}: {error}; nothing was written. "
            f"{_remedy(code, error, path)}"
        )
    return StoreError(f"the store {path} failed while {doing}: {type(error).__name__}: {error}")


def _remedy(code: int, error: BaseException, path: str) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if code == sqlite3.SQLITE_FULL or number == errno.ENOSPC:
        return f"Free space on its disk{_free_space(path)}, then the same call works again."
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM) or number in (errno.EROFS, errno.EACCES):
        return "Make the file and its directory writable for this user, or mount its disk writable."
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return "Another program holds a lock on it: close programs that have it open (sqlite3, a backup)."
    if code == sqlite3.SQLITE_CANTOPEN or number in (errno.ENOENT, errno.ENOTDIR):
        return "Check that the path exists and that this user may read and write it and its directory."
    if code == sqlite3.SQLITE_NOMEM or isinstance(error, MemoryError):
        return "The process is out of memory; lower its load or raise its limit."
    return f"Check the disk's health and space{_free_space(path)} and the system's log."


def _free_space(path: str) -> str:
    try:
        disk = os.statvfs(os.path.dirname(path) or ".")
    except OSError:
        return ""
    return f" ({disk.f_bavail * disk.f_frsize / 1e6:.1f} MB are free now)"
