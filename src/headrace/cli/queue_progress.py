"""How far a long command is: a line that is written anew on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from typing import TextIO

from headrace.cli.terminal import is_terminal
from headrace.cli.words import count, duration

TERMINAL_SECONDS, LOG_SECONDS = 0.2, 5.0


class Progress:
    """Shows a count with its rate, and the time left where the share that is done is known."""

    def __init__(self, verb: str, stream: TextIO) -> None:
        self._verb = verb
        self._stream = stream
        self._drawn = is_terminal(stream)
        self._started = self._shown = time.monotonic()

    def show(self, done: int, share: float | None) -> None:
        """Write how far it is, if that was not done just now; `share` is from 0 to 1."""
        now = time.monotonic()
        if now - self._shown < (TERMINAL_SECONDS if self._drawn else LOG_SECONDS):
            return
        self._shown = now
        text = self._text(done, now)
        if share:
            left = (now - self._started) / share * (1 - share)
            text += f", {share:.0%}, {duration(left)} left"
        self._write(text, "" if self._drawn else "\n")

    def close(self, done: int) -> None:
        """Write what was done at the end."""
        self._write(self._text(done, time.monotonic()), "\n")

    def _text(self, done: int, now: float) -> str:
        seconds = max(now - self._started, 1e-6)
        return f"{self._verb} {count(done, 'item')} in {duration(seconds)}, {done / seconds:,.0f}/s"

    def _write(self, text: str, end: str) -> None:
        self._stream.write(f"\r\x1b[K{text}{end}" if self._drawn else f"{text}{end}")
        self._stream.flush()
