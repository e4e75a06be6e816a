"""JSON in a request's body, where it may be anything."""

from __future__ import annotations

from typing import Any

import orjson

from headrace.api.problem import Problem, bad_request

# What is deeper cannot be written again.
DEPTH_MAX = 200


def read_json(body: bytes, content_type: str, what: str) -> Any:
    """Return the JSON value in a body; an empty one is null.

    Raises `Problem` 400 for what is not JSON or nested too deeply, 415 for another media type.
    """
    if not body.strip():
        return None
    check_media_type(content_type, what)
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise bad_request(
            "bad-json", f"{what} is not JSON: {error}", remedy="send one JSON value, in UTF-8"
        ) from error
    check_depth(value, body, what)
    return value


def check_depth(value: Any, body: bytes, what: str) -> None:
    """Raise `Problem` 400 for a value that is nested too deeply to be kept."""
    if body.count(b"[") + body.count(b"{") <= DEPTH_MAX:
        return
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEPTH_MAX:
            raise bad_request("too-deep", f"{what} is nested more than {DEPTH_MAX} deep")
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]


def check_media_type(content_type: str, what: str) -> None:
    """Raise `Problem` 415 unless it is JSON; none is taken for JSON."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in ("", "application/json") or media_type.endswith("+json"):
        return
    raise Problem(
        415,
        "unsupported-media-type",
        f"{what} is sent as {media_type[:100]!r}",
        remedy="send it with Content-Type: application/json",
    )
