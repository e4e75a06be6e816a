"""The host's end of the guard process that outlives it (see `leash`)."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

# -I -S: neither the environment nor site-packages take part, and it starts in a few milliseconds.
_LEASH = (sys.executable, "-I", "-S", str(Path(__file__).with_name("leash.py")))


def leashed(command: Sequence[str]) -> list[str]:
    """Return the command line that runs `command` until this process dies."""
    return [*_LEASH, "exec", str(os.getpid()), *command]


class Guard:
    """Kills the process groups that it holds when this process dies in any way. Started by its first use."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def hold(self, group: int) -> None:
        """Kill the process group with this process."""
        if self._process is None:
            # Without the guard the kernel's leash still holds the processes themselves.
            with suppress(OSError):
                self._process = subprocess.Popen(
                    [*_LEASH, "guard"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    bufsize=0,
                    cwd="/",
                    env={},
                    start_new_session=True,  # a Ctrl+C in the terminal is not for it
                )
        self._tell(f"+{group}\n")

    def release(self, group: int) -> None:
        """Forget a process group that is gone: its number may be given to another."""
        self._tell(f"-{group}\n")

    async def close(self) -> None:
        """Kill what is still held and end the guard."""
        process, self._process = self._process, None
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            await asyncio.to_thread(process.wait)

    def _tell(self, line: str) -> None:
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.write(line.encode())
