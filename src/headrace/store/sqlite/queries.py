"""The named statements of `queries.sql`, loaded once at import; other ports have a file of their own."""

from __future__ import annotations

import re
from importlib import resources

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)
_COMMENT = re.compile(r"^--.*\n?", re.MULTILINE)


def parse(text: str) -> dict[str, str]:
    """Split SQL text at its `-- name: x` lines into statements by name.

    Raises ValueError when a name is used twice.
    """
    parts = _NAME.split(text)
    queries: dict[str, str] = {}
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        if name in queries:
            raise ValueError(f"the SQL names {name} twice")
        queries[name] = _COMMENT.sub("", body).strip()
    return queries


def load(file: str) -> dict[str, str]:
    """Return the statements of a file of this package, by name."""
    return parse(resources.files(__package__).joinpath(file).read_text(encoding="utf-8"))


QUERIES = load("queries.sql")
