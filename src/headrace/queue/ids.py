"""Ids of items: unique among all clients, and ascending within one, so that indexes grow at one end."""

from __future__ import annotations

import itertools
import os
import time


def _prefix() -> str:
    return f"{int(time.time() * 1000):011x}{os.urandom(5).hex()}"


_start = _prefix()
_count = itertools.count()


def new_item_id() -> str:
    """Return a new id: 28 hexadecimal digits (of which the first 11 are when this process started)."""
    return f"{_start}{next(_count):07x}"


def new_item_ids(number: int) -> list[str]:
    """Return so many new ids, in order."""
    start = _start
    return [f"{start}{count:07x}" for count in itertools.islice(_count, number)]


def _renew() -> None:
    global _start
    _start = _prefix()


# A forked child would count on from its parent's number, under the same prefix.
os.register_at_fork(after_in_child=_renew)
