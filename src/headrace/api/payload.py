"""Payloads of items and results in JSON: as data where they are JSON, as text, or as base64."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec
import orjson

from headrace.api.problem import bad_request


class Payload(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One of the three: `data` (any JSON), `text`, or `data_base64`."""

    data: Any = msgspec.UNSET
    text: str | msgspec.UnsetType = msgspec.UNSET
    data_base64: str | msgspec.UnsetType = msgspec.UNSET


def written(payload: Payload, pointer: str) -> bytes | None:
    """Return a payload as bytes, None where none is given. Raises `Problem` 400 with the place."""
    given = [name for name in ("data", "text", "data_base64") if getattr(payload, name) is not msgspec.UNSET]
    if len(given) > 1:
        raise bad_request(
            "two-payloads",
            f"{pointer} has {' and '.join(given)}",
            remedy="give one of `data`, `text`, `data_base64`",
            pointer=pointer,
        )
    if payload.data is not msgspec.UNSET:
        return orjson.dumps(payload.data)
    if isinstance(payload.text, str):
        try:
            return payload.text.encode()
        except UnicodeEncodeError as error:
            raise bad_request("not-text", f"{pointer}/text: {error}", pointer=f"{pointer}/text") from error
    if isinstance(payload.data_base64, str):
        try:
            return base64.b64decode(payload.data_base64, validate=True)
        except (ValueError, binascii.Error) as error:
            raise bad_request(
                "not-base64", f"{pointer}/data_base64: {error}", pointer=f"{pointer}/data_base64"
            ) from error
    return None


def shown(payload: bytes | None) -> dict[str, Any]:
    """Return the member that shows a payload: `data` where it is JSON, else `text`, else `data_base64`."""
    if payload is None:
        return {}
    try:
        return {"data": orjson.loads(payload)}
    except orjson.JSONDecodeError:
        pass
    try:
        return {"text": payload.decode()}
    except UnicodeDecodeError:
        return {"data_base64": base64.b64encode(payload).decode()}
