"""Keeping secrets, and endless text, out of the log of changes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from headrace.spec.masking import MASK, MASKED_LENGTH_MIN

PAYLOAD_BYTES_MAX = 16 * 1024
KEPT_CHARACTERS = 2_000

# Names of members whose values are not written down, whatever they are.
_SECRET_NAME = re.compile(
    r"passw|secret|token|credential|authorization|assertion|cookie|api.?key|private.?key", re.IGNORECASE
)


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
