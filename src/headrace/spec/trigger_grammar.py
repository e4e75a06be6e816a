"""The shape of triggers: what they all have, and what each kind needs.

An expression of a trigger is evaluated before there is an execution: it sees what came (`.`) and `$runtime`.
"""

from __future__ import annotations

import re
from typing import Any

from headrace.spec.duration import parse_duration
from headrace.spec.grammar import (
    CONDITION,
    EVENT_FILTER,
    EXPRESSION,
    FIXED_DURATION,
    NAME,
    NOT_EMPTY,
    READ,
    TRANSFORMATION,
    until_needs_any,
)
from headrace.spec.problem import escape, listed, nearest
from headrace.spec.shape import (
    Anything,
    Either,
    ListOf,
    MapOf,
    Object,
    Property,
    Shape,
    Text,
    Whole,
)
from headrace.spec.walk import Walk

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MISSED = ("skip", "once", "all")
WHEN_FULL = ("wait", "skip")
ALGORITHMS = ("sha256", "sha1", "sha512")
ENCODINGS = ("hex", "base64")

_SEGMENT = re.compile(r"\{[A-Za-z_][A-Za-z0-9_]*\}|[^{}]*")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")


def _path(text: str) -> str | None:
    if not text.startswith("/") or any(character.isspace() or character in "?#" for character in text):
        return f"`{text}` is not a path; write it like `/orders`"
    names = []
    for segment in text.split("/")[1:]:
        if _SEGMENT.fullmatch(segment) is None:
            return f"`{segment}` in `{text}` is no parameter; one is a whole segment, like `/orders/{{id}}`"
        if segment in (".", ".."):
            return f"`{text}` has `{segment}` in it, which clients take away; name the path itself"
        if segment.startswith("{"):
            if segment in names:
                return f"`{text}` has the parameter `{segment}` twice; give one another name"
            names.append(segment)
    return None


def _header(text: str) -> str | None:
    return None if _HEADER.match(text) else f"`{text}` is not the name of a header"


def _payload(text: str) -> str | None:
    if "{body}" not in text:
        return f"`{text}` signs no `{{body}}`; write it like `{{timestamp}}.{{body}}`"
    unknown = [name for name in re.findall(r"\{[^{}]*\}", text) if name not in ("{body}", "{timestamp}")]
    return f"`{unknown[0]}` is not known there; it has `{{body}}` and `{{timestamp}}`" if unknown else None


def _timestamp_where_signed(walk: Walk, signature: dict[str, Any], pointer: str) -> None:
    signed = isinstance(payload := signature.get("payload"), str) and "{timestamp}" in payload
    if signed and "timestampHeader" not in signature:
        message = "`payload` has a `{timestamp}`, but no header has one"
        remedy = "name it in `timestampHeader`"
        walk.error("missing-property", f"{pointer}/payload", message, remedy, at_key=True)
    if not signed and "timestampHeader" in signature:
        message = "the timestamp is not signed, so anybody can write it"
        remedy = "write `payload` with `{timestamp}` in it, or remove this"
        walk.error("no-effect", f"{pointer}/timestampHeader", message, remedy, at_key=True)


def _some_time(walk: Walk, interval: dict[str, Any], pointer: str) -> None:
    every = interval.get("every")
    if isinstance(every, str):
        try:
            zero = parse_duration(every) == 0
        except ValueError:
            return  # said already
    else:
        zero = isinstance(every, dict) and not any(every.values())
    if zero:
        walk.error("range", f"{pointer}/every", "an interval of no time would never stop starting")


def _response_needs_output(walk: Walk, trigger: dict[str, Any], pointer: str) -> None:
    if trigger.get("reply", "accepted") == "output":
        return
    for name in ("response", "wait"):
        if name in trigger:
            message = f"`{name}` has no effect without `reply: output`"
            walk.warning("no-effect", f"{pointer}/{name}", message, "add it, or remove this", at_key=True)


SIGNATURE = Object(
    "a signature",
    {
        "secret": Text(pattern=NOT_EMPTY.pattern, means="the name of a secret"),
        "header": Text(complaint=_header, code="header"),
        "algorithm": Text(values=ALGORITHMS),
        "encoding": Text(values=ENCODINGS),
        "prefix": Text(),
        "payload": Text(complaint=_payload, code="payload"),
        "timestampHeader": Text(complaint=_header, code="header"),
        "tolerance": FIXED_DURATION,
    },
    required=("secret", "header"),
    rules=(_timestamp_where_signed,),
)
ACCESS = Either(
    Text(values=("token", "public")),
    Object("`access`", {"signature": SIGNATURE}, required=("signature",)),
)
_INPUT: dict[str, Shape | Property] = {"input": TRANSFORMATION, "maxOpen": Whole(1)}
_DEDUPE: dict[str, Shape | Property] = {"dedupe": EXPRESSION}
_TIMED: dict[str, Shape | Property] = {
    **_INPUT,
    "missed": Text(values=MISSED),
    "whenFull": Text(values=WHEN_FULL),
}

