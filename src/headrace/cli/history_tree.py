"""The record of an execution as a tree of task runs. Pure: rows in, lines out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from headrace.cli.words import duration
from headrace.runtime.words import brief

if TYPE_CHECKING:
    from headrace.runtime.open_state import OpenRun
    from headrace.store.port import TaskRun

# A loop with more runs below it than this is summed up by task, unless everything is asked for.
LOOP_RUNS_SHOWN = 30


class Entry(NamedTuple):
    """One line: a task run, open or ended, or (with `runs` over 1) several of one task summed up."""

    indent: str
    beneath: str  # what stands in place of `indent` on further lines of the same entry
    status: str
    name: str
    facts: str
    run_id: int
    run: TaskRun | None
    runs: int = 1


class _Node(NamedTuple):
    run: TaskRun | OpenRun
    ended: TaskRun | None
    children: list[_Node]


def history_tree(
    runs: Sequence[TaskRun], open_runs: Iterable[OpenRun], now: float, *, every_run: bool = False
) -> list[Entry]:
    """Return the tree of an execution's task runs in the order in which they started."""
    nodes: dict[int, _Node] = {run.run_id: _Node(run, run, []) for run in runs}
    for open_run in open_runs:
        nodes.setdefault(open_run.run_id, _Node(open_run, None, []))
    roots: list[_Node] = []
    for node in sorted(nodes.values(), key=lambda each: each.run.started_sequence):
        parent = nodes.get(node.run.parent_id)
        # Without its parent on record (`history: calls`) a run stands at the top.
        (roots if parent is None or parent is node else parent.children).append(node)
    found: list[Entry] = []
    _walk(roots, "", now, found, every_run=every_run)
    return found


def _walk(siblings: list[_Node], indent: str, now: float, found: list[Entry], *, every_run: bool) -> None:
    shown: list[_Node | list[_Node]] = [*siblings]
    if not every_run and len(siblings) > LOOP_RUNS_SHOWN:
        shown = _summed_up(siblings)
    for number, each in enumerate(shown):
        last = number == len(shown) - 1
        here, beneath = indent + ("└─ " if last else "├─ "), indent + ("   " if last else "│  ")
        if isinstance(each, list):
            found.append(_sum(each, here, beneath))
            continue
        run = each.run
        status = run.status
        found.append(
            Entry(
                here, beneath, status, run.name, run_facts(each.run, each.ended, now), run.run_id, each.ended
            )
        )
        _walk(each.children, beneath, now, found, every_run=every_run)


def _summed_up(siblings: list[_Node]) -> list[_Node | list[_Node]]:
    """Group the runs that completed by task; those that did not are shown one by one."""
    groups: dict[str, list[_Node]] = {}
    shown: list[_Node | list[_Node]] = []
    for node in siblings:
        if node.run.status not in ("completed", "skipped"):
            shown.append(node)
        elif node.run.pointer in groups:
            groups[node.run.pointer].append(node)
        else:
            groups[node.run.pointer] = group = [node]
            shown.append(group)
    return shown


def _sum(nodes: list[_Node], here: str, beneath: str) -> Entry:
    first = nodes[0].run
    total = sum(node.ended.count if node.ended is not None else 1 for node in nodes)
    seconds = sum(node.ended.ended_at - node.ended.started_at for node in nodes if node.ended is not None)
    statuses = Counter(node.run.status for node in nodes)
    said = ", ".join(f"{number:,} {status}" for status, number in statuses.items())
    facts = f"× {total:,}  {duration(seconds)}  {said}  ({first.kind}; --full shows each)"
    return Entry(here, beneath, first.status, first.name, facts, first.run_id, None, len(nodes))


def run_facts(run: TaskRun | OpenRun, ended: TaskRun | None, now: float) -> str:
    """Return what there is to say about a task run in one line."""
    parts = [run.kind]
    if run.iteration is not None:
        parts.append(f"iteration {run.iteration}")
    if ended is None:
        parts.append(f"{run.status} for {duration(now - run.started_at)}")
        if run.attempt > 1:
            parts.append(f"attempt {run.attempt}")
        return "  ".join(parts)
    if ended.count > 1:
        parts.append(f"× {ended.count:,}")
    if ended.status != "skipped":
        parts.append(duration(ended.ended_at - ended.started_at))
    if ended.status != "completed":
        parts.append(ended.status)
    if ended.attempt > 1:
        parts.append(f"attempt {ended.attempt}")
    if ended.carried:
        parts.append("carried over")
    details = decoded(ended.details) or {}
    if isinstance(details, dict) and "case" in details:
        parts.append(f"→ {details['case']}")
    error = decoded(ended.error)
    if isinstance(error, dict):
        parts.append(brief(error))
    return "  ".join(parts)


def decoded(data: bytes | None) -> Any:
    """Return the data of a JSON payload."""
    import orjson

    return None if data is None else orjson.loads(data)
