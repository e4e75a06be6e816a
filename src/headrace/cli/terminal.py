"""Colours, widths and aligned columns, without the price of importing rich."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TextIO

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
}

STATUS_COLOURS = {
    "completed": "green",
    "faulted": "red",
    "cancelled": "yellow",
    "suspended": "yellow",
    "running": "blue",
    "waiting": "cyan",
    "pending": "cyan",
    "skipped": "dim",
}


class Paint:
    """Puts colours around text, or does not."""

    def __init__(self, colours: bool) -> None:
        self.colours = colours

    @classmethod
    def of(cls, stream: TextIO) -> Paint:
        """Return the paint for a stream: colours on a terminal, unless NO_COLOR is set."""
        return cls(is_terminal(stream) and not os.environ.get("NO_COLOR"))

    def __call__(self, text: str, *styles: str) -> str:
        codes = ";".join(_CODES[style] for style in styles if style)
        return f"\x1b[{codes}m{text}\x1b[0m" if self.colours and codes and text else text


def is_terminal(stream: TextIO) -> bool:
    """Whether a person looks at the stream, on a terminal that can move its cursor."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def terminal_width() -> int:
    """Return the columns of the terminal, 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns


def width(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def clip(text: str, columns: int) -> str:
    """Return the text, shortened with `…` to so many columns."""
    if width(text) <= columns:
        return text
    kept: list[str] = []
    left = columns - 1
    for sign in text:
        left -= width(sign)
        if left < 0:
            break
        kept.append(sign)
    return "".join(kept) + "…"


def one_line(text: str) -> str:
    """Return the text without line breaks and control characters, which could rewrite a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text).rstrip()


def columns(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    paint: Paint,
    coloured: int | None = None,
    limit: int | None = None,
) -> list[str]:
    """Return lines with aligned columns; `coloured` is the column of statuses, `limit` the line's width."""
    kept = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(width(cell) for cell in column) for column in zip(header, *kept, strict=True)]
    if limit is not None:
        widths[-1] = max(8, min(widths[-1], limit - sum(widths[:-1]) - 2 * (len(widths) - 1)))
    lines = []
    for number, row in enumerate([list(header), *kept]):
        cells = []
        for place, cell in enumerate(row):
            shown = clip(cell, widths[place]) if limit is not None else cell
            padding = " " * (widths[place] - width(shown)) if place < len(row) - 1 else ""
            if number == 0:
                shown = paint(shown, "bold")
            elif place == coloured:
                shown = paint(shown, STATUS_COLOURS.get(cell, ""))
            cells.append(shown + padding)
        lines.append("  ".join(cells).rstrip())
    return lines
