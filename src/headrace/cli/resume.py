"""`headrace run --resume`: all unfinished executions of a store, to their end."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headrace.cli import exit_codes, project
from headrace.cli.live_view import LiveView
from headrace.cli.output import Format, cell, stdout_limit, stdout_paint, write
from headrace.cli.run_flow import OPEN_STATUSES, result_lines
from headrace.cli.session import Following, Interrupts, engine
from headrace.cli.terminal import Paint, columns
from headrace.cli.words import count

if TYPE_CHECKING:
    from headrace.main import Headrace
    from headrace.runtime.results import Result


async def resume_all(
    file: Path | None,
    store: Path | None,
    timeout_seconds: float | None,
    grace_seconds: float,
    follow: bool,
    secrets: Path | None,
    catalog: Path | None,
    form: Format,
    queue: str | None = None,
) -> int:
    """Wait for every unfinished execution; print how each ended; return the exit code of the worst."""
    interrupts = Interrupts()
    if store is None and file is not None:
        path = project.choose_store(None, project.project_of(file))
        if not path.is_file():
            path = project.find_store(path)  # says that there is none
    else:
        path = project.find_store(store)
    view = LiveView(enabled=follow)
    headrace = engine(
        path,
        secrets=secrets,
        catalog=catalog,
        grace_seconds=grace_seconds,
        queue=queue,
    )
    results: list[Result] = []
    try:
        await headrace.start_up(recover=False)
        ids, suspended = await _unfinished(headrace)
        if suspended:
            view.say(
                f"{count(len(suspended), 'execution')} suspended, not waited for: {', '.join(suspended)}; "
                "`headrace executions resume ID` lets one go on"
            )
        if len(ids) == 1:
            headrace.observe(view.on)
            view.say(f"execution {ids[0]} goes on")
            view.follow(ids[0], await headrace.history(ids[0]))
        elif ids:
            view.say(f"{count(len(ids), 'execution')} go on")
        await headrace.recover()
        following = Following(
            headrace,
            view,
            interrupts,
            timeout_seconds=timeout_seconds,
            grace_seconds=grace_seconds,
            go_on="headrace run --resume" + (f" --store {path}" if store is not None else ""),
        )
        results, finished = await _ends(headrace, following, ids, view, follow)
        view.close()
        codes = [exit_codes.of_status(result.status) for result in results]
        if finished:
            await _explain(headrace, results)
        else:
            codes.append(exit_codes.UNFINISHED)
        data = [_as_data(result) for result in results]
        write(data, form, lambda: _table(results))
        return exit_codes.worst(codes)
    finally:
        view.close()
        await headrace.shut_down()


async def _unfinished(headrace: Headrace) -> tuple[list[str], list[str]]:
    """Return the ids to wait for, the oldest first, and those that are suspended."""
    from headrace.store.port import ExecutionQuery

    found: list[Any] = []
    while True:
        before = found[-1].id if found else None
        page = await headrace.executions(ExecutionQuery(status=OPEN_STATUSES, limit=1000, before=before))
        found += page
        if len(page) < 1000:
            break
    found.reverse()
    open_ids = [row.id for row in found if row.status != "suspended"]
    return open_ids, [row.id for row in found if row.status == "suspended"]


async def _ends(
    headrace: Headrace, following: Following, ids: list[str], view: LiveView, follow: bool
) -> tuple[list[Result], bool]:
    """Wait for all; return the results that there are, and whether that is all of them."""
    results: list[Result] = []

    async def others() -> None:
        async def one(execution_id: str) -> None:
            result = await headrace.runtime.result(execution_id)
            results.append(result)
            if follow and len(ids) > 1:
                view.say(f"execution {execution_id} {result.status}")

        await asyncio.gather(*(one(each) for each in ids))

    if not ids:
        view.say("no execution is unfinished")
        return [], True
    finished = await following.all(ids, others())
    return sorted(results, key=lambda result: result.execution_id), finished


async def _explain(headrace: Headrace, results: list[Result]) -> None:
    paint = Paint.of(sys.stderr)
    for result in results:
        if result.status != "completed":
            print("\n".join(await result_lines(headrace, result, paint)), file=sys.stderr)


def _as_data(result: Result) -> dict[str, Any]:
    data: dict[str, Any] = {"id": result.execution_id, "status": result.status, "output": result.output}
    if result.error is not None:
        data["error"] = result.error
    return data


def _table(results: list[Result]) -> list[str]:
    rows = [
        (each.execution_id, each.status, cell(each.output if each.error is None else each.error))
        for each in results
    ]
    return columns(("ID", "STATUS", "OUTPUT"), rows, paint=stdout_paint(), coloured=1, limit=stdout_limit())
