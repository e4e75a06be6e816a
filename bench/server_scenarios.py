"""What is measured of the server: http triggers against the engine alone, and how soon it is ready."""

from __future__ import annotations

from bench.contest import Contender
from bench.report import Goal, alone_ms, cpu_per_1000, latency_ms
from bench.scenarios import ALONE, ALONE_P99, CPU, CPU_MS, P50, PEAK, WALL, Scenario

PACKAGES = ("litestar", "uvicorn", "httptools")


def all_scenarios(scale: float) -> list[Scenario]:
    """Every scenario, with `scale` times the usual number of executions."""
    return [hooks(scale), start()]


def hooks(scale: float) -> Scenario:
    """The same three calls: started by the library, and by requests that wait for the output."""
    count = max(200, int(2000 * scale))
    options = ("--executions", str(count), "--concurrency", "100", "--alone", "100", "--warmup", "200")
    return Scenario(
        "hooks",
        "3 HTTP functions behind an http trigger that answers with the output, against the engine alone",
        [
            Contender("http trigger", "bench.headrace_hooks", options),
            Contender("engine", "bench.headrace_w1_http", options),
        ],
        [CPU, WALL, P50, ALONE, ALONE_P99, PEAK],
        [
            Goal(
                "executions per CPU-s at least 70% of the engine's: CPU at most 1.43×",
                lambda of: of("http trigger", cpu_per_1000) / of("engine", cpu_per_1000),
                1 / 0.7,
                "×",
            ),
            Goal("alone, synced: p50 at most 8 ms", lambda of: of("http trigger", alone_ms("p50")), 8, " ms"),
        ],
        rounds_times=2,
    )


def start() -> Scenario:
    """From process start to ready."""
    options = ("--executions", "8", "--concurrency", "1", "--alone", "0", "--warmup", "1")
    return Scenario(
        "start",
        "a server from process start to ready",
        [Contender("headrace up", "bench.headrace_start", options)],
        [P50, CPU_MS],
        [Goal("p50 at most 1 s", lambda of: of("headrace up", latency_ms("p50")), 1000, " ms")],
    )
