"""Examples in the description of the API: one vocabulary, out of which every body and parameter is made.

A property means the same in most objects, so that its example stands here once, by its name. Where it means
something else, the object's own comes first.
"""

from __future__ import annotations

from typing import Any

_EXECUTION = "01k5h3v8qk2m9d7x4t6w1r0e5b"
_RERUN = "01k5h40c7e8s3b6n9v2z4y1q0a"
_DIGEST = "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
_TEXT = (
    "apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\nmetadata: {name: greet}\nspec:\n  version: 1.0.0\n"
    "  steps:\n    - hello: {set: {text: '${ \"hello \" + .name }'}}\n"
)
FLOWAPP: dict[str, Any] = {
    "apiVersion": "headrace.dev/v1alpha1",
    "kind": "FlowApp",
    "metadata": {"name": "greet"},
    "spec": {
        "version": "1.0.0",
        "triggers": [{"name": "api", "http": {"path": "/greet", "reply": "output"}}],
        "steps": [{"hello": {"set": {"text": '${ "hello " + .name }'}}}],
    },
}
_BEGAN, _ENDED = 1767225600.25, 1767225600.5

# By the name of a property or parameter.
_BY_NAME: dict[str, Any] = {
    "Accept": "text/plain",
    "Idempotency-Key": "order-4711",
    "If-Match": '"1"',
    "If-None-Match": '"1"',
    "Last-Event-ID": "k3f9-17",
    "Prefer": "wait=5",
    "action": "flowapp.apply",
    "address": "127.0.0.1",
    "after": None,
    "applied_at": _BEGAN,
    "applied_by": "ada",
    "at": _BEGAN,
    "attempt": 1,
    "attempts": 1,
    "before": None,
    "by": "user:ada",
    "code": "not-found",
    "context": None,
    "count": 1,
    "counts": {"started": 3},
    "created_at": _BEGAN,
    "created_by": "ada",
    "created_from": "2026-01-01",
    "created_to": "2026-02-01T00:00:00Z",
    "csrf": None,
    "data": {"order": "A-1001"},
    "dead": 0,
    "definition": FLOWAPP,
    "delayed": 0,
    "delivery": "http",
    "detail": None,
    "details": None,
    "died_at": _ENDED,
    "digest": _DIGEST,
    "duration_max": 10.0,
    "duration_min": 1.0,
    "duration_seconds": 0.25,
    "ended_at": _ENDED,
    "enqueued_at": _BEGAN,
    "enqueued_total": 3,
    "error": None,
    "execution": _EXECUTION,
    "execution_id": _EXECUTION,
    "expires_at": 1767229200.0,
    "flow": "greet",
    "from": 1,
    "function": "charge",
    "functions": ["charge"],
    "generation": 1,
    "headers": {"content-type": "application/json"},
    "headrace": "1.0.0",
    "id": _EXECUTION,
    "input": {"name": "Ada"},
    "item": "order-4711",
    "iteration": None,
    "key": "order-4711",
    "kind": "http",
    "language": "python",
    "last_error": None,
    "last_event_id": "k3f9-17",
    "leased": 1,
    "leased_by": "worker-1",
    "limit": 50,
    "location": f"/api/v1/namespaces/default/executions/{_EXECUTION}",
    "max_attempts": 5,
    "message": "greets politely",
    "method": "POST",
    "name": "greet",
    "namespace": "default",
    "next": None,
    "next_at": 1767236400.0,
    "now": 1767229200.0,
    "object": "greet",
    "oidc": None,
    "other_id": _RERUN,
    "output": {"text": "hello Ada"},
    "parallelism": 4,
    "parent": _EXECUTION,
    "parent_id": None,
    "parent_run_id": None,
    "path": "/api/v1/session/oidc/start",
    "paused": False,
    "pointer": "/do/0/hello",
    "principal": "user:ada",
    "problem": None,
    "problems": [],
    "project": None,
    "published_at": _BEGAN,
    "python": "3.13.1",
    "queue": "orders",
    "ready": 2,
    "reason": "enough",
    "remedy": "",
    "request_id": "9f2c4e8a1b7d3f60",
    "rerun_of": None,
    "rerun_run_id": None,
    "result": None,
    "roles": {"default": "operator"},
    "run": 1,
    "run_at": None,
    "run_id": 1,
    "search": "gre",
    "searched_to": None,
    "seconds": 5.0,
    "seen_at": _ENDED,
    "sequence": 1,
    "session_id": "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9",
    "silence": "5f1d0c9a",
    "since": _BEGAN,
    "source": "cmd/charge",
    "sqlite": "3.46.1",
    "started_at": _BEGAN,
    "started_by": "user:ada",
    "started_by_name": "ada",
    "state": "ready",
    "status": "completed",
    "stream": "stdout",
    "task": "/do/0/hello",
    "text": "hello Ada",
    "to": 2,
    "token": 7,
    "token_id": "a347d4306a0fefeb",
    "trigger": "api",
    "until": 1767312000.0,
    "updated_at": _ENDED,
    "updated_by": "ada",
    "url": None,
    "variables": None,
    "version": "1.0.0",
    "with": _RERUN,
    "words": "waits for an event com.example.paid, since 12 seconds",
    "worker": "worker-1",
}  # fmt: skip

