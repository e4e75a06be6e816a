"""The tasks of the DSL (dsl-reference.md, "Task"): one class per kind, and the named lists they stand in.

A task list is a tuple of `NamedTask`; in a document it is a list of maps with one key. Every task keeps
`definition`, the plain data as it was written under its name, which is what `$task.definition` is.

The position of a task in a document is its reference (`/do/0/charge`): the reference of its list, the
index, the name. `child_lists(task)` names the lists below a task with the path from the task to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from headrace.spec.component import (
    CatchErrors,
    Error,
    EventConsumptionStrategy,
    Export,
    ExternalResource,
    Input,
    Output,
    RetryPolicy,
    Timeout,
)
from headrace.spec.convert import DslObject, build, build_struct, only_entry
from headrace.spec.duration import Duration

# Flow directives; any other `then` is the name of a task in the same list.
FLOW_DIRECTIVES = frozenset({"continue", "exit", "end"})


class Task(DslObject, frozen=True, kw_only=True):
    """What all tasks have. `kind` is the property that tells the kind: `call`, `do`, `for`, ...

    `then` is `None` when not written, which means `continue`. `timeout` is a definition or the name of
    one in `use.timeouts`.
    """

    kind: ClassVar[str] = ""

    definition: dict[str, Any]
    if_: str | None = None
    input: Input | None = None
    output: Output | None = None
    export: Export | None = None
    timeout: Timeout | str | None = None
    then: str | None = None
    metadata: dict[str, Any] | None = None

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Task:
        """Build the task of the kind that `data` shows; `KeyError` when it shows none."""
        return build_struct(TASK_CLASSES[task_kind(data)], data, definition=data)


class NamedTask(DslObject, frozen=True, kw_only=True):
    """One entry of a task list."""

    name: str
    task: Task

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> NamedTask:
        """Build from a map with one key."""
        name, definition = only_entry(data)
        return cls(name=name, task=Task.from_data(definition))


TaskList = tuple[NamedTask, ...]


class SubscriptionIterator(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do with each consumed event or message; `item` and `at` name variables."""

    item: str = "item"
    at: str = "index"
    do: tuple[NamedTask, ...] | None = None
    output: Output | None = None
    export: Export | None = None


class CallTask(Task, frozen=True, kw_only=True):
    """Calls a protocol, a function of `use.functions`, of the FlowApp, of a catalog, or at a URL.

    `with_` is as written: every value in it may be a template. `call_arguments` has its typed view.
    """

    kind: ClassVar[str] = "call"
    call: str
    with_: dict[str, Any] | None = None


class DoTask(Task, frozen=True, kw_only=True):
    """Performs tasks one after the other."""

    kind: ClassVar[str] = "do"
    do: tuple[NamedTask, ...]


class EmitEvent(DslObject, frozen=True, kw_only=True):
    """`with_`: the attributes of the event to emit, as written (see `EventProperties`)."""

    with_: dict[str, Any] = msgspec.field(default_factory=dict)


