"""Write what a definition may say as data for the dashboard's forms: the validator's own table of shapes.

It goes to `src/pages/flows/editor/form/fields/grammar.json`; with `--check` it is only compared.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from headrace.spec import (
    alert_grammar,
    approval_grammar,
    flowapp_grammar,
    grammar,
    task_grammar,
    trigger_grammar,
)
from headrace.spec.shape import (
    Anything,
    Either,
    Flag,
    ListOf,
    MapOf,
    NamedList,
    Number,
    Object,
    Property,
    Ref,
    Shape,
    Text,
    Unportable,
    Whole,
)
from headrace.spec.walk import Scope

TARGET = Path(__file__).parents[1] / "src/pages/flows/editor/form/fields/grammar.json"

# Shapes that forms know by name, or that stand in many places.
NAMED: dict[str, Shape] = {
    "duration": grammar.DURATION,
    "fixedDuration": grammar.FIXED_DURATION,
    "endpoint": grammar.ENDPOINT,
    "authentication": grammar.AUTHENTICATION,
    "policy": grammar.AUTHENTICATION_POLICY,
    "resource": grammar.EXTERNAL_RESOURCE,
    "schema": grammar.SCHEMA,
    "transformation": grammar.TRANSFORMATION,
    "input": grammar.INPUT,
    "output": grammar.OUTPUT,
    "export": grammar.EXPORT,
    "timeout": grammar.TIMEOUT_OR_NAME,
    "error": grammar.ERROR,
    "errorFilter": grammar.ERROR_FILTER,
    "retry": grammar.RETRY_POLICY,
    "event": grammar.EMITTED_EVENT,
    "filter": grammar.EVENT_FILTER,
    "strategy": grammar.STRATEGY,
    "foreach": task_grammar.FOREACH,
    "approval": approval_grammar.APPROVAL,
    "alert": alert_grammar.ALERT,
    "function": flowapp_grammar.FUNCTION,
}
# What the places of a scope are for an expression that is tried (`headrace.api.sight.Where`).
PLACES = {
    "`if` of a task": "before",
    "`input.from` of a task": "before",
    "`output.as` of a task": "output",
    "`export.as` of a task": "export",
    "`export.as` of `foreach`": "export",
    "`input.from` of the workflow": "workflow-input",
    "`timeout` of the workflow": "workflow-input",
    "`output.as` of the workflow": "workflow-output",
    "`schedule`": "trigger",
    "a trigger": "trigger",
}


class Writer:
    """Turns shapes into data. Each shape that has a name is written once."""

    def __init__(self) -> None:
        self.names = {id(shape): name for name, shape in NAMED.items()}

    def shape(self, shape: Shape | Property) -> dict[str, Any]:
        if isinstance(shape, Property):
            written = self.shape(shape.shape)
            where = PLACES.get(shape.rescope(Scope(), {}).place)
            if shape.rescope is task_grammar.inside_for:
                where = "loop"
            return written if where is None else {**written, "where": where}
        name = self.names.get(id(shape))
        return {"t": "named", "name": name} if name is not None else self.own(shape)

    def own(self, shape: Shape) -> dict[str, Any]:
        match shape:
            case Unportable():
                return self.shape(shape.shape)
            case Text():
                return _some(t="text", values=list(shape.values), role=shape.role, example=shape.example)
            case Whole():
                return {"t": "whole", **_bounds(shape)}
            case Number():
                return {"t": "number"}
            case Flag():
                return {"t": "flag"}
            case Anything():
                return _some(t="any", role=shape.role)
            case ListOf():
                return {"t": "list", "of": self.shape(shape.item)}
            case MapOf():
                return _some(t="map", of=self.shape(shape.value), role=shape.role)
            case NamedList():
                return {"t": "entries", "of": self.shape(shape.value), "noun": shape.noun}
            case Either():
                return {"t": "either", "of": [self.shape(each) for each in shape.shapes]}
            case Ref():
                return {"t": shape.name}
            case Object():
                return _some(
                    t="object",
                    has={name: self.shape(each) for name, each in shape.properties.items()},
                    needs=list(shape.required),
                    one=[list(group) for group in shape.one_of],
                    extra=None if shape.extra is None else self.shape(shape.extra),
                )
        raise TypeError(f"no form for {type(shape).__name__}")


def _some(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in (None, "", [])}


def _bounds(shape: Whole) -> dict[str, int]:
    return {
        name: bound for name, bound in (("min", shape.minimum), ("max", shape.maximum)) if bound is not None
    }


def document() -> dict[str, Any]:
    """Return all that the forms are made of."""
    writer = Writer()
    return {
        "shapes": {name: writer.own(shape) for name, shape in NAMED.items()},
        "tasks": {kind: writer.own(shape) for kind, shape in task_grammar.TASK_SHAPES.items()},
        "calls": {name: writer.own(shape) for name, shape in task_grammar.ARGUMENT_SHAPES.items()},
        "triggers": {kind: writer.own(shape) for kind, shape in trigger_grammar.TRIGGER_KINDS.items()},
        "document": writer.own(grammar.DOCUMENT),
        "parts": {name: writer.shape(shape) for name, shape in grammar.WORKFLOW_PARTS.items()},
        "spec": {
            name: writer.shape(shape)
            for name, shape in flowapp_grammar.SPEC.properties.items()
            if name not in ("triggers", "steps") and name not in grammar.WORKFLOW_PARTS
        },
    }


def text() -> str:
    """Return the file."""
    return "{\n" + ",\n".join(_group(name, group) for name, group in document().items()) + "\n}\n"


def _group(name: str, group: dict[str, Any]) -> str:
    # A line for each shape, so that a change can be read.
    lines = [f"  {_json(each)}: {_json(shape)}" for each, shape in group.items()]
    return f" {_json(name)}: {{\n" + ",\n".join(lines) + "\n }"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def main() -> int:
    """Write the file, or say whether it is up to date."""
    if "--check" not in sys.argv:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(text(), encoding="utf-8")
        return 0
    if not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != text():
        print("grammar.json is not what the validator says; run `.venv/bin/python ui/scripts/grammar.py`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
