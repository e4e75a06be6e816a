"""The work queues: Headrace and eight peers on one kind of Redis, on SQLite, and with a million items."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from bench.contest import Contender
from bench.report import Column, Goal, Value, latency_ms
from bench.scenarios import Scenario
from headrace.queue.sqlite.connect import READER_CACHE_KIB, WRITER_CACHE_KIB

Of = Callable[[str, Value], float]

BATCHED, ONE_BY_ONE, TWO = "Headrace, batched", "Headrace, one by one", "Headrace, 2 processes"
DRAMATIQ, DRAMATIQ_TWO, DRAMATIQ_PLAIN = (
    "Dramatiq, tuned",
    "Dramatiq, tuned, 2 processes",
    "Dramatiq, documented",
)
HUEY, BULLMQ = "Huey", "BullMQ"

# Found best by trying (docs/decisions/0004-queue-benchmarks.md).
PEERS = {
    DRAMATIQ: ("dramatiq", "threads=2,prefetch=100", 5000, 1500, 4000),
    DRAMATIQ_PLAIN: ("dramatiq", "threads=8", 3000, 1500, 4000),
    HUEY: ("huey", "threads=4", 5000, 1500, 4000),
    BULLMQ: ("bullmq", "concurrency=1", 2500, 1500, 4000),
    "RQ": ("rq", "", 400, 500, 1000),
    "Celery": ("celery", "pool=solo:1", 1000, 1500, 4000),
    "arq": ("arq", "jobs=100,delay=0.001", 1500, 1500, 4000),
    "SAQ": ("saq", "concurrency=30", 1500, 1500, 4000),
    "Taskiq": ("taskiq", "tasks=10", 2000, 1500, 4000),
}

PACKAGES = (
    "dramatiq",
    "huey",
    "bullmq",
    "rq",
    "celery",
    "arq",
    "saq",
    "taskiq",
    "taskiq_redis",
    "redis",
    "hiredis",
)


def note(phase: str, *figures: str) -> Value:
    """The sum of some figures of a phase; `None` where it did not take place."""

    def value(outcome: dict[str, Any]) -> float | None:
        found = outcome["notes"].get(phase)
        return None if found is None else float(sum(found[figure] for figure in figures))

    return value


def memory(which: str, index: int | None = None) -> Value:
    """Resident MiB of the client (before, when filled, at the end) or of the worker."""

    def value(outcome: dict[str, Any]) -> float:
        found = outcome["notes"][which]
        return float(found if index is None else found[index])

    return value


SINGLE, SINGLE_US = note("single", "per_second"), note("single", "client_us", "server_us")
BULK, BULK_US = note("bulk", "per_second"), note("bulk", "client_us", "server_us")
DRAIN, DRAIN_US = note("drain", "per_second"), note("drain", "worker_us", "server_us")
WAKE = latency_ms("p50")
CLIENT, WORKER = memory("client_mib", 2), memory("worker_mib")
CACHES_MIB = {"Redis": 4, "SQLite": (WRITER_CACHE_KIB + 2 * READER_CACHE_KIB) // 1024}
FLOW, FLOW_US = note("flow", "per_second"), note("flow", "client_us", "worker_us", "server_us")

COLUMNS = [
    Column("enqueue /s", SINGLE, 0),
    Column("CPU µs", SINGLE_US, 0),
    Column("bulk /s", BULK, 0),
    Column("CPU µs", BULK_US, 1),
    Column("drain /s", DRAIN, 0),
    Column("CPU µs", DRAIN_US, 0),
    Column("wake p50 ms", WAKE, 1),
]


def all_scenarios(scale: float) -> list[Scenario]:
    """Every scenario, with `scale` times the usual number of items."""
    return [on_redis(scale), on_sqlite(scale), depth(scale)]


def on_redis(scale: float) -> Scenario:
    """All on Redis."""
    return Scenario(
        "QUEUE",
        "items of 200 bytes through Redis, a function that does nothing, results kept; one worker process",
        [
            _ours(BATCHED, "headrace", 40_000 * scale, single=1500, bulk=20_000, probes=40),
            _ours(ONE_BY_ONE, "headrace", 4000 * scale, options="batch=1"),
            _ours(TWO, "headrace", 60_000 * scale, processes=2),
            *(
                _drive(name, peer, options, count * scale, single=single, bulk=bulk, probes=40)
                for name, (peer, options, count, single, bulk) in PEERS.items()
            ),
            _drive(DRAMATIQ_TWO, *PEERS[DRAMATIQ][:2], 8000 * scale, processes=2),
        ],
        COLUMNS,
        [
            *_times(BATCHED, DRAMATIQ, 8, "batched"),
            *_times(BATCHED, DRAMATIQ_PLAIN, 8, "batched"),
            *_times(ONE_BY_ONE, DRAMATIQ, 2, "one by one"),
            *_times(ONE_BY_ONE, DRAMATIQ_PLAIN, 2, "one by one"),
            *_times(TWO, DRAMATIQ_TWO, 6, "two processes each"),
            Goal(
                "bulk enqueue at least 10× BullMQ's",
                lambda of: of(BATCHED, BULK) / of(BULLMQ, BULK),
                10,
                "×",
                at_least=True,
            ),
            Goal(
                "bulk enqueue at least 10× BullMQ's by CPU",
                lambda of: of(BULLMQ, BULK_US) / of(BATCHED, BULK_US),
                10,
                "×",
                at_least=True,
            ),
            Goal(
                "single enqueue at least 0.9× the fastest peer's",
                lambda of: of(BATCHED, SINGLE) / max(_of_peers(of, SINGLE)),
                0.9,
                "×",
                at_least=True,
            ),
            Goal(
                "single enqueue at least 0.9× the thriftiest peer's by CPU",
                lambda of: min(_of_peers(of, SINGLE_US)) / of(BATCHED, SINGLE_US),
                0.9,
                "×",
                at_least=True,
            ),
            _wake(),
        ],
    )


def on_sqlite(scale: float) -> Scenario:
    """Ours and Huey's, on a file, every commit synced."""
    return Scenario(
        "QUEUE-SQLITE",
        "the same through an SQLite file, every commit synced",
        [
            _ours(BATCHED, "headrace:sqlite", 30_000 * scale, single=500, bulk=20_000, probes=40),
            _ours(ONE_BY_ONE, "headrace:sqlite", 2000 * scale, options="batch=1"),
            _ours(TWO, "headrace:sqlite", 30_000 * scale, processes=2),
            _drive(HUEY, "huey:sqlite", "threads=1", 2000 * scale, single=500, probes=40),
        ],
        COLUMNS,
        [*_times(BATCHED, HUEY, 8, "batched"), _wake()],
    )


