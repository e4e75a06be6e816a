"""The shape of a FlowApp: triggers, functions and steps under one name.

The steps and the parts beside them are those of a workflow, so their problems point into the FlowApp.
"""

from __future__ import annotations

from typing import Any

from headrace.spec import text_rules
from headrace.spec.alert_grammar import ALERTS
from headrace.spec.grammar import (
    DSL,
    FIXED_DURATION,
    NAME,
    PLAIN,
    RETRY_POLICY,
    TASKS,
    VERSION,
    WORKFLOW_PARTS,
)
from headrace.spec.scopes import TRIGGER, at
from headrace.spec.shape import (
    Anything,
    Either,
    Flag,
    ListOf,
    MapOf,
    Number,
    Object,
    Property,
    Text,
    Whole,
)
from headrace.spec.trigger_grammar import TRIGGERS
from headrace.spec.walk import Walk

API_VERSION = "headrace.dev/v1alpha1"
KIND = "FlowApp"
# Which version of the DSL the steps are written in, for a FlowApp that was made from an OWS document.
DSL_ANNOTATION = "headrace.dev/dsl"
RUNTIMES = ("durable", "eventing")
HISTORY_LEVELS = ("full", "calls", "outcome")


def _not_empty(text: str) -> str | None:
    return None if text.strip() else "the text is empty"


_SOME_TEXT = Text(complaint=_not_empty, code="empty")


def _queue_only(walk: Walk, function: dict[str, Any], pointer: str) -> None:
    if function.get("delivery", "http") == "http":
        for name in ("lease",):
            if name in function:
                message = f"`{name}` has no effect without `delivery: queue`"
                walk.warning("no-effect", f"{pointer}/{name}", message, "add it, or remove this", at_key=True)


FUNCTION = Object(
    "a function",
    {
        "source": _SOME_TEXT,
        "url": Text(complaint=text_rules.uri, code="uri"),
        "command": Either(_SOME_TEXT, ListOf(PLAIN)),
        "language": _SOME_TEXT,
        "delivery": Text(values=("http", "queue")),
        "lease": FIXED_DURATION,
        "parallelism": Whole(0),
        "timeout": FIXED_DURATION,
        "retries": Either(Whole(0), RETRY_POLICY, Text(role="retry-name")),
        "env": MapOf(Either(PLAIN, Number(), Flag())),
        "description": PLAIN,
    },
    one_of=(("source", "url", "command"),),
    rules=(_queue_only,),
)
FUNCTIONS = MapOf(FUNCTION)


SPEC = Object(
    "`spec`",
    {
        "version": VERSION,
        "runtime": Text(values=RUNTIMES),
        "title": PLAIN,
        "summary": PLAIN,
        "tags": MapOf(Anything()),
        "triggers": Property(TRIGGERS, at("a trigger", TRIGGER)),
        "functions": FUNCTIONS,
        "alerts": ALERTS,
        "steps": TASKS,
        **WORKFLOW_PARTS,
        "history": Text(values=HISTORY_LEVELS),
        "retention": FIXED_DURATION,
    },
    required=("version", "steps"),
)
_TEXTS = MapOf(PLAIN)
_ANNOTATIONS = Object("`annotations`", {DSL_ANNOTATION: DSL}, extra=PLAIN)
FLOWAPP = Object(
    "a FlowApp",
    {
        "apiVersion": Text(values=(API_VERSION,)),
        "kind": Text(values=(KIND,)),
        # Kubernetes adds more (uid, resourceVersion, ...).
        "metadata": Object(
            "`metadata`",
            {"name": NAME, "namespace": NAME, "labels": _TEXTS, "annotations": _ANNOTATIONS},
            required=("name",),
            open_=True,
        ),
        "spec": SPEC,
        "status": Anything(),
    },
    required=("apiVersion", "kind", "metadata", "spec"),
)
