"""CloudEvents 1.0 over HTTP: binary, structured and batch mode, read into the JSON event format.

Sections are those of the HTTP protocol binding (H) and of the CloudEvents specification (S), version 1.0.2.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson

from headrace.api.json_body import check_depth
from headrace.api.problem import Problem, bad_request

EVENTS_PER_BATCH_MAX = 1000
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"

REQUIRED = ("specversion", "id", "source", "type")
_OPTIONAL = ("datacontenttype", "dataschema", "subject", "time")
# S 3.1, "Naming conventions".
_NAME = re.compile(r"^[a-z0-9]+$")
_TIME = re.compile(r"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$")
_URI = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s]*$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_INTEGER_MAX = 2**31 - 1


def read_events(headers: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
    """Return the events of a request as JSON data; names of `headers` are lower-case.

    Raises `Problem` 400 with the place of what is wrong, 415 for another event format.
    """
    content_type = headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type.startswith("application/cloudevents"):
        if media_type == STRUCTURED:
            return [checked(_json(body, "the event"), "")]
        if media_type == BATCH:
            return _batch(body)
        raise Problem(
            415,
            "unsupported-media-type",
            f"events are sent as {media_type[:100]!r}",
            remedy=f"send them as {STRUCTURED}, as {BATCH}, or in binary mode",
        )
    if "ce-specversion" not in headers and "ce-id" not in headers:
        raise bad_request(
            "no-event",
            "the request is no CloudEvent: it has neither ce- headers nor a CloudEvents media type",
            remedy=f"send ce-specversion, ce-id, ce-source and ce-type, or Content-Type: {STRUCTURED}",
        )
    return [_binary(headers, content_type, body)]


def _batch(body: bytes) -> list[dict[str, Any]]:
    found = _json(body, "the batch")
    if not isinstance(found, list):
        raise bad_request("no-batch", "a batch is a JSON array of events", pointer="")
    if len(found) > EVENTS_PER_BATCH_MAX:
        raise Problem(
            413, "too-large", f"the batch has {len(found)} events; {EVENTS_PER_BATCH_MAX} are taken at once"
        )
    return [checked(event, f"/{number}") for number, event in enumerate(found)]


def _binary(headers: Mapping[str, str], content_type: str, body: bytes) -> dict[str, Any]:
    event: dict[str, Any] = {
        name[3:]: _header_value(name, value) for name, value in headers.items() if name.startswith("ce-")
    }
    # H 3.1.1: the body's media type is the data's, whatever a header says.
    event.pop("datacontenttype", None)
    for name in ("data", "data_base64"):
        if name in event:
            raise bad_request("bad-attribute", f"{name!r} is no attribute", pointer=f"header:ce-{name}")
    if content_type:
        event["datacontenttype"] = content_type
    if body:
        _put_data(event, content_type, body)
    return checked(event, "", place="header:ce-")


def _header_value(name: str, value: str) -> str:
    """H 3.1.3.2: quoted strings are unquoted, then percent-encoding is undone, and the octets are UTF-8."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    try:
        return unquote_to_bytes(value.encode("latin-1")).decode()
    except UnicodeError as error:
        place = f"header:{name}"
        raise bad_request("not-utf-8", f"the header {name} is not UTF-8: {error}", pointer=place) from error


def _put_data(event: dict[str, Any], content_type: str, body: bytes) -> None:
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in ("", "application/json", "text/json") or media_type.endswith("+json"):
        event["data"] = _json(body, "the event's data")
        return
    if media_type.startswith("text/") or media_type.endswith(("/xml", "+xml")):
        try:
            event["data"] = body.decode(_charset(content_type))
            return
        except (UnicodeError, LookupError):
            pass
    event["data_base64"] = base64.b64encode(body).decode()


def _charset(content_type: str) -> str:
    found = re.search(r'charset\s*=\s*"?([\w.-]+)', content_type, re.IGNORECASE)
    return found[1] if found else "utf-8"


def _json(body: bytes, what: str) -> Any:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise bad_request("bad-json", f"{what} is not JSON: {error}") from error
    check_depth(value, body, what)
    return value


def checked(given: Any, pointer: str, *, place: str | None = None) -> dict[str, Any]:
    """Return an event in the JSON event format as it is, without attributes that are null.

    Raises `Problem` 400 with the attribute: one that is missing, or whose name or value is not allowed.
    """

    def bad(name: str, detail: str) -> Problem:
        where = f"{pointer}/{name}" if place is None else f"{place}{name}"
        return bad_request("bad-event", f"{name}: {detail}", pointer=where)

    if not isinstance(given, dict):
        raise bad_request("bad-event", "a CloudEvent is a JSON object", pointer=pointer)
    event: dict[str, Any] = {
        name: value for name, value in given.items() if value is not None or name == "data"
    }
    for name in REQUIRED:
        value = event.get(name)
        if not isinstance(value, str) or not value:
            raise bad(name, "a CloudEvent needs it, as a text that is not empty")
    if event["specversion"] != "1.0":
        raise bad("specversion", f"{event['specversion'][:20]!r} is not known here; 1.0 is")
    for name, value in event.items():
        if name in ("data", "data_base64"):
            continue
        if not _NAME.match(name):
            raise bad(name, "names of attributes are lower-case letters and digits")
        why = _wrong(name, value)
        if why is not None:
            raise bad(name, why)
    if "data_base64" in event:
        if event.get("data") is not None:
            raise bad("data_base64", "an event has data or data_base64, not both")
        event.pop("data", None)
        try:
            base64.b64decode(event["data_base64"], validate=True)
        except (binascii.Error, TypeError, ValueError) as error:
            raise bad("data_base64", f"it is not base64: {error}") from error
    return event


def _wrong(name: str, value: Any) -> str | None:
    """Return what is wrong with an attribute's value (S 2, "Type System"; S 3.1), None where nothing is."""
    if name in REQUIRED or name in _OPTIONAL:
        if not isinstance(value, str) or not value:
            return "it is a text that is not empty"
        if name == "time" and not _is_time(value):
            return f"{value[:40]!r} is no time as in RFC 3339, 2026-01-31T10:00:00Z"
        if name == "dataschema" and not _URI.match(value):
            return "it is an absolute URI"
    elif isinstance(value, bool):
        return None
    elif isinstance(value, int):
        return None if -_INTEGER_MAX - 1 <= value <= _INTEGER_MAX else "integers have 32 bits"
    elif not isinstance(value, str):
        return "extensions are texts, integers, true or false"
    return "it has control characters" if _CONTROL.search(value) else None


def _is_time(text: str) -> bool:
    if not _TIME.match(text):
        return False
    try:
        # Of a fraction Python reads six digits; a leap second is one that RFC 3339 allows.
        datetime.fromisoformat(
            re.sub(r"\.\d+", "", text.upper()).replace(":60", ":59").replace("Z", "+00:00")
        )
    except ValueError:
        return False
    return True
