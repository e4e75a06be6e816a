"""Pages: how lists are cut, stable while rows are added."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar

import msgspec
import orjson
from litestar.params import QueryParameter

from headrace.api.problem import bad_request

_Item = TypeVar("_Item")

LIMIT_MAX = 500

Limit = Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX, description="How many items at most.")]
Cursor = Annotated[
    str | None,
    QueryParameter(name="after", max_length=2000, description="`next` of the page before, to go on."),
]


class Page(msgspec.Struct, Generic[_Item], kw_only=True):
    """A part of a list. `next` is the cursor of the following part; null at the end."""

    items: list[_Item]
    next: str | None = None


def cursor(*key: str | int | float | None) -> str:
    """Return the cursor after an item with this key: opaque to callers."""
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


def after(text: str | None, types: Sequence[type | tuple[type, ...]]) -> list[object] | None:
    """Return the key in a cursor, or None without one. Raises `Problem` 400 for one that is not ours."""
    if text is None:
        return None
    try:
        key = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        fits = isinstance(key, list) and len(key) == len(types)
        if fits and all(isinstance(value, kind) for value, kind in zip(key, types, strict=True)):
            return list(key)
    except (ValueError, binascii.Error):
        pass
    raise bad_request("bad-cursor", "the cursor is not one of this list", remedy="begin without a cursor")
