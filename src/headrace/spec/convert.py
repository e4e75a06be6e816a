"""From validated plain JSON data to the structs of the model.

`build(type, data)` follows the type hints of a struct. It exists beside `msgspec.convert` because the
DSL writes two things in ways that no type hint can say: a named part is a map with one key
(`- charge: {...}`), and the kind of a task is told by which property it has. A class that knows better
than its type hints has a classmethod `from_data(data)`; everything else follows the hints.

The converter of each class is made once and kept. Data must have been validated: what does not fit
raises `TypeError` or `KeyError`, without a place.
"""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Callable
from typing import Any, TypeVar, cast

import msgspec

T = TypeVar("T")
Converter = Callable[[Any], Any]


def dsl_name(attribute: str) -> str:
    """Return the DSL's name of an attribute: `except_when` is `exceptWhen`, `with_` is `with`."""
    head, *rest = attribute.rstrip("_").split("_")
    return head + "".join(part.capitalize() for part in rest)


class DslObject(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename=dsl_name):
    """Base of every object of the DSL. Attributes are the snake_case of the DSL's property names,
    with an underscore behind Python's keywords (`if_`, `with_`, `for_`)."""


def build(type_: type[T], data: Any) -> T:
    """Build a `type_` (a struct of the model) from validated plain `data`."""
    return cast(T, _converter(cast(Any, type_))(data))


def _same(data: Any) -> Any:
    return data


def _whole(data: Any) -> Any:
    # JSON Schema takes 5.0 for an integer.
    return int(data) if isinstance(data, float) else data


@functools.cache
def _converter(hint: Any) -> Converter:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return getattr(hint, "from_data", None) or functools.partial(build_struct, hint)
    if hint is int:
        return _whole
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        item = _converter(arguments[0])
        return lambda data: tuple(map(item, data))
    if origin is dict:
        value = _converter(arguments[1])
        if value is _same:
            return _same
        return lambda data: {key: value(part) for key, part in data.items()}
    if origin in (types.UnionType, typing.Union):
        structs = [part for part in arguments if isinstance(part, type) and issubclass(part, msgspec.Struct)]
        if structs:
            # The DSL's unions are "this object, or a string": at most one struct, told by its type.
            convert = _converter(structs[0])
            other = _whole if int in arguments else _same
            return lambda data: convert(data) if isinstance(data, dict) else other(data)
        others = [part for part in arguments if part is not types.NoneType]
        if len(others) == 1:
            convert_other = _converter(others[0])
            return lambda data: None if data is None else convert_other(data)
    return _same


@functools.cache
def _plan(type_: type[msgspec.Struct]) -> tuple[tuple[str, str, Converter], ...]:
    hints = typing.get_type_hints(type_)
    return tuple(
        (field.encode_name, field.name, _converter(hints[field.name]))
        for field in msgspec.structs.fields(type_)
    )


def build_struct(type_: type[T], data: dict[str, Any], **more: Any) -> T:
    """Build `type_` field by field from `data`; `more` sets attributes that are not in the data."""
    for written, attribute, convert in _plan(cast("type[msgspec.Struct]", type_)):
        if written in data and attribute not in more:
            more[attribute] = convert(data[written])
    return type_(**more)


def only_entry(data: dict[str, Any]) -> tuple[str, Any]:
    """Return the name and the value of a map that has exactly one key."""
    ((name, value),) = data.items()
    return name, value
