"""The JSON Schema of test files, for editors, made from the tables that they are checked with."""

from __future__ import annotations

import json
from typing import Any

from headrace.flowtest.grammar import MOCK_SHAPES, TESTS, Mock
from headrace.spec.shape import Anything, Either, Flag, ListOf, MapOf, Object, Property, Shape, Text, Whole

SCHEMA_ID = "https://headrace.dev/schemas/flow-test.json"


def schema_text() -> str:
    """Return the schema (draft 2020-12) as text."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Headrace flow tests",
        **schema_of(TESTS),
    }
    return json.dumps(schema, indent=2) + "\n"


def schema_of(shape: Shape) -> dict[str, Any]:
    """Return the schema of a shape. Texts with rules of their own are any text."""
    if isinstance(shape, Anything):
        return {}
    if isinstance(shape, Text):
        if shape.values:
            return {"enum": list(shape.values)}
        # Python's end of text is not known in JSON Schema's dialect.
        pattern = None if shape.pattern is None else shape.pattern.pattern.replace("\\Z", "$")
        plain = pattern is not None and not pattern.startswith("(?")
        return {"type": "string", **({"pattern": pattern} if plain else {})}
    if isinstance(shape, Whole):
        limits = {"minimum": shape.minimum, "maximum": shape.maximum}
        return {
            "type": "integer",
            **{name: limit for name, limit in limits.items() if limit is not None},
        }
    if isinstance(shape, Flag):
        return {"type": "boolean"}
    if isinstance(shape, ListOf):
        return {"type": "array", "items": schema_of(shape.item)}
    if isinstance(shape, MapOf):
        schema: dict[str, Any] = {"type": "object", "additionalProperties": schema_of(shape.value)}
        return {**schema, **({"minProperties": shape.minimum} if shape.minimum else {})}
    if isinstance(shape, Either):
        return {"anyOf": [schema_of(each) for each in shape.shapes]}
    if isinstance(shape, Mock):
        return {"anyOf": [schema_of(each) for each in MOCK_SHAPES]}
    if isinstance(shape, Object):
        return _object(shape)
    raise TypeError(f"no JSON Schema for a {type(shape).__name__}")


def _object(shape: Object) -> dict[str, Any]:
    properties = {
        name: schema_of(each.shape if isinstance(each, Property) else each)
        for name, each in shape.properties.items()
    }
    extra: Any = True if shape.open else False if shape.extra is None else schema_of(shape.extra)
    schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": extra}
    if shape.required:
        schema["required"] = list(shape.required)
    if shape.one_of:
        schema["allOf"] = [{"oneOf": [{"required": [name]} for name in group]} for group in shape.one_of]
    return schema
