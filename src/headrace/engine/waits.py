"""What an execution waits for: open calls, children, events and timers, counted and called off."""

from __future__ import annotations

from typing import Any

from headrace.engine.commands import CancelChild, CancelInvocation, Unsubscribe, is_queued
from headrace.engine.plan import Plan
from headrace.engine.state import Execution, Frame


class Waits:
    """The part of the machine that opens and closes waits."""

    __slots__ = ()

    execution: Execution
    plan: Plan
    now: float
    commands: list[Any]

    def wait_for(self, frame: Frame, what: str) -> None:
        """Note that a leaf waits: for a `call`, a `child`, an `event` or a `timer`."""
        frame.waits = what
        frame.since = self.now
        if what == "call":
            self.execution.call_count += 1
        elif what == "child":
            self.execution.child_count += 1

    def close_wait(self, frame: Frame, *, answered: bool = False) -> None:
        """Note that a leaf waits no more; unless it was `answered`, call off what it waited for."""
        what = frame.waits
        if what is None:
            return
        frame.waits = None
        execution = self.execution
        if what == "call":
            execution.call_count -= 1
            if not answered:
                detail = self.plan.nodes[frame.pointer].detail
                self.commands.append(
                    CancelInvocation(
                        execution_id=execution.execution_id,
                        run_id=frame.run_id,
                        attempt=frame.attempt,
                        kind=detail.kind,
                        target=detail.target,
                        flow=execution.flow,
                        queued=is_queued(detail.kind, detail.settings),
                    )
                )
        elif what == "child":
            execution.child_count -= 1
            if not answered:
                self.commands.append(
                    CancelChild(
                        execution_id=execution.execution_id,
                        run_id=frame.run_id,
                        child_id=child_id(execution.execution_id, frame.run_id),
                    )
                )
        elif what == "event":
            self.commands.append(
                Unsubscribe(
                    execution_id=execution.execution_id,
                    run_id=frame.run_id,
                    decision="decision" in (frame.facts or {}),
                    answered=answered,
                )
            )

    def set_timer(self, frame: Frame, name: str, after_seconds: float) -> None:
        """Fire the kind's `timer_fired` (or a timeout) at `now + after_seconds`."""
        self.execution.timers.setdefault(frame.run_id, {})[name] = self.now + after_seconds

    def clear_timer(self, frame: Frame, name: str) -> None:
        timers = self.execution.timers.get(frame.run_id)
        if timers is not None and timers.pop(name, None) is not None and not timers:
            del self.execution.timers[frame.run_id]

    def _clear_timers(self, frame: Frame) -> None:
        self.execution.timers.pop(frame.run_id, None)


def child_id(execution_id: str, run_id: int) -> str:
    """Return the id of the child that a task run starts: the same whenever it is derived."""
    return f"{execution_id}.{run_id}"
