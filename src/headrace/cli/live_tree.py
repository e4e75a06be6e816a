"""What is going on in an execution, as a tree of the definition's tasks. Pure: notices in, lines out.

Runs of one task (iterations of a loop, attempts of a `try`) share one line with counts, so the tree never
grows beyond the definition, however long a loop is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from headrace.cli.words import duration
from headrace.runtime.words import brief

if TYPE_CHECKING:
    from headrace.engine.record import Notice
    from headrace.store.port import TaskRun

MARKS = {
    "completed": "✔",
    "faulted": "✘",
    "cancelled": "⊘",
    "skipped": "–",
    "retried": "↻",
    "running": "●",
}
ENDS = ("completed", "faulted", "cancelled", "skipped")


@dataclass
class TaskLine:
    """One task of the definition and all its runs so far."""

    pointer: str
    name: str
    kind: str
    order: int
    children: list[TaskLine] = field(default_factory=list)
    open: dict[int, float] = field(default_factory=dict)  # run id -> started at
    ended: Counter[str] = field(default_factory=Counter)
    spent_seconds: float = 0.0
    last_status: str = ""
    last_seconds: float = 0.0
    attempt: int = 1
    iteration: int | None = None
    branches: set[str] = field(default_factory=set)
    iterations: int = 0
    error: dict[str, Any] | None = None

    @property
    def status(self) -> str:
        """`running` while a run is open, else how the last run ended."""
        return "running" if self.open else self.last_status


class Shown(NamedTuple):
    """One line of the tree: `indent` draws its place, `status` chooses mark and colour."""

    indent: str
    status: str
    name: str
    facts: str


class LiveTree:
    """Follows one execution by its notices."""

    def __init__(self) -> None:
        self.roots: list[TaskLine] = []
        self._lines: dict[str, TaskLine] = {}
        self._pointers: dict[int, str] = {}  # of open runs
        self.status = "running"
        self.started_at: float | None = None
        self.ended_at: float | None = None

    def take(self, notice: Notice) -> None:
        """Take in one change of phase."""
        if notice.run_id == 0:
            if notice.phase == "started" and self.started_at is None:
                self.started_at = notice.at
            if notice.phase in ENDS:
                self.ended_at = notice.at
            if not notice.phase.startswith("correlation"):
                self.status = (
                    notice.phase if notice.phase not in ("created", "started", "resumed") else "running"
                )
            return
        phase = notice.phase
        if phase == "started":
            line = self._line(notice.run_id, notice.parent_id, notice.pointer, notice.name, notice.kind)
            line.open[notice.run_id] = notice.at
            line.attempt = max(line.attempt, notice.attempt)
            self._count_iteration(line, notice.parent_id, notice.iteration)
        elif phase == "retried":
            line = self._line(notice.run_id, notice.parent_id, notice.pointer, notice.name, notice.kind)
            line.attempt = max(line.attempt, notice.attempt + 1)
            line.error = notice.error
        elif phase in ENDS:
            line = self._line(notice.run_id, notice.parent_id, notice.pointer, notice.name, notice.kind)
            begun = line.open.pop(notice.run_id, notice.at)
            self._ended(line, phase, notice.at - begun, notice.attempt, notice.error)
            self._pointers.pop(notice.run_id, None)

    def take_history(self, runs: list[TaskRun]) -> None:
        """Take in what was on record before anybody watched."""
        for run in runs:
            self._pointers[run.run_id] = run.pointer
        for run in sorted(runs, key=lambda each: each.started_sequence):
            line = self._line(run.run_id, run.parent_id, run.pointer, run.name, run.kind)
            self._count_iteration(line, run.parent_id, run.iteration)
            self._ended(line, run.status, run.ended_at - run.started_at, run.attempt, None, run.count)
        for run in runs:
            self._pointers.pop(run.run_id, None)

    def _ended(
        self,
        line: TaskLine,
        status: str,
        seconds: float,
        attempt: int,
        error: dict[str, Any] | None,
        count: int = 1,
    ) -> None:
        line.ended[status] += count
        line.spent_seconds += seconds
        line.last_status, line.last_seconds = status, seconds
        line.attempt = max(line.attempt, attempt)
        line.error = error

    def _count_iteration(self, line: TaskLine, parent_id: int, iteration: int | None) -> None:
        line.iteration = iteration
        parent = self._lines.get(self._pointers.get(parent_id, ""))
        if parent is not None:
            if iteration is not None:
                parent.iterations = max(parent.iterations, iteration + 1)
            if parent.kind == "fork":
                parent.branches.add(line.pointer)

    def _line(self, run_id: int, parent_id: int, pointer: str, name: str, kind: str) -> TaskLine:
        self._pointers[run_id] = pointer
        line = self._lines.get(pointer)
        if line is None:
            line = self._lines[pointer] = TaskLine(pointer, name, kind, len(self._lines))
            self._siblings(pointer, parent_id).append(line)
        elif not line.kind:  # it was known only as the parent of another
            line.name, line.kind = name, kind
        return line

    def _siblings(self, pointer: str, parent_id: int) -> list[TaskLine]:
        """Return the list that a new line belongs to."""
        if parent_id == 0:
            return self.roots
        parent_pointer = self._pointers.get(parent_id)
        if parent_pointer is None:
            # Its parent began before anybody watched; the pointer tells which task that is.
            parent_pointer = enclosing(pointer)
            if parent_pointer is None:
                return self.roots
        parent = self._lines.get(parent_pointer)
        if parent is None:
            parent = TaskLine(parent_pointer, parent_pointer.rpartition("/")[2], "", len(self._lines))
            self._lines[parent_pointer] = parent
            above = enclosing(parent_pointer)
            known = self._lines.get(above) if above is not None else None
            (known.children if known is not None else self.roots).append(parent)
        return parent.children

    def iterations(self, pointer: str) -> int:
        """Return how many iterations a loop has made so far; 0 for other tasks."""
        line = self._lines.get(pointer)
        return 0 if line is None else line.iterations

    def lines(self, now: float, rows: int | None = None) -> list[Shown]:
        """Return the tree as lines; with `rows`, what ended well gives way to what is open or failed."""
        found: list[tuple[TaskLine, Shown]] = []
        self._walk(self.roots, "", now, found)
        if rows is None or len(found) <= rows:
            return [shown for _, shown in found]
        keep = {
            line.order
            for line, _ in sorted(
                found,
                key=lambda each: (not each[0].open, each[0].status != "faulted", -each[0].order),
            )[: max(rows - 1, 1)]
        }
        hidden = len(found) - len(keep)
        return [
            Shown("", "skipped", f"{hidden} more tasks", ""),
            *(shown for line, shown in found if line.order in keep),
        ]

    def _walk(
        self, siblings: list[TaskLine], indent: str, now: float, found: list[tuple[TaskLine, Shown]]
    ) -> None:
        for number, line in enumerate(siblings):
            last = number == len(siblings) - 1
            found.append(
                (line, Shown(indent + ("└─ " if last else "├─ "), line.status, line.name, facts(line, now)))
            )
            self._walk(line.children, indent + ("   " if last else "│  "), now, found)


def facts(line: TaskLine, now: float) -> str:
    """Return what there is to say about a task beside its name: counts, time, attempts, the error."""
    parts: list[str] = []
    total = sum(line.ended.values()) + len(line.open)
    if total > 1:
        parts.append(f"× {total:,}")
    if line.iterations:
        parts.append(f"{line.iterations:,} {'iteration' if line.iterations == 1 else 'iterations'}")
    if line.branches:
        parts.append(f"{len(line.branches)} branches")
    if line.open:
        parts.append(f"{duration(now - min(line.open.values()))} …")
        if len(line.open) > 1:
            parts.append(f"{len(line.open)} at once")
    elif line.last_status != "skipped":
        parts.append(duration(line.spent_seconds if total > 1 else line.last_seconds))
    else:
        parts.append("skipped")
    if line.attempt > 1:
        parts.append(f"attempt {line.attempt}")
    others = [f"{number:,} {status}" for status, number in line.ended.items() if status != "completed"]
    if total > 1 and others:
        parts.append(", ".join(others))
    if line.error is not None and line.status != "completed":
        parts.append(brief(line.error))
    return "  ".join(parts)


def enclosing(pointer: str) -> str | None:
    """Return the reference of the task around a task, `/do/0/a` of `/do/0/a/do/1/b`; None at the top."""
    parts = pointer.split("/")[1:-2]  # without the number and the name of the task itself
    for end in range(len(parts), 2, -1):
        # A task's reference ends with a number and a name.
        if parts[end - 2].isdigit() and not parts[end - 1].isdigit():
            return "/" + "/".join(parts[:end])
    return None
