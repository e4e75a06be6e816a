"""What a function's process writes, as lines with the invocation that wrote them."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from headrace.function.framing import LINE_BYTES_MAX, read_frame

_READ_BYTES = 65_536  # a pipe's capacity: one read empties it
_READS_MAX = 4  # at once, so that a flood cannot hold up the event loop
TAIL_LINES = 20

# A function that prints more than this has its lines counted, not kept.
LINES_PER_SECOND_MAX = 5_000
LINES_BURST_MAX = 20_000

_log = logging.getLogger(__name__)


class FunctionLog(NamedTuple):
    """One line. `at` is when the host read it, epoch seconds; `invocation_id` is `None` when unknown.

    `stream` is `stdout`, `stderr`, or `host` for what the host itself has to say about the function.
    """

    function: str
    invocation_id: str | None
    stream: str
    at: float
    text: str


def hand_over(on_log: Callable[[FunctionLog], None], log: FunctionLog) -> None:
    """Give a line to its consumer, whose failure must not stop the function."""
    try:
        on_log(log)
    except Exception:
        _log.exception("on_log failed for a line of function %s", log.function)


class FunctionOutput:
    """Reads the two pipes of one process without blocking and hands over lines.

    `began` and `ended` tell which invocations are in flight: a plain line belongs to the only one. Both read
    what is in the pipes first, so a line that was written before an answer is attributed before it.
    """

    def __init__(self, function: str, on_log: Callable[[FunctionLog], None]) -> None:
        self._function = function
        self._on_log = on_log
        self._pipes: dict[int, _Pipe] = {}
        self._in_flight: dict[str, None] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._tokens = float(LINES_BURST_MAX)
        self._tokens_at = time.monotonic()
        self._dropped = 0
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)

    async def wait_idle(self) -> None:
        """Return when no invocation is in flight."""
        await self._idle.wait()

    def add_pipe(self, descriptor: int, stream: str) -> None:
        """Take over the non-blocking read end of a pipe."""
        self._pipes[descriptor] = _Pipe(descriptor, stream)

    def began(self, invocation_id: str) -> None:
        """An invocation is about to be sent."""
        self.read_all()
        self._in_flight[invocation_id] = None
        self._idle.clear()

    def ended(self, invocation_id: str) -> None:
        """An invocation was answered or given up."""
        self.read_all()
        self._in_flight.pop(invocation_id, None)
        if not self._in_flight:
            self._idle.set()

    def read_all(self) -> None:
        """Read what is in all pipes now."""
        for descriptor in list(self._pipes):
            for _ in range(_READS_MAX):
                if not self.read(descriptor):
                    break

    def read(self, descriptor: int) -> bool:
        """Read once from a pipe; `False` when it is empty. `is_open` tells whether it has ended."""
        pipe = self._pipes.get(descriptor)
        if pipe is None:
            return False
        try:
            data = os.read(descriptor, _READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            data = b""
        if not data:
            pipe.is_open = False
            return False
        for line, cut_bytes in pipe.lines(data):
            self._take(line, cut_bytes, pipe.stream)
        return True

    def is_open(self, descriptor: int) -> bool:
        """Whether more may come from a pipe."""
        pipe = self._pipes.get(descriptor)
        return pipe is not None and pipe.is_open

    def say(self, text: str) -> None:
        """Hand over a line of the host itself."""
        self._emit(None, "host", text)

    def report_dropped(self) -> None:
        """Say how many lines were not kept since the last report."""
        dropped, self._dropped = self._dropped, 0
        if dropped:
            self.say(f"{dropped} lines dropped: {LINES_PER_SECOND_MAX} a second are kept")

    def close(self) -> None:
        """Hand over what is left, also lines without an end, and close the pipes."""
        self.read_all()
        for pipe in self._pipes.values():
            line, cut_bytes = pipe.rest()
            if line:
                self._take(line, cut_bytes, pipe.stream)
            os.close(pipe.descriptor)
        self._pipes.clear()
        self.report_dropped()

    def _take(self, line: bytes, cut_bytes: int, stream: str) -> None:
        if not self._may_keep():
            self._dropped += 1
            return
        frame = read_frame(line)
        if frame is not None:
            text = frame.message
            invocation_id = frame.invocation_id or None
            stream = frame.stream or stream
        else:
            text = line.decode("utf-8", "replace").rstrip("\r")
            if cut_bytes:
                text += f" … ({cut_bytes} bytes cut)"
            invocation_id = next(iter(self._in_flight)) if len(self._in_flight) == 1 else None
        if "\0" in text:  # no database keeps it in a text
            text = text.replace("\0", "\ufffd")
        self.tail.append(text)
        self._emit(invocation_id, stream, text)

    def _may_keep(self) -> bool:
        if self._tokens < 1:
            now = time.monotonic()
            earned = (now - self._tokens_at) * LINES_PER_SECOND_MAX
            if self._tokens + earned < 1:
                return False
            self._tokens = min(self._tokens + earned, LINES_BURST_MAX)
            self._tokens_at = now
        self._tokens -= 1
        return True

    def _emit(self, invocation_id: str | None, stream: str, text: str) -> None:
        hand_over(self._on_log, FunctionLog(self._function, invocation_id, stream, time.time(), text))


class _Pipe:
    """Cuts bytes into lines, each at most `LINE_BYTES_MAX` long."""

    def __init__(self, descriptor: int, stream: str) -> None:
        self.descriptor = descriptor
        self.stream = stream
        self.is_open = True
        self._rest = b""
        self._cut_bytes = 0

    def lines(self, data: bytes) -> list[tuple[bytes, int]]:
        """Return the lines that `data` completes, each with the number of bytes cut off its end."""
        first, *others = data.split(b"\n")
        self._append(first)
        complete = []
        for part in others:
            complete.append(self.rest())
            self._append(part)
        return complete

    def rest(self) -> tuple[bytes, int]:
        """Return the line so far and begin a new one."""
        line = self._rest, self._cut_bytes
        self._rest, self._cut_bytes = b"", 0
        return line

    def _append(self, part: bytes) -> None:
        room = LINE_BYTES_MAX - len(self._rest)
        self._rest += part[:room]
        self._cut_bytes += max(0, len(part) - room)
