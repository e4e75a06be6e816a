"""What differs between two executions, most often one and its rerun."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import orjson

from headrace.api.difference import Change, differences
from headrace.api.platform import Platform
from headrace.store.port import ExecutionRow, TaskRun

# Task runs of each execution that are compared; the first ones.
RUNS_MAX = 2_000


class RunComparison(msgspec.Struct, kw_only=True):
    """One task run on both sides, by its task and how often that ran before. Null: not on that side."""

    task: str
    number: int
    run_id: int | None
    other_run_id: int | None
    status: str | None
    other_status: str | None
    duration_seconds: float | None
    other_duration_seconds: float | None
    changes: list[Change]


class Comparison(msgspec.Struct, kw_only=True):
    """What differs between two executions: pointers are into `{version, status, input, output, error}`.

    `runs` are the task runs that differ in status, input, output or error. `same_path`: both ran the same
    tasks in the same order. `whole`: all task runs were compared.
    """

    id: str
    other_id: str
    changes: list[Change]
    same_path: bool
    runs: list[RunComparison]
    whole: bool


async def compare(platform: Platform, one: ExecutionRow, other: ExecutionRow) -> Comparison:
    """Compare two executions with their histories."""
    runs = await platform.lists.history(one.id, limit=RUNS_MAX + 1)
    other_runs = await platform.lists.history(other.id, limit=RUNS_MAX + 1)
    whole = len(runs) <= RUNS_MAX and len(other_runs) <= RUNS_MAX
    runs, other_runs = _in_order(runs[:RUNS_MAX]), _in_order(other_runs[:RUNS_MAX])
    mine, theirs = _numbered(runs), _numbered(other_runs)
    found = []
    for place in dict.fromkeys((*mine, *theirs)):
        compared = _compare_runs(place, mine.get(place), theirs.get(place))
        if compared is not None:
            found.append(compared)
    return Comparison(
        id=one.id,
        other_id=other.id,
        changes=differences(_data(other), _data(one)),
        same_path=[run.pointer for run in runs] == [run.pointer for run in other_runs],
        runs=found,
        whole=whole,
    )


def _in_order(runs: list[TaskRun]) -> list[TaskRun]:
    return sorted(runs, key=lambda run: run.started_sequence)


def _numbered(runs: list[TaskRun]) -> dict[tuple[str, int], TaskRun]:
    seen: Counter[str] = Counter()
    numbered = {}
    for run in runs:
        seen[run.pointer] += 1
        numbered[run.pointer, seen[run.pointer]] = run
    return numbered


def _compare_runs(
    place: tuple[str, int], mine: TaskRun | None, theirs: TaskRun | None
) -> RunComparison | None:
    changes: list[Change] = []
    if mine is not None and theirs is not None:
        changes = differences(_run_data(theirs), _run_data(mine))
        if not changes:
            return None
    return RunComparison(
        task=place[0],
        number=place[1],
        run_id=None if mine is None else mine.run_id,
        other_run_id=None if theirs is None else theirs.run_id,
        status=None if mine is None else mine.status,
        other_status=None if theirs is None else theirs.status,
        duration_seconds=None if mine is None else mine.ended_at - mine.started_at,
        other_duration_seconds=None if theirs is None else theirs.ended_at - theirs.started_at,
        changes=changes,
    )


def _data(row: ExecutionRow) -> dict[str, Any]:
    return {"version": row.workflow_version, "status": row.status, **_payloads(row)}


def _run_data(run: TaskRun) -> dict[str, Any]:
    return {"status": run.status, **_payloads(run)}


def _payloads(record: ExecutionRow | TaskRun) -> dict[str, Any]:
    found = {"input": record.input, "output": record.output, "error": record.error}
    return {name: orjson.loads(payload) for name, payload in found.items() if payload is not None}
