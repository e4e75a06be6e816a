"""Whatever a random workflow did, the test that is saved of it does the same.

The seed is in the name of the test; `HEADRACE_SEED=<n>` runs that one alone, `HEADRACE_SAVED=<n>` that many.
"""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from headrace.flowtest import case_from_execution, read_tests, run_case
from headrace.main.flowtests import ProjectStage
from headrace.spec.flowapp import Definition, ows_to_flowapp, parse_definition
from headrace.store.port import Store
from headrace.store.sqlite import SqliteStore
from simulation.generator import FUNCTIONS, Generator

GIVEN = os.environ.get("HEADRACE_SEED")
SEEDS = [int(GIVEN)] if GIVEN else range(int(os.environ.get("HEADRACE_SAVED", "60")))


class KeepingStage(ProjectStage):
    """A stage whose store outlives the case, so that its history can be read."""

    kept: SqliteStore

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        yield self.kept


def definition_of(source: random.Random) -> Definition:
    """Return a random workflow as a FlowApp with functions; it never hears what it says itself.

    Tasks that listen beside each other read whole events: which one took what is not on record otherwise.
    """
    document = Generator(source, confluent=False).workflow()
    flowapp = ows_to_flowapp(_changed(document, "envelope" if "'fork'" in str(document) else "data"))
    flowapp["spec"]["functions"] = {name: {"source": f"cmd/{name}"} for name in FUNCTIONS}
    definition, problems = parse_definition(orjson.dumps(flowapp).decode(), "random.json")
    assert definition is not None, [str(problem) for problem in problems]
    return definition


def _changed(value: Any, read: str) -> Any:
    if isinstance(value, list):
        return [_changed(part, read) for part in value]
    if not isinstance(value, dict):
        return value
    changed = {name: _changed(part, read) for name, part in value.items()}
    if "emit" in changed:
        changed["emit"]["event"]["with"]["type"] = "said"
    if "listen" in changed:
        changed["listen"]["read"] = read
    return changed


def case_for(source: random.Random, definition: Definition) -> dict[str, Any]:
    """Return a case whose mocks answer this and that, sooner or later, or never."""
    answers: dict[str, Any] = {}
    for name in sorted(_calls(definition.ows)):
        answers[name] = [
            {"when": f"$call.number % {source.randint(2, 6)} == 1", "error": source.choice([404, 418, 503])},
            {"when": f"$call.number % {source.randint(5, 9)} == 0", "never": True}
            if source.random() < 0.3
            else {"when": ".n == 3", "output": {"n": 8}, "delay": "PT5S"},
            {
                "compute": f"{{n: ((.n? // 0) + {source.randint(0, 5)})}}",
                "delay": f"PT{source.choice(['0', '0.001', '0.4', '3'])}S",
                "times": "any",
            },
        ]
    events = [{"event": {"type": source.choice(["ping", "pong"]), "data": {"n": n}}} for n in range(40)]
    return {"input": {"n": source.randint(0, 9)}, "mocks": answers, "publish": events}


def _calls(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {name for name, part in value.items() if isinstance(part, dict) and "call" in part}
        return own.union(*map(_calls, value.values()))
    return set().union(*map(_calls, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_saved_test_does_what_the_execution_did(seed: int) -> None:
    source = random.Random(seed)
    definition = definition_of(source)
    text = orjson.dumps({"cases": {"it": case_for(source, definition)}}).decode()
    tests, problems = read_tests(text, "it.test.json")
    assert tests is not None, problems
    [case] = tests.cases
    stage = KeepingStage(Path.cwd())
    stage.kept = await SqliteStore.open(":memory:")
    try:
        lived = await run_case(definition, case, stage)
        if lived.execution_status not in ("completed", "faulted"):
            pytest.skip("it waits for ever")
        saved = await case_from_execution(stage.kept, case.execution_id)
    finally:
        await stage.kept.close()
        await stage.__aexit__()
    tests, problems = read_tests(saved.text, "saved.test.yaml")
    assert tests is not None, (problems, saved.text)
    async with ProjectStage(Path.cwd()) as other:
        again = await run_case(definition, tests.cases[0], other)
    assert again.passed, (again.failures, saved.text)
    assert (again.output, again.error, again.path) == (lived.output, lived.error, lived.path)
    assert again.context == lived.context
