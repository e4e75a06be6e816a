"""Values that other programs put into plain lists, and the layout of the `RedisWQ` class.

`rpush job apple` needs no help: the queue named `job` reads the list `job` (scripts/prelude.lua,
`adopt`). `RedisWQ` keeps its ready values in the same list, those in hands in `NAME:processing`, and for
each of those, while its lease lasts, a key `NAME:leased_by_session:` and the SHA-224 of the value. Its
complete removes every equal value at once; here each copy is an item of its own.
"""

from __future__ import annotations

import hashlib
from collections import Counter

import msgspec

from headrace.queue.port import ITEMS_PER_CALL_MAX
from headrace.queue.redis.link import Link
from headrace.queue.redis.script import ADOPT_REDISWQ


class Adopted(msgspec.Struct, frozen=True):
    """What was found in a RedisWQ's processing list."""

    recovered: int  # values nobody held any more: ready items now
    leased: int  # values left there, because a reader of the old kind holds a lease on an equal one


def lease_key(name: str, value: bytes) -> bytes:
    """Return the key that RedisWQ keeps while it holds `value`."""
    return f"{name}:leased_by_session:{hashlib.sha224(value).hexdigest()}".encode()


async def adopt_processing(link: Link, name: str) -> Adopted:
    """Make ready items of the values that are stuck in `NAME:processing`."""
    processing = f"{name}:processing".encode()
    recovered = leased = 0
    values = list(Counter(await link.command("LRANGE", processing, 0, -1)))
    for at in range(0, len(values), ITEMS_PER_CALL_MAX):
        chunk = values[at : at + ITEMS_PER_CALL_MAX]
        keys = [processing, *(lease_key(name, value) for value in chunk)]
        taken, held = await link.call(ADOPT_REDISWQ, chunk, more_keys=keys)
        recovered += taken
        leased += held
    return Adopted(recovered, leased)
