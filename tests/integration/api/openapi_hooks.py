"""Hooks of Schemathesis: half of the requests name objects that are there; none waits for long.

Loaded by `SCHEMATHESIS_HOOKS`; what is there is in the file that `HEADRACE_TEST_STOCK` names.
"""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import Any

import schemathesis

STOCK: dict[str, Any] = json.loads(Path(os.environ["HEADRACE_TEST_STOCK"]).read_text())
# Requests that would end what the others need go to objects of their own.
ENDING = {"DELETE": {"name": "spare", "token_id": "0" * 16, "session_id": "00"}}
# By nouns whose names are not those of FlowApps.
NAMES = {
    "/users/": ["ada", "spare"],
    "/members/": ["ada"],
    "/secrets/": ["ada"],
    "/triggers/": ["api", "paid"],
}
SECONDS_MAX = 0.05


@schemathesis.hook
def before_call(context: Any, case: Any, **kwargs: Any) -> None:
    """Name what is there, in places that were not made wrong on purpose."""
    number = zlib.crc32(repr((case.operation.label, case.path_parameters, case.query, case.body)).encode())
    for name in case.path_parameters or {}:
        # What ends something is never asked for with a name that was seen in another answer.
        if name in ENDING.get(case.method.upper(), {}) or (number % 4 and not _is_wrong(case, "path")):
            case.path_parameters[name] = _known(case, name, number)
    for values, name in ((case.query, "seconds"), (case.body, "wait_seconds")):
        if isinstance(values, dict):
            _shorten(values, name)
    if isinstance(case.body, dict):
        if isinstance(case.body.get("lease"), dict):
            _shorten(case.body["lease"], "wait_seconds")
        if number % 3 == 0 and not _is_wrong(case, "body"):
            _name_items(case.body, number)
    if number % 2 and "If-Match" in (case.headers or {}) and not _is_wrong(case, "header"):
        case.headers["If-Match"] = _one(STOCK["etags"], number)


def _is_wrong(case: Any, location: str) -> bool:
    components = {} if case.meta is None else case.meta.components
    return any(where.value == location and info.mode.is_negative for where, info in components.items())


def _known(case: Any, name: str, number: int) -> Any:
    spare = ENDING.get(case.method.upper(), {}).get(name)
    if spare is not None:
        return spare
    if name == "name":
        for noun, names in NAMES.items():
            if noun in case.operation.path:
                return _one(names, number)
    return _one(STOCK.get(name, ["none"]), number)


def _one(values: list[Any], number: int) -> Any:
    return values[number // 7 % len(values)]


def _shorten(values: dict[str, Any], name: str) -> None:
    seconds = values.get(name)
    if isinstance(seconds, int | float) and not isinstance(seconds, bool) and seconds > SECONDS_MAX:
        values[name] = SECONDS_MAX


def _name_items(body: dict[str, Any], number: int) -> None:
    items = body.get("items")
    if isinstance(items, list) and items and isinstance(items[0], dict) and "token" in items[0]:
        items[0] |= STOCK["leased"]
    if isinstance(body.get("ids"), list) and body["ids"]:
        body["ids"][0] = _one(STOCK["execution_id"], number)
