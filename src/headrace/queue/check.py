"""What callers may ask of a queue; bad input is refused before anything is touched, on every backend."""

from __future__ import annotations

import math
from collections.abc import Sequence

from headrace.queue.port import PRIORITY_MAX, PRIORITY_MIN, Failed, Put, QueueError, QueueOptions

# Beyond this nobody means a duration; it keeps times within what every backend can store.
SECONDS_MAX = 100 * 366 * 86_400.0


def check_puts(puts: Sequence[Put]) -> None:
    """Raise `QueueError` for the first item that cannot be enqueued."""
    for index, put in enumerate(puts):
        # One pass over plain comparisons: NaN fails each of them.
        if not (
            0.0 <= put.delay_seconds <= SECONDS_MAX
            and PRIORITY_MIN <= put.priority <= PRIORITY_MAX
            and put.id != ""
            and put.dedupe_key != ""
            and 0.0 <= put.dedupe_seconds <= SECONDS_MAX
            and (put.max_attempts is None or put.max_attempts >= 1)
            and isinstance(put.payload, bytes)
        ):
            raise QueueError(f"item {index} of {len(puts)} is refused: {_why(put)}; nothing was enqueued")


def check_lease(max_items: int, lease_seconds: float, wait_seconds: float = 0.0) -> None:
    """Raise `QueueError` where a lease of these numbers makes no sense."""
    if max_items < 0:
        raise QueueError(f"max_items is {max_items}; lease at least one item, or 0 to take none")
    check_lease_seconds(lease_seconds)
    if math.isnan(wait_seconds) or wait_seconds < 0:
        raise QueueError(f"wait_seconds is {wait_seconds}; give 0 not to wait, or how long to wait")


def check_lease_seconds(lease_seconds: float) -> None:
    """Raise `QueueError` unless `lease_seconds` is a positive duration."""
    if not 0.0 < lease_seconds <= SECONDS_MAX:
        raise QueueError(f"lease_seconds is {lease_seconds}; give more than 0 s and at most 100 years")


def check_failed(failed: Sequence[Failed]) -> None:
    """Raise `QueueError` for the first one with a pause that is no duration."""
    for fail in failed:
        if fail.retry_in is not None and not 0.0 <= fail.retry_in <= SECONDS_MAX:
            raise QueueError(
                f"retry_in of item {fail.id} is {fail.retry_in}; give seconds from 0, or None for the "
                "queue's backoff; nothing was changed"
            )


def check_name(name: str) -> None:
    """Raise `QueueError` for a name that no queue can have."""
    if not name or "\0" in name or len(name) > 200:
        raise QueueError(f"{name!r} is no name for a queue; use 1 to 200 characters without NUL")


def check_options(options: QueueOptions) -> None:
    """Raise `QueueError` for options that make no sense."""
    if options.max_attempts < 1:
        raise QueueError(f"max_attempts is {options.max_attempts}; an item is delivered at least once")
    for field in ("backoff_seconds", "backoff_seconds_max", "result_seconds", "dead_seconds"):
        value = getattr(options, field)
        if not 0.0 <= value <= SECONDS_MAX:
            raise QueueError(f"{field} is {value}; give seconds from 0 to 100 years")


def _why(put: Put) -> str:
    if not isinstance(put.payload, bytes):
        return f"its payload is {type(put.payload).__name__}, not bytes"
    if not PRIORITY_MIN <= put.priority <= PRIORITY_MAX:
        return f"priority {put.priority} is not between {PRIORITY_MIN} and {PRIORITY_MAX}"
    if not 0.0 <= put.delay_seconds <= SECONDS_MAX:
        return f"delay_seconds {put.delay_seconds} is not between 0 and 100 years"
    if not 0.0 <= put.dedupe_seconds <= SECONDS_MAX:
        return f"dedupe_seconds {put.dedupe_seconds} is not between 0 and 100 years"
    if put.max_attempts is not None and put.max_attempts < 1:
        return f"max_attempts is {put.max_attempts}; an item is delivered at least once"
    return "its id or dedupe_key is empty; leave it out instead"
