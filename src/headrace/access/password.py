"""Passwords: argon2id, off the event loop, a bounded number at a time."""

from __future__ import annotations

import asyncio
import base64
import secrets
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from headrace.access.failure import bad, too_many

LENGTH_MIN, LENGTH_MAX = 12, 256
# Each takes 64 MiB and some 50 ms of a core.
THREADS = 2
WAITING_MAX = 16
_BUSY_SECONDS = 2.0

_Result = TypeVar("_Result")


class Passwords:
    """Hashes and verifies. `close` ends its threads."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        # The library's default is the second recommended option of RFC 9106, section 4.
        self._hasher = hasher or PasswordHasher()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="headrace-password")
        self._lock = threading.Lock()
        self._open = 0
        self._nobody = _hash_of_nobody(self._hasher)

    def close(self) -> None:
        """End the threads; what they do is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def hash(self, password: str) -> str:
        """Return what is kept of a password. Raises `Refused` 503 when too many wait."""
        return await self._run(lambda: self._hasher.hash(_normal(password)))

    async def verify(self, kept: str | None, password: str) -> bool:
        """Return whether a password is the one that was kept.

        Without one (None: no such user) it takes as long, and the answer is no. Raises `Refused` 503.
        """
        hash = self._nobody if kept is None else kept
        if len(password) > LENGTH_MAX:
            password = ""  # nobody has it, and finding out takes as long as for any other

        def check() -> bool:
            try:
                return self._hasher.verify(hash, _normal(password)) and kept is not None
            except (Argon2Error, InvalidHashError):
                return False

        return await self._run(check)

    def outdated(self, kept: str) -> bool:
        """Return whether a password should be hashed anew, because hashing has become harder since."""
        return self._hasher.check_needs_rehash(kept)

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        with self._lock:
            if self._open >= THREADS + WAITING_MAX:
                raise too_many("too many logins at the same time", _BUSY_SECONDS, status=503)
            self._open += 1
        future = self._threads.submit(work)
        # Counted until the work is done or dropped, not until somebody stops waiting for it.
        future.add_done_callback(self._done)
        return await asyncio.wrap_future(future)

    def _done(self, _: object) -> None:
        # Called on the thread that did the work.
        with self._lock:
            self._open -= 1


def check_password(password: str, user: str, pointer: str = "/password") -> None:
    """Raise `Refused` 400 for a password that is too easy to guess, or too long."""
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        raise bad(f"a password has {LENGTH_MIN} to {LENGTH_MAX} characters", pointer, "several words do well")
    if user.lower() in password.lower() and len(password) < len(user) + LENGTH_MIN:
        raise bad("the password is little more than the user's name", pointer, "choose another")
    if len(set(password)) < 5:
        raise bad("the password has fewer than five different characters", pointer, "choose another")


def _normal(password: str) -> str:
    # The same characters come as other code points from other keyboards (NIST SP 800-63B, section 5.1.1.2).
    return unicodedata.normalize("NFKC", password)


def _hash_of_nobody(hasher: PasswordHasher) -> str:
    """Return a hash with the hasher's parameters that no password has, without the time to make one."""

    def random(length: int) -> str:
        return base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")

    parameters = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${parameters}${random(hasher.salt_len)}${random(hasher.hash_len)}"
