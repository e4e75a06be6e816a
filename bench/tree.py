"""CPU seconds and memory of a process and of everything that it started, from /proc (Linux)."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a tree of processes used between `Meter.start` and `Meter.stop`."""

    wall_seconds: float
    cpu_seconds: float
    cpu_by_process: dict[str, float]
    rss_start_bytes: int
    rss_end_bytes: int
    rss_peak_bytes: int
    """Sum over the processes of their highest resident memory ever; memory that they share counts once."""


class Meter:
    """Measures the tree under this process, itself included, between two instants."""

    def start(self) -> None:
        """Remember what every process has used so far."""
        self._cpu_before = _cpu_by_pid(tree(os.getpid()))
        self._rss_before = _resident_bytes(list(self._cpu_before), "VmRSS")
        self._started = time.perf_counter()

    def stop(self) -> Usage:
        """What was used since `start`; a process that has ended counts through the parent that reaped it."""
        wall_seconds = time.perf_counter() - self._started
        after = _cpu_by_pid(tree(os.getpid()))
        by_process: defaultdict[str, float] = defaultdict(float)
        for pid, seconds in after.items():
            by_process[_name(pid)] += seconds - self._cpu_before.get(pid, 0.0)
        pids = list(after)
        return Usage(
            wall_seconds=wall_seconds,
            # A process that was there at `start` and has ended since is now in its parent's waited-for time,
            # which counted only from zero before: take out what it had used by then.
            cpu_seconds=sum(by_process.values())
            - sum(seconds for pid, seconds in self._cpu_before.items() if pid not in after),
            cpu_by_process={name: round(seconds, 4) for name, seconds in by_process.items()},
            rss_start_bytes=self._rss_before,
            rss_end_bytes=_resident_bytes(pids, "VmRSS"),
            rss_peak_bytes=_resident_bytes(pids, "VmHWM"),
        )


def tree(root: int) -> list[int]:
    """`root` and all of its descendants that are alive now."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (fields := _stat_fields(int(entry))):
            children[int(fields[1])].append(int(entry))
    found = [root]
    for pid in found:
        found.extend(children[pid])
    return found


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends: none escapes `stop_descendants`."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent() -> None:
    """For `preexec_fn`: be told to stop (SIGTERM) when the process that started this one is gone."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def stop_descendants(grace_seconds: float = 1.0) -> None:
    """End every process below this one: asked first, forced after `grace_seconds`; reaps them all."""
    for sent in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + grace_seconds
        for pid in tree(os.getpid())[1:]:
            _signal(pid, sent)
        while time.monotonic() < deadline:
            _reap()
            if len(tree(os.getpid())) == 1:
                return
            time.sleep(0.02)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _cpu_by_pid(pids: list[int]) -> dict[int, float]:
    used = {}
    for pid in pids:
        fields = _stat_fields(pid)
        if not fields or fields[0] == "Z":
            continue
        waited_for = (int(fields[13]) + int(fields[14])) * TICK_SECONDS
        try:
            # The process's own CPU clock: nanoseconds, ended threads included (proc(5) has only 10 ms ticks).
            used[pid] = time.clock_gettime((~pid << 3) | 2) + waited_for
        except OSError:
            continue
    return used


def _stat_fields(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name: [0] state, [1] parent, [13] and [14] children's CPU."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text[text.rindex(")") + 2 :].split()


def _name(pid: int) -> str:
    """The module that a `python -m` runs, or the program's own name."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        return (
            words[words.index("-m") + 1] if "-m" in words else Path(f"/proc/{pid}/comm").read_text().strip()
        )
    except (FileNotFoundError, ProcessLookupError):
        return "ended"


def _resident_bytes(pids: list[int], key: str) -> int:
    total = shared = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        kib = {name: int(value.split()[0]) for name, _, value in (line.partition(":") for line in lines)
               if name in (key, "RssShmem")}  # fmt: skip
        shmem = kib.get("RssShmem", 0)
        total += kib.get(key, 0) - shmem
        shared = max(shared, shmem)
    return (total + shared) * 1024
