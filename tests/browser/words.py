"""What the dashboard says, out of its own catalogs: by this a test finds a button in every language."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "ui" / "src"
# The language that begins, or a key with its text.
ENTRY = re.compile(r'^\s+(en|zh): \{|^\s+"?(\w+)"?:\s*"((?:[^"\\]|\\.)*)"', re.MULTILINE)
PLACE = re.compile(r"\{(\w+)(?:\|([^{}|]*)\|([^{}|]*))?\}")


def said(folder: str, key: str, language: str, **values: str | int) -> str:
    """Return a text of `ui/src/<folder>/messages.ts`, its places filled. Raises `KeyError` without one."""

    def filled(place: re.Match[str]) -> str:
        value = values[place[1]]
        if place[2] is not None:
            return place[2] if value == 1 else place[3]
        return f"{value:,}" if isinstance(value, int) else value

    return PLACE.sub(filled, _texts(folder)[language, key])


@cache
def _texts(folder: str) -> dict[tuple[str, str], str]:
    """Return the texts of a folder by language and key; of two catalogs with one key the later counts."""
    found: dict[tuple[str, str], str] = {}
    language = ""
    for entry in ENTRY.finditer((SOURCES / folder / "messages.ts").read_text("utf-8")):
        if entry[1]:
            language = entry[1]
        else:
            found[language, entry[2]] = re.sub(r"\\(.)", r"\1", entry[3])
    return found
