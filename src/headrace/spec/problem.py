"""What is wrong with a document, where, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Literal

import msgspec

Severity = Literal["error", "warning"]


class Problem(msgspec.Struct, frozen=True, kw_only=True, order=False):
    """One finding in a document.

    `line` and `column` count from 1; `pointer` is the JSON Pointer of the value that it is about, in the
    document as it was written. `code` is stable, for tests and for suppressing warnings.
    """

    severity: Severity
    file: str
    line: int
    column: int
    pointer: str
    message: str
    code: str
    remedy: str | None = None

    def __str__(self) -> str:
        """Return e.g. ``flow.yaml:12:7: error: unknown property `whith` (at /do/0/charge) — did you …``."""
        where = f" (at {self.pointer})" if self.pointer else ""
        remedy = f" — {self.remedy}" if self.remedy else ""
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.severity}: {self.message}{where}{remedy} [{self.code}]"


def escape(name: str) -> str:
    """Return `name` as one segment of a JSON Pointer (RFC 6901)."""
    if "~" in name or "/" in name:
        return name.replace("~", "~0").replace("/", "~1")
    return name


def shortened(text: str, length: int = 80) -> str:
    """Return `text`, cut when it has more than `length` characters, for quoting it in a message."""
    return text if len(text) <= length else text[: length - 1] + "…"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` is most likely a misspelling of, or `None`."""
    candidates = {candidate.lower(): candidate for candidate in known}
    matches = difflib.get_close_matches(name.lower(), candidates, n=1, cutoff=0.6)
    return candidates[matches[0]] if matches else None


def did_you_mean(name: str, known: Iterable[str], otherwise: str | None = None) -> str | None:
    """Return a remedy that names the known name nearest to `name`, or `otherwise`."""
    match = nearest(name, known)
    return f"did you mean `{match}`?" if match else otherwise


def listed(names: Iterable[str], conjunction: str = "or") -> str:
    """Return names as English, e.g. "`a`, `b` or `c`"."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {conjunction} {quoted[-1]}"
