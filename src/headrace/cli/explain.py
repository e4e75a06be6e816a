"""An OWS error, shown so that a person can act on it: what, which task, where in the file, what it wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from headrace.cli.terminal import Paint, one_line

if TYPE_CHECKING:
    from headrace.spec.flowapp import Definition
    from headrace.store.port import LogLine, TaskRun

LOG_LINES_SHOWN = 20


def place_of(definition: Definition, task_reference: str) -> tuple[int, int]:
    """Return line and column of a task in the text of its definition."""
    from headrace.spec.parse import parse

    source, _ = parse(definition.source, definition.file)
    return (1, 1) if source is None else source.place(definition.place(task_reference), of_key=True)


def source_lines(text: str, line: int, column: int, paint: Paint) -> list[str]:
    """Return a line of the source with a caret under the column."""
    lines = text.split("\n")
    if not 1 <= line <= len(lines):
        return []
    shown = lines[line - 1].replace("\t", " ").rstrip("\r")
    return [
        f"{paint(f'{line:6} |', 'dim')} {shown}",
        f"{paint('       |', 'dim')} {' ' * (column - 1)}{paint('^', 'red', 'bold')}",
    ]


def error_lines(
    error: dict[str, Any],
    paint: Paint,
    *,
    file: str | None = None,
    definition: Definition | None = None,
    logs: Iterable[LogLine] = (),
) -> list[str]:
    """Return the lines that explain an OWS error. `file` is how the definition's file is called here."""
    name = str(error.get("type", "")).rpartition("/")[2] or "error"
    title = f": {error['title']}" if error.get("title") else ""
    heading = f"{name} ({error.get('status')}){title}"
    lines = [f"  {paint(heading, 'red', 'bold')}"]
    if error.get("detail"):
        lines += [f"  {part}" for part in str(error["detail"]).splitlines()]
    lines.append(f"  {paint('type', 'dim')}  {error.get('type')}")
    reference = error.get("instance")
    if isinstance(reference, str) and reference:
        place = ""
        source: list[str] = []
        if definition is not None:
            line, column = place_of(definition, reference)
            place = f"  ({file or definition.file}:{line}:{column})"
            source = source_lines(definition.source, line, column, paint)
        lines.append(f"  {paint('task', 'dim')}  {reference}{place}")
        lines += source
    others = set(error) - {"type", "status", "title", "detail", "instance"}
    lines += [f"  {paint(name, 'dim')}  {one_line(str(error[name]))}" for name in sorted(others)]
    written = list(logs)
    if written:
        lines.append(f"  {paint('what the function wrote:', 'dim')}")
        if len(written) > LOG_LINES_SHOWN:
            lines.append(f"    … {len(written) - LOG_LINES_SHOWN} lines before")
        lines += [f"    {one_line(entry.text)}" for entry in written[-LOG_LINES_SHOWN:]]
    return lines


def failing_run(runs: Iterable[TaskRun], error: dict[str, Any]) -> TaskRun | None:
    """Return the task run that an execution's error came from: the last one that faulted there."""
    found: TaskRun | None = None
    for run in runs:
        if run.status == "faulted" and run.pointer == error.get("instance"):
            found = run
    return found
