"""The file beside the database by which processes wait for each other: a turnstile and a doorbell.

Turnstile: SQLite lets processes that find the database locked sleep longer and longer, so one that writes
all the time starves the others. Here whoever wants to write takes the bell file's lock first, and gives it up
once it has the database: the next writer is always the one that stands in the turnstile.

Doorbell: whoever has made items ready writes a byte to the bell file. Idle readers watch the file (inotify),
which costs nothing while nothing happens. Where that is not to be had, `can_listen` is False, and they poll.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import sqlite3
import sys
import time

from headrace.queue.sqlite.failure import is_busy

# How long the process in the turnstile tries for the database before it reports that it is locked.
BUSY_SECONDS = 10.0
_PAUSE_SECONDS, _PAUSE_SECONDS_MAX = 0.0001, 0.001

_IN_MODIFY = 0x2


class Bell:
    """The bell file of one database, opened by one client process."""

    def __init__(self, database_path: str) -> None:
        """Open or create it. Raises OSError."""
        self._path = database_path + "-bell"
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._inotify = -1
        self._watch = -1

    # ------------------------------------------------------------ turnstile

    def enter(self) -> None:
        """Wait for the turnstile. Raises OSError."""
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def leave(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def begin(self, cursor: sqlite3.Cursor) -> None:
        """Begin a transaction that writes, in turn with other processes.

        Raises sqlite3.OperationalError (busy) when the database stays locked for `BUSY_SECONDS`, by another
        program or a process that was stopped.
        """
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            try:
                cursor.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as problem:
                if not is_busy(problem):
                    raise
                self._begin_patiently(cursor)
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _begin_patiently(self, cursor: sqlite3.Cursor) -> None:
        deadline = time.monotonic() + BUSY_SECONDS
        pause = _PAUSE_SECONDS
        while True:
            time.sleep(pause)
            try:
                cursor.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as problem:
                if not is_busy(problem) or time.monotonic() > deadline:
                    raise
            pause = min(pause * 1.5, _PAUSE_SECONDS_MAX)

    # ------------------------------------------------------------ doorbell

    def ring(self) -> None:
        """Wake those who listen, in any process. Raises OSError."""
        os.pwrite(self._file, b"\0", 0)

    def can_listen(self) -> bool:
        """Prepare to listen; return whether this system can."""
        if self._inotify < 0 and sys.platform == "linux":
            # Fails where no more instances are allowed (fs.inotify.max_user_instances).
            self._inotify = _libc().inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        return self._inotify >= 0

    def fileno(self) -> int:
        """The descriptor that becomes readable when the bell rings; only after `can_listen` said so."""
        return self._inotify

    def listen(self) -> bool:
        """Let rings arrive from now on; return whether they will."""
        if self._watch < 0:
            self._watch = _libc().inotify_add_watch(self._inotify, os.fsencode(self._path), _IN_MODIFY)
        return self._watch >= 0

    def stop_listening(self) -> None:
        if self._watch >= 0:
            _libc().inotify_rm_watch(self._inotify, self._watch)
            self._watch = -1

    def drain(self) -> None:
        """Read the rings that have arrived."""
        try:
            while os.read(self._inotify, 4096):
                pass
        except OSError as problem:
            if problem.errno != errno.EAGAIN:
                raise

    def close(self) -> None:
        os.close(self._file)
        if self._inotify >= 0:
            os.close(self._inotify)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
