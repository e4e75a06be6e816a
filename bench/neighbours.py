"""How much of the machine other processes took meanwhile: with much of it, latencies say little."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

from bench.tree import TICK_SECONDS

NOTABLE_CPUS = 0.2


class Neighbours:
    """CPUs that were busy with anything but this process and what it started, since it was made."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._busy_before = _machine_seconds()
        self._own_before = _own_seconds()

    def cpus(self) -> float:
        """The average so far; call it when what this process started has ended."""
        busy = _machine_seconds() - self._busy_before
        own = _own_seconds() - self._own_before
        return max(0.0, (busy - own) / (time.monotonic() - self._started))

    def remark(self) -> str:
        """A line for the table, or nothing where the neighbours were quiet."""
        cpus = self.cpus()
        if cpus < NOTABLE_CPUS:
            return ""
        return f"other processes took {cpus:.1f} of {os.cpu_count()} CPUs meanwhile: latencies suffer most"


def _machine_seconds() -> float:
    user, nice, system, _idle, _iowait, irq, softirq, *_ = (
        int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + softirq) * TICK_SECONDS


def _own_seconds() -> float:
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)
