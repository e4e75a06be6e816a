"""All that a server keeps, to see that nothing of it was changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

# Notes on when somebody was last seen: being asked is not a change.
NOTED = {"sessions": {"seen_at"}, "tokens": {"last_used_at"}}


def contents(folder: Path) -> dict[str, list[Any]]:
    """Return the rows of every table of every file in a folder, in order."""
    found: dict[str, list[Any]] = {}
    for file in sorted(folder.glob("*.db")):
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            for (table,) in names.fetchall():
                columns = [
                    column
                    for _, column, *_ in connection.execute(f"PRAGMA table_info('{table}')")
                    if column not in NOTED.get(table, ())
                ]
                selected = ", ".join(f'"{column}"' for column in columns)
                rows = connection.execute(f'SELECT {selected} FROM "{table}"').fetchall()
                found[f"{file.name} {table}"] = sorted(rows, key=repr)
        finally:
            connection.close()
    return found
