"""What a batch task asks for, read once: its evaluated arguments and its function's settings."""

from __future__ import annotations

from typing import Any

import msgspec

from headrace.call.performer import CallError, call_error, seconds_of
from headrace.delivery.readers import LEASE_SECONDS
from headrace.engine.commands import Invoke
from headrace.spec.batch_grammar import COLLECT, FILE_FORMATS
from headrace.spec.call_arguments import BatchArguments, BatchCollect, BatchTolerance
from headrace.spec.convert import build

CONCURRENCY = 10

# How many items are on the queue at most, not ended.
AHEAD_MAX = 5000

# A list of results is part of the execution, which is read and written as a whole.
LIST_ITEMS_MAX = 10_000
LIST_BYTES_MAX = 16 * 1024 * 1024


class BatchRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A batch, with its defaults filled in."""

    arguments: BatchArguments
    concurrency: int | None  # None: as the readers of the function's own queue do
    attempts: int | None
    lease_seconds: float
    tolerance: BatchTolerance
    collect: BatchCollect
    own_queue: bool  # False: the items go on the queue of a function with `delivery: queue`

    @property
    def ahead(self) -> int:
        """How many items are on the queue at most, not ended."""
        if not self.own_queue and self.concurrency is not None:
            return self.concurrency  # whoever reads: this is what bounds it
        return AHEAD_MAX

    def tolerated(self, total: int) -> int:
        """How many of `total` items may fail."""
        if self.tolerance.share is not None:
            return int(self.tolerance.share * total + 1e-9)
        return self.tolerance.failures or 0


def read_request(call: Invoke) -> BatchRequest:
    """Read what `call` asks for. Raises `CallError` (configuration) for what expressions made of it."""
    settings = call.settings or {}
    written = call.arguments if isinstance(call.arguments, dict) else {}
    try:
        arguments = build(BatchArguments, written)
    except (TypeError, KeyError, ValueError) as error:
        raise call_error("configuration", "unusable arguments of a batch", str(error)) from error
    concurrency = arguments.concurrency
    if concurrency is not None and (
        not isinstance(concurrency, int) or isinstance(concurrency, bool) or concurrency < 1
    ):
        raise _unusable("concurrency", concurrency, "a whole number from 1")
    if "items" in written and not isinstance(arguments.items, list):
        raise _unusable("items", arguments.items, "a list")
    if arguments.file is not None:
        _check_texts("file", arguments.file.path)
        if arguments.file.format is not None and arguments.file.format not in FILE_FORMATS:
            raise _unusable("file.format", arguments.file.format, "jsonl, lines or csv")
    if arguments.queue is not None:
        _check_texts("queue", arguments.queue.name, arguments.queue.address)
    collect = arguments.collect or BatchCollect()
    if isinstance(collect, str):
        collect = BatchCollect(as_=collect)
    if collect.as_ not in COLLECT:
        raise _unusable("collect", collect.as_, "file, list or none")
    lease = arguments.lease if arguments.lease is not None else settings.get("lease")
    own_queue = settings.get("delivery", "http") != "queue"
    retries = settings.get("retries")
    attempts = arguments.attempts
    if attempts is None and isinstance(retries, int | float):
        attempts = int(retries) + 1
    return BatchRequest(
        arguments=arguments,
        concurrency=concurrency if concurrency is not None or not own_queue else CONCURRENCY,
        attempts=attempts,
        lease_seconds=LEASE_SECONDS if lease is None else _seconds(lease),
        tolerance=arguments.tolerate or BatchTolerance(),
        collect=collect,
        own_queue=own_queue,
    )


def _seconds(lease: Any) -> float:
    if isinstance(lease, msgspec.Struct):
        lease = msgspec.to_builtins(lease)
    return seconds_of(lease, "the lease of the batch")


def _check_texts(name: str, *texts: Any) -> None:
    for text in texts:
        if text is not None and (not isinstance(text, str) or not text):
            raise _unusable(name, text, "a text")


def _unusable(name: str, value: Any, expected: str) -> CallError:
    shown = repr(value)
    return call_error(
        "configuration",
        "unusable arguments of a batch",
        f"`{name}` is {shown if len(shown) <= 100 else shown[:100] + ' [...]'}; it has to be {expected}",
    )
