"""What each step of the conformance kit means (its README, "Steps")."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import yaml

from headrace import Headrace
from headrace.runtime.results import Result
from headrace.store.port import TaskRun

_MISSING = object()


class World:
    """What a scenario has so far: a definition, an input, and after it ran the result and the history."""

    def __init__(self, headrace: Headrace) -> None:
        self.headrace = headrace
        self.definition = ""
        self.input: Any = None
        self._result: Result | None = None
        self.history: list[TaskRun] = []

    @property
    def result(self) -> Result:
        assert self._result is not None, "the workflow was not executed"
        return self._result

    async def execute(self) -> None:
        flow = await self.headrace.deploy(self.definition)
        handle = await self.headrace.start(flow, self.input)
        self._result = await handle.result()
        self.history = await self.headrace.history(handle.id)

    def completed(self) -> Any:
        """Return the output of the workflow, which ran to completion."""
        assert self.result.status == "completed", self.result.error
        return self.result.output

    def at(self, path: str) -> Any:
        """Return the value in the output at a dotted path, or `_MISSING`."""
        value = self.completed()
        for name in path.split("."):
            if not isinstance(value, dict) or name not in value:
                return _MISSING
            value = value[name]
        return value

    def runs(self, task: str) -> list[TaskRun]:
        """Return the runs of a task in the order in which they started."""
        found = sorted(
            (run for run in self.history if run.name == task), key=lambda run: run.started_sequence
        )
        assert found, f"the task {task} did not run"
        return found

    def order(self) -> list[str]:
        """Return the names of the tasks in the order in which they started."""
        return [run.name for run in sorted(self.history, key=lambda run: run.started_sequence)]


Rule = Callable[..., Awaitable[None]]
STEPS: list[tuple[re.Pattern[str], Rule]] = []


def step(pattern: str) -> Callable[[Rule], Rule]:
    """Register what the text of a step means; groups of the pattern, then its block, are arguments."""

    def register(rule: Rule) -> Rule:
        STEPS.append((re.compile(pattern), rule))
        return rule

    return register


async def perform(world: World, text: str, block: str | None) -> None:
    """Perform one step. Raises `AssertionError` where the workflow did not do what it says."""
    for pattern, rule in STEPS:
        match = pattern.fullmatch(text)
        if match is not None:
            await rule(world, *match.groups(), *(() if block is None else (block,)))
            return
    raise AssertionError(f"the step is not known: {text}")


def _expected(block: str) -> Any:
    return yaml.safe_load(block)


def _same(actual: Any, block: str) -> None:
    assert actual == _expected(block)


def _same_error(actual: Any, block: str) -> None:
    """Compare what the scenario states; a runtime may tell more (`detail`)."""
    expected = _expected(block)
    assert actual is not None
    assert {name: actual.get(name) for name in expected} == expected


# --- arrange and act ------------------------------------------------------------------------------------


@step("a workflow with definition:")
async def _define(world: World, block: str) -> None:
    world.definition = block + "\n"


@step("given the workflow input is:")
async def _input(world: World, block: str) -> None:
    world.input = _expected(block)


@step("the workflow is executed")
async def _execute(world: World) -> None:
    await world.execute()


# --- the workflow ---------------------------------------------------------------------------------------


@step("the workflow should cancel")
async def _cancels(world: World) -> None:
    assert world.result.status == "cancelled"


@step("the workflow should complete")
async def _completes(world: World) -> None:
    world.completed()


@step("the workflow should complete with output:")
async def _completes_with(world: World, block: str) -> None:
    _same(world.completed(), block)


@step("the workflow should fault")
async def _faults(world: World) -> None:
    assert world.result.status == "faulted"


@step("the workflow should fault with error:")
async def _faults_with(world: World, block: str) -> None:
    assert world.result.status == "faulted"
    _same_error(world.result.error, block)


@step("the workflow output should have properties (.+)")
async def _has_properties(world: World, names: str) -> None:
    for path in re.findall("'([^']*)'", names):
        assert world.at(path) is not _MISSING, f"the output has no {path}: {world.result.output}"


@step("the workflow output should have an? '([^']*)' property with value:")
async def _has_value(world: World, path: str, block: str) -> None:
    _same(world.at(path), block)


@step("the workflow output should have an? '([^']*)' property containing ([0-9]+) items?")
async def _has_items(world: World, path: str, count: str) -> None:
    items = world.at(path)
    assert isinstance(items, list | dict)
    assert len(items) == int(count)


# --- tasks ----------------------------------------------------------------------------------------------


@step("(.+) should run first")
async def _first(world: World, task: str) -> None:
    assert world.order()[0] == task


@step("(.+) should run last")
async def _last(world: World, task: str) -> None:
    assert world.order()[-1] == task


@step("(.+) should run before (.+)")
async def _before(world: World, task: str, other: str) -> None:
    assert world.runs(task)[0].started_sequence < world.runs(other)[0].started_sequence


@step("(.+) should run after (.+)")
async def _after(world: World, task: str, other: str) -> None:
    assert world.runs(task)[0].started_sequence > world.runs(other)[0].started_sequence


@step("(.+) should cancel")
async def _task_cancels(world: World, task: str) -> None:
    assert world.runs(task)[-1].status == "cancelled"


@step("(.+) should complete")
async def _task_completes(world: World, task: str) -> None:
    assert world.runs(task)[-1].status == "completed"


@step("(.+) should complete with output:")
async def _task_completes_with(world: World, task: str, block: str) -> None:
    run = world.runs(task)[-1]
    assert run.status == "completed"
    _same(_json(run.output), block)


@step("(.+) should fault")
async def _task_faults(world: World, task: str) -> None:
    assert world.runs(task)[-1].status == "faulted"


@step("(.+) should fault with error:")
async def _task_faults_with(world: World, task: str, block: str) -> None:
    run = world.runs(task)[-1]
    assert run.status == "faulted"
    _same_error(_json(run.error), block)


def _json(data: bytes | None) -> Any:
    return None if data is None else yaml.safe_load(data)
