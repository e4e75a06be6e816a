"""`headrace history`."""

from __future__ import annotations

import asyncio
import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from headrace.cli.lazy import LazyGroup, Part
from headrace.cli.options import IdArgument
from headrace.cli.where import Where, placed

if TYPE_CHECKING:
    from headrace.cli.executions.show import Record

# The columns of CSV; payloads are JSON texts.
COLUMNS = (
    "execution_id",
    "run_id",
    "parent_id",
    "task",
    "name",
    "kind",
    "status",
    "started_at",
    "ended_at",
    "duration_ms",
    "attempt",
    "iteration",
    "count",
    "carried",
    "worker",
    "input",
    "output",
    "error",
    "variables",
    "context",
    "details",
)
PAYLOADS = frozenset(COLUMNS[-6:])


class ExportFormat(StrEnum):
    """How a record is exported."""

    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    yaml = "yaml"


class History(LazyGroup):
    """The group."""

    parts: ClassVar[dict[str, Part]] = {
        "export": Part(
            "headrace.cli.history:export", "Write the record of an execution as JSON, YAML or CSV."
        ),
    }


@placed
def export(
    where: Where,
    id: IdArgument = "last",
    output: Annotated[
        ExportFormat,
        typer.Option("--output", "-o", help="json and yaml: the whole record; jsonl and csv: its task runs."),
    ] = ExportFormat.json,
) -> None:
    """Write the record of an execution: all task runs with payloads, and what functions wrote."""
    from headrace.cli.executions.rows import run_data
    from headrace.cli.executions.show import read_record, record_data
    from headrace.cli.output import as_json, as_yaml

    record = asyncio.run(read_record(id, where))
    if output is ExportFormat.json:
        sys.stdout.write(as_json(record_data(record)))
    elif output is ExportFormat.yaml:
        sys.stdout.write(as_yaml(record_data(record)))
    elif output is ExportFormat.jsonl:
        for run in record.runs:
            sys.stdout.write(json.dumps({"execution_id": record.row.id, **run_data(run)}) + "\n")
    else:
        _write_csv(record)
    sys.stdout.flush()


def _write_csv(record: Record) -> None:
    import csv

    from headrace.cli.executions.rows import run_data

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for run in record.runs:
        data = {"execution_id": record.row.id, **run_data(run)}
        writer.writerow([_field(name, data) for name in COLUMNS])


def _field(name: str, data: dict[str, Any]) -> Any:
    if name not in data:
        return ""
    return json.dumps(data[name], ensure_ascii=False) if name in PAYLOADS else data[name]
