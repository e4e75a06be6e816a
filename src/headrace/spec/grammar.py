"""The schema of the DSL as a table of shapes: workflow, components, tasks (dsl-reference.md).

It accepts what the specification's JSON Schema accepts, but for a few differences on purpose:

* an expression in `${ }` may span lines;
* values of `query` may be numbers and booleans (the reference says `any`, the schema says string), and
  items of an inline `for.in` may be anything (the schema says objects): both are warned about;
* in event filters `source`, `dataschema` and `time` may be regular expressions, as the reference says;
* a policy of `use.authentications` has one scheme, even when another one beside it is malformed;
* the endpoints of OAuth2 are URIs as everywhere else (the schema has only a format for them).

Where the schema leaves an object open, a property that looks misspelt is a warning.
"""

from __future__ import annotations

import re
from typing import Any

from headrace.spec import text_rules
from headrace.spec.problem import escape
from headrace.spec.scopes import (
    EXTENSION,
    TASK_BODY,
    TRIGGER,
    WORKFLOW_INPUT,
    WORKFLOW_OUTPUT,
    WORKFLOW_TIMEOUT,
    at,
    function_body,
    inside_catch,
    task_list,
)
from headrace.spec.shape import (
    Anything,
    Either,
    ListOf,
    MapOf,
    NamedList,
    Object,
    Property,
    Ref,
    Rule,
    Shape,
    Text,
    Whole,
)
from headrace.spec.walk import Walk

TASKS = Ref("tasks", "a list")
TASK = Ref("task")

# --- texts ----------------------------------------------------------------------------------------------

PLAIN = Text()
TEXT = Text(role="template")
EXPRESSION = Text(role="expression")
CONDITION = Text(role="condition")
RUNTIME_EXPRESSION = Text(
    pattern=text_rules.RUNTIME_EXPRESSION,
    means="a runtime expression",
    example="${ .value }",
    role="template",
)
VERSION = Text(pattern=text_rules.SEMANTIC_VERSION, means="a semantic version", example="1.0.0")
DSL = Text(pattern=text_rules.SEMANTIC_VERSION, means="a semantic version", example="1.0.3", role="dsl")
NAME = Text(
    pattern=text_rules.NAME,
    means="a name of at most 63 letters, digits and inner hyphens",
    example="order-pizza",
)
NOT_EMPTY = Text(pattern=text_rules.NOT_EMPTY, means="a name")
URI = Text(complaint=text_rules.uri, code="uri")
URI_OR_EXPRESSION = Text(complaint=text_rules.uri_or_expression, code="uri", role="uri")
VALUE = Anything(role="template")
DATA = MapOf(Anything(), role="template")
TEXTS = ListOf(TEXT)


def at_least_one(noun: str) -> Rule:
    """Make the rule that a map is not empty."""

    def rule(walk: Walk, data: dict[str, Any], pointer: str) -> None:
        if not data:
            walk.error("empty", pointer, f"{noun} needs at least one property")

    return rule


DURATION = Either(
    Object(
        "a duration",
        {unit: Whole() for unit in ("days", "hours", "minutes", "seconds", "milliseconds")},
        rules=(at_least_one("a duration"),),
    ),
    Text(complaint=text_rules.duration, code="duration", role="duration"),
)

# Where there is no data yet that an expression could work on.
FIXED_DURATION = Either(
    Object(
        "a duration",
        {unit: Whole(0) for unit in ("days", "hours", "minutes", "seconds", "milliseconds")},
    ),
    Text(complaint=text_rules.fixed_duration, code="duration", role="duration"),
)

# --- authentication -------------------------------------------------------------------------------------