# Triggers that are described here; any other kind is an open map, for the source that knows it.
TRIGGER_KINDS: dict[str, Shape] = {
    "http": Object(
        "an http trigger",
        {
            "path": Text(complaint=_path, code="path"),
            "method": Text(values=METHODS),
            "reply": Text(values=("output", "accepted")),
            "wait": FIXED_DURATION,
            "response": TRANSFORMATION,
            "access": ACCESS,
            **_INPUT,
            **_DEDUPE,
        },
        required=("path",),
        rules=(_response_needs_output,),
    ),
    "cron": Object(
        "a cron trigger",
        {"schedule": Text(role="cron"), "timezone": Text(role="timezone"), **_TIMED},
        required=("schedule",),
    ),
    "interval": Object(
        "an interval trigger", {"every": FIXED_DURATION, **_TIMED}, required=("every",), rules=(_some_time,)
    ),
    "event": Object(
        "an event trigger",
        {
            **EVENT_FILTER.properties,
            "all": ListOf(EVENT_FILTER),
            "any": ListOf(EVENT_FILTER),
            "one": EVENT_FILTER,
            "until": CONDITION,
            "read": READ,
            "missed": Text(values=("skip", "all")),
            **_INPUT,
            **_DEDUPE,
        },
        one_of=(("with", "all", "any", "one"),),
        rules=(until_needs_any,),
    ),
    "queue": Object(
        "a queue trigger",
        {
            "name": Text(pattern=NOT_EMPTY.pattern, means="the name of a queue"),
            "batch": Whole(1, 1000),
            "complete": Text(values=("started", "ended")),
            "lease": FIXED_DURATION,
            **_INPUT,
            **_DEDUPE,
        },
        required=("name",),
    ),
}
BROKERS = ("kafka", "rabbitmq", "rocketmq", "activemq", "nats", "mqtt", "redis")


def _one_kind(walk: Walk, trigger: dict[str, Any], pointer: str) -> None:
    kinds = [name for name in trigger if name != "name"]
    if not kinds:
        known = listed((*TRIGGER_KINDS, *BROKERS))
        walk.error("trigger-kind", pointer, f"the trigger has no kind: {known}", at_key=True)
    for other in kinds[1:]:
        message = f"a trigger has one kind, and this one has `{kinds[0]}` and `{other}`"
        walk.error(
            "trigger-kind", f"{pointer}/{escape(other)}", message, "make two triggers of it", at_key=True
        )
    for kind in kinds:
        if kind not in TRIGGER_KINDS and kind not in BROKERS:
            match = nearest(kind, (*TRIGGER_KINDS, *BROKERS))
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


class _Triggers(ListOf):
    """A list of triggers whose names are unique, and their paths with a method too."""

    def check(self, walk: Walk, data: Any, pointer: str, scope: Any) -> None:
        super().check(walk, data, pointer, scope)
        names: dict[str, int] = {}
        routes: dict[tuple[str, str], int] = {}
        for index, trigger in enumerate(data):
            if not isinstance(trigger, dict):
                continue
            name, http = trigger.get("name"), trigger.get("http")
            if isinstance(name, str):
                if name in names:
                    line, column = walk.source.place(f"{pointer}/{names[name]}/name")
                    message = f"the trigger name `{name}` is taken at {line}:{column}"
                    walk.error("duplicate-name", f"{pointer}/{index}/name", message, "give one another name")
                names.setdefault(name, index)
            if isinstance(http, dict) and isinstance(path := http.get("path"), str):
                route = (str(http.get("method", "POST")), re.sub(r"\{[^{}/]*\}", "{}", path))
                if route in routes:
                    line, column = walk.source.place(f"{pointer}/{routes[route]}/http/path")
                    message = f"`{route[0]} {path}` is what the trigger at {line}:{column} answers already"
                    walk.error(
                        "duplicate-route", f"{pointer}/{index}/http/path", message, "give one another path"
                    )
                routes.setdefault(route, index)


TRIGGERS = _Triggers(TRIGGER)
