"""Keeping secrets, and endless text, out of the log of changes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

MASK = "***"
PAYLOAD_BYTES_MAX = 16 * 1024
KEPT_CHARACTERS = 2_000

# Shorter texts are not hidden inside other text: masking every "a" would destroy the data.
MASKED_LENGTH_MIN = 4

# Names of members whose values are not written down, whatever they are.
_SECRET_NAME = re.compile(
    r"passw|secret|token|credential|authorization|assertion|cookie|api.?key|private.?key", re.IGNORECASE
)


def texts_in(data: Any) -> Iterator[str]:
    """Give all texts that are members of JSON data, at any depth; names of members are none."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for member in data.values():
            yield from texts_in(member)
    elif isinstance(data, list):
        for member in data:
            yield from texts_in(member)


def masked(value: Any, texts: Iterable[str] = ()) -> bytes | None:
    """Return `value` as JSON text for the log: without secrets, and bounded; None stays None.

    Members with a name like `password` lose their value, and each of `texts` is replaced by `***` wherever
    it stands. What is longer than `PAYLOAD_BYTES_MAX` is kept as its beginning, length and SHA-256.
    """
    if value is None:
        return None
    data = orjson.dumps(_without(value), default=str, option=orjson.OPT_NON_STR_KEYS)
    # The longest first: one secret may be part of another.
    for text in sorted(texts, key=len, reverse=True):
        if len(text) >= MASKED_LENGTH_MIN:
            data = data.replace(orjson.dumps(text)[1:-1], MASK.encode())
    if len(data) <= PAYLOAD_BYTES_MAX:
        return data
    return orjson.dumps(
        {
            "truncated": True,
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "begins": data[: 4 * KEPT_CHARACTERS].decode(errors="ignore")[:KEPT_CHARACTERS],
        }
    )


def _without(value: Any, hidden: bool = False) -> Any:
    if isinstance(value, Mapping):
        return {
            str(name): _without(member, hidden or bool(_SECRET_NAME.search(str(name))))
            for name, member in value.items()
        }
    if isinstance(value, list | tuple):
        return [_without(member, hidden) for member in value]
    if hidden and value is not None and not isinstance(value, bool):
        return MASK
    return value
