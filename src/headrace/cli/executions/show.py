"""`headrace executions show`."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from headrace.cli.options import IdArgument, OutputOption
from headrace.cli.output import Format, stdout_limit, stdout_paint, write
from headrace.cli.terminal import STATUS_COLOURS, Paint, clip, one_line
from headrace.cli.where import Where, placed
from headrace.cli.words import distance, duration, moment

if TYPE_CHECKING:
    from headrace.cli.history_tree import Entry
    from headrace.cli.records.port import Records
    from headrace.runtime.open_state import OpenState
    from headrace.spec.flowapp import Definition
    from headrace.store.port import ExecutionRow, LogLine, TaskRun

# Payloads are shown on one line up to this many characters, unless everything is asked for.
PAYLOAD_WIDTH = 400


class Record(NamedTuple):
    """All that is on record of one execution."""

    row: ExecutionRow
    runs: list[TaskRun]
    logs: list[LogLine]
    open: OpenState
    definition: Definition | None
    reruns: list[ExecutionRow]
    children: list[ExecutionRow]


@placed
def show(
    where: Where,
    id: IdArgument = "last",
    full: Annotated[
        bool,
        typer.Option("--full", help="Every task run, with worker, input and output, and whole payloads."),
    ] = False,
    logs: Annotated[bool, typer.Option("--logs", help="With the lines that functions wrote.")] = False,
    output: OutputOption = Format.table,
) -> None:
    """Show an execution: the tree of its task runs, its outcome, and, while it is open, why it waits."""
    now = time.time()
    record = asyncio.run(read_record(id, where))
    paint = stdout_paint()
    write(record_data(record), output, lambda: record_lines(record, now, paint, full=full, logs=logs))


async def read_record(id: str, where: Where) -> Record:
    """Read an execution with its history."""
    from headrace.cli.identify import identify
    from headrace.cli.reading import reading
    from headrace.store.port import ExecutionQuery

    async with reading(where) as records:
        execution_id = await identify(records, id)
        # The history last: while the execution runs it may only have more than the state, never less.
        row = await records.execution(execution_id)
        assert row is not None
        state = await records.open_state(row)
        return Record(
            row=row,
            runs=await whole_history(records, execution_id),
            logs=await records.logs(execution_id),
            open=state,
            definition=await records.definition(row),
            reruns=await records.executions(ExecutionQuery(rerun_of=execution_id)),
            children=await records.executions(ExecutionQuery(parent_id=execution_id)),
        )


async def whole_history(records: Records, execution_id: str) -> list[TaskRun]:
    """Return all task runs of an execution that have ended."""
    runs: list[TaskRun] = []
    while True:
        page = await records.history(execution_id, after=runs[-1].ended_sequence if runs else -1, limit=5000)
        runs += page
        if len(page) < 5000:
            return runs


def record_data(record: Record) -> dict[str, Any]:
    """Return everything as plain data."""
    import msgspec

    from headrace.cli.executions.rows import execution_data, log_data, run_data

    data = execution_data(record.row, payloads=True)
    if record.row.ended_at is None:
        data["waiting"] = [_with_moments(msgspec.to_builtins(each)) for each in record.open.waiting]
    data["history"] = [run_data(run) for run in record.runs]
    data["logs"] = [log_data(line) for line in record.logs]
    if record.children:
        data["children"] = [row.id for row in record.children]
    if record.reruns:
        data["reruns"] = [row.id for row in record.reruns]
    return data


def _with_moments(waiting: dict[str, Any]) -> dict[str, Any]:
    for name in ("since", "until", "timeout_at"):
        if waiting.get(name) is not None:
            waiting[name] = moment(waiting[name])
    item = waiting.get("item") or {}
    for name in ("until", "run_at"):
        if item.get(name) is not None:
            item[name] = moment(item[name])
    return waiting


def record_lines(record: Record, now: float, paint: Paint, *, full: bool, logs: bool) -> list[str]:
    """Return the lines for people."""
    from headrace.cli.explain import error_lines
    from headrace.cli.history_tree import decoded, history_tree
    from headrace.cli.project import shown
    from headrace.runtime.why import why

    row = record.row
    lines = _head(record, now, paint)
    lines.append(_payload("input", row.input, paint, full=full))
    lines.append("")
    for entry in history_tree(record.runs, record.open.runs, now, every_run=full):
        lines += _entry(entry, record, paint, full=full, logs=logs)
    if record.open.waiting:
        lines += ["", paint("why it is not finished", "bold")]
        lines += [f"  {one_line(why(each, now))}" for each in record.open.waiting]
    if row.error is not None:
        definition = record.definition
        file = None if definition is None else shown(definition.file)
        lines += ["", paint("error", "bold")]
        lines += error_lines(decoded(row.error), paint, file=file, definition=definition)
    elif row.ended_at is not None:
        lines += ["", _payload("output", row.output, paint, full=full)]
    return lines


def _head(record: Record, now: float, paint: Paint) -> list[str]:
    row = record.row
    status = paint(row.status, STATUS_COLOURS.get(row.status, ""), "bold")
    begun = row.started_at or row.created_at
    if row.ended_at is None:
        took = f"for {duration(now - begun)}"
    else:
        took = f"in {duration(row.ended_at - begun)}"
    lines = [
        f"{paint(row.id, 'bold')}  {status} {took}",
        f"{row.namespace}/{row.name}:{row.workflow_version}  created {moment(row.created_at)}"
        f" ({distance(row.created_at, now)})" + (f"  key {row.key}" if row.key else ""),
    ]
    if row.started_by is not None:
        lines.append(f"started by {one_line(row.started_by_name or '')} ({one_line(row.started_by)})")
    if row.rerun_of is not None:
        from_run = f" from its task run {row.rerun_run_id}" if row.rerun_run_id else ""
        lines.append(f"rerun of {row.rerun_of}{from_run}")
    if row.parent_id is not None:
        lines.append(f"started by {row.parent_id}, task run {row.parent_run_id}")
    lines += [
        f"its task run {each.parent_run_id} started {each.id}  {each.name} {each.status}"
        for each in reversed(record.children)
    ]
    lines += [f"was rerun as {each.id} ({each.status})" for each in record.reruns]
    return lines


def _payload(name: str, data: bytes | None, paint: Paint, *, full: bool, indent: str = "") -> str:
    from headrace.cli.history_tree import decoded

    if full and not indent:
        text = json.dumps(decoded(data), ensure_ascii=False, indent=2)
        return f"{paint(name, 'bold')}  {text}"
    text = json.dumps(decoded(data), ensure_ascii=False)
    text = one_line(text) if full else clip(one_line(text), stdout_limit() or PAYLOAD_WIDTH)
    return f"{indent}{paint(name, 'dim' if indent else 'bold')}  {text}"


def _entry(entry: Entry, record: Record, paint: Paint, *, full: bool, logs: bool) -> list[str]:
    from headrace.cli.live_tree import MARKS

    mark = paint(MARKS.get(entry.status, "●"), STATUS_COLOURS.get(entry.status, ""))
    number = paint(f"[{entry.run_id}]", "dim")
    lines = [f"{paint(entry.indent, 'dim')}{mark} {one_line(entry.name)}  {number}  {one_line(entry.facts)}"]
    beneath = paint(entry.beneath, "dim") + "    "
    run = entry.run
    if full and run is not None:
        if run.worker is not None:
            lines.append(f"{beneath}{paint('worker', 'dim')}  {one_line(run.worker)}")
        for name in ("input", "output", "error", "variables", "context", "details"):
            value = getattr(run, name)
            if value is not None:
                lines.append(_payload(name, value, paint, full=True, indent=beneath))
    if logs and entry.runs == 1:
        lines += [
            f"{beneath}{paint(f'{line.stream}:', 'dim')} {one_line(line.text)}"
            for line in record.logs
            if line.run_id == entry.run_id
        ]
    return lines