def secret_or(*required: str) -> Rule:
    """Make the rule that a scheme is configured by `use`, a secret, or else by its own properties."""

    def rule(walk: Walk, data: dict[str, Any], pointer: str) -> None:
        if "use" in data:
            for name in data:
                if name != "use":
                    message = f"`use` takes everything from a secret, so `{name}` cannot stand beside it"
                    walk.error("exclusive-properties", f"{pointer}/{escape(name)}", message, at_key=True)
            return
        for name in required:
            if name not in data:
                remedy = "or write `use: …` with the name of a secret"
                walk.error(
                    "missing-property",
                    pointer,
                    f"this scheme needs the property `{name}`",
                    remedy,
                    at_key=True,
                )

    return rule


SECRET = Text(pattern=text_rules.NOT_EMPTY, means="the name of a secret", role="secret-name")
TOKEN = Object("a token", {"token": TEXT, "type": TEXT}, required=("token", "type"))
_GRANTS = (
    "authorization_code",
    "client_credentials",
    "password",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:token-exchange",
)
_CLIENT_AUTHENTICATIONS = (
    "client_secret_basic",
    "client_secret_post",
    "client_secret_jwt",
    "private_key_jwt",
    "none",
)
_ENCODINGS = ("application/x-www-form-urlencoded", "application/json")
_OIDC: dict[str, Shape | Property] = {
    "use": SECRET,
    "authority": URI,
    "grant": Text(values=_GRANTS),
    "client": Object(
        "a client",
        {
            "id": TEXT,
            "secret": TEXT,
            "assertion": TEXT,
            "authentication": Text(values=_CLIENT_AUTHENTICATIONS),
        },
    ),
    "request": Object("`request`", {"encoding": Text(values=_ENCODINGS)}, open_=True),
    "issuers": TEXTS,
    "scopes": TEXTS,
    "audiences": TEXTS,
    "username": TEXT,
    "password": TEXT,
    "subject": TOKEN,
    "actor": TOKEN,
}
_ENDPOINTS = Object("`endpoints`", {"token": URI, "revocation": URI, "introspection": URI}, open_=True)
_USER = {"use": SECRET, "username": TEXT, "password": TEXT}
_SCHEMES: dict[str, Shape | Property] = {
    "basic": Object("basic authentication", _USER, rules=(secret_or("username", "password"),)),
    "bearer": Object("bearer authentication", {"use": SECRET, "token": TEXT}, rules=(secret_or("token"),)),
    "digest": Object("digest authentication", _USER, rules=(secret_or("username", "password"),)),
    "oauth2": Object(
        "OAuth2 authentication", _OIDC | {"endpoints": _ENDPOINTS}, rules=(secret_or("authority", "grant"),)
    ),
    "oidc": Object("OpenID Connect authentication", _OIDC, rules=(secret_or("authority", "grant"),)),
}
AUTHENTICATION_POLICY = Object("an authentication policy", _SCHEMES, one_of=(tuple(_SCHEMES),), open_=True)
AUTHENTICATION = Object(
    "an authentication",
    {
        "use": Text(
            pattern=text_rules.NOT_EMPTY, means="the name of an authentication", role="authentication-name"
        ),
        **_SCHEMES,
    },
    one_of=(("use", *_SCHEMES),),
)

# --- resources, data flow -------------------------------------------------------------------------------

ENDPOINT = Either(
    URI_OR_EXPRESSION,
    Object("an endpoint", {"uri": URI_OR_EXPRESSION, "authentication": AUTHENTICATION}, required=("uri",)),
)
EXTERNAL_RESOURCE = Object(
    "an external resource", {"name": PLAIN, "endpoint": ENDPOINT}, required=("endpoint",)
)
SCHEMA = Object(
    "a schema",
    {"format": PLAIN, "document": Anything(), "resource": EXTERNAL_RESOURCE},
    one_of=(("document", "resource"),),
    role="schema",
)
TRANSFORMATION = Either(EXPRESSION, DATA)
INPUT = Object("`input`", {"schema": SCHEMA, "from": TRANSFORMATION})
OUTPUT = Object("`output`", {"schema": SCHEMA, "as": TRANSFORMATION})
EXPORT = Object("`export`", {"schema": SCHEMA, "as": TRANSFORMATION})

