"""Reading and changing parts of values: index, slice, getpath, setpath, delpaths.

Nothing is changed in place: an update copies the containers on the way to the part.
A slice in a path is a dict `{"start": ..., "end": ...}`, as in jq.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, isnan
from typing import Any

from headrace.expr.limits import RaisedError, RaisedLimitError
from headrace.expr.values import equal, is_number, sort_values, to_float, type_name

# Assigning beyond this index is refused: the gap would be filled with nulls.
MAX_INDEX = 2_000_000


def cannot_index(value: Any, key: Any) -> RaisedError:
    """Return jq's error for a key that does not fit the value."""
    if type(key) is str:
        return RaisedError(f'Cannot index {type_name(value)} with string "{key}"')
    return RaisedError(f"Cannot index {type_name(value)} with {type_name(key)}")


def index(value: Any, key: Any) -> Any:
    """`value[key]` for a key of any type; missing parts are None. Raises RaisedError."""
    kind, key_kind = type(value), type(key)
    if kind is dict and key_kind is str:
        return value.get(key)
    if kind is list:
        if key_kind is int:
            return value[key] if -len(value) <= key < len(value) else None
        if key_kind is float:
            if isnan(key):
                return None
            position = floor(key) if abs(key) < 2**53 else len(value)
            return value[position] if -len(value) <= position < len(value) else None
        if key_kind is list:
            return sublist_positions(value, key)
        if key_kind is dict:
            return _slice_by(value, key)
    elif value is None:
        if key_kind is str or key_kind is int or key_kind is float:
            return None
        if key_kind is dict:
            return _slice_by(value, key)
    elif kind is str and key_kind is dict:
        return _slice_by(value, key)
    if kind is list and key_kind is dict:
        raise RaisedError("Array/string slice indices must be integers")
    raise cannot_index(value, key)


def field(value: Any, name: str) -> Any:
    """`.name`. Raises RaisedError unless the value is an object or null."""
    if type(value) is dict:
        return value.get(name)
    if value is None:
        return None
    raise cannot_index(value, name)


def sublist_positions(values: list[Any], wanted: list[Any]) -> list[int]:
    """Return where `wanted` starts inside `values`; nowhere if it is empty."""
    if not wanted:
        return []
    size, first = len(wanted), wanted[0]
    return [
        at
        for at in range(len(values) - size + 1)
        if equal(values[at], first) and equal(values[at : at + size], wanted)
    ]


def bounds(length: int, start: Any, end: Any) -> tuple[int, int]:
    """Return the slice `start:end` clamped to `length`. Raises RaisedError for other than numbers."""
    if not ((start is None or is_number(start)) and (end is None or is_number(end))):
        raise RaisedError("Array/string slice indices must be integers")
    low = 0.0 if start is None else to_float(start)
    high = float(length) if end is None else to_float(end)
    low = 0.0 if isnan(low) else low
    high = float(length) if isnan(high) else high
    if low < 0:
        low += length
    if high < 0:
        high += length
    low = min(max(low, 0.0), float(length))
    high = min(max(high, 0.0), float(length))
    return floor(low), ceil(high) if high > low else floor(low)


def slice_value(value: Any, start: Any, end: Any) -> Any:
    """`.[start:end]` of an array, a string or null. Raises RaisedError."""
    kind = type(value)
    if kind is list or kind is str:
        low, high = bounds(len(value), start, end)
        return value[low:high]
    if value is None:
        return None
    raise RaisedError(f"Cannot index {type_name(value)} with object")


def _slice_by(value: Any, key: dict[str, Any]) -> Any:
    if value is None:
        return None
    if "start" not in key or "end" not in key:
        if type(value) is list or type(value) is str:
            raise RaisedError("Array/string slice indices must be integers")
        raise cannot_index(value, key)
    return slice_value(value, key["start"], key["end"])


def has(value: Any, key: Any) -> bool:
    """`has(key)` of an object or an array."""
    if type(value) is dict and type(key) is str:
        return key in value
    if type(value) is list and is_number(key):
        return not isnan(number := to_float(key)) and 0 <= number < len(value)
    if value is None:
        return False
    raise RaisedError(f"Cannot check whether {type_name(value)} has a {type_name(key)} key")


def set_part(value: Any, key: Any, new: Any) -> Any:
    """Return a copy of `value` with one part replaced. Raises RaisedError."""
    kind = type(value)
    if type(key) is str and (kind is dict or value is None):
        return {**value, key: new} if value else {key: new}
    if is_number(key) and (kind is list or value is None):
        return _set_element(value or [], key, new)
    if type(key) is dict and (kind is list or value is None):
        return _set_slice(value or [], key, new)
    if type(key) is dict and kind is str:
        raise RaisedError("Cannot update string slices")
    if type(key) is list and kind is list:
        raise RaisedError("Cannot update field at array index of array")
    raise cannot_index(value, key)


