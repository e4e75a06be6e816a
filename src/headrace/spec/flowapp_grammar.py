"""The shape of a FlowApp: triggers, functions and steps under one name.

The steps and the parts beside them are those of a workflow, so their problems point into the FlowApp.
"""

from __future__ import annotations

from typing import Any

from headrace.spec import text_rules
from headrace.spec.grammar import (
    CONDITION,
    DSL,
    EVENT_FILTER,
    NAME,
    PLAIN,
    READ,
    RETRY_POLICY,
    TASKS,
    VERSION,
    WORKFLOW_PARTS,
    until_needs_any,
)
from headrace.spec.problem import escape, listed, nearest
from headrace.spec.scopes import WORKFLOW_INPUT, at
from headrace.spec.shape import (
    Anything,
    Either,
    Flag,
    ListOf,
    MapOf,
    Number,
    Object,
    Property,
    Shape,
    Text,
    Whole,
)
from headrace.spec.walk import Walk

API_VERSION = "headrace.dev/v1alpha1"
KIND = "FlowApp"
# Which version of the DSL the steps are written in, for a FlowApp that was made from an OWS document.
DSL_ANNOTATION = "headrace.dev/dsl"
RUNTIMES = ("durable", "eventing")
HISTORY_LEVELS = ("full", "calls", "outcome")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MISSED = ("skip", "once", "all")

DURATION = Either(
    Object(
        "a duration",
        {unit: Whole(0) for unit in ("days", "hours", "minutes", "seconds", "milliseconds")},
    ),
    Text(complaint=text_rules.fixed_duration, code="duration", role="duration"),
)


def _path(text: str) -> str | None:
    if text.startswith("/") and not any(character.isspace() for character in text):
        return None
    return f"`{text}` is not a path; write it like `/orders`"


def _not_empty(text: str) -> str | None:
    return None if text.strip() else "the text is empty"


_SOME_TEXT = Text(complaint=_not_empty, code="empty")

# Triggers that are described here; any other kind is an open map, for the source that knows it.
TRIGGER_KINDS: dict[str, Shape] = {
    "http": Object(
        "an http trigger",
        {
            "path": Text(complaint=_path, code="path"),
            "method": Text(values=METHODS),
            "reply": Text(values=("output", "accepted")),
        },
        required=("path",),
    ),
    "cron": Object(
        "a cron trigger",
        {"schedule": Text(role="cron"), "timezone": Text(role="timezone"), "missed": Text(values=MISSED)},
        required=("schedule",),
    ),
    "interval": Object("an interval trigger", {"every": DURATION}, required=("every",)),
    "event": Object(
        "an event trigger",
        {
            **EVENT_FILTER.properties,
            "all": ListOf(EVENT_FILTER),
            "any": ListOf(EVENT_FILTER),
            "one": EVENT_FILTER,
            "until": CONDITION,
            "read": READ,
        },
        one_of=(("with", "all", "any", "one"),),
        rules=(until_needs_any,),
    ),
    "queue": MapOf(Anything()),
}
_BROKERS = ("kafka", "rabbitmq", "rocketmq", "activemq", "nats", "mqtt", "redis")


def _one_kind(walk: Walk, trigger: dict[str, Any], pointer: str) -> None:
    kinds = [name for name in trigger if name != "name"]
    if not kinds:
        known = listed((*TRIGGER_KINDS, *_BROKERS))
        walk.error("trigger-kind", pointer, f"the trigger has no kind: {known}", at_key=True)
    for other in kinds[1:]:
        message = f"a trigger has one kind, and this one has `{kinds[0]}` and `{other}`"
        walk.error(
            "trigger-kind", f"{pointer}/{escape(other)}", message, "make two triggers of it", at_key=True
        )
    for kind in kinds:
        if kind not in TRIGGER_KINDS and kind not in _BROKERS:
            match = nearest(kind, (*TRIGGER_KINDS, *_BROKERS))
            if match:
                below = f"{pointer}/{escape(kind)}"
                remedy = f"did you mean `{match}`?"
                walk.warning("trigger-kind", below, f"unknown kind of trigger `{kind}`", remedy, at_key=True)


TRIGGER = Object(
    "a trigger",
    {"name": NAME, **TRIGGER_KINDS},
    required=("name",),
    extra=MapOf(Anything()),
    rules=(_one_kind,),
)


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
        "lease": DURATION,
        "parallelism": Whole(1),
        "timeout": DURATION,
        "retries": Either(Whole(0), RETRY_POLICY, Text(role="retry-name")),
        "env": MapOf(Either(PLAIN, Number(), Flag())),
        "description": PLAIN,
    },
    one_of=(("source", "url", "command"),),
    rules=(_queue_only,),
)
FUNCTIONS = MapOf(FUNCTION)


class _Triggers(ListOf):
    """A list of triggers whose names are unique."""

    def check(self, walk: Walk, data: Any, pointer: str, scope: Any) -> None:
        super().check(walk, data, pointer, scope)
        first: dict[str, int] = {}
        for index, trigger in enumerate(data):
            name = trigger.get("name") if isinstance(trigger, dict) else None
            if not isinstance(name, str):
                continue
            if name in first:
                line, column = walk.source.place(f"{pointer}/{first[name]}/name")
                message = f"the trigger name `{name}` is taken at {line}:{column}"
                walk.error("duplicate-name", f"{pointer}/{index}/name", message, "give one another name")
            first.setdefault(name, index)


TRIGGERS = _Triggers(TRIGGER)
SPEC = Object(
    "`spec`",
    {
        "version": VERSION,
        "runtime": Text(values=RUNTIMES),
        "title": PLAIN,
        "summary": PLAIN,
        "tags": MapOf(Anything()),
        "triggers": Property(TRIGGERS, at("a trigger", WORKFLOW_INPUT)),
        "functions": FUNCTIONS,
        "steps": TASKS,
        **WORKFLOW_PARTS,
        "history": Text(values=HISTORY_LEVELS),
        "retention": DURATION,
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
