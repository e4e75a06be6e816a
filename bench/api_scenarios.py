"""What is measured of the API: lists of a million executions, a thousand live streams and readers."""

from __future__ import annotations

from typing import Any

from bench.contest import Contender
from bench.report import Column, Goal, alone_ms, cpu_per_1000, latency_ms
from bench.scenarios import CPU, P50, P99, Scenario

LARGE, SMALL = "1,000,000 executions", "10,000 executions"
NONE, ONE, MANY = "no stream", "1 stream", "1,000 streams"
IN_PROCESS = "in one process"
MIB = 1024 * 1024


def all_scenarios(scale: float) -> list[Scenario]:
    """Every scenario, with `scale` times the usual number of executions."""
    return [lists(scale), streams(scale), readers(scale)]


def lists(scale: float) -> Scenario:
    """The first page of every filtered list, and histories."""
    return Scenario(
        "lists",
        "the first page of 28 filtered lists of executions, and the history of one, over HTTP",
        [
            Contender(LARGE, "bench.api_lists", ("--executions", str(int(1_000_000 * scale)))),
            Contender(SMALL, "bench.api_lists", ("--executions", str(int(10_000 * scale)))),
        ],
        [
            P50,
            P99,
            Column("slowest ms", latency_ms("max"), 1),
            Column("history p50 ms", alone_ms("p50"), 1),
            Column("history slowest ms", alone_ms("max"), 1),
            Column("whole pages of 28", _whole, 0),
        ],
        [
            Goal("any first page at most 100 ms", lambda of: of(LARGE, latency_ms("max")), 100, " ms"),
            Goal("history of one at most 50 ms", lambda of: of(LARGE, alone_ms("max")), 50, " ms"),
        ],
    )


def _whole(outcome: dict[str, Any]) -> float:
    return float(sum(note["whole"] for note in outcome["notes"].values()))


def streams(scale: float) -> Scenario:
    """Executions over HTTP while nobody, somebody, and a thousand look at others."""
    options = ("--executions", str(max(300, int(3000 * scale))), "--concurrency", "16", "--warmup", "300")

    def contender(name: str, count: int) -> Contender:
        return Contender(name, "bench.api_streams", (*options, "--streams", str(count)))

    return Scenario(
        "streams",
        "executions of a flow without functions over HTTP, while live streams are open",
        [contender(NONE, 0), contender(ONE, 1), contender(MANY, 1000)],
        [CPU, P50, P99, Column("MiB for the streams", _mib, 1)],
        [
            Goal("1,000 open streams at most 100 MB", lambda of: of(MANY, _mib), 95.4, " MiB"),
            Goal(
                "1,000 open streams cost executions no more CPU than one",
                lambda of: of(MANY, cpu_per_1000) / of(ONE, cpu_per_1000),
                1.05,
                "×",
            ),
        ],
        rounds_times=2,
    )


def readers(scale: float) -> Scenario:
    """The same without sockets: what readers cost an execution that they do not look at."""
    options = ("--executions", str(max(50, int(250 * scale))), "--concurrency", "50")
    return Scenario(
        "readers",
        "executions in one process, with 1,000 readers of another execution against one reader",
        [Contender(IN_PROCESS, "bench.live_readers", options)],
        [CPU, Column("1,000 readers / 1", _ratio, 3)],
        [Goal("1,000 readers cost an execution at most 2%", lambda of: of(IN_PROCESS, _ratio), 1.02, "×")],
    )


def _ratio(outcome: dict[str, Any]) -> float:
    return float(outcome["notes"]["ratio"])


def _mib(outcome: dict[str, Any]) -> float:
    return float(outcome["notes"]["streams_bytes"]) / MIB