def _set_element(values: list[Any], key: int | float, new: Any) -> list[Any]:
    number = to_float(key)
    if isnan(number):
        raise RaisedError("Cannot set array element at NaN index")
    if number >= MAX_INDEX and number >= len(values):
        raise RaisedLimitError("Array index too large")
    position = floor(number)
    if position < 0:
        position += len(values)
        if position < 0:
            raise RaisedError("Out of bounds negative array index")
    copy = list(values)
    if position < len(copy):
        copy[position] = new
    else:
        copy.extend([None] * (position - len(copy)))
        copy.append(new)
    return copy


def _set_slice(values: list[Any], key: dict[str, Any], new: Any) -> list[Any]:
    if "start" not in key or "end" not in key:
        raise RaisedError("Array/string slice indices must be integers")
    low, high = bounds(len(values), key["start"], key["end"])
    if type(new) is not list:
        raise RaisedError("A slice of an array can only be assigned another array")
    return values[:low] + new + values[high:]


def get_path(value: Any, path: Sequence[Any]) -> Any:
    """`getpath(path)`: null as soon as a part is missing. Raises RaisedError."""
    for key in path:
        if value is None:
            return None
        value = index(value, key)
    return value


def set_path(value: Any, path: Sequence[Any], new: Any) -> Any:
    """`setpath(path; new)` as a copy. Raises RaisedError."""
    parents = []
    for key in path:
        parents.append(value)
        value = index(value, key)
    for position in range(len(path) - 1, -1, -1):
        new = set_part(parents[position], path[position], new)
    return new


def check_path(path: Any) -> list[Any]:
    """Return the path if it is an array; raises RaisedError otherwise."""
    if type(path) is not list:
        raise RaisedError("Path must be specified as an array")
    return path


def delete_paths(value: Any, paths: Any) -> Any:
    """`delpaths(paths)` as a copy: the last paths first, so that indices stay right."""
    if type(paths) is not list:
        raise RaisedError("Paths must be specified as an array")
    ordered = sort_values(paths)
    for path in ordered:
        if type(path) is not list:
            raise RaisedError(f"Path must be specified as array, not {type_name(path)}")
    if not ordered:
        return value
    if not ordered[0]:
        return None
    return _delete_sorted(value, ordered, 0)


def _delete_sorted(value: Any, paths: list[list[Any]], at: int) -> Any:
    """Delete paths that share their first `at` keys; grouped, so that containers are copied once."""
    last_keys = []
    position = 0
    while position < len(paths):
        key = paths[position][at]
        if len(paths[position]) == at + 1:
            last_keys.append(key)
            position += 1
            # Whatever lies below a deleted part goes with it.
            while position < len(paths) and equal(paths[position][at], key):
                position += 1
            continue
        group_end = position
        while group_end < len(paths) and equal(paths[group_end][at], key):
            group_end += 1
        if value is not None:
            old = index(value, key)
            if old is not None:
                new = _delete_sorted(old, paths[position:group_end], at + 1)
                if new is not old:
                    value = set_part(value, key, new)
        position = group_end
    return _delete_parts(value, last_keys) if last_keys else value


def _delete_parts(value: Any, keys: list[Any]) -> Any:
    kind = type(value)
    if value is None:
        return None
    if kind is list:
        gone: set[int] = set()
        for key in keys:
            if is_number(key):
                number = to_float(key)
                if not isnan(number) and abs(number) < 2**53:
                    position = floor(number)
                    gone.add(position + len(value) if position < 0 else position)
            elif type(key) is dict and "start" in key and "end" in key:
                gone.update(range(*bounds(len(value), key["start"], key["end"])))
            else:
                raise RaisedError(f"Cannot delete {type_name(key)} element of array")
        return [part for position, part in enumerate(value) if position not in gone]
    if kind is dict:
        copy = dict(value)
        for key in keys:
            if type(key) is not str:
                raise RaisedError(f"Cannot delete {type_name(key)} field of object")
            copy.pop(key, None)
        return copy
    raise RaisedError(f"Cannot delete fields from {type_name(value)}")


class PathWriter:
    """Sets many paths of one value: each container is copied once, then changed in place.

    `root` is the value so far. Only containers that this writer made itself are changed.
    """

    def __init__(self, root: Any) -> None:
        self.root = root
        # By identity; the containers themselves are kept, so that no identity is used again.
        self._own: dict[int, Any] = {}

    def get(self, path: Sequence[Any]) -> Any:
        """Return the part at a path. The caller may keep it, so containers are no longer ours."""
        found = get_path(self.root, path)
        if type(found) is list or type(found) is dict:
            self._own.clear()
        return found

    def set(self, path: Sequence[Any], new: Any) -> None:
        """Replace the part at a path. Raises RaisedError."""
        parents = []
        part = self.root
        for key in path:
            parents.append(part)
            part = index(part, key)
        for position in range(len(path) - 1, -1, -1):
            new = self._put(parents[position], path[position], new)
        self.root = new

    def _put(self, container: Any, key: Any, new: Any) -> Any:
        if id(container) in self._own:
            if type(container) is dict and type(key) is str:
                container[key] = new
                return container
            if type(container) is list and type(key) is int and 0 <= key < len(container):
                container[key] = new
                return container
        made = set_part(container, key, new)
        self._own[id(made)] = made
        return made
