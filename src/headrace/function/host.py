"""The local host of a project's functions: one process per function, on a loopback port.

The caller asks `address(name)` for where to send an invocation and frames it with `began` and `ended`, so
that what the function prints can be attributed to it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from headrace.errors import HeadraceError
from headrace.function.command import FunctionCommandError, function_command, function_folder
from headrace.function.guard import Guard
from headrace.function.output import FunctionLog
from headrace.function.process import FunctionStartError
from headrace.function.supervisor import State, Supervisor, SupervisorTimes
from headrace.function.watch import Snapshot, snapshot

__all__ = [
    "FunctionCommandError",
    "FunctionHost",
    "FunctionLog",
    "FunctionStartError",
    "FunctionStatus",
    "UnknownFunctionError",
]

POLL_SECONDS = 0.3


class UnknownFunctionError(HeadraceError):
    """A name that the FlowApp's `functions` does not have."""


class FunctionStatus(NamedTuple):
    """How a function is. `pid` and `port` are `None` while no process answers, and for one at a `url`.

    `restarts` counts starts after the first one; `last_error` is the last death or failed start.
    """

    name: str
    state: State
    address: str | None
    pid: int | None
    port: int | None
    restarts: int
    last_error: str | None


class FunctionHost:
    """Runs the functions of one project. All methods belong to one event loop.

    `functions` is the FlowApp's: each entry may have `source` (a folder, default `cmd/<name>`), `command` (a
    list, or one text for a shell), `language`, `url`, `env`, `parallelism` (threads of a sync Python
    callable).
    `environment` is what `PATH`, `HOME` and `LANG` are taken from, by default this process's; nothing else of
    it reaches a function. With `reload` changed code is taken up at once.
    A function starts when it is first asked for, or all start with `start`.
    """

    def __init__(
        self,
        project_dir: Path | str,
        functions: Mapping[str, Mapping[str, Any]],
        *,
        on_log: Callable[[FunctionLog], None],
        reload: bool = False,
        environment: Mapping[str, str] | None = None,
        times: SupervisorTimes | None = None,
    ) -> None:
        self._project_dir = Path(project_dir)
        self._entries = dict(functions)
        self._on_log = on_log
        self._reload = reload
        self._environment = os.environ if environment is None else environment
        self._guard = Guard()
        self._watch_task: asyncio.Task[None] | None = None
        self._urls = {name: str(entry["url"]) for name, entry in functions.items() if entry.get("url")}
        self._supervisors = {
            name: self._supervise(name, entry, times or SupervisorTimes())
            for name, entry in functions.items()
            if name not in self._urls
        }

    def _supervise(self, name: str, entry: Mapping[str, Any], times: SupervisorTimes) -> Supervisor:
        return Supervisor(
            name,
            lambda: function_command(self._project_dir, name, entry, self._environment),
            self._guard,
            self._on_log,
            times,
        )

    async def start(self) -> None:
        """Start all functions, without waiting until they are ready."""
        for supervisor in self._supervisors.values():
            self._start(supervisor)

    async def address(self, name: str) -> str:
        """Return the URL to post invocations of `name` to, once its process answers.

        Raises `UnknownFunctionError`, `FunctionCommandError` (it is not clear how to run it), and
        `FunctionStartError` (with the last lines of the process) when the function does not come up.
        """
        supervisor = self._supervisors.get(name)
        if supervisor is None:
            return self._url(name)
        self._start(supervisor)
        return await supervisor.address()

    def began(self, name: str, invocation_id: str) -> None:
        """Tell that an invocation is about to be sent to the address of `name`."""
        supervisor = self._supervisors.get(name)
        if supervisor is not None:
            supervisor.began(invocation_id)

    def ended(self, name: str, invocation_id: str) -> None:
        """Tell that an invocation was answered or given up; call it after every `began`."""
        supervisor = self._supervisors.get(name)
        if supervisor is not None:
            supervisor.ended(invocation_id)

    def status(self) -> dict[str, FunctionStatus]:
        """Return how every function is, by name."""
        return {name: self._status_of(name) for name in self._entries}

    def pid(self, name: str) -> int | None:
        """Return the id of the process that answers for a function; None while none does, or for a URL."""
        supervisor = self._supervisors.get(name)
        process = None if supervisor is None else supervisor.process
        return None if process is None else process.pid

    def restart(self, name: str) -> None:
        """Replace the process of a function by a new one, as when its code has changed.

        Raises `UnknownFunctionError` for a name without a process.
        """
        supervisor = self._supervisors.get(name)
        if supervisor is None:
            raise UnknownFunctionError(f"There is no process of a function {name!r}.")
        supervisor.reload()

    def wake(self, name: str) -> None:
        """Start a function that nobody has asked for yet, without waiting: to see whether it starts."""
        supervisor = self._supervisors.get(name)
        if supervisor is not None:
            self._start(supervisor)

    async def stop(self) -> None:
        """Stop all functions: SIGTERM, then SIGKILL for what does not end in time."""
        if self._watch_task is not None:
            self._watch_task.cancel()
            await asyncio.gather(self._watch_task, return_exceptions=True)
            self._watch_task = None
        await asyncio.gather(*(supervisor.stop() for supervisor in self._supervisors.values()))
        await self._guard.close()

    async def __aenter__(self) -> FunctionHost:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _start(self, supervisor: Supervisor) -> None:
        supervisor.start()
        if self._reload and self._watch_task is None:
            self._watch_task = asyncio.create_task(self._watch(), name="watch functions")

    def _url(self, name: str) -> str:
        if name in self._urls:
            return self._urls[name]
        known = ", ".join(sorted(self._entries)) or "none"
        raise UnknownFunctionError(f"There is no function {name!r} in the FlowApp; it has: {known}.")

    def _status_of(self, name: str) -> FunctionStatus:
        supervisor = self._supervisors.get(name)
        if supervisor is None:
            return FunctionStatus(name, "ready", self._urls[name], None, None, 0, None)
        process = supervisor.process
        return FunctionStatus(
            name,
            supervisor.state,
            process.address if process else None,
            process.pid if process else None,
            process.port if process else None,
            max(supervisor.starts - 1, 0),
            str(supervisor.last_error) if supervisor.last_error else None,
        )

    async def _watch(self) -> None:
        folders = {
            name: function_folder(self._project_dir, name, self._entries[name]) for name in self._supervisors
        }
        loaded = await asyncio.to_thread(_snapshots, folders)
        seen = loaded
        while True:
            await asyncio.sleep(POLL_SECONDS)
            found = await asyncio.to_thread(_snapshots, folders)
            for name, files in found.items():
                # Taken up when a poll finds no further change: editors and git write several files.
                if files != loaded[name] and files == seen[name]:
                    loaded[name] = files
                    self._supervisors[name].reload()
            seen = found


def _snapshots(folders: Mapping[str, Path]) -> dict[str, Snapshot]:
    return {name: snapshot(folder) for name, folder in folders.items()}
