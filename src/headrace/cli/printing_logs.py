"""What `headrace logs` does: read the lines that there are, then those that come."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Coroutine
from typing import Any

from headrace.cli import exit_codes
from headrace.cli.client.client import Client
from headrace.cli.client.rows import line_of
from headrace.cli.client.stream import events
from headrace.cli.executions.rows import log_data
from headrace.cli.identify import identify
from headrace.cli.reading import reading
from headrace.cli.records.port import Records
from headrace.cli.records.server import ServerRecords
from headrace.cli.session import Interrupted, Interrupts
from headrace.cli.terminal import Paint, one_line
from headrace.cli.where import Where, server_of
from headrace.store.port import ExecutionQuery, LogLine

# Between two looks at a store, which tells nobody what is new.
POLL_SECONDS = 0.25
# What functions wrote last may be written after the end of their execution.
LAST_LINES_SECONDS = 1.0
NAMES_MAX = 10_000
_COLOURS = {"stderr": "yellow", "log": "cyan"}


class Printer:
    """Writes log lines on stdout. `many`: of several executions, so each line says of which."""

    def __init__(self, *, as_json: bool, run_id: int | None, many: bool) -> None:
        self._as_json = as_json
        self._run_id = run_id
        self._many = many
        self._paint = Paint.of(sys.stdout)
        self._names: dict[tuple[str, int], str] = {}

    def knows(self, execution_id: str, run_id: int) -> bool:
        """Whether it is known of which task a task run is."""
        return (execution_id, run_id) in self._names

    def learn(self, execution_id: str, run_id: int, name: str) -> None:
        """Take in of which task a task run is. The latest are kept: a FlowApp may be followed for weeks."""
        self._names[execution_id, run_id] = name
        if len(self._names) > NAMES_MAX:
            del self._names[next(iter(self._names))]

    def print(self, line: LogLine) -> None:
        """Write a line, if it is of the task run that is asked for."""
        if self._run_id not in (None, line.run_id):
            return
        name = self._names.get((line.execution_id, line.run_id), "")
        if self._as_json:
            task = {"name": name} if name else {}
            text = json.dumps({"execution": line.execution_id, **task, **log_data(line)}, ensure_ascii=False)
        else:
            at = time.strftime("%H:%M:%S", time.gmtime(line.at)) + f".{int(line.at * 1000) % 1000:03}"
            words = [self._paint(at, "dim")]
            if self._many:
                words.append(self._paint(f"…{line.execution_id[-6:]}", "dim"))
            words.append(self._paint(name or f"[{line.run_id}]", "bold"))
            text = " ".join([*words, self._paint(one_line(line.text), _COLOURS.get(line.stream, ""))])
        print(text, flush=True)


async def logs_of_execution(id: str, where: Where, printer: Printer, *, follow: bool) -> int:
    """Print the lines of one execution, with `follow` until it ends; return the exit code."""
    async with reading(where) as records:
        execution_id = await identify(records, id)
        work = _lines(records, execution_id, printer, follow=follow)
        return await _until_interrupted(work)


async def _lines(records: Records, execution_id: str, printer: Printer, *, follow: bool) -> None:
    position: str | None = None
    over = not follow
    # Lines are gathered before they are written: after the end there is one more look.
    looks_left = 1
    while looks_left:
        if over:
            looks_left -= 1
        for numbered in await _new(records, execution_id, position, printer):
            position = numbered.position
            printer.print(numbered.line)
        if not over:
            row = await records.execution(execution_id)
            over = row is None or row.ended_at is not None
            await asyncio.sleep(LAST_LINES_SECONDS if over else POLL_SECONDS)


async def _new(records: Records, execution_id: str, position: str | None, printer: Printer) -> Any:
    found = await records.lines_after(execution_id, position)
    if not all(printer.knows(execution_id, each.line.run_id) for each in found):
        await _learn_names(records, execution_id, printer)
    return found


async def _learn_names(records: Records, execution_id: str, printer: Printer) -> None:
    row = await records.execution(execution_id)
    if row is None:
        return
    if isinstance(records, ServerRecords):
        runs: list[Any] = [*await records.runs(execution_id, payloads=False)]
    else:
        runs = [*await records.history(execution_id)]
    runs += (await records.open_state(row)).runs
    for run in runs:
        printer.learn(execution_id, run.run_id, run.name)


async def logs_of_flow(flow: str, where: Where, printer: Printer, last: int, *, follow: bool) -> int:
    """Print the lines of a FlowApp's newest executions, with `follow` also new ones; return the exit code."""
    async with Client(server_of(where)) as client:
        records = ServerRecords(client)
        await client.get(client.path("flowapps", flow))  # says so where there is none
        return await _until_interrupted(_lines_of_flow(records, flow, printer, last, follow=follow))


async def _lines_of_flow(
    records: ServerRecords, flow: str, printer: Printer, last: int, *, follow: bool
) -> None:
    client = records.client
    if not follow:
        await _earlier(records, flow, printer, last)
        return
    path = client.path("flowapps", flow, "stream")
    printed: set[tuple[Any, ...]] = set()
    async for event in events(client, path, {"tasks": True, "logs": True}):
        if event.kind == "ready":
            # What is written just now may be on record already, and come as an event, too.
            printed = set(map(_told, await _earlier(records, flow, printer, last)))
        elif event.kind == "reset":
            print("… lines may be missing here: the connection was lost for too long", file=sys.stderr)
        elif event.kind == "task":
            printer.learn(event.data["execution"], event.data["run_id"], event.data["name"])
        elif event.kind == "log":
            line = line_of(event.data["execution"], event.data)
            if not printer.knows(line.execution_id, line.run_id):
                # Its task began before anybody looked.
                await _learn_names(records, line.execution_id, printer)
            if _told(line) not in printed:
                printer.print(line)


async def _earlier(records: ServerRecords, flow: str, printer: Printer, last: int) -> list[LogLine]:
    """Print what is on record; return those lines."""
    rows = await records.executions(ExecutionQuery(name=flow, limit=last)) if last else []
    lines: list[LogLine] = []
    for row in rows:
        lines += [each.line for each in await _new(records, row.id, None, printer)]
    for line in sorted(lines, key=lambda each: each.at):
        printer.print(line)
    return lines


def _told(line: LogLine) -> tuple[Any, ...]:
    return (line.execution_id, line.run_id, line.attempt, line.at, line.stream, line.text)


async def _until_interrupted(work: Coroutine[Any, Any, None]) -> int:
    try:
        await Interrupts().first(work)
    except Interrupted:
        return exit_codes.UNFINISHED
    return exit_codes.COMPLETED
