"""What the engine reports: history records of task runs that ended, and notices of changes of phase."""

from __future__ import annotations

from typing import Any

from headrace.engine.plan import Node, Plan
from headrace.engine.record import Notice, RunRecord
from headrace.engine.state import Execution, Frame

# Kinds that `history: calls` keeps: those that left the engine.
_CALL_KINDS = frozenset({"call", "run", "emit", "listen", "wait"})


class Reports:
    """The part of the machine that writes history."""

    __slots__ = ()

    execution: Execution
    plan: Plan
    now: float
    commands: list[Any]
    rules: dict[str, Any]

    def record(
        self,
        frame: Frame,
        node: Node,
        status: str,
        *,
        output: Any = None,
        error: dict[str, Any] | None = None,
        exported: bool = False,
        parent: Frame | None = None,
    ) -> None:
        """Put a task run that ended on record, as far as the history level asks for it."""
        level = self.execution.history
        if frame.facts is not None and "counts" in frame.facts:
            self._report_counts(frame, frame.facts)
        self.execution.sequence += 1
        if level != "full" and (level == "outcome" or node.kind not in _CALL_KINDS):
            return
        if frame.quiet and status in ("completed", "skipped"):
            self._sum_up(frame, node, exported)
            return
        variables = frame.variables
        if variables is not None and parent is not None and variables is parent.variables:
            variables = None
        details: dict[str, Any] | None = None
        worker = None if frame.facts is None else frame.facts.pop("worker", None)
        if frame.facts is not None or frame.payloads is not None:
            details = self.rules[node.kind].details(frame)
        self.commands.append(
            RunRecord(
                run_id=frame.run_id,
                parent_id=frame.parent_id,
                pointer=node.pointer,
                name=node.name,
                kind=node.kind,
                status=status,
                started_sequence=frame.started_sequence,
                ended_sequence=self.execution.sequence,
                started_at=frame.started_at,
                ended_at=self.now,
                attempt=frame.attempt,
                iteration=frame.iteration,
                input=frame.raw_input,
                output=output,
                error=error,
                variables=variables,
                exported=exported,
                context=self.execution.context if exported else None,
                details=details,
                worker=worker,
            )
        )

    def _sum_up(self, frame: Frame, node: Node, exported: bool) -> None:
        """Count a run of a summed-up loop at the loop's own frame, which records the counts when it ends."""
        loop = self.execution.frames.get(frame.parent_id)
        while loop is not None and loop.quiet:
            loop = self.execution.frames.get(loop.parent_id)
        if loop is None:
            return
        facts = loop.facts = loop.facts if loop.facts is not None else {}
        counts: dict[str, int] = facts.setdefault("counts", {})
        counts[node.pointer] = counts.get(node.pointer, 0) + 1
        if exported:
            facts["counted_export"] = True

    def _report_counts(self, frame: Frame, facts: dict[str, Any]) -> None:
        """Record the runs that were summed up: one entry per task, with its count."""
        execution = self.execution
        counts: dict[str, int] = facts.pop("counts")
        exported = bool(facts.pop("counted_export", False))
        last = next(reversed(counts))
        for pointer, count in counts.items():
            run_id = execution.next_run_id
            execution.next_run_id += 1
            execution.sequence += 1
            node = self.plan.nodes[pointer]
            # A rerun from behind the loop needs the context that it left: the last entry has it.
            context_here = exported and pointer == last
            self.commands.append(
                RunRecord(
                    run_id=run_id,
                    parent_id=frame.run_id,
                    pointer=pointer,
                    name=node.name,
                    kind=node.kind,
                    status="completed",
                    started_sequence=execution.sequence,
                    ended_sequence=execution.sequence,
                    started_at=frame.started_at,
                    ended_at=self.now,
                    count=count,
                    exported=context_here,
                    context=execution.context if context_here else None,
                )
            )

    def notify(
        self,
        phase: str,
        frame: Frame,
        node: Node | None,
        *,
        error: dict[str, Any] | None = None,
        correlation: dict[str, Any] | None = None,
    ) -> None:
        """Report a change of phase to those who watch."""
        self.commands.append(
            Notice(
                phase=phase,
                at=self.now,
                run_id=frame.run_id,
                parent_id=frame.parent_id,
                pointer="" if node is None else node.pointer,
                name="" if node is None else node.name,
                kind="workflow" if node is None else node.kind,
                attempt=frame.attempt,
                iteration=frame.iteration,
                error=error,
                correlation=correlation,
            )
        )
