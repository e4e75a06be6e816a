"""Find everything that is wrong with a definition, at once.

First one walk checks the structure against the table of shapes (`grammar`, `task_grammar`,
`flowapp_grammar`), then the rules look at what the walk found: flow directives, references, expressions,
single values. A broken part hides no problem of another part.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from headrace.spec.alert_grammar import ALERTS
from headrace.spec.expression_check import check_expression
from headrace.spec.expression_rules import Compile, check_expressions
from headrace.spec.facts import gather
from headrace.spec.flow_rules import check_flow
from headrace.spec.flowapp_convert import kept_pointer, kept_spec
from headrace.spec.flowapp_grammar import API_VERSION, FLOWAPP, FUNCTIONS, KIND
from headrace.spec.grammar import WORKFLOW
from headrace.spec.problem import Problem
from headrace.spec.reference_rules import check_references
from headrace.spec.scopes import TRIGGER, at
from headrace.spec.source import SourceDocument
from headrace.spec.task_grammar import DEFINITIONS
from headrace.spec.trigger_grammar import TRIGGERS
from headrace.spec.value_rules import LANGUAGES, check_values
from headrace.spec.walk import Scope, Walk, type_name

# What the structural walk can report: a document with one of these is refused by the specification's schema
# too (for workflows). Other codes come from rules beyond the schema.
STRUCTURAL_CODES = frozenset(
    {
        "wrong-type",
        "unknown-property",
        "missing-property",
        "exclusive-properties",
        "named-entry",
        "task-kind",
        "value",
        "pattern",
        "range",
        "empty",
        "duration",
        "uri",
        "time",
        "json-pointer",
    }
)


def is_flowapp(data: Any) -> bool:
    """Tell whether plain data is meant as a FlowApp (else it is taken for an OWS document)."""
    if not isinstance(data, dict):
        return False
    if "document" in data or "do" in data:
        return data.get("kind") == KIND
    return "kind" in data or "apiVersion" in data or "spec" in data


def validate(
    source: SourceDocument,
    *,
    known_functions: Collection[str] | None = (),
    compile_expression: Compile | None = check_expression,
) -> list[Problem]:
    """Return every problem of a FlowApp or an OWS document, in the order of the text.

    `known_functions` are names that `call` may take beside those that the document defines; `None` means
    that they are not known yet, so that any name passes. `compile_expression` compiles one text and raises
    `ExpressionError`; with `None` expressions are not checked.
    """
    data = source.data
    walk = Walk(source, DEFINITIONS)
    app_functions: dict[str, Any] = {}
    if is_flowapp(data):
        FLOWAPP.visit(walk, data, "", Scope())
        body, use_pointer = _map(data, "spec"), "/spec/use"
        app_functions = _map(body, "functions")
    elif isinstance(data, dict) and ("document" in data or "do" in data):
        WORKFLOW.visit(walk, data, "", Scope())
        body, use_pointer = data, "/use"
        app_functions = _kept(walk, data)
    else:
        return [_unrecognised(source)]
    facts = gather(
        body,
        walk.sites,
        use_pointer=use_pointer,
        app_functions=app_functions,
        known_functions=known_functions,
    )
    check_flow(walk, facts)
    check_references(walk, facts)
    check_values(walk)
    if compile_expression is not None and facts.language in LANGUAGES:
        check_expressions(walk, facts, compile_expression)
    return in_order(walk.problems)


def in_order(problems: list[Problem]) -> list[Problem]:
    """Sort problems by place; what an alias made appear twice is said once."""
    unique = {(p.line, p.column, p.code, p.message): p for p in reversed(problems)}
    return sorted(unique.values(), key=lambda p: (p.line, p.column, p.severity, p.code))


def _map(data: Any, name: str) -> dict[str, Any]:
    value = data.get(name) if isinstance(data, dict) else None
    return value if isinstance(value, dict) else {}


def _kept(walk: Walk, data: dict[str, Any]) -> dict[str, Any]:
    """Check the FlowApp's own parts that an OWS document carries; return its functions."""
    spec = kept_spec(data)
    for name, shape in (("functions", FUNCTIONS), ("triggers", TRIGGERS), ("alerts", ALERTS)):
        if name in spec:
            scope = at("a trigger", TRIGGER)(Scope(), None) if name == "triggers" else Scope()
            shape.visit(walk, spec[name], f"{kept_pointer()}/spec/{name}", scope)
    return _map(spec, "functions")


def _unrecognised(source: SourceDocument) -> Problem:
    found = type_name(source.data) if not isinstance(source.data, dict) else "neither of them"
    problem = source.problem(
        "unknown-document",
        "",
        f"expected a FlowApp or an OWS document, found {found}",
        f"start it with `apiVersion: {API_VERSION}` and `kind: {KIND}`, or with `document:`",
    )
    return msgspec.structs.replace(problem, severity="error")
