"""What is measured: the contenders of each scenario, the columns of its table, the goals it must meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.contest import Contender
from bench.report import (
    Column,
    Goal,
    alone_ms,
    cpu_per_1000,
    end_mib,
    latency_ms,
    peak_mib,
    start_mib,
    wall_per_1000,
)

FILL = "while filling it"

CPU = Column("CPU s / 1,000", cpu_per_1000, 3, ratio=True)
WALL = Column("wall s / 1,000", wall_per_1000)
P50 = Column("p50 ms", latency_ms("p50"), 1)
P99 = Column("p99 ms", latency_ms("p99"), 1)
CPU_MS = Column("CPU ms each", cpu_per_1000, 1)
ALONE = Column("alone p50 ms", alone_ms("p50"))
ALONE_P99 = Column("alone p99 ms", alone_ms("p99"))
PEAK = Column("peak RSS MiB", peak_mib, 0)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One table. `prepare`, if there is one, runs once before the rounds.

    Where two figures that lie close are compared and turns are short, `rounds_times` as many rounds are run.
    """

    key: str
    title: str
    contenders: Sequence[Contender]
    columns: Sequence[Column]
    goals: Sequence[Goal]
    prepare: Contender | None = None
    rounds_times: int = 1


def all_scenarios(scale: float, scratch: Path) -> list[Scenario]:
    """Every scenario, with `scale` times the usual number of executions."""
    return [w1(scale), w1_http(scale), w2(scale), w3(), store_size(scale, scratch)]


def w1(scale: float) -> Scenario:
    """Three functions in process against the peers; then one execution alone."""
    peers = {
        "Restate, tuned": ("restate_w1", "tuned", 2000),
        "Restate, documented": ("restate_w1", "documented", 1000),
        "DBOS, tuned": ("dbos_w1", "tuned", 600),
        "DBOS, documented": ("dbos_w1", "documented", 200),
    }
    return Scenario(
        "W1",
        "3 sequential in-process functions, 100 concurrent starters, synced, history on",
        [
            Contender("Headrace", "bench.headrace_w1", _counts(2000 * scale, alone=100)),
            *(
                Contender(
                    name,
                    f"bench.peers.{module}",
                    (*_counts(count * scale, alone=25, warmup=100), "--profile", profile),
                )
                for name, (module, profile, count) in peers.items()
            ),
        ],
        [CPU, WALL, P50, ALONE, ALONE_P99, PEAK],
        [
            Goal(
                "CPU s per 1,000 executions at most 0.8", lambda of: of("Headrace", cpu_per_1000), 0.8, " s"
            ),
            *(
                Goal(
                    f"executions per CPU s at least {limit}× those of {peer}",
                    lambda of, peer=peer: of(peer, cpu_per_1000) / of("Headrace", cpu_per_1000),
                    limit,
                    "×",
                    at_least=True,
                )
                for peer, limit in (
                    ("Restate, tuned", 5),
                    ("Restate, documented", 5),
                    ("DBOS, tuned", 20),
                    ("DBOS, documented", 20),
                )
            ),
            Goal("one alone: p50 at most 5 ms", lambda of: of("Headrace", alone_ms("p50")), 5, " ms"),
        ],
    )


def w1_http(scale: float) -> Scenario:
    """The same over HTTP against the calls alone."""
    return Scenario(
        "W1-HTTP",
        "the same with functions behind HTTP, against the same calls without an engine",
        [
            Contender("Headrace", "bench.headrace_w1_http", _counts(2000 * scale, alone=100)),
            Contender("bare, our client", "bench.bare_w1_http", _counts(2000 * scale, alone=100)),
            Contender("bare, aiohttp", "bench.bare_aiohttp_w1_http", _counts(2000 * scale, alone=100)),
        ],
        [CPU, WALL, P50, ALONE, ALONE_P99, PEAK],
        [
            Goal(
                f"CPU at most 2.5× that of the calls {bare}",
                lambda of, bare=bare: of("Headrace", cpu_per_1000) / of(bare, cpu_per_1000),
                2.5,
                "×",
            )
            for bare in ("bare, our client", "bare, aiohttp")
        ],
        rounds_times=2,
    )


def w2(scale: float) -> Scenario:
    """Fork and loop over 200 calls."""
    counts = _in_turn(max(5, 30 * scale))
    shapes = ("fork", "loop")
    return Scenario(
        "W2",
        "fork, or loop, over 200 calls that do nothing, and join",
        [
            *(Contender(shape, "bench.headrace_w2", (*counts, "--shape", shape)) for shape in shapes),
            Contender("200 synced writes", "bench.bare_sync", counts),
        ],
        [P50, P99, CPU_MS],
        [
            Goal(
                f"{shape}: p50 at most 50 ms", lambda of, shape=shape: of(shape, latency_ms("p50")), 50, " ms"
            )
            for shape in shapes
        ],
    )


def w3() -> Scenario:
    """From process start to the first result."""
    ways = {"headrace run": "cli", "library": "library"}
    return Scenario(
        "W3",
        "from process start to first result",
        [Contender(name, "bench.headrace_w3", (*_in_turn(3), "--way", way)) for name, way in ways.items()],
        [P50, Column("slowest ms", latency_ms("max"), 1), CPU_MS],
        [
            Goal(f"{name}: p50 at most 1 s", lambda of, name=name: of(name, latency_ms("p50")), 1000, " ms")
            for name in ways
        ],
    )


def store_size(scale: float, scratch: Path) -> Scenario:
    """An empty store against one with 100,000 finished executions."""
    finished = int(100_000 * scale)
    store = scratch / "finished.db"
    full = f"{finished:,} finished before"
    return Scenario(
        "store-size",
        f"W1 with {finished:,} finished executions in the store, against an empty one",
        [
            Contender("empty", "bench.headrace_w1", _counts(4000 * scale)),
            Contender(full, "bench.headrace_w1", (*_counts(4000 * scale), "--store", str(store))),
        ],
        [CPU, WALL, Column("RSS before MiB", start_mib, 1), Column("RSS after MiB", end_mib, 1)],
        [
            Goal(
                "CPU per execution at most 1.10× that in an empty store",
                lambda of: of(full, cpu_per_1000) / of("empty", cpu_per_1000),
                1.10,
                "×",
            ),
            Goal(
                "memory at most 1.05× that with an empty store",
                lambda of: of(full, end_mib) / of("empty", end_mib),
                1.05,
                "×",
            ),
            Goal(
                f"memory grows by no more than the store's page caches (40 MiB) while {finished:,} finish",
                lambda of: of(FILL, end_mib) - of(FILL, start_mib),
                40,
                " MiB",
            ),
        ],
        prepare=Contender(FILL, "bench.headrace_w1", (*_counts(finished), "--save", str(store))),
        rounds_times=3,
    )


def _counts(executions: float, alone: float = 0, warmup: int = 200) -> tuple[str, ...]:
    return ("--executions", str(int(executions)), "--alone", str(int(alone)), "--warmup", str(warmup))


def _in_turn(executions: float) -> tuple[str, ...]:
    return (*_counts(executions, warmup=1), "--concurrency", "1")
