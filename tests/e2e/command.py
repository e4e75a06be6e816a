"""The real `headrace` in processes of its own, and the projects that it is tried on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HEADRACE = (sys.executable, "-m", "headrace.cli")
DEADLINE_SECONDS = 30.0


def environment(**variables: str) -> dict[str, str]:
    """Return the environment of a command: this one's, without what would change its answers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HEADRACE_")}
    kept.pop("NO_COLOR", None)
    # Whoever runs the tests may be logged in somewhere. Unbuffered: what is said on both outputs is in order.
    return {**kept, "XDG_CONFIG_HOME": "/nonexistent", "PYTHONUNBUFFERED": "1", **variables}


def headrace(
    *arguments: str, cwd: Path, input: str | None = None, code: int | None = 0, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; `code` is the exit code that is expected."""
    done = subprocess.run(
        [*HEADRACE, *arguments],
        cwd=cwd,
        input=input if input is not None else "",
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        env=environment(**variables),
        check=False,
    )
    assert code is None or done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
    assert not done.stderr.startswith("Traceback") and "\nTraceback" not in done.stderr, done.stderr
    return done


def begin(*arguments: str, cwd: Path, **variables: str) -> subprocess.Popen[str]:
    """Start a command and return it while it runs."""
    return subprocess.Popen(
        [*HEADRACE, *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(**variables),
    )


def answer(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for the end of a command; return its code, stdout and stderr."""
    try:
        stdout, stderr = process.communicate(timeout=DEADLINE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError(f"did not end: {process.communicate()}") from None
    return process.returncode, stdout, stderr


def eventually(condition: Callable[[], Any], what: str) -> Any:
    """Return the first true value of `condition`."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"{what} did not happen within {DEADLINE_SECONDS:g} s")


GATED = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: gated, namespace: test}
spec:
  version: 1.0.0
  functions:
    note: {source: cmd/note}
    gate: {source: cmd/gate}
  steps:
    - first: {call: note, with: {step: first}}
    - slow: {call: gate, with: {step: slow}}
    - last: {call: note, with: {step: last}}
"""

_NOTE = """\
from pathlib import Path

from headrace.function import Context, function

CALLS = Path(__file__).resolve().parents[2] / "calls.txt"


def write(step: str, context: Context) -> None:
    with CALLS.open("a") as file:
        file.write(f"{step} {context.invocation_id}\\n")


"""
_FUNCTIONS = {
    "note": """\
@function
def note(data: dict, context: Context) -> dict:
    write(data["step"], context)
    return {"done": data["step"]}
""",
    "gate": """\
@function
def gate(data: dict, context: Context) -> dict:
    import time

    write(data["step"], context)
    while not (CALLS.parent / "open").exists():
        time.sleep(0.01)
    return {"done": data["step"]}
""",
}


class Gated:
    """A project whose second step waits until `open` is called; all calls are noted in a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "config").mkdir(parents=True)
        (folder / "config" / "flowapp.yaml").write_text(GATED)
        for name, text in _FUNCTIONS.items():
            (folder / "cmd" / name).mkdir(parents=True)
            (folder / "cmd" / name / "main.py").write_text(_NOTE + text)

    def calls(self) -> list[tuple[str, str]]:
        """Return (step, invocation id) of every call so far."""
        try:
            lines = (self.folder / "calls.txt").read_text().splitlines()
        except FileNotFoundError:
            return []
        return [(step, invocation) for step, invocation in (line.split() for line in lines)]

    def steps(self) -> list[str]:
        """Return the steps that were called so far."""
        return [step for step, _ in self.calls()]

    def open(self) -> None:
        """Let the second step end."""
        (self.folder / "open").touch()

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `headrace run` and return once its second step is in flight."""
        process = begin("run", *arguments, cwd=self.folder)
        eventually(lambda: "slow" in self.steps() or process.poll() is not None, "the second step")
        assert process.poll() is None, process.communicate()
        return process

    def executions(self) -> list[dict[str, Any]]:
        """Return what `executions list` shows."""
        return list(json.loads(headrace("executions", "list", "-o", "json", cwd=self.folder).stdout))
