"""What is counted per queue, held in memory for the length of one transaction."""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec

from headrace.queue.port import QueueError, QueueOptions
from headrace.queue.sqlite.queries import QUERIES

_SELECT, _UPDATE = QUERIES["select_ledger"], QUERIES["update_ledger"]

# The states of an item, as its row has them.
READY, DELAYED, LEASED, COMPLETED, DEAD = range(5)

_decoded: dict[bytes, QueueOptions] = {}


def encode_options(options: QueueOptions) -> bytes:
    return msgspec.json.encode(options)


def decode_options(data: bytes) -> QueueOptions:
    """Return kept options. There are few different ones, and they are asked for in every transaction."""
    options = _decoded.get(data)
    if options is None:
        if len(_decoded) > 1000:
            _decoded.clear()
        options = _decoded[data] = msgspec.json.decode(data, type=QueueOptions)
    return options


class Ledger:
    """One queue's row: counts, totals, the last position and token given out."""

    __slots__ = (
        "completed_total",
        "dead",
        "dead_total",
        "delayed",
        "enqueued_total",
        "expired_total",
        "fence",
        "leased",
        "options",
        "paused",
        "position",
        "queue",
        "ready",
        "retried_total",
        "woke",
    )

    def __init__(self, queue: int, row: tuple[Any, ...]) -> None:
        self.queue = queue
        (
            options,
            self.ready,
            self.delayed,
            self.leased,
            self.dead,
            self.enqueued_total,
            self.completed_total,
            self.retried_total,
            self.expired_total,
            self.dead_total,
            self.position,
            self.fence,
            paused,
        ) = row
        self.paused = bool(paused)
        self.options = decode_options(options)
        # Whether items became ready, for which somebody may wait.
        self.woke = False


class Transaction:
    """A write transaction under way: a cursor, the time, and the ledgers of the queues it touches."""

    __slots__ = ("_ledgers", "cursor", "now")

    def __init__(self, cursor: sqlite3.Cursor, now: float) -> None:
        self.cursor = cursor
        self.now = now
        self._ledgers: dict[int, Ledger] = {}

    def ledger(self, queue: int) -> Ledger:
        """Return the queue's ledger; changes to it are written by `finish`."""
        ledger = self._ledgers.get(queue)
        if ledger is None:
            row = self.cursor.execute(_SELECT, (queue,)).fetchone()
            if row is None:
                raise QueueError("the queue is no longer in its file; open it again")
            ledger = self._ledgers[queue] = Ledger(queue, row)
        return ledger

    def finish(self) -> list[int]:
        """Write the ledgers; return the queues in which items became ready."""
        for ledger in self._ledgers.values():
            self.cursor.execute(
                _UPDATE,
                (
                    ledger.ready,
                    ledger.delayed,
                    ledger.leased,
                    ledger.dead,
                    ledger.enqueued_total,
                    ledger.completed_total,
                    ledger.retried_total,
                    ledger.expired_total,
                    ledger.dead_total,
                    ledger.position,
                    ledger.fence,
                    ledger.paused,
                    ledger.queue,
                ),
            )
        return [
            ledger.queue
            for ledger in self._ledgers.values()
            if ledger.woke and ledger.ready and not ledger.paused
        ]
