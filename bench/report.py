"""Medians, goals and tables of what the contenders reported."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bench.contest import Turns

Value = Callable[[dict[str, Any]], float | None]
"""Reads one figure out of one outcome; `None` where the contender does not have it."""


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over all rounds."""

    median: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of a table; `ratio` adds how many times that of the first contender it is."""

    title: str
    value: Value
    digits: int = 2
    ratio: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """What must hold: the median over the rounds of `figure`, at most (`at_least`: at least) `limit`."""

    text: str
    figure: Callable[[Callable[[str, Value], float]], float]
    limit: float
    unit: str = ""
    at_least: bool = False


def cpu_per_1000(outcome: dict[str, Any]) -> float:
    """CPU seconds of the whole tree per 1,000 executions."""
    return float(outcome["usage"]["cpu_seconds"] / outcome["executions"] * 1000)


def wall_per_1000(outcome: dict[str, Any]) -> float:
    """Seconds on the clock per 1,000 executions."""
    return float(outcome["usage"]["wall_seconds"] / outcome["executions"] * 1000)


def peak_mib(outcome: dict[str, Any]) -> float:
    """Highest resident memory of the whole tree, in MiB."""
    return float(outcome["usage"]["rss_peak_bytes"] / 2**20)


def start_mib(outcome: dict[str, Any]) -> float:
    """Resident memory before the load, in MiB."""
    return float(outcome["usage"]["rss_start_bytes"] / 2**20)


def end_mib(outcome: dict[str, Any]) -> float:
    """Resident memory after the load, in MiB."""
    return float(outcome["usage"]["rss_end_bytes"] / 2**20)


def latency_ms(percentile: str) -> Value:
    """A percentile under the concurrent load, in milliseconds."""
    return lambda outcome: outcome["latency_ms"].get(percentile)


def alone_ms(percentile: str) -> Value:
    """A percentile of executions one after the other, in milliseconds."""
    return lambda outcome: outcome["alone_ms"].get(percentile)


def spread(turns: Turns, value: Value) -> Spread | None:
    """Median, lowest and highest over the rounds; `None` where nothing was measured."""
    values = [figure for outcome in turns.outcomes if (figure := value(outcome)) is not None]
    return Spread(statistics.median(values), min(values), max(values)) if values else None


def table(columns: Sequence[Column], turns: dict[str, Turns]) -> list[str]:
    """One line per contender, the first of which is the measure of the ratios."""
    rows = [["", *(column.title for column in columns)]]
    first = next(iter(turns.values()))
    for name, turn in turns.items():
        if turn.failure:
            rows.append([name, f"- ({turn.failure})"])
        else:
            rows.append([name, *(_cell(column, turn, first) for column in columns)])
    whole = [row for row in rows if len(row) == len(rows[0])]
    widths = [max(len(row[index]) for row in whole) for index in range(len(rows[0]))]
    widths[0] = max(len(row[0]) for row in rows)
    return ["  ".join([row[0].ljust(widths[0]), *_aligned(row[1:], widths[1:])]).rstrip() for row in rows]


def verdicts(goals: Sequence[Goal], turns: dict[str, Turns]) -> list[dict[str, Any]]:
    """Each goal with its figure and whether it is met; `None` where what it needs was not measured."""
    return [_verdict(goal, turns) for goal in goals]


def verdict_line(verdict: dict[str, Any]) -> str:
    """One line: met, missed or not measured, the goal, the figure."""
    word = {True: "met   ", False: "MISSED", None: "-     "}[verdict["met"]]
    if verdict["met"] is None:
        return f"  {word}  {verdict['text']}: not measured"
    lowest, highest = (f"{verdict[name]:.3g}" for name in ("lowest", "highest"))
    extent = f" ({lowest}–{highest})" if lowest != highest else ""
    return f"  {word}  {verdict['text']}: {verdict['figure']:.3g}{verdict['unit']}{extent}"


def _verdict(goal: Goal, turns: dict[str, Turns]) -> dict[str, Any]:
    rounds = max((len(turn.outcomes) for turn in turns.values()), default=0)
    figures = []
    for number in range(rounds):

        def of(name: str, value: Value, number: int = number) -> float:
            turn = turns[name]
            if number >= len(turn.outcomes) or (figure := value(turn.outcomes[number])) is None:
                raise LookupError(name)
            return figure

        # Round by round, then the median: in one round all had the same neighbours.
        with suppress(LookupError):
            figures.append(goal.figure(of))
    answer = {"text": goal.text, "limit": goal.limit, "unit": goal.unit, "met": None}
    if not figures:
        return answer
    figure = statistics.median(figures)
    met = figure >= goal.limit if goal.at_least else figure <= goal.limit
    return {**answer, "met": met, "figure": figure, "lowest": min(figures), "highest": max(figures)}


def _cell(column: Column, turns: Turns, first: Turns) -> str:
    here = spread(turns, column.value)
    if here is None:
        return "-"
    text = f"{here.median:.{column.digits}f}"
    if len(turns.outcomes) > 1:
        text += f" ({here.lowest:.{column.digits}f}–{here.highest:.{column.digits}f})"
    if column.ratio and turns is not first and (ours := spread(first, column.value)) and ours.median:
        text += f" {here.median / ours.median:5.2f}×"
    return text


def _aligned(cells: list[str], widths: list[int]) -> list[str]:
    if len(cells) != len(widths):
        return cells
    return [cell.rjust(width) for cell, width in zip(cells, widths, strict=True)]
