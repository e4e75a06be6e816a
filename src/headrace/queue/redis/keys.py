"""The names of a queue's keys: all of one queue in one hash slot, those of two queues never the same.

A queue named `job` keeps `{job}:items` and so on, and reads the plain list `job` that other programs fill:
what stands in braces is hashed, so they share a slot.
"""

from __future__ import annotations

import re

from headrace.queue.port import PRIORITY_MAX, PRIORITY_MIN, QueueError

SLOTS = 16384

# SET of the names of all queues that were ever opened on the server, or cluster.
REGISTRY = b"headrace:queues"

# In the order of KEYS in scripts/prelude.lua: these, the plain list, the connection's last answer, the
# lists of ready items.
_BEFORE_PLAIN = (
    *("items", "attempts", "errors", "history", "delayed", "dead", "reasons", "leased", "leases", "batches"),
    *("results", "completed", "totals", "options", "fence", "wake"),
)
_READY = tuple(f"ready:{priority}" for priority in range(PRIORITY_MIN, PRIORITY_MAX + 1))


class QueueKeys:
    """Every key of the queue `name`, as bytes."""

    def __init__(self, name: str) -> None:
        """Raises `QueueError` when `name` is itself the name of a queue's key."""
        if name.encode(errors="replace") == REGISTRY or re.match(
            r"\{.*\}(\(.*\))?:(" + "|".join((*_BEFORE_PLAIN, "ready", "answer", "dedupe")) + r")\b", name
        ):
            raise QueueError(
                f"a queue cannot be named {name!r}: keys of queues are named so. Choose another name"
            )
        self._prefix, shares_slot = _prefix(name)
        self.wake = self._key("wake")
        # Where a name cannot be hashed as its keys are, the plain list has a name of its own.
        self.plain = name.encode() if shares_slot else self._key("plain")
        self._before = (*map(self._key, _BEFORE_PLAIN), self.plain)
        self._after = tuple(map(self._key, _READY))

    def all(self, answer: bytes) -> tuple[bytes, ...]:
        """Return what every script gets as KEYS, for a connection whose answers are kept under `answer`."""
        return (*self._before, answer, *self._after)

    def answer(self, client: str, lane: int) -> bytes:
        return self._key(f"answer:{client}:{lane}")

    def dedupe(self, key: str) -> bytes:
        return self._key(f"dedupe:{key}")

    def _key(self, suffix: str) -> bytes:
        return (self._prefix + suffix).encode()


def _prefix(name: str) -> tuple[str, bool]:
    """Return what the keys of `name` begin with, and whether they share the slot of the key `name`."""
    if "}" not in name:
        return f"{{{name}}}:", True
    tag = re.search(r"\{(.*?)\}", name, re.DOTALL)
    if tag is not None and tag[1]:
        return f"{{{tag[1]}}}({name}):", True
    return f"{{~}}({name}):", False


def slot(key: bytes) -> int:
    """Return the hash slot of `key`: CRC16/XMODEM of what stands in the first braces, or of all of it."""
    start = key.find(b"{")
    if start >= 0 and (end := key.find(b"}", start + 1)) > start + 1:
        key = key[start + 1 : end]
    crc = 0
    for byte in key:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc % SLOTS
