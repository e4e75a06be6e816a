"""What there is to tell, as data: the events of a notification."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

import orjson

from headrace.alert.rules import Rule
from headrace.store.alerts import Happening

_ERROR_MEMBERS = ("type", "status", "title", "detail", "instance")
_ERROR_CHARACTERS_MAX = 500


def new_id() -> str:
    """Return an id for a notification: a receiver knows by it what it has had already."""
    return "msg_" + secrets.token_hex(12)


def happening(
    rule: Rule, state: str, at: float, event: dict[str, Any], *, key: str | None = None
) -> Happening:
    """Make something to tell of a rule."""
    return Happening(
        name=rule.name,
        state=state,
        at=at,
        event=orjson.dumps({"at": text_of(at), **event}),
        alert=rule.written,
        group_seconds=rule.alert.group_seconds,
        id=new_id(),
        key=key,
    )


def execution_event(namespace: str, flow: str, execution_id: str, **more: Any) -> dict[str, Any]:
    """Make the event of an execution."""
    return {"execution": execution_id, "namespace": namespace, "flow": flow, **more}


def error_of(data: bytes | None) -> dict[str, Any] | None:
    """Return the members of an OWS error that are told, long texts cut. The store has it without secrets."""
    if data is None:
        return None
    error = orjson.loads(data)
    told: dict[str, Any] = {}
    for name in _ERROR_MEMBERS:
        value = error.get(name) if isinstance(error, dict) else None
        if isinstance(value, str) and len(value) > _ERROR_CHARACTERS_MAX:
            value = value[:_ERROR_CHARACTERS_MAX].rstrip() + " [...]"
        if value is not None:
            told[name] = value
    return told


def text_of(at: float) -> str:
    """Return a time as RFC 3339, UTC, milliseconds."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
