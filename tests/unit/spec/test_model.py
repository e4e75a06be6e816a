"""Plain data to the typed model."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from headrace.spec.model import (
    ARGUMENTS,
    TASK_CLASSES,
    AuthenticationPolicy,
    CallTask,
    Duration,
    Endpoint,
    Error,
    EventProperties,
    ForkTask,
    ForTask,
    HttpArguments,
    ListenTask,
    RetryPolicy,
    RunTask,
    Schema,
    SetTask,
    SwitchTask,
    Task,
    TryTask,
    WaitTask,
    child_lists,
    load_arguments,
    load_workflow,
    task_kind,
)


def load_task(definition: dict[str, Any]) -> Task:
    document = {"dsl": "1.0.3", "namespace": "n", "name": "w", "version": "1.0.0"}
    workflow = load_workflow({"document": document, "do": [{"t": definition}]})
    assert workflow.do[0].name == "t"
    return workflow.do[0].task


def test_a_task_keeps_its_definition_as_written() -> None:
    written = {"set": {"a": 1}, "if": ".x", "then": "end", "metadata": {"b": 2}}
    task = load_task(written)
    assert isinstance(task, SetTask)
    assert task.definition is written
    assert (task.if_, task.then, task.metadata) == (".x", "end", {"b": 2})


def test_a_for_task_is_not_taken_for_a_do_task() -> None:
    task = load_task({"do": [], "for": {"in": ".x"}, "while": ".y"})
    assert isinstance(task, ForTask)
    assert (task.for_.each, task.for_.at, task.for_.in_, task.while_) == ("item", "index", ".x", ".y")


def test_named_lists() -> None:
    task = load_task({"switch": [{"a": {"when": ".x", "then": "end"}}, {"b": {"then": "exit"}}]})
    assert isinstance(task, SwitchTask)
    assert [(case.name, case.when, case.then) for case in task.switch] == [
        ("a", ".x", "end"),
        ("b", None, "exit"),
    ]


def test_try_with_everything() -> None:
    task = load_task(
        {
            "try": [{"a": {"call": "f"}}],
            "catch": {
                "errors": {"with": {"status": 503}},
                "as": "problem",
                "exceptWhen": ".z",
                "retry": {
                    "delay": {"seconds": 3},
                    "backoff": {"exponential": {}},
                    "limit": {"attempt": {"count": 5.0, "duration": "PT1M"}, "duration": {"minutes": 2}},
                    "jitter": {"from": {"milliseconds": 1}, "to": "PT1S"},
                },
                "do": [{"b": {"set": {"c": 1}}}],
                "then": "continue",
            },
        }
    )
    assert isinstance(task, TryTask)
    retry = task.catch.retry
    assert isinstance(retry, RetryPolicy)
    assert retry.delay == Duration(seconds=3)
    assert retry.backoff is not None
    assert retry.backoff.exponential == {}
    assert retry.backoff.linear is None
    assert retry.limit is not None
    assert retry.limit.attempt is not None
    assert retry.limit.attempt.count == 5
    assert type(retry.limit.attempt.count) is int
    assert retry.limit.duration == Duration(minutes=2)
    assert retry.jitter is not None
    assert retry.jitter.to == "PT1S"
    assert task.catch.errors is not None
    assert task.catch.errors.with_ is not None
    assert task.catch.errors.with_.status == 503
    assert [path for path, _ in child_lists(task)] == ["/try", "/catch/do"]


def test_the_child_lists_of_every_kind() -> None:
    tasks: list[Any] = [{"x": {"set": {"a": 1}}}]
    paths: dict[str, dict[str, Any]] = {
        "do": {"do": tasks},
        "for": {"for": {"in": "."}, "do": tasks},
        "fork": {"fork": {"branches": tasks}},
        "listen": {"listen": {"to": {"any": []}}, "foreach": {"do": tasks}},
        "call": {
            "call": "asyncapi",
            "with": {
                "document": {"endpoint": "/x"},
                "operation": "o",
                "subscription": {"consume": {"amount": 1}, "foreach": {"do": tasks}},
            },
        },
        "wait": {"wait": "PT1S"},
    }
    found = {
        kind: [path for path, list_ in child_lists(load_task(written)) if len(list_) == 1]
        for kind, written in paths.items()
    }
    assert found == {
        "do": ["/do"],
        "for": ["/do"],
        "fork": ["/fork/branches"],
        "listen": ["/foreach/do"],
        "call": ["/with/subscription/foreach/do"],
        "wait": [],
    }


def test_unions_of_an_object_and_a_text() -> None:
    assert load_task({"wait": "PT1S"}) == WaitTask(definition={"wait": "PT1S"}, wait="PT1S")
    task = load_task({"raise": {"error": {"type": "t", "status": 1}}})
    assert task.raise_.error == Error(type="t", status=1)  # type: ignore[attr-defined]
    assert load_task({"raise": {"error": "mine"}}).raise_.error == "mine"  # type: ignore[attr-defined]


def test_defaults_are_the_specifications() -> None:
    run = load_task({"run": {"script": {"language": "js", "code": "1"}}})
    assert isinstance(run, RunTask)
    assert (run.run.await_, run.run.return_) == (True, "stdout")
    listen = load_task({"listen": {"to": {"one": {"with": {"type": "t"}}}}})
    assert isinstance(listen, ListenTask)
    assert listen.listen.read == "data"
    fork = load_task({"fork": {"branches": []}})
    assert isinstance(fork, ForkTask)
    assert fork.fork.compete is False


def test_a_schema_that_is_written_as_null_is_written() -> None:
    assert msgspec.convert({"document": None}, Schema).document is None
    assert msgspec.convert({"resource": {"endpoint": "/x"}}, Schema).document is msgspec.UNSET


def test_events_keep_unknown_attributes() -> None:
    event = EventProperties.from_data({"type": "t", "tenant": "x", "data": None})
    assert (event.type, event.extensions, event.data) == ("t", {"tenant": "x"}, None)


def test_arguments_of_built_in_calls() -> None:
    arguments = load_arguments(
        "http",
        {"method": "get", "endpoint": {"uri": "/x", "authentication": {"oauth2": {"use": "secret"}}}},
    )
    assert isinstance(arguments, HttpArguments)
    assert isinstance(arguments.endpoint, Endpoint)
    policy = arguments.endpoint.authentication
    assert isinstance(policy, AuthenticationPolicy)
    assert policy.oauth2 is not None
    assert (policy.oauth2.use, policy.oauth2.endpoints.token) == ("secret", "/oauth2/token")
    assert set(ARGUMENTS) == {"http", "openapi", "grpc", "asyncapi", "a2a", "mcp", "batch"}


def test_the_kind_of_a_task() -> None:
    assert {kind: task_kind({kind: None}) for kind in TASK_CLASSES} == {kind: kind for kind in TASK_CLASSES}
    with pytest.raises(KeyError):
        task_kind({"foo": 1})


def test_extensions_and_functions() -> None:
    workflow = load_workflow(
        {
            "document": {"dsl": "1.0.3", "namespace": "n", "name": "w", "version": "1.0.0"},
            "use": {
                "extensions": [{"log": {"extend": "all", "before": [{"a": {"call": "f"}}]}}],
                "functions": {"f": {"call": "http", "with": {"method": "get", "endpoint": "/x"}}},
                "secrets": ["s"],
            },
            "do": [],
        }
    )
    (extension,) = workflow.use.extensions
    assert (extension.name, extension.extend) == ("log", "all")
    assert isinstance(workflow.use.functions["f"], CallTask)
    assert workflow.use.secrets == ("s",)
    assert workflow.evaluate.language == "jq"
