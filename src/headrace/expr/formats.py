"""The string formats: `@text`, `@json`, `@csv`, `@tsv`, `@html`, `@uri`, `@sh`, `@base64`, ..."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from headrace.expr.json_text import described, number_text, to_json
from headrace.expr.limits import RaisedError, too_large
from headrace.expr.values import is_number

_HTML = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;", "'": "&apos;", '"': "&quot;", "\0": "\\0"})
_TSV = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@lru_cache(maxsize=256)
def format_function(name: str, limit: int) -> Callable[[Any], str]:
    """Return the function of the format `@name`; an unknown one fails when it is used, as in jq."""

    def text(value: Any) -> str:
        return value if type(value) is str else to_json(value, limit)

    def row(value: Any, style: str, quoted: Callable[[str], str], separator: str) -> str:
        if type(value) is not list:
            raise RaisedError(f"{described(value)} cannot be {style}-formatted, only array")
        cells = []
        for cell in value:
            if cell is None:
                cells.append("")
            elif type(cell) is bool:
                cells.append("true" if cell else "false")
            elif is_number(cell):
                cells.append(number_text(cell) if cell == cell else "")
            elif type(cell) is str:
                cells.append(quoted(cell))
            else:
                raise RaisedError(f"{described(cell)} is not valid in a csv row")
        return separator.join(cells)

    def shell(value: Any) -> str:
        words = []
        for word in value if type(value) is list else [value]:
            if type(word) is str:
                words.append("'" + word.replace("'", "'\\''") + "'")
            elif type(word) in (list, dict):
                raise RaisedError(f"{described(word)} can not be escaped for shell")
            else:
                words.append(to_json(word, limit))
        return " ".join(words)

    def from_uri(value: Any) -> str:
        source = text(value)
        error = RaisedError(f"{described(source)} is not a valid uri encoding")
        for piece in source.split("%")[1:]:
            if len(piece) < 2 or not all(c in "0123456789abcdefABCDEF" for c in piece[:2]):
                raise error
        try:
            return unquote_to_bytes(source).decode()
        except UnicodeDecodeError:
            raise error from None

    def from_base64(value: Any) -> str:
        source = text(value)
        body = source.rstrip("=")
        try:
            if len(body) % 4 == 1:
                # jq reports a stray byte only when every character is one of base64's.
                base64.b64decode(body + "AAA", validate=True)
                raise RaisedError(f"{described(source)} trailing base64 byte found")
            data = base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
        except (binascii.Error, ValueError):
            raise RaisedError(f"{described(source)} is not valid base64 data") from None
        return data.decode("utf-8", "replace")

    def from_base32(value: Any) -> str:
        source = text(value)
        body = source.rstrip("=")
        try:
            return base64.b32decode(body + "=" * (-len(body) % 8)).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            raise RaisedError(f"{described(source)} is not valid base32 data") from None

    def csv_cell(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    def unknown(value: Any) -> str:
        raise RaisedError(f"{name} is not a valid format")

    table: dict[str, Callable[[Any], str]] = {
        "text": text,
        "json": lambda value: to_json(value, limit),
        "csv": lambda value: row(value, "csv", csv_cell, ","),
        "tsv": lambda value: row(value, "tsv", lambda cell: cell.translate(_TSV), "\t"),
        "html": lambda value: text(value).translate(_HTML),
        "uri": lambda value: quote(text(value), safe="-_.~"),
        "urid": from_uri,
        "sh": shell,
        "base64": lambda value: base64.b64encode(text(value).encode()).decode(),
        "base64d": from_base64,
        "base32": lambda value: base64.b32encode(text(value).encode()).decode(),
        "base32d": from_base32,
    }
    convert = table.get(name, unknown)

    def bounded(value: Any) -> str:
        made = convert(value)
        if len(made) > limit:
            raise too_large("a string", limit)
        return made

    return bounded