def depth(scale: float) -> Scenario:
    """A flow of items through a short queue and through a long one."""
    many = int(1_000_000 * scale)
    names = {
        (backend, size): f"{backend}, {size:,} waiting"
        for backend in ("Redis", "SQLite")
        for size in (1000, many)
    }
    goals = []
    for backend in ("Redis", "SQLite"):
        few, full = names[backend, 1000], names[backend, many]
        goals += [
            Goal(
                f"{backend}: rate with {many:,} waiting at least 0.9× that with 1,000",
                lambda of, few=few, full=full: of(full, FLOW) / of(few, FLOW),
                0.9,
                "×",
                at_least=True,
            ),
            Goal(
                f"{backend}: CPU at most 1.1×",
                lambda of, few=few, full=full: of(full, FLOW_US) / of(few, FLOW_US),
                1.1,
                "×",
            ),
            Goal(
                f"{backend}: memory of the worker at most 1.1×",
                lambda of, few=few, full=full: of(full, WORKER) / of(few, WORKER),
                1.1,
                "×",
            ),
            # SQLite keeps pages of the file in memory, up to these limits, whatever the number of items.
            Goal(
                f"{backend}: memory of the client at most {CACHES_MIB[backend]} MiB more",
                lambda of, few=few, full=full: of(full, CLIENT) - of(few, CLIENT),
                CACHES_MIB[backend],
                " MiB",
            ),
        ]
    return Scenario(
        "QUEUE-DEPTH",
        f"items through a queue that stays {many:,} deep, against 1,000",
        [
            Contender(
                name,
                "bench.queue_peers.depth",
                (*_count(30_000 * scale, 5000 * scale), "--backend", backend.lower(), "--depth", str(size)),
            )
            for (backend, size), name in names.items()
        ],
        [
            Column("fill /s", note("fill", "per_second"), 0),
            Column("flow /s", FLOW, 0),
            Column("CPU µs", FLOW_US, 1),
            Column("of it Redis", note("flow", "server_us"), 1),
            Column("client MiB before", memory("client_mib", 0), 1),
            Column("after", memory("client_mib", 2), 1),
            Column("worker MiB", memory("worker_mib"), 1),
        ],
        goals,
    )


def _ours(name: str, peer: str, items: float, *, options: str = "", **more: int) -> Contender:
    return _drive(name, peer, options, items, **more)


def _drive(name: str, peer: str, options: str, items: float, **more: int) -> Contender:
    arguments = (word for option, value in more.items() for word in (f"--{option}", str(value)))
    return Contender(
        name,
        "bench.queue_peers.drive",
        (*_count(items, items / 10), "--peer", peer, "--set", options, *arguments),
    )


def _count(items: float, warmup: float) -> tuple[str, ...]:
    return ("--executions", str(int(items)), "--warmup", str(int(warmup)))


def _times(ours: str, peer: str, limit: float, how: str) -> list[Goal]:
    """Drain rates, by the clock and by CPU."""
    return [
        Goal(
            f"drain {how} at least {limit}× {peer}",
            lambda of: of(ours, DRAIN) / of(peer, DRAIN),
            limit,
            "×",
            at_least=True,
        ),
        Goal(
            f"drain {how} at least {limit}× {peer} by CPU",
            lambda of: of(peer, DRAIN_US) / of(ours, DRAIN_US),
            limit,
            "×",
            at_least=True,
        ),
    ]


def _of_peers(of: Of, value: Value) -> list[float]:
    found = []
    for name in PEERS:
        with suppress(LookupError):
            found.append(of(name, value))
    return found


def _wake() -> Goal:
    return Goal("wake-up of an idle reader: p50 at most 5 ms", lambda of: of(BATCHED, WAKE), 5, " ms")
