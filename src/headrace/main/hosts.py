"""The function hosts of deployed FlowApps, and the calls that go to them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from headrace.call import Calls
from headrace.engine import events
from headrace.engine.commands import Invoke
from headrace.errors import HeadraceError
from headrace.function.host import FunctionHost


class HostedCalls:
    """Tells the function host which invocations are in flight, so that it can attribute output lines."""

    def __init__(self, calls: Calls, hosts: Hosts) -> None:
        self._calls = calls
        self._hosts = hosts

    async def perform(self, call: Invoke) -> events.CallCompleted | events.CallFailed:
        if call.kind != "function":
            return await self._calls.perform(call)
        host = self._hosts.host_of(call.target)
        if host is None:
            return await self._calls.perform(call)
        # Lines are attributed by process, so there must be one; an error comes again where it is reported.
        with contextlib.suppress(HeadraceError):
            await host.address(call.target)
        host.began(call.target, call.invocation_id)
        try:
            return await self._calls.perform(call)
        finally:
            host.ended(call.target, call.invocation_id)

    def cancel(self, invocation_id: str) -> None:
        self._calls.cancel(invocation_id)


class Hosts:
    """The function hosts of the deployed FlowApps; names of functions are unique among them."""

    def __init__(self, on_log: Callable[[Any], None], *, reload: bool) -> None:
        self._on_log = on_log
        self._reload = reload
        self._hosts: dict[str, FunctionHost] = {}
        self._entries: dict[str, tuple[str, Mapping[str, Any]]] = {}
        self._all: list[FunctionHost] = []

    def host_of(self, name: str) -> FunctionHost | None:
        """Return the host that serves a function, if one does."""
        return self._hosts.get(name)

    def serve(self, project_dir: Path, functions: Mapping[str, Mapping[str, Any]]) -> FunctionHost | None:
        """Serve those functions of a project that have code in it and are not served yet."""
        new: dict[str, Mapping[str, Any]] = {}
        for name, entry in functions.items():
            known = self._entries.get(name)
            wanted = (str(project_dir), dict(entry))
            if known == wanted:
                continue
            if known is not None and known[0] != str(project_dir):
                raise HeadraceError(
                    f"two projects have a function {name!r}: {known[0]} and {project_dir}; rename one"
                )
            self._entries[name] = wanted
            new[name] = entry
        if not new:
            return None
        host = FunctionHost(project_dir, new, on_log=self._on_log, reload=self._reload)
        self._all.append(host)
        for name in new:
            self._hosts[name] = host
        return host

    async def address(self, name: str) -> str:
        """Return the base URL of a function once it is ready (`headrace.call.FunctionTargets`)."""
        host = self._hosts.get(name)
        if host is None:
            raise HeadraceError(
                f"no function {name!r} is served here; give it `source`, `command` or `url` in the FlowApp"
            )
        return await host.address(name)

    async def stop(self) -> None:
        """Stop all function processes."""
        await asyncio.gather(*(host.stop() for host in self._all))


def project_of(path: Path) -> Path:
    """Return the project of a definition's file: its folder, or the one above where that is `config/`."""
    folder = path.absolute().parent
    return folder.parent if folder.name == "config" else folder
