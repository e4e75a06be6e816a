"""What an execution under test did: the tasks it took, the calls it made, the events it published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
import orjson

from headrace.engine.record import Notice
from headrace.store.port import Committed, Store, Transition


class Step(NamedTuple):
    """One task run: the task, and where its run hangs."""

    run_id: int
    parent_id: int
    pointer: str
    name: str
    iteration: int | None


class Called(msgspec.Struct, kw_only=True):
    """One attempt of a call. `data` is what it was made with, `answered` how: an answer's kind, or `real`."""

    pointer: str
    name: str
    kind: str
    target: str
    attempt: int
    iteration: int | None
    data: Any
    answered: str = ""


class Trace:
    """The steps of one execution in the order in which they started, from the runtime's notices."""

    def __init__(self, execution_id: str) -> None:
        self._execution_id = execution_id
        self._steps: dict[int, Step] = {}
        self._skipped: set[int] = set()

    def on(self, execution_id: str, notice: Notice) -> None:
        """Take a notice (`Runtime.observe`)."""
        if execution_id != self._execution_id or notice.run_id == 0:
            return
        if notice.phase == "created":
            self._steps[notice.run_id] = Step(
                notice.run_id, notice.parent_id, notice.pointer, notice.name, notice.iteration
            )
        elif notice.phase == "skipped":
            self._skipped.add(notice.run_id)

    @property
    def steps(self) -> list[Step]:
        """The task runs that were taken, without those that their `if` skipped."""
        return [step for run_id, step in self._steps.items() if run_id not in self._skipped]

    def step(self, run_id: int) -> Step | None:
        """Return the step of a task run."""
        return self._steps.get(run_id)

    def iteration(self, run_id: int) -> int | None:
        """Return the iteration of the innermost loop around a task run."""
        step = self._steps.get(run_id)
        while step is not None:
            if step.iteration is not None:
                return step.iteration
            step = self._steps.get(step.parent_id)
        return None


def is_of(task: str, pointer: str, name: str) -> bool:
    """Tell whether `task`, a name or a reference, means the task with this reference and name."""
    return task == pointer if task.startswith("/") else task == name


class RecordingStore:
    """A store that notes the events that executions publish, as they are committed: without secrets."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.published: list[dict[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def commit(self, transition: Transition) -> Committed:
        """Commit, and note the transition's events."""
        committed = await self._store.commit(transition)
        self.published += _decoded(transition.events)
        return committed


def _decoded(events: Iterable[bytes]) -> list[dict[str, Any]]:
    return [orjson.loads(event) for event in events]
