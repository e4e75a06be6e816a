"""What texts of the DSL must look like: durations, URIs, pointers, times.

Each rule takes a text and returns a complaint for the author, or `None`.
"""

from __future__ import annotations

import re
from datetime import datetime

from headrace.spec.duration import parse_duration

# The schema's pattern has no line breaks in it; an expression over several lines is as good.
RUNTIME_EXPRESSION = re.compile(r"\A\s*\$\{.+\}\s*\Z", re.DOTALL)
SEMANTIC_VERSION = re.compile(
    r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
    r"(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?\Z",
    re.ASCII,
)
NAME = re.compile(r"^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\Z")
HOST = re.compile(r"^[a-zA-Z0-9](?:[a-zA-Z0-9-.]{0,61}[a-zA-Z0-9])?\Z")
NOT_EMPTY = re.compile(r"(?s).")

_URI = re.compile(r"^(?=\S)(([^:/?#]+):)?(//([^/?#\s]*))?([^?#\s]*)(\?([^#\s]*))?(#(\S*))?\Z")
_BRACED = re.compile(r"\{([^{}]*)\}")
# RFC 6570 variables, with its operators and modifiers; the DSL expands only the simple form.
_VARIABLE = re.compile(
    r"^(?P<operator>[+#./;?&]?)(?:[A-Za-z0-9_.%]+(?::[1-9][0-9]{0,3}|\*)?)"
    r"(?:,[A-Za-z0-9_.%]+(?::[1-9][0-9]{0,3}|\*)?)*\Z"
)
_NEVER_IN_URI = re.compile(r"[\x00-\x20\x7f<>\"\\^`|]")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BAD_POINTER = re.compile(r"~(?![01])")
_TIME = re.compile(r"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)\Z", re.ASCII)


def is_expression(text: str) -> bool:
    """Tell whether the whole text is one runtime expression in `${ }`."""
    return RUNTIME_EXPRESSION.match(text) is not None


def fixed_duration(text: str) -> str | None:
    """Complain unless `text` is an ISO 8601 duration; for places where there is no data to evaluate."""
    if is_expression(text):
        return "a runtime expression has no data here; write a duration such as PT30S"
    return duration(text)


def duration(text: str) -> str | None:
    """Complain unless `text` is an ISO 8601 duration or a runtime expression."""
    if is_expression(text):
        return None
    try:
        parse_duration(text)
    except ValueError as error:
        return str(error)
    return None


def uri(text: str) -> str | None:
    """Complain unless `text` is a URI reference or a URI template (dsl-reference.md, "URI Template")."""
    if text.lstrip().startswith("${"):
        return f"`{text}` starts like a runtime expression but does not end with `}}`"
    if not _URI.match(text):
        return f"`{text}` is not a URI: it is empty or has spaces in it"
    bare = text
    for match in _BRACED.finditer(text):
        if not _VARIABLE.match(match[1]):
            return f"`{match[0]}` is not a variable of a URI template; write `{{name}}`"
    bare = _BRACED.sub("", text)
    if "{" in bare or "}" in bare:
        return f"`{text}` has a brace without its partner"
    if wrong := _NEVER_IN_URI.search(bare):
        return f"`{text}` has a `{wrong[0]}`, which is not allowed in a URI; write it as %{ord(wrong[0]):02X}"
    if _BAD_PERCENT.search(bare):
        return f"`{text}` has a `%` that is not followed by two hexadecimal digits; write it as %25"
    return None


def uri_or_expression(text: str) -> str | None:
    """Complain unless `text` is a URI (template) or a runtime expression."""
    return None if is_expression(text) else uri(text)


def uri_pattern(text: str) -> str | None:
    """As `uri_or_expression`, for event filters, where a regular expression may stand instead."""
    if uri_or_expression(text) is None:
        return None
    try:
        re.compile(text)
    except re.error:
        return f"`{text}` is neither a URI, a runtime expression nor a regular expression"
    return None if text.strip() else "the text is empty"


def pointer_or_expression(text: str) -> str | None:
    """Complain unless `text` is a JSON Pointer (RFC 6901) or a runtime expression."""
    if is_expression(text) or ((not text or text.startswith("/")) and not _BAD_POINTER.search(text)):
        return None
    return f"`{text}` is not a JSON Pointer; write it like `/do/0/charge`"


def _is_time(text: str) -> bool:
    if not _TIME.match(text):
        return False
    try:
        # Seconds may be 60 (leap) in RFC 3339, which datetime does not know.
        datetime.fromisoformat(text.upper().replace(":60", ":59"))
    except ValueError:
        return False
    return True


def time_or_expression(text: str) -> str | None:
    """Complain unless `text` is an RFC 3339 time or a runtime expression."""
    if is_expression(text) or _is_time(text):
        return None
    return f"`{text}` is not a time; write it like `2026-01-31T12:00:00Z`"


def time_pattern(text: str) -> str | None:
    """As `time_or_expression`, for event filters, where a regular expression may stand instead."""
    if time_or_expression(text) is None:
        return None
    try:
        re.compile(text)
    except re.error:
        return f"`{text}` is neither a time, a runtime expression nor a regular expression"
    return None