# --- time, errors, retries ------------------------------------------------------------------------------

TIMEOUT = Object("a timeout", {"after": DURATION}, required=("after",))
TIMEOUT_OR_NAME = Either(TIMEOUT, Text(role="timeout-name"))
ERROR = Object(
    "an error",
    {
        "type": URI_OR_EXPRESSION,
        "status": Whole(),
        "instance": Text(complaint=text_rules.pointer_or_expression, code="json-pointer", role="template"),
        "title": TEXT,
        "detail": TEXT,
    },
    required=("type", "status"),
)
ERROR_FILTER = Object(
    "an error filter",
    {"type": PLAIN, "status": Whole(), "instance": PLAIN, "title": PLAIN, "detail": PLAIN},
    open_=True,
    rules=(at_least_one("an error filter"),),
)
_BACKOFFS = ("constant", "exponential", "linear")
RETRY_POLICY = Object(
    "a retry policy",
    {
        "when": CONDITION,
        "exceptWhen": CONDITION,
        "delay": DURATION,
        "backoff": Object("`backoff`", {name: MapOf(Anything()) for name in _BACKOFFS}, one_of=(_BACKOFFS,)),
        "limit": Object(
            "`limit`",
            {"attempt": Object("`attempt`", {"count": Whole(), "duration": DURATION}), "duration": DURATION},
        ),
        "jitter": Object("`jitter`", {"from": DURATION, "to": DURATION}, required=("from", "to")),
    },
)

# --- events ---------------------------------------------------------------------------------------------

_ATTRIBUTE = re.compile(r"[a-z0-9]+\Z")


def _attribute_names(walk: Walk, data: dict[str, Any], pointer: str) -> None:
    for name in data:
        if not _ATTRIBUTE.match(name):
            remedy = "CloudEvents attribute names are lower-case letters and digits; no event has this one"
            walk.warning(
                "event-attribute",
                f"{pointer}/{escape(name)}",
                f"event attribute `{name}`",
                remedy,
                at_key=True,
            )


def _event(*, is_filter: bool) -> Object:
    uri = text_rules.uri_pattern if is_filter else text_rules.uri_or_expression
    time = text_rules.time_pattern if is_filter else text_rules.time_or_expression
    return Object(
        "an event filter" if is_filter else "an event",
        {
            "id": TEXT,
            "source": Text(complaint=uri, code="uri", role="template"),
            "type": TEXT,
            "time": Text(complaint=time, code="time", role="template"),
            "subject": TEXT,
            "datacontenttype": TEXT,
            "dataschema": Text(complaint=uri, code="uri", role="template"),
            "data": VALUE,
        },
        required=() if is_filter else ("type",),
        extra=VALUE,
        rules=(at_least_one("an event filter"), _attribute_names) if is_filter else (_attribute_names,),
    )


EMITTED_EVENT = _event(is_filter=False)
EVENT_FILTER = Object(
    "an event filter",
    {
        "with": _event(is_filter=True),
        "correlate": MapOf(
            Object("a correlation", {"from": EXPRESSION, "expect": TEXT}, required=("from",), open_=True)
        ),
    },
    required=("with",),
)


def until_needs_any(walk: Walk, data: dict[str, Any], pointer: str) -> None:
    if "until" in data and "any" not in data:
        walk.error(
            "exclusive-properties",
            f"{pointer}/until",
            "`until` only goes with `any`",
            "`all` and `one` end by themselves; remove `until`",
            at_key=True,
        )


def _no_nested_until(walk: Walk, data: dict[str, Any], pointer: str) -> None:
    if "until" in data:
        walk.error(
            "exclusive-properties",
            f"{pointer}/until",
            "the events of an `until` cannot have an `until` themselves",
            "remove this one",
            at_key=True,
        )