class Emit(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `emit` holds."""

    event: EmitEvent


class EmitTask(Task, frozen=True, kw_only=True):
    """Publishes an event."""

    kind: ClassVar[str] = "emit"
    emit: Emit


class ForLoop(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `for` holds: `each` and `at` name variables, `in_` is an expression or the items themselves."""

    in_: str | list[Any]
    each: str = "item"
    at: str = "index"


class ForTask(Task, frozen=True, kw_only=True):
    """Performs tasks for each item, while the condition `while_` holds."""

    kind: ClassVar[str] = "for"
    for_: ForLoop
    do: tuple[NamedTask, ...]
    while_: str | None = None


class Fork(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `fork` holds; with `compete` the first branch to complete wins."""

    branches: tuple[NamedTask, ...]
    compete: bool = False


class ForkTask(Task, frozen=True, kw_only=True):
    """Performs branches at the same time."""

    kind: ClassVar[str] = "fork"
    fork: Fork


class Listen(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `listen` holds; `read` is `data`, `envelope` or `raw`."""

    to: EventConsumptionStrategy
    read: str = "data"


class ListenTask(Task, frozen=True, kw_only=True):
    """Waits for events."""

    kind: ClassVar[str] = "listen"
    listen: Listen
    foreach: SubscriptionIterator | None = None


class Raise(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `raise` holds: an error, or the name of one in `use.errors`."""

    error: Error | str


class RaiseTask(Task, frozen=True, kw_only=True):
    """Raises an error."""

    kind: ClassVar[str] = "raise"
    raise_: Raise


class ContainerLifetime(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`cleanup` is `always`, `never` or `eventually`, which is `after` a duration."""

    cleanup: str = "never"
    after: Duration | str | None = None


class ContainerProcess(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A container to run."""

    image: str
    name: str | None = None
    command: str | None = None
    ports: dict[str, Any] | None = None
    volumes: dict[str, Any] | None = None
    environment: dict[str, Any] | None = None
    stdin: str | None = None
    arguments: tuple[str, ...] = ()
    lifetime: ContainerLifetime | None = None
    pull_policy: str = "ifNotPresent"


class ScriptProcess(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A script to run: `code`, or the `source` to fetch it from. `language` is `js` or `python`."""

    language: str
    code: str | None = None
    source: ExternalResource | None = None
    stdin: str | None = None
    arguments: tuple[str, ...] = ()
    environment: dict[str, Any] | None = None


class ShellProcess(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A shell command to run."""

    command: str
    stdin: str | None = None
    arguments: tuple[str, ...] = ()
    environment: dict[str, Any] | None = None


class WorkflowProcess(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another workflow to run."""

    namespace: str
    name: str
    version: str = "latest"
    input: dict[str, Any] | None = None


class Run(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `run` holds: exactly one process.

    `return_` is `stdout`, `stderr`, `code`, `all` or `none`; without `await_` the output is the input.
    """

    container: ContainerProcess | None = None
    script: ScriptProcess | None = None
    shell: ShellProcess | None = None
    workflow: WorkflowProcess | None = None
    await_: bool = True
    return_: str = "stdout"


class RunTask(Task, frozen=True, kw_only=True):
    """Runs a container, a script, a shell command or another workflow."""

    kind: ClassVar[str] = "run"
    run: Run


class SetTask(Task, frozen=True, kw_only=True):
    """Sets data: a template, or one expression."""

    kind: ClassVar[str] = "set"
    set: dict[str, Any] | str


class SwitchCase(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A named case; without `when` it is the default."""

    name: str
    then: str
    when: str | None = None

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> SwitchCase:
        """Build from a map with one key."""
        name, case = only_entry(data)
        return build_struct(cls, case, name=name)


class SwitchTask(Task, frozen=True, kw_only=True):
    """Takes the flow directive of the first case that matches."""

    kind: ClassVar[str] = "switch"
    switch: tuple[SwitchCase, ...]


class Catch(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which errors to catch, and what to do then: retry, tasks (`do`), a flow directive (`then`).

    `as_` names the variable that holds the error; `retry` is a policy or the name of one in `use.retries`.
    """

    errors: CatchErrors | None = None
    as_: str = "error"
    when: str | None = None
    except_when: str | None = None
    retry: RetryPolicy | str | None = None
    do: tuple[NamedTask, ...] | None = None
    then: str | None = None


class TryTask(Task, frozen=True, kw_only=True):
    """Performs tasks, and catches their errors."""

    kind: ClassVar[str] = "try"
    try_: tuple[NamedTask, ...]
    catch: Catch


class WaitTask(Task, frozen=True, kw_only=True):
    """Waits for a duration: an object, an ISO 8601 string or a runtime expression."""

    kind: ClassVar[str] = "wait"
    wait: Duration | str


# In the order in which the kind is looked for: `for` before `do`, because a `for` task has both.
TASK_CLASSES: dict[str, type[Task]] = {
    task.kind: task
    for task in (
        CallTask,
        ForTask,
        ForkTask,
        EmitTask,
        ListenTask,
        RaiseTask,
        RunTask,
        SetTask,
        SwitchTask,
        TryTask,
        WaitTask,
        DoTask,
    )
}


def task_kind(definition: dict[str, Any]) -> str:
    """Return the kind of a task by its properties, e.g. `"call"`; `KeyError` when it has none of them."""
    for kind in TASK_CLASSES:
        if kind in definition:
            return kind
    raise KeyError(f"none of {', '.join(TASK_CLASSES)}")


def child_lists(task: Task) -> Iterator[tuple[str, tuple[NamedTask, ...]]]:
    """Yield the task lists directly below `task` as (path from the task, list), e.g. `("/catch/do", ...)`.

    The lists inside call arguments (`with/subscription/foreach/do` of an AsyncAPI call) are included.
    """
    match task:
        case ForTask() | DoTask():
            yield "/do", task.do
        case ForkTask():
            yield "/fork/branches", task.fork.branches
        case ListenTask(foreach=SubscriptionIterator(do=tuple(tasks))):
            yield "/foreach/do", tasks
        case TryTask():
            yield "/try", task.try_
            if task.catch.do is not None:
                yield "/catch/do", task.catch.do
        case CallTask(call="asyncapi", with_={"subscription": {"foreach": {"do": list(written)}}}):
            yield "/with/subscription/foreach/do", build(TaskList, written)
        case _:
            pass
