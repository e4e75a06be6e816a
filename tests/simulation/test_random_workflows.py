"""Thousands of random workflows with random answers, delays, crashes and duplicates.

The seed is printed; `HEADRACE_SEED=<n>` runs that one alone, `HEADRACE_SIMULATIONS=<n>` that many.
"""

from __future__ import annotations

import os
import random

import orjson
import pytest

from headrace.engine.decide import plan_workflow
from headrace.engine.plan import Plan
from headrace.engine.record import Finish
from headrace.spec.flowapp import parse_definition
from headrace.store.port import Store
from headrace.store.sqlite import SqliteStore
from simulation.generator import FUNCTIONS, Generator
from simulation.world import World

CHUNKS = 8
PER_CHUNK = int(os.environ.get("HEADRACE_SIMULATIONS", "2400")) // CHUNKS


def plan_of(seed: int, *, confluent: bool) -> Plan:
    """Return the plan of a random workflow; it must pass validation, as an author's would."""
    document = Generator(random.Random(seed), confluent=confluent).workflow()
    definition, problems = parse_definition(
        orjson.dumps(document).decode(), "random.json", known_functions=FUNCTIONS
    )
    assert definition is not None, [str(problem) for problem in problems]
    return plan_workflow(definition.workflow, functions={name: {} for name in FUNCTIONS})


async def simulate(
    store: Store, seed: int, *, confluent: bool, crashes: bool, label: str
) -> tuple[Finish, World]:
    plan = plan_of(seed, confluent=confluent)
    world = World(plan, store, f"{label}-{seed}", random.Random(seed + 1), crashes=crashes, salt=str(seed))
    finish = await world.run({"n": seed % 7})
    rows = await store.history(world.execution_id)
    assert len(rows) == len({row.run_id for row in rows}) == len(world.closed)
    sequences = [row.ended_sequence for row in rows]
    assert sequences == sorted(set(sequences)), "the order of history has gaps or doubles"
    row = await store.execution(world.execution_id)
    assert row is not None
    assert row.status == finish.status
    assert await store.load(world.execution_id) is None
    return finish, world


def seeds(chunk: int) -> list[int]:
    """Return the seeds of one chunk: one given by hand, or a fresh range each time it is not CI."""
    given = os.environ.get("HEADRACE_SEED")
    if given is not None:
        return [int(given)] if chunk == 0 else []
    first = 0 if os.environ.get("CI") else random.SystemRandom().randrange(10**9)
    return [first + chunk * 1_000_000 + number for number in range(PER_CHUNK)]


@pytest.mark.parametrize("chunk", range(CHUNKS))
async def test_every_execution_ends_right_whatever_happens(chunk: int) -> None:
    totals = {"crashes": 0, "duplicates": 0, "steps": 0}
    statuses: dict[str, int] = {}
    store = await SqliteStore.open(":memory:")
    try:
        for seed in seeds(chunk):
            confluent = seed % 3 == 0
            try:
                finish, world = await simulate(store, seed, confluent=confluent, crashes=True, label="c")
                if confluent:
                    calm, _ = await simulate(store, seed, confluent=True, crashes=False, label="q")
                    assert (finish.status, finish.output) == (calm.status, calm.output)
            except BaseException:
                print(f"\nHEADRACE_SEED={seed} reproduces this (confluent={confluent})")
                raise
            for name in totals:
                totals[name] += world.statistics[name]
            statuses[finish.status] = statuses.get(finish.status, 0) + 1
    finally:
        await store.close()
    print(f"seeds from {seeds(chunk)[:1]}: {statuses} {totals}")
    if len(seeds(chunk)) > 100:
        # The simulation must reach what it is there for.
        assert totals["crashes"] > 50
        assert totals["duplicates"] > 50
        assert set(statuses) == {"completed", "faulted"}
