"""Preferences of a request (RFC 7240): how long a caller is ready to wait."""

from __future__ import annotations

from collections.abc import Iterable

WAIT_SECONDS_MAX = 300


def wait_seconds(prefer: Iterable[str]) -> int | None:
    """Return `wait` of the `Prefer` headers in whole seconds, at most 300; None without a proper one.

    The first one counts, and what cannot be understood is ignored (section 2).
    """
    for header in prefer:
        for preference in _split(header, ","):
            name, _, value = _split(preference, ";")[0].partition("=")
            if name.strip().lower() == "wait":
                text = value.strip().strip('"').strip()
                if text.isascii() and text.isdigit():
                    # A number may be longer than Python would read.
                    return WAIT_SECONDS_MAX if len(text) > 6 else min(int(text), WAIT_SECONDS_MAX)
                return None
    return None


def _split(text: str, separator: str) -> list[str]:
    """Split at a separator outside of quotes."""
    parts, current, quoted, escaped = [], "", False, False
    for character in text:
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == separator and not quoted:
            parts.append(current)
            current = ""
            continue
        current += character
    return [*parts, current]
