"""What differs between two contents of a FlowApp, by meaning: tasks are matched by name, not by position."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from headrace.spec.problem import escape


class Change(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One difference. `pointer` is in the newer content, for what was removed in the older one.

    `moved`: a task stands between others than before; `before` and `after` are its positions.
    """

    op: Literal["added", "removed", "changed", "moved"]
    pointer: str
    before: Any = None
    after: Any = None


def differences(old: Any, new: Any, pointer: str = "") -> list[Change]:
    """Return what differs, in the order of the newer content; nothing where both mean the same."""
    if isinstance(old, dict) and isinstance(new, dict):
        return _of_objects(old, new, pointer)
    if isinstance(old, list) and isinstance(new, list):
        before, after = _by_name(old), _by_name(new)
        if before is not None and after is not None:
            return _of_tasks(before, after, pointer)
    # `True == 1` in Python, not in JSON.
    if old == new and type(old) is type(new):
        return []
    return [Change(op="changed", pointer=pointer, before=old, after=new)]


def _of_objects(old: dict[str, Any], new: dict[str, Any], pointer: str) -> list[Change]:
    found: list[Change] = []
    for name, value in new.items():
        place = f"{pointer}/{escape(name)}"
        if name not in old:
            found.append(Change(op="added", pointer=place, after=value))
        else:
            found += differences(old[name], value, place)
    for name, value in old.items():
        if name not in new:
            found.append(Change(op="removed", pointer=f"{pointer}/{escape(name)}", before=value))
    return found


def _of_tasks(old: dict[str, tuple[int, Any]], new: dict[str, tuple[int, Any]], pointer: str) -> list[Change]:
    found: list[Change] = []
    kept_before = [name for name in old if name in new]
    kept_after = [name for name in new if name in old]
    for name, (position, value) in new.items():
        place = f"{pointer}/{position}/{escape(name)}"
        if name not in old:
            found.append(Change(op="added", pointer=place, after=value))
            continue
        if kept_before.index(name) != kept_after.index(name):
            found.append(Change(op="moved", pointer=place, before=old[name][0], after=position))
        found += differences(old[name][1], value, place)
    for name, (position, value) in old.items():
        if name not in new:
            place = f"{pointer}/{position}/{escape(name)}"
            found.append(Change(op="removed", pointer=place, before=value))
    return found


def _by_name(items: list[Any]) -> dict[str, tuple[int, Any]] | None:
    """Return (position, value) by name for a list of tasks, cases or triggers; None for any other list."""
    found: dict[str, tuple[int, Any]] = {}
    for position, item in enumerate(items):
        if not isinstance(item, dict):
            return None
        if len(item) == 1:
            [(name, value)] = item.items()
        elif isinstance(item.get("name"), str):
            name, value = item["name"], item
        else:
            return None
        if name in found:
            return None
        found[name] = (position, value)
    return found
