"""What is measured of the dashboard, in Chromium: large flows, long executions, long lists."""

from __future__ import annotations

from bench.contest import Contender
from bench.report import Column, Goal, Value, latency_ms
from bench.scenarios import Scenario

FLOW, EXECUTION, LIST = "flow of 500 tasks", "execution of 5,000 task runs", "list of 1,000,000"
OPENINGS = 5


def all_scenarios(scale: float) -> list[Scenario]:
    """Every scenario, with `scale` times the usual number of executions."""
    return [pages(scale)]


def pages(scale: float) -> Scenario:
    """Pages that are opened by a browser that has none of the files."""
    openings = str(max(2, int(OPENINGS * scale)))

    def contender(name: str, page: str, executions: int = 1) -> Contender:
        options = ("--page", page, "--alone", openings, "--executions", str(executions))
        return Contender(name, "bench.browser_pages", options)

    return Scenario(
        "browser",
        "pages of the dashboard in headless Chromium, each opened cold",
        [
            contender(FLOW, "flow"),
            contender(EXECUTION, "execution"),
            contender(LIST, "list", int(1_000_000 * scale)),
        ],
        [
            Column("open p50 ms", latency_ms("p50"), 0),
            Column("settled ms", _note("settled_ms"), 0),
            Column("renderer CPU ms", _note("open_cpu_ms"), 0),
            Column("frames/s", _note("frames_per_second"), 0),
            Column("CPU ms a frame", _note("frame_cpu_ms"), 1),
            Column("edit ms", _note("edit_ms"), 1),
            Column("painted ms", _note("edit_painted_ms"), 1),
        ],
        [
            Goal("flow: open at most 1 s", lambda of: of(FLOW, latency_ms("p50")), 1000, " ms"),
            Goal(
                "flow: drag at 50 frames/s at least",
                lambda of: of(FLOW, _note("frames_per_second")),
                50,
                "/s",
                at_least=True,
            ),
            Goal(
                "flow: an edit is in the text in at most 50 ms",
                lambda of: of(FLOW, _note("edit_ms")),
                50,
                " ms",
            ),
            Goal("execution: open at most 1 s", lambda of: of(EXECUTION, latency_ms("p50")), 1000, " ms"),
            Goal(
                "list: first page at most 300 ms after the click",
                lambda of: of(LIST, latency_ms("p50")),
                300,
                " ms",
            ),
        ],
    )


def _note(name: str) -> Value:
    return lambda outcome: outcome["notes"].get(name)
