"""A server as people start it: `headrace up`, in a process of its own, on a store of its own."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from bench.tree import die_with_parent

TOKEN = "token-of-the-benchmark"
AUTHORIZATION = f"authorization: Bearer {TOKEN}\r\n"
READY_SECONDS = 30.0


@dataclass(slots=True)
class ServerProcess:
    """A server that is ready. `module` is the name that its CPU is counted under."""

    process: subprocess.Popen[str]
    url: str

    @property
    def port(self) -> int:
        """Where it listens, on loopback."""
        return int(self.url.rpartition(":")[2])

    def stop(self) -> None:
        """End it, and wait until everything is written."""
        self.process.terminate()
        self.process.wait(timeout=READY_SECONDS)


def start(folder: Path, *options: str) -> ServerProcess:
    """Start a server on the projects of a folder; it is ready when this returns."""
    given = ("--port", "0", "--token", TOKEN, "--no-watch", "--store", str(folder / "headrace.db"))
    process = subprocess.Popen(
        [sys.executable, "-m", "headrace.cli", "up", str(folder), *given, *options],
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if " at http" not in line:
        raise SystemExit(f"the server does not start: {line or process.wait()}")
    url = line.split(" at ")[1].strip()
    with urllib.request.urlopen(f"{url}/readyz", timeout=READY_SECONDS) as answer:
        if answer.status != 200:
            raise SystemExit(f"the server is not ready: {answer.status}")
    return ServerProcess(process, url)


def project(folder: Path, name: str, definition: str) -> None:
    """Write a project into a folder, for a server to find."""
    file = folder / name / "config" / "flowapp.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(definition)
