"""Following an execution of a server to its end, as it is followed where it runs in this process."""

from __future__ import annotations

import sys

from headrace.cli import exit_codes
from headrace.cli.client.client import Client
from headrace.cli.client.rows import notice_of
from headrace.cli.client.stream import events
from headrace.cli.ending import tell_end
from headrace.cli.history_tree import decoded
from headrace.cli.live_tree import ENDS
from headrace.cli.live_view import LiveView
from headrace.cli.output import Format
from headrace.cli.records.server import ServerRecords
from headrace.cli.session import Interrupted, Interrupts
from headrace.cli.terminal import Paint
from headrace.cli.words import duration
from headrace.engine.record import Notice
from headrace.errors import HeadraceError
from headrace.store.port import TaskRun


async def follow_at_server(
    client: Client, execution_id: str, *, timeout_seconds: float | None, follow: bool, form: Format
) -> int:
    """Show an execution until its end, and print its output; return the exit code."""
    interrupts = Interrupts()
    records = ServerRecords(client)
    view = LiveView(enabled=follow)
    try:
        await interrupts.first(_to_the_end(records, view, execution_id), timeout_seconds)
    except (Interrupted, TimeoutError) as reason:
        view.close()
        why = (
            f"interrupted by {reason}"
            if isinstance(reason, Interrupted)
            else f"not finished after {duration(timeout_seconds or 0)}"
        )
        unfinished = Paint.of(sys.stderr)("unfinished", "yellow", "bold")
        view.say(
            f"{unfinished}: execution {execution_id} {why}; it goes on at the server. To wait for its end:\n"
            f"  headrace executions wait {execution_id}{client.server.arguments}"
        )
        return exit_codes.UNFINISHED
    finally:
        view.close()
    row = await records.execution(execution_id)
    if row is None:
        raise HeadraceError(f"execution {execution_id} was deleted meanwhile")
    return await tell_end(records, row, form, hints=client.server.arguments)


async def _to_the_end(records: ServerRecords, view: LiveView, execution_id: str) -> None:
    client = records.client
    known: set[int] = set()
    view.follow(execution_id)
    async for event in events(client, client.path("executions", execution_id, "stream")):
        if event.kind in ("ready", "reset", "end"):
            # What happens from here on comes as events; what ended before they may say again. What was
            # decided before anybody looked, and written down after, is on record only.
            runs = await records.runs(execution_id, payloads=False)
            for notice in _as_noticed([run for run in runs if run.run_id not in known and not run.carried]):
                view.on(execution_id, notice)
            known |= {run.run_id for run in runs}
        elif event.kind in ("task", "execution"):
            notice = notice_of(event.data)
            if notice.run_id not in known:
                view.on(execution_id, notice)
                if notice.run_id and notice.phase in ENDS:
                    known.add(notice.run_id)


def _as_noticed(runs: list[TaskRun]) -> list[Notice]:
    """Return what somebody would have been told about these runs: their starts, then their ends."""

    def notice(run: TaskRun, phase: str, at: float) -> Notice:
        return Notice(
            phase=phase,
            at=at,
            run_id=run.run_id,
            parent_id=run.parent_id,
            pointer=run.pointer,
            name=run.name,
            kind=run.kind,
            attempt=run.attempt,
            iteration=run.iteration,
            error=decoded(run.error),
        )

    starts = sorted(runs, key=lambda run: run.started_sequence)
    return [
        *(notice(run, "started", run.started_at) for run in starts),
        *(notice(run, run.status, run.ended_at) for run in runs),
    ]
