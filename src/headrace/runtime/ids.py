"""Ids of executions: sortable by time of creation, safe in URLs (the ULID format)."""

from __future__ import annotations

import os
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_LENGTH, _RANDOM_LENGTH = 10, 16
_RANDOM_BITS = 80

_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)

_last: tuple[int, int] = (0, 0)


def new_execution_id(now: float | None = None) -> str:
    """Return a new id of 26 characters; ids made later by this process sort later.

    `now` is epoch seconds, the clock's own time when not given.
    """
    global _last
    milliseconds = int((time.time() if now is None else now) * 1000)
    if milliseconds <= _last[0]:
        milliseconds, random = _last[0], _last[1] + 1  # same millisecond, or the clock went back
    else:
        # The top bit stays free, so that counting up within a millisecond never overflows.
        random = int.from_bytes(os.urandom(_RANDOM_BITS // 8), "big") >> 1
    _last = (milliseconds, random)
    return _base32(milliseconds, _TIME_LENGTH) + _base32(random, _RANDOM_LENGTH)


def _base32(number: int, length: int) -> str:
    # Ten bits at a time: half the steps.
    pairs = []
    for _ in range(length // 2):
        pairs.append(_PAIRS[number & 1023])
        number >>= 10
    return "".join(reversed(pairs))
