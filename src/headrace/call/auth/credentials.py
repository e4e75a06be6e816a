"""What authentication comes down to: a scheme and its parameter in an `Authorization` header."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from headrace.call.performer import CallError, call_error


@dataclass(frozen=True, slots=True)
class Credentials:
    """The value of an `Authorization` header; its `repr` does not show the secret."""

    scheme: str
    parameter: str = field(repr=False)

    @property
    def header(self) -> str:
        """The header's value."""
        return f"{self.scheme} {self.parameter}"

    def as_authorization(self) -> dict[str, str]:
        """Return what expressions see as `$authorization`."""
        return {"scheme": self.scheme, "parameter": self.parameter}


def authentication_error(title: str, detail: str | None = None, *, retryable: bool = False) -> CallError:
    """Make an `authentication` error; `detail` must not hold secrets."""
    return call_error("authentication", title, detail, retryable=retryable)


def text_of(settings: Mapping[str, Any], name: str, scheme: str, *, required: bool = True) -> str:
    """Return a setting of an authentication policy as text; the empty string if it is not required.

    Raises `CallError` (configuration) when it is missing or no text.
    """
    value: Any = settings
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if value is None and not required:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)  # an unquoted password of digits
    if not isinstance(value, str):
        raise call_error(
            "configuration",
            f"incomplete {scheme} authentication",
            f"`{name}` is {'not set' if value is None else 'not a text'}",
        )
    return value


def basic(settings: Mapping[str, Any]) -> Credentials:
    """Return HTTP basic credentials (RFC 7617), in UTF-8."""
    username = text_of(settings, "username", "basic")
    password = text_of(settings, "password", "basic")
    if ":" in username:
        raise call_error("configuration", "unusable basic authentication", "a user name cannot hold a colon")
    return Credentials("Basic", base64.b64encode(f"{username}:{password}".encode()).decode("ascii"))


def bearer(settings: Mapping[str, Any]) -> Credentials:
    """Return a bearer token (RFC 6750)."""
    return Credentials("Bearer", text_of(settings, "token", "bearer"))
