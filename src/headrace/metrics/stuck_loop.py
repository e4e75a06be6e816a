"""Says where the event loop is stuck: a process that answers nobody can still tell why in its log."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable

BEAT_SECONDS = 1.0
LOOK_SECONDS = 5.0
# Long after what a big answer, a full disk or a paused machine make of a turn of the loop.
STUCK_SECONDS = 10.0

_log = logging.getLogger(__name__)


class StuckLoop:
    """A thread that looks whether the event loop still has turns.

    Where it has none for `STUCK_SECONDS`, the stack of its thread is logged, and again whenever that has
    become twice as long; so is that it goes on. While a call keeps the interpreter to itself it cannot.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._beaten_at = 0.0
        self._tell_after_seconds = STUCK_SECONDS
        self._longest_seconds = 0.0
        self._thread_id = 0
        self._timer: asyncio.TimerHandle | None = None
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, in the running loop."""
        self.watch()
        self._thread = threading.Thread(target=self._run, name="headrace-stuck-loop", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End. The thread is gone soon; nobody needs to wait for it."""
        self._stopped.set()
        if self._timer is not None:
            self._timer.cancel()

    def watch(self) -> None:
        """Take note of the running loop's turns. `look` has to be called by somebody else."""
        self._thread_id = threading.get_ident()
        self._beat(asyncio.get_running_loop())

    def look(self) -> None:
        """Log what there is to say now."""
        seconds = self._clock() - self._beaten_at
        if seconds >= self._tell_after_seconds:
            self._tell_after_seconds = 2 * seconds
            self._longest_seconds = seconds
            frame = sys._current_frames().get(self._thread_id)
            where = "".join(traceback.format_stack(frame)) if frame is not None else "its thread is gone\n"
            told = "nothing is answered: the event loop has had no turn for %.0f s. It is here:\n%s"
            _log.error(told, seconds, where)
        elif seconds < STUCK_SECONDS and self._longest_seconds:
            _log.warning("the event loop goes on; it had no turn for more than %.0f s", self._longest_seconds)
            self._tell_after_seconds, self._longest_seconds = STUCK_SECONDS, 0.0

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        self._beaten_at = self._clock()
        self._timer = loop.call_later(BEAT_SECONDS, self._beat, loop)

    def _run(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            self.look()