_OPEN: dict[str, Any] = {"status": "waiting", "ended_at": None, "sequence": None}
_LISTEN = {"run_id": 2, "pointer": "/do/1/paid", "task": "paid", "reason": "event", "since": _BEGAN}
_ITEM = {"id": "order-4711", "priority": 0}

# By the name of a schema; what is not here is by its own name. None for a whole object: no example.
_BY_SCHEMA: dict[str, dict[str, Any]] = {
    "AcceptedEvent": {"id": "4711", "source": "/shop/till-3"},
    "AlertRule": {"name": "slow", "rule": {"on": "slower_than", "seconds": 60}},
    "Change": {"op": "changed", "pointer": "/output/text", "before": "hello Ada", "after": "good day Ada"},
    "Credentials": {"name": "ada", "password": "correct horse battery staple", "token": None},
    "DeadLetterView": {**_ITEM, "reason": "attempts", "error": "card refused", "attempts": 5},
    "DoneItem": {"id": "order-4711", "data": {"charged": 1250}},
    "Done": {"id": _EXECUTION, "execution": _RERUN},
    "Entry": {"name": "ada", "kind": "user", "before": {"version": "1.0.0"}, "after": {"version": "2.0.0"}},
    "ExecutionDefinition": {"text": _TEXT},
    "ExecutionDetail": {"why": []},
    "FailedItem": {"id": "order-4711", "error": "card refused", "retry_in": 30.0},
    "Fire": {"payload": {"order": "A-1001"}},
    "FiredView": {"outcome": "started"},
    "FiringView": {"outcome": "started", "reason": None},
    "FlowAppDetail": {"kind": "FlowApp", "text": _TEXT},
    "FlowAppVersionDetail": {"text": _TEXT},
    "FunctionView": {"name": "charge", "kind": "process", "state": "ready", "pid": 4711, "restarts": 0},
    "Health": {"status": "ok"},
    "HeldItem": {"id": "order-4711"},
    "HistoryRun": {"name": "hello", "kind": "set", "parent_id": 0},
    "ItemEventView": {"what": "leased"},
    "ItemView": {**_ITEM, "state": "leased"},
    "LeasedItem": _ITEM,
    "LogEntry": {"number": 1, "text": "charged 1250"},
    "LoginMethods": {"password": True, "token": True},
    "MadeToken": {
        "id": "a347d4306a0fefeb",
        "name": "ci",
        "token": "hr_the-text-of-the-token",
        "last_used_at": None,
    },
    "Many": {"ids": [_EXECUTION], "filter": None},
    "ManyCancellations": {"ids": [_EXECUTION], "filter": None},
    "ManyReruns": {"ids": [_EXECUTION], "filter": None, "task": None, "version": "latest"},
    "Me": {"id": "user:ada", "name": "ada", "kind": "user", "expires_at": None},
    "Member": {"name": "ada", "role": "operator", "everywhere": None},
    "Membership": {"role": "operator"},
    "NewItem": {"id": "order-4711", "delay_seconds": 0.0, "priority": 0},
    "NewSilence": {"rule": "slow", "flow": None, "reason": "a planned outage"},
    "NewToken": {"name": "ci", "expires_in_seconds": 7776000.0},
    "NewUser": {"name": "ada", "password": "correct horse battery staple"},
    "NotificationView": {"rule": "slow", "state": "open", "status": "sent", "events": []},
    "OidcLogin": {"title": "Single sign-on"},
    "PasswordChange": {
        "old_password": "correct horse battery staple",
        "new_password": "another horse another staple",
    },
    "Planned": {"trigger": "nightly", "kind": "cron", "at": 1767236400.0},
    "ProblemBody": {
        "type": "https://headrace.dev/problems/not-found",
        "title": "Not Found",
        "status": 404,
        "detail": "there is no FlowApp 'greet' here",
        "remedy": "list them with GET .../flowapps",
    },
    "PublishedEvent": {
        "delivered": True,
        "event": {"specversion": "1.0", "id": "4711", "source": "/shop/till-3", "type": "order.paid"},
    },
    "Purge": {"what": "dead"},
    "PutItem": {"id": "order-4711"},
    "QueueDetail": {"name": "orders", "capabilities": {"priority": True}},
    "QueueSample": {"at": _ENDED},
    "QueueSamples": {"since": _BEGAN, "now": _ENDED, "step_seconds": 10.0, "kept_seconds": 3600.0},
    "QueueStats": {"name": "orders"},
    "Redrive": {"ids": ["order-4711"]},
    "Refused": {"refused": []},
    "Completed": {"refused": []},
    "Report": {"done": 1, "refused": 0},
    "Rerun": {"from_run": None, "task": "hello", "version": "latest"},
    "RunComparison": {"number": 1, "run_id": 1, "other_run_id": 1, "status": "completed"},
    "RunRecord": {"name": "hello", "kind": "set", "parent_id": 0, "attempts": []},
    "SecretInfo": {"name": "payment-key"},
    "SecretValue": {"value": "the text of the secret"},
    "SessionInfo": {
        "id": "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9",
        "kind": "password",
        "name": "ada",
    },
    "Signalled": {"id": "4711", "source": "/shop/till-3"},
    "SilenceView": {"id": "5f1d0c9a", "rule": "slow", "flow": None, "reason": "a planned outage"},
    "TaskRunSummary": {"name": "paid", "kind": "listen", "task": "/do/1/paid", "parent_id": 0, **_OPEN},
    "Token": {"id": "a347d4306a0fefeb", "name": "ci", "last_used_at": _ENDED},
    "TriggerSummary": {"name": "api", "kind": "http"},
    "TriggerView": {
        "name": "api",
        "next_at": None,
        "lag_seconds": None,
        "open": None,
        "max_open": None,
        "url": "http://127.0.0.1:8420/hooks/default/greet",
    },
    "User": {"name": "ada"},
    "UserChange": {"roles": {"default": "editor"}, "disabled": False},
    "Waiting": _LISTEN,
    "Wanted": {"max_items": 10, "lease_seconds": 30.0, "wait_seconds": 0.0, "worker": "worker-1"},
    "Which": {"flow": "greet", "status": ["faulted"]},
}  # fmt: skip