_STRATEGIES: dict[str, Shape | Property] = {
    "all": ListOf(EVENT_FILTER),
    "any": ListOf(EVENT_FILTER),
    "one": EVENT_FILTER,
}
_UNTIL_STRATEGY = Object(
    "an event consumption strategy",
    {**_STRATEGIES, "until": Anything()},
    one_of=(tuple(_STRATEGIES),),
    rules=(_no_nested_until,),
)
STRATEGY = Object(
    "an event consumption strategy",
    {**_STRATEGIES, "until": Either(CONDITION, _UNTIL_STRATEGY)},
    one_of=(tuple(_STRATEGIES),),
    rules=(until_needs_any,),
)
READ = Text(values=("data", "envelope", "raw"))

# --- the document ---------------------------------------------------------------------------------------

EXTENSION_TARGETS = (
    "call",
    "composite",
    "emit",
    "for",
    "listen",
    "raise",
    "run",
    "set",
    "switch",
    "try",
    "wait",
    "all",
)
DOCUMENT = Object(
    "`document`",
    {
        "dsl": DSL,
        "namespace": NAME,
        "name": NAME,
        "version": VERSION,
        "title": PLAIN,
        "summary": PLAIN,
        "tags": MapOf(Anything()),
        "metadata": MapOf(Anything()),
    },
    required=("dsl", "namespace", "name", "version"),
)
CATALOG = Object("a catalog", {"endpoint": ENDPOINT}, required=("endpoint",))
_EXTENSION = Object(
    "an extension",
    {
        "extend": Text(values=EXTENSION_TARGETS),
        "when": Property(CONDITION, at("`when` of an extension", EXTENSION)),
        "before": TASKS,
        "after": TASKS,
    },
    required=("extend",),
)
USE = Object(
    "`use`",
    {
        "authentications": MapOf(AUTHENTICATION_POLICY),
        "catalogs": MapOf(CATALOG),
        "errors": MapOf(ERROR),
        "extensions": NamedList(_EXTENSION, "extension", "extensions"),
        "functions": MapOf(TASK, rescope=function_body),
        # Which `catch` a shared policy serves is not known here; the error has its usual name.
        "retries": MapOf(RETRY_POLICY, rescope=lambda scope, _: inside_catch(scope, {})),
        "secrets": ListOf(PLAIN),
        "timeouts": MapOf(TIMEOUT),
    },
    rescope=at("a component of `use`", TASK_BODY),
)


def _read_needs_on(walk: Walk, data: dict[str, Any], pointer: str) -> None:
    if "read" in data and "on" not in data:
        walk.error(
            "missing-property",
            f"{pointer}/read",
            "`read` says how events are read, but no events are scheduled",
            "add `on`, or remove `read`",
            at_key=True,
        )


SCHEDULE = Object(
    "`schedule`",
    {"every": DURATION, "cron": Text(role="cron"), "after": DURATION, "on": STRATEGY, "read": READ},
    rules=(_read_needs_on,),
    role="schedule",
    rescope=at("`schedule`", TRIGGER),
)
EVALUATE = Object(
    "`evaluate`",
    {"language": Text(role="language"), "mode": Text(values=("strict", "loose"))},
)
# The parts that a workflow has beside its tasks; a FlowApp has them too.
WORKFLOW_PARTS: dict[str, Shape | Property] = {
    "input": Property(INPUT, at("`input.from` of the workflow", WORKFLOW_INPUT)),
    "use": USE,
    "timeout": Property(TIMEOUT_OR_NAME, at("`timeout` of the workflow", WORKFLOW_TIMEOUT)),
    "output": Property(OUTPUT, at("`output.as` of the workflow", WORKFLOW_OUTPUT)),
    "schedule": SCHEDULE,
    "evaluate": EVALUATE,
}
WORKFLOW = Object(
    "a workflow",
    {"document": DOCUMENT, "do": TASKS, **WORKFLOW_PARTS},
    required=("document", "do"),
    open_=True,
)
TASK_LIST = NamedList(TASK, "task", "tasks", rescope=task_list)
