"""`-o table|json|yaml`: data on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from headrace.cli.terminal import Paint, columns, is_terminal, one_line, terminal_width


class Format(StrEnum):
    """How data is written."""

    table = "table"
    json = "json"
    yaml = "yaml"


def write(value: Any, form: Format, table: Callable[[], Iterable[str]] | None = None) -> None:
    """Print plain data on stdout; `table` gives the lines for people, by default made from the data."""
    if form is Format.json:
        text = as_json(value)
    elif form is Format.yaml:
        text = as_yaml(value)
    else:
        text = "".join(f"{line}\n" for line in (table() if table is not None else as_table(value)))
    sys.stdout.write(text)
    sys.stdout.flush()


def as_json(value: Any) -> str:
    """Return indented JSON, with text in any script as it is."""
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair can be in data but not in UTF-8
        text = json.dumps(value, indent=2) + "\n"
    return text


def as_yaml(value: Any) -> str:
    """Return YAML in the order of the data."""
    import yaml

    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)
    return str(text).removesuffix("...\n")


def as_table(value: Any) -> list[str]:
    """Return lines for people: objects as rows of name and value, lists of objects with columns."""
    paint, limit = stdout_paint(), stdout_limit()
    if isinstance(value, dict) and value:
        return columns(
            ("NAME", "VALUE"), [(str(k), cell(v)) for k, v in value.items()], paint=paint, limit=limit
        )
    if isinstance(value, list) and value and all(isinstance(item, dict) and item for item in value):
        names = list(dict.fromkeys(name for item in value for name in item))
        rows = [[cell(item[name]) if name in item else "" for name in names] for item in value]
        return columns([name.upper() for name in names], rows, paint=paint, limit=limit)
    if isinstance(value, list) and value:
        return [cell(item) for item in value]
    return [cell(value)]


def cell(value: Any) -> str:
    """Return a value in one line."""
    if isinstance(value, str):
        return one_line(value)
    return one_line(json.dumps(value, ensure_ascii=False))


def stdout_paint() -> Paint:
    """Return the paint for stdout."""
    return Paint.of(sys.stdout)


def stdout_limit() -> int | None:
    """Return the width to keep lines to: the terminal's; none where the output goes to a file or pipe."""
    return terminal_width() if is_terminal(sys.stdout) else None
