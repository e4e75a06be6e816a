"""From the bytes of a request to data: JSON, forms, text, the query, headers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

import orjson

from headrace.source.http.problem import HttpProblem

# What proves who somebody is does not get into inputs, and so not into the store.
WITHHELD_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})
QUERY_FIELDS_MAX = 1000

_TAKEN = "application/json, application/x-www-form-urlencoded and text/*"


def read_body(content_type: str, body: bytes) -> Any:
    """Return the data of a body by its content type; None for an empty one.

    A body without a content type is JSON. Raises `HttpProblem` 400 or 415.
    """
    if not body:
        return None
    kind, _, parameters = content_type.partition(";")
    kind = kind.strip().lower()
    if not kind or kind == "application/json" or kind.endswith("+json"):
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise HttpProblem(
                400,
                "invalid-json",
                "The body is not JSON",
                f"{error.msg} (line {error.lineno}, column {error.colno})",
                "send JSON, or name what it is in content-type",
            ) from error
    if kind == "application/x-www-form-urlencoded":
        return read_fields(_text(body, parameters), "the form")
    if kind.startswith("text/"):
        return _text(body, parameters)
    raise HttpProblem(
        415,
        "unsupported-media-type",
        "The content type is not taken",
        f"the body is {kind}; taken are {_TAKEN}",
        "send JSON; put binary data into it as base64, or store it and send its address",
    )


def content_type_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the content type that a request names, the last one; empty where it names none."""
    found = ""
    for name, value in headers:
        if name.lower() == b"content-type":
            found = value.decode("latin-1")
    return found


def _text(body: bytes, parameters: str) -> str:
    charset = "utf-8"
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"').lower()
    if charset not in ("utf-8", "utf8", "us-ascii", "iso-8859-1"):
        raise HttpProblem(
            415, "unsupported-media-type", "The charset is not taken", f"{charset!r}", "send UTF-8"
        )
    try:
        return body.decode(charset)
    except UnicodeDecodeError as error:
        raise HttpProblem(
            400, "invalid-text", "The body is not text", f"it is not {charset}: {error.reason}", "send UTF-8"
        ) from error


def read_fields(text: str, what: str) -> dict[str, Any]:
    """Return the fields of a query or form; a name that comes more than once has the list of its values."""
    fields: dict[str, Any] = {}
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, max_num_fields=QUERY_FIELDS_MAX, errors="surrogateescape"
        )
        for name, value in pairs:
            name.encode(), value.encode()  # what is not UTF-8 cannot be kept
            if name not in fields:
                fields[name] = value
            elif isinstance(fields[name], list):
                fields[name].append(value)
            else:
                fields[name] = [fields[name], value]
    except ValueError as error:
        raise HttpProblem(
            400,
            "invalid-fields",
            f"{what.capitalize()} cannot be read",
            f"it has more than {QUERY_FIELDS_MAX} fields or is not UTF-8",
            "send less, or send JSON",
        ) from error
    return fields


def read_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers with lower-case names, those of credentials left out; repeated ones are joined."""
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name = raw_name.decode("latin-1").lower()
        if name in WITHHELD_HEADERS:
            continue
        value = raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found
