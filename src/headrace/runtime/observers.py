"""Who is told what happens: a live view, lines of functions, ends of executions.

They are called in the event loop, must not wait, and what they raise stops no execution.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from headrace.engine.record import Notice
from headrace.engine.state import Execution
from headrace.runtime.results import Result
from headrace.store.port import LogLine

# Tells who watches (a live view) about a committed change of phase.
Observe = Callable[[str, Notice], None]

# Tells whether an observer wants to hear of an execution; one that nobody does makes no notices.
Wants = Callable[[Execution], bool]

# ... and about a line that a function wrote, without the secrets of its execution.
ObserveLine = Callable[[LogLine], None]

# Is told how an execution ended, once that is durable.
OnEnd = Callable[[Result], None]

Entry = tuple[Observe, "Wants | None"]

_log = logging.getLogger(__name__)


class Observers:
    """Those of one runtime. `everything`: notices are made of all executions, whoever wants them."""

    def __init__(self, *, everything: bool = False) -> None:
        self.lines: list[ObserveLine] = []
        self.ends: list[OnEnd] = []
        self._everything = everything
        self._watching: list[Entry] = []

    def __len__(self) -> int:
        return len(self._watching)

    def add(self, observer: Observe, wants: Wants | None) -> Entry:
        """Tell one more about changes of phase; `remove` what this returns."""
        entry = observer, wants
        self._watching.append(entry)
        return entry

    def remove(self, entry: Entry) -> None:
        """Tell them no more."""
        self._watching.remove(entry)

    def want(self, execution: Execution) -> bool:
        """Return whether anybody wants to hear of an execution."""
        if self._everything or not self._watching:
            return self._everything
        return any(wants is None or wants(execution) for _, wants in self._watching)

    def notice(self, execution_id: str, notice: Notice) -> None:
        """Tell of a committed change of phase."""
        for observer, _ in tuple(self._watching):
            try:
                observer(execution_id, notice)
            except Exception:
                _log.exception("an observer failed; the execution goes on")

    def line(self, line: LogLine) -> None:
        """Tell of a line that a function wrote."""
        for observer in tuple(self.lines):
            observer(line)

    def end(self, result: Result) -> None:
        """Tell of the end of an execution."""
        for listener in self.ends:
            try:
                listener(result)
            except Exception:
                _log.exception("a listener for the end of executions failed; this one ended all the same")
