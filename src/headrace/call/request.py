"""From plain JSON data to the parts of an HTTP request: headers, query, body."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from headrace.call.answer import is_json, media_type_of
from headrace.call.performer import call_error

_FIELD_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
# Framing is the client's: two that disagree are how requests are smuggled past a proxy.
_FRAMING = frozenset({"content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer"})

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def plain_text(value: Any) -> str:
    """Return a value as it stands in a header, query or form: text as it is, the rest as JSON."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def header_pairs(headers: Any) -> list[tuple[str, str]]:
    """Return `headers` (a map) as pairs; lists repeat a header, `null` leaves it out.

    Framing headers (`content-length` and the like) are left out: the client writes its own. Raises
    `CallError` (configuration) for a name or value that no header can have.
    """
    pairs: list[tuple[str, str]] = []
    for name, value in _entries(headers, "headers"):
        if not _FIELD_NAME.fullmatch(name):
            raise call_error("configuration", "unusable header", f"{name!r} is no header name")
        if name.lower() in _FRAMING:
            continue
        text = plain_text(value).strip()
        if any(ord(c) < 0x20 and c != "\t" for c in text) or "\x7f" in text:
            raise call_error(
                "configuration", "unusable header", f"the value of {name!r} holds control characters"
            )
        pairs.append((name, text))
    return pairs


def query_pairs(query: Any) -> list[tuple[str, str]]:
    """Return `query` (a map) as pairs; lists repeat a parameter, `null` leaves it out."""
    return [(name, plain_text(value)) for name, value in _entries(query, "query")]


def with_query(url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return `url` with `pairs` added to its query; spaces become `%20`."""
    added = urlencode(list(pairs), quote_via=quote, safe="")
    if not added:
        return url
    head, hash_sign, fragment = url.partition("#")
    joint = "&" if "?" in head else "?"
    if head.endswith(("?", "&")):
        joint = ""
    return head + joint + added + hash_sign + fragment


def _entries(given: Any, what: str) -> Iterable[tuple[str, Any]]:
    if given is None:
        return
    if not isinstance(given, Mapping):
        raise call_error("configuration", f"unusable `{what}`", f"`{what}` is an object of names and values")
    for name, value in given.items():
        for each in value if isinstance(value, list) else [value]:
            if each is not None:
                yield str(name), each


def body_and_type(body: Any, content_type: str | None) -> tuple[bytes | None, str | None]:
    """Return the bytes of a request body and the content type to send; `None` when there is no body.

    Without a content type text is sent as `text/plain` and everything else as JSON. With a JSON type, text
    that already is a JSON object or array is sent as it is, and other text as a JSON string. With a form
    type an object becomes its fields. Other types: text as UTF-8, the rest as JSON text.
    """
    if body is None:
        return None, None
    if content_type is None:
        if isinstance(body, str):
            return body.encode(), "text/plain; charset=utf-8"
        return orjson.dumps(body), "application/json"
    media_type = media_type_of(content_type)[0]
    if is_json(media_type):
        if isinstance(body, str) and _is_json_document(body):
            return body.encode(), content_type
        return orjson.dumps(body), content_type
    if media_type == FORM and isinstance(body, Mapping):
        return urlencode(query_pairs(body)).encode("ascii"), content_type
    if media_type == MULTIPART and isinstance(body, Mapping):
        return _multipart(body)
    return plain_text(body).encode(), content_type


def _is_json_document(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _multipart(fields: Mapping[str, Any]) -> tuple[bytes, str]:
    boundary = secrets.token_hex(16)
    parts: list[str] = []
    for name, text in query_pairs(fields):
        escaped = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{escaped}"\r\n\r\n{text}\r\n')
    return ("".join(parts) + f"--{boundary}--\r\n").encode(), f"{MULTIPART}; boundary={boundary}"
