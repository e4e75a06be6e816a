"""Real readers in processes of their own: `headrace worker`, killed as a crash does."""

from __future__ import annotations

import subprocess
from pathlib import Path

from e2e.command import HEADRACE, environment
from integration.worker.place import Place

# Notes every begin and end of an item in a file, in one write each.
NAP = """\
import os, time

def note(what, item, context):
    with open(os.environ["NOTES"], "a") as file:
        file.write(f"{what} {context.id} {context.attempt} {os.getpid()}\\n")

def nap(item, context):
    note("begin", item, context)
    time.sleep(float(item))
    note("end", item, context)
    return item
"""


class Readers:
    """Starts readers of a place; ends those that are left."""

    def __init__(self, place: Place, folder: Path) -> None:
        self._place = place
        self._folder = folder
        self.notes = folder / "notes.txt"
        self.notes.touch()
        (folder / "application.py").write_text(NAP)
        self.running: list[subprocess.Popen[str]] = []

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Start a reader that naps as long as its items say."""
        process = subprocess.Popen(
            [
                *(*HEADRACE, "worker", "--queue", self._place.address, "--name", self._place.name),
                *("--call", "application:nap", *options),
            ],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(NOTES=str(self.notes), PYTHONUNBUFFERED="1"),
        )
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[str]) -> None:
        """End a reader as a crash does."""
        process.kill()
        process.communicate()
        self.running.remove(process)

    def noted(self, what: str, pid: int | None = None) -> list[str]:
        """Return the ids of items that were begun, or that ended, as often as it happened (in a process)."""
        lines = [line.split() for line in self.notes.read_text().splitlines()]
        return [line[1] for line in lines if line[0] == what and pid in (None, int(line[3]))]

    def close(self) -> None:
        for process in list(self.running):
            self.kill(process)
