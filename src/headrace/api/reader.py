"""Somebody who looks at what happens, with what waits to be sent to them: bounded, whoever they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

# What may wait for one reader; who is further behind is ended.
FRAMES_WAITING_MAX = 2_000
BYTES_WAITING_MAX = 1024 * 1024


class Topic(NamedTuple):
    """What a reader looks at: one execution, a flow, a namespace. Empty: not narrowed down to one."""

    namespace: str
    flow: str = ""
    execution_id: str = ""


class Reader:
    """Somebody who looks at a topic. `wake` is called when there is something to send, or an end."""

    __slots__ = ("_bytes", "_frames", "ended", "logs", "lost", "sent_at", "tasks", "topic", "wake")

    def __init__(self, topic: Topic, tasks: bool, wake: Callable[[], None], *, logs: bool = False) -> None:
        self.topic = topic
        self.tasks = tasks  # of a flow or namespace: its task runs too
        self.logs = logs  # and what functions write
        self.wake = wake
        self.ended = False  # what waits is the last
        self.lost = False  # too far behind: nothing more can be sent
        self.sent_at = 0.0
        self._frames: list[bytes] = []
        self._bytes = 0

    def push(self, frame: bytes, *, bounded: bool = True) -> None:
        """Have a frame sent; one too many ends the reader."""
        if self.lost or self.ended:
            return
        self._frames.append(frame)
        self._bytes += len(frame)
        if bounded and (len(self._frames) > FRAMES_WAITING_MAX or self._bytes > BYTES_WAITING_MAX):
            self.lost = True
            self._frames.clear()
        self.wake()

    def end(self, frame: bytes = b"") -> None:
        """Send what waits, this, and nothing more."""
        if not self.ended and not self.lost:
            self._frames.append(frame)
            self.ended = True
            self.wake()

    def take(self) -> bytes:
        """Return what waits to be sent."""
        taken = b"".join(self._frames)
        self._frames.clear()
        self._bytes = 0
        return taken
