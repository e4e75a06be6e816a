"""A FlowApp, and the one form in which every definition is handed on.

`parse_definition` reads a FlowApp or a plain OWS document, whichever it is, and gives a `Definition`: what
is deployed, with the workflow as typed model and as plain OWS data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any, Literal

import msgspec
import orjson

from headrace.spec.component import RetryPolicy
from headrace.spec.convert import DslObject, build, build_struct
from headrace.spec.duration import Duration, duration_ms
from headrace.spec.expression_check import check_expression
from headrace.spec.expression_rules import Compile
from headrace.spec.flowapp_convert import (
    flowapp_pointer,
    flowapp_to_ows,
    kept_spec,
    ows_pointer,
    ows_to_flowapp,
)
from headrace.spec.flowapp_grammar import API_VERSION, HISTORY_LEVELS, KIND, RUNTIMES
from headrace.spec.model import Workflow, load_workflow
from headrace.spec.parse import Syntax, parse
from headrace.spec.problem import Problem
from headrace.spec.source import SourceDocument
from headrace.spec.trigger import (
    CronTrigger,
    EventTrigger,
    HttpTrigger,
    IntervalTrigger,
    QueueTrigger,
    Trigger,
    load_trigger,
    scheduled_triggers,
)
from headrace.spec.validate import in_order, is_flowapp, validate

__all__ = [
    "API_VERSION",
    "HISTORY_LEVELS",
    "KIND",
    "RUNTIMES",
    "CronTrigger",
    "Definition",
    "EventTrigger",
    "Function",
    "HttpTrigger",
    "IntervalTrigger",
    "QueueTrigger",
    "Trigger",
    "duration_ms",
    "flowapp_pointer",
    "flowapp_to_ows",
    "load_definition",
    "load_function",
    "load_trigger",
    "ows_pointer",
    "ows_to_flowapp",
    "parse_definition",
    "scheduled_triggers",
]

History = Literal["full", "calls", "outcome"]
Runtime = Literal["durable", "eventing"]


class Function(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A function of a FlowApp: exactly one of `source` (a folder), `url`, `command`.

    `delivery` is `http` or `queue`. `retries` is a number of attempts after the first, a policy, or the
    name of one in `use.retries`.
    """

    source: str | None = None
    url: str | None = None
    command: tuple[str, ...] | None = None
    language: str | None = None
    delivery: str = "http"
    lease: Duration | str | None = None
    parallelism: int | None = None
    timeout: Duration | str | None = None
    retries: RetryPolicy | int | str | None = None
    env: dict[str, Any] = msgspec.field(default_factory=dict)
    description: str | None = None

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Function:
        """Build from the data as written; a `command` that is one text is for a shell."""
        command = data.get("command")
        if isinstance(command, str):
            return build_struct(cls, data, command=("/bin/sh", "-c", command))
        return build_struct(cls, data)


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """What is deployed and run.

    `ows` is the workflow as plain OWS data: task references (`/do/0/charge`) are JSON Pointers into it.
    `functions`, `triggers` and `alerts` are plain data as written; `load_function`, `load_trigger` and
    `headrace.spec.alert.load_alert` give typed views. `retention` says how long finished executions are kept
    (`None`: for ever), as written.
    `digest` is the SHA-256 of the data, `sha256:<hex>`: it ignores comments and layout.
    """

    kind: Literal["FlowApp", "Workflow"]
    namespace: str
    name: str
    version: str
    workflow: Workflow
    ows: dict[str, Any]
    functions: dict[str, dict[str, Any]]
    triggers: list[dict[str, Any]]
    alerts: list[dict[str, Any]] = msgspec.field(default_factory=list)
    runtime: Runtime
    history: History
    retention: dict[str, Any] | str | None
    labels: dict[str, str]
    file: str
    source: str
    digest: str

    @property
    def retention_ms(self) -> int | None:
        """How long finished executions are kept, in milliseconds; `None` is for ever."""
        return None if self.retention is None else duration_ms(self.retention)

    def all_triggers(self) -> list[Trigger]:
        """Return what starts executions: the triggers, and those that `schedule` stands for."""
        return [*map(load_trigger, self.triggers), *scheduled_triggers(self.workflow.schedule)]

    def flowapp(self) -> dict[str, Any]:
        """Return the definition as a FlowApp, whichever it was written as."""
        return ows_to_flowapp(self.ows)

    def place(self, task_reference: str) -> str:
        """Return the JSON Pointer in the file of a task, or of any other value of `ows`."""
        return flowapp_pointer(task_reference) if self.kind == "FlowApp" else task_reference


def load_function(data: dict[str, Any]) -> Function:
    """Return the typed view of one of `Definition.functions`."""
    return build(Function, data)


def parse_definition(
    text: str,
    file: str,
    *,
    syntax: Syntax | None = None,
    known_functions: Collection[str] | None = (),
    compile_expression: Compile | None = check_expression,
) -> tuple[Definition | None, list[Problem]]:
    """Read a FlowApp or an OWS document; return it, unless there are errors, with all problems.

    `file` is only named in problems. The other arguments are those of `parse` and of `validate`.
    """
    source, problems = parse(text, file, syntax=syntax)
    if source is None:
        return None, problems
    problems = in_order(
        problems + validate(source, known_functions=known_functions, compile_expression=compile_expression)
    )
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return load_definition(source), problems


def load_definition(source: SourceDocument) -> Definition:
    """Build the definition from a document that validation found without errors."""
    data = source.data
    written_as_flowapp = is_flowapp(data)
    ows = flowapp_to_ows(data) if written_as_flowapp else data
    spec = data["spec"] if written_as_flowapp else kept_spec(data)
    flowapp = data if written_as_flowapp else ows_to_flowapp(data)
    workflow = load_workflow(ows)
    canonical = orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
    return Definition(
        kind="FlowApp" if written_as_flowapp else "Workflow",
        namespace=workflow.document.namespace,
        name=workflow.document.name,
        version=workflow.document.version,
        workflow=workflow,
        ows=ows,
        functions=spec.get("functions", {}),
        triggers=spec.get("triggers", []),
        alerts=spec.get("alerts", []),
        runtime=spec.get("runtime", "durable"),
        history=spec.get("history", "full"),
        retention=spec.get("retention"),
        labels=flowapp["metadata"].get("labels", {}),
        file=source.file,
        source=source.text,
        digest="sha256:" + hashlib.sha256(canonical).hexdigest(),
    )
