"""Shows an execution while it runs: a tree that is drawn anew on a terminal, lines elsewhere. On stderr."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO

from headrace.cli.live_tree import ENDS, MARKS, LiveTree
from headrace.cli.terminal import STATUS_COLOURS, Paint, clip, is_terminal, one_line, terminal_width
from headrace.cli.words import duration
from headrace.runtime.words import brief

if TYPE_CHECKING:
    from headrace.engine.record import Notice
    from headrace.store.port import TaskRun

REFRESH_PER_SECOND = 10
# Lines of one task that are written where there is no terminal; a loop's further ones are only counted.
LINES_PER_TASK = 20
# Where there is no terminal, how far long work is is told so often.
TELL_SECONDS = 5.0


class LiveView:
    """What `headrace.observe` is given. Notices are kept until `follow` says which execution is meant."""

    def __init__(self, stream: TextIO | None = None, *, enabled: bool = True) -> None:
        self._stream = stream or sys.stderr
        self._enabled = enabled
        self._drawn = enabled and is_terminal(self._stream)
        self._paint = Paint.of(self._stream)
        self._followed: str | None = None
        self._early: dict[str, list[Notice]] = {}
        self._started: dict[int, float] = {}
        self._written: dict[str, int] = {}
        self._live: Any = None
        self._progress: Callable[[], list[str]] | None = None
        self._telling: asyncio.TimerHandle | None = None
        self.tree = LiveTree()

    def on(self, execution_id: str, notice: Notice) -> None:
        """Take a notice (`headrace.runtime.Observe`)."""
        if self._followed is None:
            self._early.setdefault(execution_id, []).append(notice)
        elif execution_id == self._followed:
            self._show(notice)

    def follow(self, execution_id: str, earlier: list[TaskRun] | None = None) -> None:
        """Show this execution, beginning with what is on record of it."""
        self._followed = execution_id
        early = self._early.pop(execution_id, [])
        self._early.clear()
        if earlier:
            # What was noticed since may be on record already.
            known = {run.run_id for run in earlier}
            early = [notice for notice in early if notice.run_id not in known]
            self.tree.take_history(earlier)
        if self._drawn:
            self._draw()
        for notice in early:
            self._show(notice)

    def watch(self, progress: Callable[[], list[str]]) -> None:
        """Show these lines, about work that takes long, while it goes on: below the tree, or now and then."""
        self._progress = progress
        if self._enabled and not self._drawn:
            self._tell_later()

    def _tell_later(self) -> None:
        self._telling = asyncio.get_running_loop().call_later(TELL_SECONDS, self._tell)

    def _tell(self) -> None:
        for line in self._progress() if self._progress is not None else ():
            self.say(line)
        self._tell_later()

    def say(self, text: str) -> None:
        """Write a line of our own, above the tree."""
        if self._live is not None:
            self._live.console.print(text, markup=False, highlight=False)
        else:
            print(text, file=self._stream, flush=True)

    def close(self) -> None:
        """End the drawing and leave the whole tree standing."""
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
        if self._live is None:
            return
        self._live.stop()
        self._live = None
        for line in self._lines(None):
            print(line, file=self._stream)
        self._stream.flush()

    def _show(self, notice: Notice) -> None:
        self.tree.take(notice)
        if not self._enabled or self._drawn or notice.run_id == 0:
            return
        if notice.phase == "started":
            self._started[notice.run_id] = notice.at
        elif notice.phase in ENDS or notice.phase == "retried":
            self._write_line(notice)

    def _write_line(self, notice: Notice) -> None:
        if notice.phase == "retried":
            begun = None
        else:
            begun = self._started.pop(notice.run_id, None)
        number = self._written[notice.pointer] = self._written.get(notice.pointer, 0) + 1
        if number > LINES_PER_TASK and notice.phase in ("completed", "skipped"):
            if number == LINES_PER_TASK + 1:
                self.say(f"… {notice.name}: further runs are only counted")
            return
        self.say(plain_line(notice, begun, self.tree.iterations(notice.pointer), self._paint))

    def _draw(self) -> None:
        from rich.console import Console
        from rich.live import Live
        from rich.text import Text

        console = Console(file=self._stream, no_color=not self._paint.colours, highlight=False)

        def picture() -> Any:
            return Text.from_ansi("\n".join(self._lines(max(console.size.height - 3, 5))))

        # Drawn by this thread, between two notices: rich's own thread would read a tree that changes.
        self._live = Live(
            get_renderable=picture,
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start()
        self._refresh()

    def _refresh(self) -> None:
        if self._live is not None:
            self._live.refresh()
            asyncio.get_running_loop().call_later(1 / REFRESH_PER_SECOND, self._refresh)

    def _lines(self, rows: int | None) -> list[str]:
        paint, width = self._paint, terminal_width()
        lines = []
        for shown in self.tree.lines(time.time(), rows):
            mark = MARKS.get(shown.status, " ")
            room = max(width - len(shown.indent) - len(shown.name) - 5, 10)
            lines.append(
                paint(shown.indent, "dim")
                + paint(mark, STATUS_COLOURS.get(shown.status, ""))
                + f" {one_line(shown.name)}  "
                + paint(clip(one_line(shown.facts), room), "dim")
            )
        if rows is not None and self._progress is not None:
            lines += [clip(line, width) for line in self._progress()]
        return lines


def plain_line(notice: Notice, begun: float | None, iterations: int, paint: Paint) -> str:
    """Return the line for one change of phase, as a log shows it: `✔ charge 12 ms`."""
    mark = paint(MARKS[notice.phase], STATUS_COLOURS.get(notice.phase, "yellow"))
    words = [mark, one_line(notice.name)]
    if notice.iteration is not None:
        words.append(f"#{notice.iteration}")
    if notice.phase == "skipped":
        words.append("skipped")
    elif begun is not None:
        words.append(duration(notice.at - begun))
    if iterations and notice.phase in ENDS:
        words.append(f"{iterations} {'iteration' if iterations == 1 else 'iterations'}")
    if notice.phase == "retried":
        words.append(f"again after attempt {notice.attempt}:")
    elif notice.attempt > 1:
        words.append(f"attempt {notice.attempt}")
    if notice.error is not None:
        words.append(one_line(brief(notice.error)))
    return " ".join(words)
