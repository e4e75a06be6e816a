"""What an expression sees at a place of a workflow, as an execution left it on record.

History keeps the raw input of each task run, its transformed output, the variables that were bound for it and
the context that it exported. From these the data at a place is made again: `input.from` is evaluated anew, as
it is written now. What is not on record is said (`notes`), not made up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, NamedTuple, TypeVar

import msgspec
import orjson

from headrace.api.platform import Platform
from headrace.engine.evaluate import time_descriptor
from headrace.engine.machine import RUNTIME_DESCRIPTOR
from headrace.engine.plan import Plan
from headrace.engine.rerun import names_of
from headrace.errors import ExpressionError
from headrace.expr import compile_runtime_expression, compile_value
from headrace.expr.limits import Limits
from headrace.spec import scopes
from headrace.spec.masking import MASK
from headrace.store.port import ExecutionRow, TaskRun

# `before`: `if` and `input.from` of a task; `body`: what it does; `loop`: `while` of a `for`; `catch`: of a
# `try`; `output`, `export`: `output.as`, `export.as`; then those of the workflow itself, and of a trigger.
Where = Literal[
    "before", "body", "loop", "catch", "output", "export", "workflow-input", "workflow-output", "trigger"
]
Basis = Literal["given", "run", "previous", "parent", "workflow", "nothing"]
Note = Literal["input-fails", "output-transformed", "no-error", "no-iteration", "too-large"]

ARGUMENTS: Mapping[Where, frozenset[str]] = {
    "before": scopes.TASK_BEFORE,
    "body": scopes.TASK_BODY,
    "loop": scopes.TASK_BODY,
    "catch": scopes.TASK_BODY,
    "output": scopes.TASK_BODY,
    "export": scopes.TASK_EXPORT,
    "workflow-input": scopes.WORKFLOW_INPUT,
    "workflow-output": scopes.WORKFLOW_OUTPUT,
    "trigger": scopes.TRIGGER,
}
# One evaluation on behalf of somebody who writes: smaller than an engine's, as many are made.
LIMITS = Limits(steps=200_000, time_ms=250, output_bytes=1024 * 1024)
# Evaluations at once: no more than would take the processors from the engine.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="expressions")
# Task runs that are looked through for the last one of a task.
RUNS_MAX = 20_000
_RUNS_AT_ONCE = 2_000


T = TypeVar("T")


class At(msgspec.Struct, kw_only=True):
    """A place in an execution. `task` is its reference, empty for the workflow's own properties.

    `run` is one of its task runs, else the last one. A task that never ran sees the output of `previous`, the
    task before it in its list, or else what the tasks around it work on. `input_from` is the task's, as it is
    now; `catch_as` the name of the caught error.
    """

    execution: str
    task: str = ""
    run: int | None = None
    previous: str | None = None
    input_from: Any = msgspec.UNSET
    catch_as: str = "error"


class Sight(NamedTuple):
    """The data and the variables at a place, and where they are from."""

    basis: Basis
    data: Any
    variables: dict[str, Any]
    run: TaskRun | None = None
    notes: tuple[Note, ...] = ()


def runtime_variables(now: float) -> dict[str, Any]:
    """Return what is there everywhere."""
    return {"runtime": RUNTIME_DESCRIPTOR, "__now": now}


async def beside(function: Callable[..., T], *arguments: Any) -> T:
    """Return what a function gives that evaluates; the event loop goes on meanwhile."""
    return await asyncio.get_running_loop().run_in_executor(_threads, function, *arguments)


def _transformed(written: Any, data: Any, variables: Mapping[str, Any], language: str) -> Any:
    """Return what `input.from` makes of `data`. Raises ExpressionError."""
    names = scopes.ALL_ARGUMENTS | {name for name in variables if name != "__now"}
    compile_: Any = compile_runtime_expression if isinstance(written, str) else compile_value
    compiled = compile_(written, language=language, variables=names, limits=LIMITS)
    return compiled.evaluate(data, variables)


async def sight_at(platform: Platform, row: ExecutionRow, where: Where, at: At) -> Sight:
    """Return what is seen at a place of an execution; `basis` is `nothing` where nothing is on record."""
    plan = (await platform.definitions.by_digest(row.definition_digest)).plan
    looker = _Looker(platform, row, plan)
    await looker.read()
    if where == "workflow-input":
        return Sight("workflow", looker.raw_input, looker.shared())
    if where == "workflow-output":
        return await looker.workflow_output()
    run = looker.find(at)
    if run is not None:
        return await looker.of_run(run, where, at)
    return await looker.without_run(at)


class _Looker:
    """Reads one execution, as far as one place needs it."""

    def __init__(self, platform: Platform, row: ExecutionRow, plan: Plan) -> None:
        self.platform = platform
        self.row = row
        self.plan = plan
        self.language = (plan.definition.get("evaluate") or {}).get("language", "jq")
        self.runs: list[TaskRun] = []  # without payloads, in the order in which they ended
        self.raw_input = _data(row.input)

    async def read(self) -> None:
        after = -1
        while len(self.runs) < RUNS_MAX:
            page = await self.platform.lists.history(
                self.row.id, after=after, limit=_RUNS_AT_ONCE, payloads=False
            )
            self.runs += page
            if len(page) < _RUNS_AT_ONCE:
                return
            after = page[-1].ended_sequence

    # --- which task run ---------------------------------------------------------------------------------

    def find(self, at: At) -> TaskRun | None:
        if at.run is not None:
            return next((run for run in self.runs if run.run_id == at.run), None)
        return self.last(names_of(at.task))

    def last(self, names: tuple[str, ...]) -> TaskRun | None:
        """Return the last run of a task, wherever it stood in its list; one of its own before a summary."""
        found = [run for run in self.runs if names_of(run.pointer) == names]
        return max(found, key=lambda run: (run.count == 1, run.started_sequence), default=None)

    async def whole(self, run: TaskRun) -> TaskRun:
        return await self.platform.lists.run(self.row.id, run.run_id) or run

    async def bound(self, run: TaskRun) -> dict[str, Any]:
        """Return what loops and catches bound for a run: on record where it differs from what is around."""
        around = {each.run_id: each for each in self.runs}
        while run.variables is None:
            parent = around.get(run.parent_id)
            # What is open is not in the history yet.
            if parent is None or parent.run_id == run.run_id:
                return {}
            run = await self.whole(parent)
        bound: dict[str, Any] = _data(run.variables) or {}
        return bound

    # --- what is seen -----------------------------------------------------------------------------------

    def shared(self) -> dict[str, Any]:
        """Return the variables that are there in all of the workflow. A secret's text is never."""
        variables = runtime_variables(self.platform.clock.now())
        variables["secrets"] = dict.fromkeys(self.plan.secret_names, MASK)
        variables["workflow"] = {
            "id": self.row.id,
            "definition": self.plan.definition,
            "input": self.raw_input,
            "startedAt": time_descriptor(self.row.started_at or self.row.created_at),
        }
        return variables

    async def workflow_input(self, notes: list[Note]) -> Any:
        written = (self.plan.definition.get("input") or {}).get("from")
        return await self.transformed(written, self.raw_input, self.shared(), notes)

    async def context(self, before: int | None, notes: list[Note]) -> Any:
        """Return `$context` as it was at a sequence number of the execution; None: at its end."""
        exporting = {pointer for pointer, node in self.plan.nodes.items() if node.export_as is not None}
        for run in reversed(self.runs):
            if run.pointer in exporting and (before is None or run.ended_sequence < before):
                context = (await self.whole(run)).context
                if context is not None:
                    return _data(context)
        return await self.workflow_input(notes)

    async def of_run(self, run: TaskRun, where: Where, at: At) -> Sight:
        notes: list[Note] = []
        whole = await self.whole(run)
        raw = _data(whole.input)
        variables = {**self.shared(), **await self.bound(whole)}
        variables["context"] = await self.context(run.started_sequence, notes)
        node = self.plan.nodes.get(run.pointer)
        task = {
            "name": run.name,
            "reference": run.pointer,
            "definition": {} if node is None else node.definition,
            "input": raw,
            "output": None,
            "startedAt": time_descriptor(run.started_at),
        }
        variables["task"] = task
        if where == "before":
            return Sight("run", raw, variables, run, tuple(notes))
        variables["input"] = data = await self.transformed(at.input_from, raw, variables, notes)
        variables["authorization"] = None
        output = _data(whole.output)
        if where == "loop":
            data = await self._iteration(run, variables, data, notes)
        elif where == "catch":
            variables[at.catch_as] = await self._caught(run, whole, notes)
        elif where in ("output", "export"):
            if node is not None and node.output_as is not None:
                if where == "output":
                    notes.append("output-transformed")
            else:
                task["output"] = output
            variables["output"] = output
            data = output
        return Sight("run", data, variables, run, tuple(notes))

    async def _iteration(self, run: TaskRun, variables: dict[str, Any], data: Any, notes: list[Note]) -> Any:
        inside = [each for each in self.runs if each.parent_id == run.run_id and each.count == 1]
        if not inside:
            notes.append("no-iteration")
            return data
        first = await self.whole(min(inside, key=lambda each: each.started_sequence))
        variables |= _data(first.variables) or {}
        return _data(first.input)

    async def _caught(self, run: TaskRun, whole: TaskRun, notes: list[Note]) -> Any:
        attempts = (_data(whole.details) or {}).get("attempts") or []
        if attempts:
            return attempts[-1].get("error")
        failed = [
            each
            for each in self.runs
            if each.parent_id == run.run_id
            and each.status == "faulted"
            and names_of(each.pointer)[: len(names_of(run.pointer)) + 1][-1] == "try"
        ]
        if not failed:
            notes.append("no-error")
            return None
        return _data((await self.whole(failed[-1])).error)

    async def without_run(self, at: At) -> Sight:
        """Return what a task that never ran would get."""
        notes: list[Note] = []
        variables = self.shared()
        variables["context"] = await self.context(None, notes)
        run = None if at.previous is None else self.last(names_of(at.previous))
        basis: Basis = "previous"
        names = names_of(at.task)
        if run is not None and run.status in ("completed", "skipped"):
            whole = await self.whole(run)
            raw = _data(whole.output)
        elif at.previous is not None and not self._never(at.previous):
            return Sight("nothing", None, variables)
        else:
            run = next((each for each in map(self.last, _around(names)) if each is not None), None)
            if run is None and len(names) > 2:
                return Sight("nothing", None, variables)
            if run is None:
                basis, whole, raw = "workflow", None, await self.workflow_input(notes)
            else:
                basis, whole = "parent", await self.whole(run)
                node = self.plan.nodes.get(run.pointer)
                written = None if node is None else (node.definition.get("input") or {}).get("from")
                raw = await self.transformed(written, _data(whole.input), variables, notes)
        if whole is not None:
            variables |= await self.bound(whole)
        variables["input"] = data = await self.transformed(at.input_from, raw, variables, notes)
        return Sight(basis, data, variables, run, tuple(notes))

    def _never(self, task: str) -> bool:
        """Tell whether an execution cannot have reached a task: it has none of this name."""
        wanted = names_of(task)
        return all(names_of(pointer) != wanted for pointer in self.plan.nodes)

    async def transformed(
        self, written: Any, data: Any, variables: Mapping[str, Any], notes: list[Note]
    ) -> Any:
        """Return what `input.from` makes of `data`; nothing written leaves it."""
        if written is None or written is msgspec.UNSET:
            return data
        try:
            return await beside(_transformed, written, data, variables, self.language)
        except ExpressionError:
            # The field of `input.from` itself says why; here it only means that the input is not known.
            if "input-fails" not in notes:
                notes.append("input-fails")
            return data

    async def workflow_output(self) -> Sight:
        notes: list[Note] = []
        variables = self.shared()
        variables["context"] = await self.context(None, notes)
        last = [run for run in self.runs if run.parent_id == 0 and run.status in ("completed", "skipped")]
        if self.row.status != "completed" or not last:
            return Sight("nothing", None, variables)
        run = max(last, key=lambda each: each.ended_sequence)
        return Sight("workflow", _data((await self.whole(run)).output), variables, run, tuple(notes))


def _around(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the names of what may be the tasks around a task, the innermost first."""
    return [names[:length] for length in range(len(names) - 1, 1, -1)]


def _data(payload: bytes | None) -> Any:
    return None if payload is None else orjson.loads(payload)
