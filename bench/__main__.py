"""`python -m bench [--quick] [--only W1,W2] [--rounds N]`: all benchmarks, as tables and as JSON."""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

from bench import (
    api_scenarios,
    batch_scenarios,
    browser_scenarios,
    contest,
    queue_scenarios,
    report,
    server_scenarios,
)
from bench.neighbours import Neighbours
from bench.queue_peers import server
from bench.scenarios import Scenario, all_scenarios
from bench.tree import adopt_orphans, stop_descendants

QUICK_SCALE = 0.25
PACKAGES = ("headrace", "restate_sdk", "dbos", "granian", "hypercorn", "uvloop")


def main() -> int:
    """Measure, print, save; 1 when a contender failed."""
    chosen = _arguments()
    adopt_orphans()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    contest.RESULTS.mkdir(exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="scratch-", dir=contest.RESULTS))
    try:
        scale = QUICK_SCALE if chosen.quick else 1.0
        scenarios = [
            *all_scenarios(scale, scratch),
            *queue_scenarios.all_scenarios(scale),
            *batch_scenarios.all_scenarios(scale),
            *api_scenarios.all_scenarios(scale),
            *server_scenarios.all_scenarios(scale),
            *browser_scenarios.all_scenarios(scale),
        ]
        wanted = [
            scenario for scenario in scenarios if not chosen.only or scenario.key.lower() in chosen.only
        ]
        if not wanted:
            print(
                f"error: no such scenario; there are {', '.join(s.key for s in scenarios)}", file=sys.stderr
            )
            return 2
        results = [_measure(scenario, chosen.rounds, scratch) for scenario in wanted]
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    finally:
        stop_descendants()
        shutil.rmtree(scratch, ignore_errors=True)
    _save(results)
    # A missed goal is a figure to report, not a failure of the benchmark.
    return 1 if any(result["failed"] for result in results) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Benchmarks against peers and limits."
    )
    parser.add_argument("--quick", action="store_true", help="one round with a quarter of the executions")
    parser.add_argument("--only", default="", help="scenarios by key, with commas: W1,W2")
    parser.add_argument("--rounds", type=int, help="how often each contender has its turn (3)")
    chosen = parser.parse_args()
    chosen.only = {key.strip().lower() for key in chosen.only.split(",") if key.strip()}
    chosen.rounds = chosen.rounds or (1 if chosen.quick else 3)
    return chosen


def _measure(scenario: Scenario, rounds: int, scratch: Path) -> dict[str, Any]:
    contest.progress(f"{scenario.key}\n")
    neighbours = Neighbours()
    prepared = contest.hold([scenario.prepare], 1, scratch) if scenario.prepare else {}
    turns = contest.hold(list(scenario.contenders), rounds * scenario.rounds_times, scratch)
    turns |= prepared
    verdicts = report.verdicts(scenario.goals, turns)
    cpus, remark = neighbours.cpus(), neighbours.remark()
    print(f"\n{scenario.key}: {scenario.title}" + (f"\n  ({remark})" if remark else ""))
    print("\n".join(f"  {line}" for line in report.table(scenario.columns, turns)))
    print("\n".join(report.verdict_line(verdict) for verdict in verdicts), flush=True)
    return {
        "scenario": scenario.key,
        "title": scenario.title,
        "neighbours_cpus": cpus,
        "contenders": {name: asdict(turn) for name, turn in turns.items()},
        "goals": verdicts,
        "failed": [name for name, turn in turns.items() if turn.failure],
    }


def _save(results: list[dict[str, Any]]) -> None:
    versions = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    for name in (*PACKAGES, *queue_scenarios.PACKAGES, *server_scenarios.PACKAGES):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    versions["redis-server"] = server.version()
    path = contest.RESULTS / time.strftime("%Y-%m-%dT%H%M%SZ.json", time.gmtime())
    path.write_text(json.dumps({"versions": versions, "results": results}, indent=1))
    contest.progress(f"\nEvery figure: {path.relative_to(contest.ROOT)}\n")


if __name__ == "__main__":
    sys.exit(main())
