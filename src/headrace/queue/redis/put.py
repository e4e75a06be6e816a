"""Items to put, written as a call of a script.

Most are plain: ready at once, with the same headers, and nothing can be wrong with them or be a duplicate.
Those are told from the others in one look at each, and need half as many words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from headrace.queue.check import check_puts
from headrace.queue.ids import new_item_id, new_item_ids
from headrace.queue.port import ITEMS_PER_CALL_MAX, PRIORITY_MAX, PRIORITY_MIN, Put
from headrace.queue.redis import script
from headrace.queue.redis.codec import head_of, write_item
from headrace.queue.redis.keys import QueueKeys
from headrace.queue.redis.wire import Word

# A call of many large items would hold the server up for everybody.
BYTES_PER_CALL = 4 << 20

_DEDUPE_SECONDS = Put(payload=b"").dedupe_seconds

# The script, its arguments, the ids of the items, and further keys.
Call = tuple[script.Script, list[Word], list[str], list[bytes]]


def write_puts(puts: Sequence[Put], keys: QueueKeys) -> Iterator[Call]:
    """Give one call after the other, each written when it is asked for.

    Raises `QueueError`, before the first, where any item cannot be put.
    """
    priority = _priority_if_plain(puts)
    if priority is None:
        check_puts(puts)
    for chunk in _chunks(puts):
        yield _write(chunk, keys) if priority is None else _write_plain(chunk, priority)


def milliseconds(seconds: float) -> int:
    """Return a pause for the server, rounded up: one that is asked for is never none."""
    return -int(-seconds * 1000 // 1)


def _priority_if_plain(puts: Sequence[Put]) -> int | None:
    """Return the priority of all `puts` where they are plain and have the same one, else None.

    The headers are looked at by identity: who puts many with the same ones makes them once.
    """
    if not puts:
        return None
    priority, headers = puts[0].priority, puts[0].headers
    if type(priority) is not int or not PRIORITY_MIN <= priority <= PRIORITY_MAX:
        return None
    for put in puts:
        if (
            put.delay_seconds
            or put.id is not None
            or put.dedupe_key is not None
            or put.headers is not headers
            or put.max_attempts is not None
            or put.priority != priority
            or put.dedupe_seconds != _DEDUPE_SECONDS
            or type(put.payload) is not bytes
        ):
            return None
    return priority


def _chunks(puts: Sequence[Put]) -> Iterator[Sequence[Put]]:
    """Cut into parts of at most `ITEMS_PER_CALL_MAX` items and, but for a single one, `BYTES_PER_CALL`."""
    for at in range(0, len(puts), ITEMS_PER_CALL_MAX):
        part = puts[at : at + ITEMS_PER_CALL_MAX]
        sizes = [len(put.payload) for put in part]
        if sum(sizes) <= BYTES_PER_CALL:
            yield part
            continue
        start = size = 0
        for place, more in enumerate(sizes):
            if place > start and size + more > BYTES_PER_CALL:
                yield part[start:place]
                start, size = place, 0
            size += more
        yield part[start:]


def _write_plain(puts: Sequence[Put], priority: int) -> Call:
    head = head_of(priority, puts[0].headers)
    ids = new_item_ids(len(puts))
    arguments: list[Word] = [priority] * (1 + 2 * len(puts))
    arguments[1::2] = ids
    arguments[2::2] = [head + put.payload for put in puts]
    return script.ENQUEUE_PLAIN, arguments, ids, []


def _write(puts: Sequence[Put], keys: QueueKeys) -> Call:
    ids: list[str] = []
    dedupe_keys: list[bytes] = []
    arguments: list[Word] = ["0", len(puts)]
    for put in puts:
        if put.id is None:
            item_id = new_item_id()
        else:
            item_id = put.id
            arguments[0] = "1"
        ids.append(item_id)
        dedupe_ms: int | str = ""
        if put.dedupe_key is not None:
            dedupe_keys.append(keys.dedupe(put.dedupe_key))
            dedupe_ms = milliseconds(put.dedupe_seconds)
        delay_ms = milliseconds(put.delay_seconds) if put.delay_seconds else 0
        arguments += (item_id, write_item(put), delay_ms, dedupe_ms)
    return script.ENQUEUE, arguments, ids, dedupe_keys
