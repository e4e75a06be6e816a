"""Verdicts of flow tests for people: what failed, where in the test file, and how it differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from headrace.cli.terminal import Paint, one_line
from headrace.cli.words import count, duration

if TYPE_CHECKING:
    from headrace.flowtest import Failure, Verdict
    from headrace.spec.problem import Problem

MARKS = {"passed": ("✔", "green"), "failed": ("✖", "red"), "skipped": ("∅", "dim")}
LOG_LINES_SHOWN = 20


class Report:
    """Writes verdicts as they come; `quiet` writes problems only, to stderr."""

    def __init__(self, stream: TextIO, *, quiet: bool) -> None:
        self._stream = stream
        self._quiet = quiet
        self._paint = Paint.of(stream)
        self._file = ""

    def _print(self, line: str) -> None:
        if not self._quiet:
            print(line, file=self._stream, flush=True)

    def problems(self, problems: Sequence[Problem]) -> None:
        """Write what is wrong with test files and flows."""
        import sys

        for problem in dict.fromkeys(problems):
            print(problem, file=sys.stderr)
        errors = sum(problem.severity == "error" for problem in problems)
        if errors:
            print(f"{count(errors, 'error')}; nothing was run", file=sys.stderr)

    def name(self, file: str) -> None:
        """Say which test file the verdicts that follow are of."""
        self._file = file

    def file(self, file: str, flow: str) -> None:
        """Write the head of a test file."""
        self.name(file)
        self._print(f"{self._paint(file, 'bold')}  {self._paint(flow, 'dim')}")

    def verdict(self, verdict: Verdict, lines: Sequence[str] = ()) -> None:
        """Write one verdict; `lines` are what functions wrote that ran for real."""
        mark, colour = MARKS[verdict.status]
        facts = duration(verdict.seconds)
        if verdict.skipped_seconds >= 0.0005:
            facts += f", {duration(verdict.skipped_seconds)} skipped"
        if verdict.status == "skipped":
            facts = f"not run: {verdict.skip}"
        name, told = one_line(verdict.case), self._paint(f"({one_line(facts)})", "dim")
        self._print(f"  {self._paint(mark, colour)} {name}  {told}")
        for failure in verdict.failures:
            for line in self._failure(failure):
                self._print(line)
        if verdict.failures and lines:
            self._print(f"      {self._paint('what functions wrote:', 'dim')}")
            for line in lines[-LOG_LINES_SHOWN:]:
                self._print(f"        {one_line(line)}")

    def _failure(self, failure: Failure) -> list[str]:
        place = self._paint(f"{self._file}:{failure.line}:{failure.column}", "dim")
        lines = [
            f"      {self._paint(failure.what, 'red', 'bold')}: {one_line(failure.message)}",
            f"        {place}",
        ]
        for line in failure.differences:
            colour = {"-": "red", "+": "green"}.get(line[:1], "")
            lines.append(f"        {self._paint(one_line(line), colour)}")
        return lines

    def sum(self, verdicts: Sequence[Verdict], seconds: float) -> None:
        """Write the last line."""
        told = []
        for status, colour in (("failed", "red"), ("passed", "green"), ("skipped", "dim")):
            number = sum(verdict.status == status for verdict in verdicts)
            if number:
                told.append(self._paint(f"{number:,} {status}", colour))
        self._print(f"\n{count(len(verdicts), 'case')}: {', '.join(told)}  in {duration(seconds)}")
