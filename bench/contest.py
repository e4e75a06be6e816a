"""Runs contenders by turns (A B C A B C ...), each in a process of its own, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.tree import die_with_parent, stop_descendants

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results"
TIMEOUT_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Contender:
    """A module of `bench` that measures itself and reports a `workload.Outcome` on its last line."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()


@dataclass(slots=True)
class Turns:
    """What one contender reported, round by round, or why it could not."""

    outcomes: list[dict[str, Any]] = field(default_factory=list)
    failure: str = ""


def hold(contenders: list[Contender], rounds: int, scratch: Path) -> dict[str, Turns]:
    """`rounds` times each contender, in turn; one that fails is left out from then on."""
    turns = {contender.name: Turns() for contender in contenders}
    for number in range(1, rounds + 1):
        for contender in contenders:
            turn = turns[contender.name]
            if turn.failure:
                continue
            started = time.perf_counter()
            progress(f"  round {number} of {rounds}: {contender.name} ... ")
            try:
                turn.outcomes.append(run(contender, scratch))
                progress(f"{time.perf_counter() - started:.1f} s\n")
            except ContenderFailed as error:
                turn.failure = str(error)
                progress(f"failed: {error}\n")
    return turns


class ContenderFailed(Exception):
    """A contender ended without a result; says what it said last."""


def run(contender: Contender, scratch: Path) -> dict[str, Any]:
    """One turn: start it, wait for its report, end whatever it left running."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        # Its data lies beside the results, on a real disk: in a /tmp that is memory, syncing costs nothing.
        environment = {**os.environ, "TMPDIR": folder, "PYTHONDONTWRITEBYTECODE": ""}
        process = subprocess.Popen(
            [sys.executable, "-m", contender.module, *contender.arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C comes to us alone; we end the rest
            preexec_fn=die_with_parent,
        )
        try:
            output, complaints = process.communicate(timeout=TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            raise ContenderFailed(f"no result after {TIMEOUT_SECONDS:.0f} s") from None
        finally:
            stop_descendants()
    if process.returncode:
        said = complaints.strip().splitlines() or [f"ended with {process.returncode}"]
        raise ContenderFailed(said[-1])
    return dict(json.loads(output.strip().splitlines()[-1]))


def progress(text: str) -> None:
    """Tell whoever waits, on stderr: stdout is for the table."""
    sys.stderr.write(text)
    sys.stderr.flush()
