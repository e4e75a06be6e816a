"""How a reader works, and what it counts."""

from __future__ import annotations

import msgspec

from headrace.queue.port import ITEMS_PER_CALL_MAX, QueueError


class ReaderOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a reader works. `batch` is the most items of one call; 1 with `concurrency` 1 is one by one."""

    concurrency: int = 1
    lease_seconds: float = 30.0
    batch: int = 100
    retries: int | None = None  # attempts after the first; None: as the queue says
    drain: bool = False  # end when the queue is empty and nothing is leased or delayed, by anybody
    flush_items: int = 128
    flush_ms: float = 5.0
    timeout_seconds: float | None = None  # of one item (of one batch); None: as long as it takes
    grace_seconds: float = 20.0  # for what is being worked on, when the reader is told to stop
    worker_id: str = ""


class Counters(msgspec.Struct, kw_only=True):
    """What a reader has done."""

    leased: int = 0
    completed: int = 0
    failed: int = 0
    released: int = 0
    late_results: int = 0  # refused by the queue, because the lease was over
    leases_lost: int = 0  # ended while the item was in hand
    skipped: int = 0  # never begun, because the lease was over when their turn came
    disconnects: int = 0
    unsent: int = 0  # outcomes that could not be given to the queue before the end


def check_options(options: ReaderOptions) -> None:
    """Raise `QueueError` for options that make no sense."""
    for name in ("concurrency", "batch", "flush_items"):
        value = getattr(options, name)
        if value < 1:
            raise QueueError(f"{name} is {value}; it is 1 at least")
    if options.batch > ITEMS_PER_CALL_MAX:
        raise QueueError(f"batch is {options.batch}; at most {ITEMS_PER_CALL_MAX} items go into one call")
    if not options.lease_seconds > 0:
        raise QueueError(f"lease_seconds is {options.lease_seconds}; a lease takes more than 0 s")
    if options.retries is not None and options.retries < 0:
        raise QueueError(f"retries is {options.retries}; give 0 for none")
    if options.timeout_seconds is not None and not options.timeout_seconds > 0:
        raise QueueError(f"timeout_seconds is {options.timeout_seconds}; leave it out for no limit")
    for name in ("flush_ms", "grace_seconds"):
        if not getattr(options, name) >= 0:
            raise QueueError(f"{name} is {getattr(options, name)}; it is 0 at least")
