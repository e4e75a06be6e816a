"""One writing process per store file: an exclusive `flock` on `<path>.owner`.

The lock belongs to the open file, so the kernel frees it when its process dies, however it dies; what the
file says only names the owner to whoever comes second. It is never deleted: deleting would let two
processes hold locks on two files of one name.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import socket
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from headrace.store.port import StoreError, StoreOwned


class Owner(msgspec.Struct, kw_only=True):
    """Who holds a store. `started_at` is RFC 3339, UTC; `url` is where a server can be reached."""

    pid: int
    host: str
    started_at: str
    command: str
    url: str | None = None


class Ownership:
    """The lock on a store file, held until `release` or the end of the process."""

    def __init__(self, file: int, owner: Owner) -> None:
        self._file = file
        self._owner = owner

    @classmethod
    def take(cls, path: str, now: float) -> Ownership:
        """Take the store at `path` for this process.

        Raises `StoreOwned` when another holder has it, `StoreError` when the file system has no locks,
        OSError when the owner file cannot be opened or written.
        """
        owner_path = path + ".owner"
        file = os.open(owner_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as taken:
                raise StoreOwned(_describe(file, path)) from taken
            except OSError as problem:
                raise StoreError(
                    f"cannot lock {owner_path}: {problem}; keep the store on a local disk, whose file "
                    "system has locks, with --store"
                ) from problem
            owner = Owner(
                pid=os.getpid(),
                host=socket.gethostname(),
                started_at=datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds"),
                command=_command(sys.argv),
            )
            _write(file, owner)
        except BaseException:
            os.close(file)
            raise
        return cls(file, owner)

    def announce(self, url: str) -> None:
        """Note where the owner, a server, can be reached: who comes second then knows whom to ask.

        Raises OSError.
        """
        if self._file >= 0:
            self._owner.url = url
            _write(self._file, self._owner)

    def release(self) -> None:
        """Let another process own the store. A second call does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _write(file: int, owner: Owner) -> None:
    os.ftruncate(file, 0)
    os.pwrite(file, msgspec.json.encode(owner) + b"\n", 0)


def _command(arguments: Sequence[str]) -> str:
    """Return the words of a command line before its first option: options may hold secrets."""
    words = itertools.takewhile(lambda word: not word.startswith("-"), arguments[1:])
    return " ".join([os.path.basename(arguments[0]), *words])[:200]


def _describe(file: int, path: str) -> str:
    try:
        owner = msgspec.json.decode(os.pread(file, 64 * 1024, 0), type=Owner)
    except (OSError, msgspec.MsgspecError):
        # The owner is between taking the lock and writing who it is.
        return f"another process owns the store {path}; stop it, or use another file with --store"
    who = f"process {owner.pid} on {owner.host}"
    owns = f"{who} owns the store {path} since {owner.started_at} ({owner.command})"
    if owner.url is not None:
        return (
            f"{owns}; it is a server: `headrace login {owner.url}`, and commands go to it, or stop it, "
            "or use another file with --store"
        )
    return f"{owns}; stop it, or use another file with --store"
