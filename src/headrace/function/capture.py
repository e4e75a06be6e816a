"""Attributes what Python code prints and logs to the invocation that runs, by writing frames.

`install` replaces `sys.stdout` and `sys.stderr` and must run before the function's module is imported:
loggers keep the stream that they found when they were set up.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import BinaryIO, TextIO

from headrace.function.context import Context, current
from headrace.function.framing import MESSAGE_CHARACTERS_MAX, write_frames

# Reentrant: a signal handler may print while the thread it interrupts prints.
_lock = threading.RLock()


class InvocationStream(io.TextIOBase):
    """A text stream that frames complete lines for the running invocation and passes other text through."""

    def __init__(self, original: TextIO, stream: str, frames: BinaryIO) -> None:
        self._original = original
        self._stream = stream
        self._frames = frames

    def write(self, text: str) -> int:
        """Write `text`; what follows its last newline waits for the rest of the line."""
        context = current.get()
        with _lock:
            if context is None or not context.invocation_id:
                written = self._original.write(text)
                if "\n" in text:
                    self._original.flush()
                return written
            self.write_for(context, text)
        return len(text)

    def write_for(self, context: Context, text: str) -> None:
        """Write `text` for an invocation, whatever runs now."""
        with _lock:
            waiting = context.partial
            if waiting is None:
                waiting = context.partial = {}
            *lines, rest = (waiting.get(self._stream, "") + text).split("\n")
            if len(rest) > MESSAGE_CHARACTERS_MAX:  # it may never end
                lines.append(rest)
                rest = ""
            waiting[self._stream] = rest
            if lines:
                self._write_lines(context, lines)

    def finish(self, context: Context) -> None:
        """Write what an invocation printed without a newline at its end."""
        with _lock:
            rest = context.partial.pop(self._stream, "") if context.partial else ""
            if rest:
                self._write_lines(context, (rest,))

    def _write_lines(self, context: Context, lines: Iterable[str]) -> None:
        frames = b"".join(write_frames(context.invocation_id, self._stream, line) for line in lines)
        # A reader that went away must not make the business code fail.
        with suppress(OSError, ValueError):
            self._original.flush()
            self._frames.write(frames)
            self._frames.flush()

    def flush(self) -> None:
        """Flush what is complete; an incomplete line of an invocation stays."""
        with suppress(OSError, ValueError):
            self._original.flush()

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._original.isatty()

    def fileno(self) -> int:
        return self._original.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._original.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        return self._original.errors

    @property
    def buffer(self) -> BinaryIO:
        """The bytes below; what is written there is not framed."""
        return self._original.buffer


class InvocationHandler(logging.Handler):
    """Writes log records to stderr, for the invocation whose `Context.logger` made them."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record) + "\n"
            context = getattr(record, "invocation", None)
            if (
                isinstance(context, Context)
                and context.invocation_id
                and isinstance(sys.stderr, InvocationStream)
            ):
                sys.stderr.write_for(context, line)
            else:
                sys.stderr.write(line)
        except Exception:
            self.handleError(record)


def install() -> None:
    """Frame what is printed from now on, unless a person reads it or `HEADRACE_LOG=plain`."""
    if os.environ.get("HEADRACE_LOG") == "plain" or sys.stdout.isatty():
        return
    if isinstance(sys.stdout, InvocationStream):
        return
    frames = sys.stdout.buffer
    sys.stdout = InvocationStream(sys.stdout, "stdout", frames)
    sys.stderr = InvocationStream(sys.stderr, "stderr", frames)


def configure_logging() -> None:
    """Log from INFO up to stderr, unless the function's own code has set up logging."""
    root = logging.getLogger()
    if root.handlers:
        return
    handler = InvocationHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.INFO)


def finish(context: Context) -> None:
    """Write the incomplete last lines of an invocation that ended."""
    if context.partial is None:
        return
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, InvocationStream):
            stream.finish(context)
