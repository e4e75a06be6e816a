"""The items, the work that is done on them, and the clock of an idle reader; the same for every queue."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Iterator

ITEM_BYTES = 200
PROBE_VARIABLE = "QUEUE_BENCH_PROBE"
PLACE_VARIABLE = "QUEUE_BENCH_PLACE"
_DONE = re.compile(rb"done-(\d{8})")
_sender: socket.socket | None = None


def place() -> str:
    """The URL or path of the queue that this process shall use."""
    return os.environ[PLACE_VARIABLE]


def item(number: int) -> str:
    """Item `number`, 200 bytes of text."""
    return f"item-{number:08d}-".ljust(ITEM_BYTES, "x")


def answer(payload: str) -> str:
    """Do nothing but say which item that was."""
    return f"done-{payload[5:13]}"


def probe(payload: str) -> str:
    """Report at once, past the queue, when the work on an item began."""
    began = time.monotonic_ns()
    global _sender
    if _sender is None:
        _sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        _sender.connect(os.environ[PROBE_VARIABLE])
    _sender.send(f"{payload[5:13]} {began}".encode())
    return answer(payload)


def answers_in(stored: bytes) -> Iterator[int]:
    """The numbers of the items whose answers are in a stored value, whatever surrounds them."""
    return (int(match) for match in _DONE.findall(stored))


class Probes:
    """Receives what `probe` reports. (CLOCK_MONOTONIC is one for all processes of a machine.)"""

    def __init__(self, path: str) -> None:
        self._receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._receiver.bind(path)
        self._receiver.setblocking(False)

    def began(self, number: int) -> int | None:
        """When work on item `number` began, in nanoseconds; `None` if it has not yet."""
        while True:
            try:
                who, when = self._receiver.recv(100).split()
            except BlockingIOError:
                return None
            if int(who) == number:
                return int(when)

    def close(self) -> None:
        """Let go of the socket."""
        self._receiver.close()