# Members of bodies that are left out of an example: what is given says the same, or excludes them.
_WITHOUT: dict[str, set[str]] = {
    "Credentials": {"token"},
    "UserChange": {"password"},
    "Which": {"version", "trigger", "started_by", "created_from", "created_to", "duration_min",
              "duration_max", "key", "parent", "rerun_of", "text"},
    "Many": {"filter", "after", "limit"},
    "ManyCancellations": {"filter", "after", "limit"},
    "ManyReruns": {"filter", "after", "limit", "task", "input"},
    "Rerun": {"from_run", "input"},
    "NewItem": {"text", "data_base64", "dedupe_key", "dedupe_seconds", "max_attempts", "headers"},
    "DoneItem": {"text", "data_base64"},
    "DoneItems": {"lease"},
    "LeasedItem": {"text", "data_base64"},
    "ItemView": {"text", "data_base64"},
    "DeadLetterView": {"text", "data_base64"},
    "ProblemBody": {"pointer", "problems", "instance"},
    "Waiting": {"until", "attempt", "target", "events", "consumed", "child_id", "iteration", "timeout_at",
                "last_error", "queued", "kind", "invocation_id", "flow", "item"},
}  # fmt: skip


def example_of(schema: dict[str, Any], schemas: dict[str, dict[str, Any]], name: str = "") -> Any:
    """Return an example of `schema`, whose references are into `schemas`; `name` is the property's."""
    if "$ref" in schema:
        return _object(schema["$ref"].rpartition("/")[2], schemas)
    if name in _BY_NAME and _fits(_BY_NAME[name], schema):
        return _BY_NAME[name]
    if "default" in schema:
        return schema["default"]
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    for choice in schema.get("oneOf", ()):
        return example_of(choice, schemas, name)
    kind = schema.get("type")
    if kind == "array":
        return [example_of(schema.get("items", {}), schemas)]
    if kind == "object":
        return {
            each: example_of(inner, schemas, each) for each, inner in schema.get("properties", {}).items()
        }
    return {"string": name or "text", "integer": 1, "number": 1.0, "boolean": False}.get(str(kind), {})


def _object(title: str, schemas: dict[str, dict[str, Any]]) -> dict[str, Any]:
    own, without = _BY_SCHEMA.get(title, {}), _WITHOUT.get(title, set())
    return {
        name: own[name] if name in own else example_of(inner, schemas, name)
        for name, inner in schemas[title].get("properties", {}).items()
        if name not in without
    }


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    """Return whether a value is of the type that a schema wants; the test checks the rest."""
    if "oneOf" in schema:
        return any(_fits(value, choice) for choice in schema["oneOf"] if "$ref" not in choice)
    if "enum" in schema:
        return value in schema["enum"]
    kinds = {
        "string": str,
        "integer": int,
        "number": int | float,
        "boolean": bool,
        "array": list,
        "object": dict,
    }
    kind = schema.get("type")
    if kind is None:
        return True
    if kind == "null":
        return value is None
    return isinstance(value, kinds[kind]) and (kind == "boolean" or not isinstance(value, bool))
