"""The named statements of `queries.sql`, loaded once at import."""

from __future__ import annotations

import re
from importlib import resources

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)
_COMMENT = re.compile(r"^--.*\n?", re.MULTILINE)

# What is read of an item to show it, in the order of `read.Row`.
_RECORD = (
    "seq, large, id, state, priority, due_at, attempts, enqueued_at, leased_at, worker, extensions, "
    "extended_at, error, log, headers, payload, result"
)


def _parse(text: str) -> dict[str, str]:
    parts = _NAME.split(text)
    return {
        name: _COMMENT.sub("", body).strip().replace("{record}", _RECORD)
        for name, body in zip(parts[1::2], parts[2::2], strict=True)
    }


QUERIES = _parse(resources.files(__package__).joinpath("queries.sql").read_text(encoding="utf-8"))
