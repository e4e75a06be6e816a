"""The function hosts of deployed FlowApps, and the calls that go to them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from headrace.call import Calls
from headrace.engine import events
from headrace.engine.commands import Invoke
from headrace.errors import HeadraceError
from headrace.function.host import FunctionHost, FunctionLog
from headrace.main.function_lines import FunctionLines

# (flow, name)
_Key = tuple[str, str]


def unversioned(flow: str) -> str:
    """Return `namespace/name` of `namespace/name:version`."""
    return flow.partition(":")[0]


class HostedCalls:
    """Tells the function host which invocations are in flight, so that it can attribute output lines."""

    def __init__(self, calls: Calls, hosts: Hosts) -> None:
        self._calls = calls
        self._hosts = hosts

    async def perform(self, call: Invoke) -> events.CallCompleted | events.CallFailed:
        if call.kind != "function":
            return await self._calls.perform(call)
        host = self._hosts.host_of(unversioned(call.flow), call.target)
        if host is None:
            return await self._calls.perform(call)
        # Lines are attributed by process, so there must be one; an error comes again where it is reported.
        with contextlib.suppress(HeadraceError):
            await host.address(call.target)
        host.began(call.target, call.invocation_id)
        pid = host.pid(call.target)
        try:
            answer = await self._calls.perform(call)
        finally:
            host.ended(call.target, call.invocation_id)
        if pid is not None and pid == host.pid(call.target):
            # Ports are given again, and a log names processes.
            return msgspec.structs.replace(answer, worker=f"{answer.worker}, process {pid}")
        return answer

    def cancel(self, invocation_id: str) -> None:
        self._calls.cancel(invocation_id)


class Hosts:
    """The function hosts of the deployed FlowApps. A function is named by its flow and its name.

    `flow` is `namespace/name`, without a version: all versions of a flow are served by the code there is.
    """

    def __init__(self, on_log: Callable[[Any], None], *, reload: bool) -> None:
        self.lines = FunctionLines()
        self._on_log = on_log
        self._reload = reload
        self._hosts: dict[_Key, FunctionHost] = {}
        self._entries: dict[_Key, tuple[str, Mapping[str, Any]]] = {}
        self._masks: dict[str, Callable[[str], str]] = {}
        self._all: list[FunctionHost] = []
        self._stopping: set[asyncio.Task[None]] = set()

    def host_of(self, flow: str, name: str) -> FunctionHost | None:
        """Return the host that serves a function, if one does."""
        return self._hosts.get((flow, name))

    def flows(self) -> set[str]:
        """Return the flows of which functions are served."""
        return {flow for flow, _ in self._hosts}

    def of_flow(self, flow: str) -> list[FunctionHost]:
        """Return the hosts that serve functions of a flow."""
        return list({id(host): host for (of, _), host in self._hosts.items() if of == flow}.values())

    def serve(
        self,
        flow: str,
        project_dir: Path,
        functions: Mapping[str, Mapping[str, Any]],
        *,
        mask: Callable[[str], str] = str,
    ) -> FunctionHost | None:
        """Serve those functions of a flow that are not served yet, or that were served otherwise.

        `mask` takes secrets out of a line that is kept for who looks at a function.
        """
        self._masks[flow] = mask
        new: dict[str, Mapping[str, Any]] = {}
        for name, entry in functions.items():
            wanted = (str(project_dir), dict(entry))
            if self._entries.get((flow, name)) != wanted:
                self._entries[flow, name] = wanted
                new[name] = entry
        if not new:
            return None
        host = FunctionHost(project_dir, new, on_log=partial(self._take, flow), reload=self._reload)
        self._all.append(host)
        for name in new:
            self._hosts[flow, name] = host
        self._stop_replaced()
        return host

    def _stop_replaced(self) -> None:
        """Stop hosts of which every function is served by another one now."""
        used = {id(host) for host in self._hosts.values()}
        for host in [each for each in self._all if id(each) not in used]:
            self._all.remove(host)
            task = asyncio.get_running_loop().create_task(host.stop())
            self._stopping.add(task)
            task.add_done_callback(self._stopping.discard)

    def _take(self, flow: str, line: FunctionLog) -> None:
        self._on_log(line)
        mask = self._masks.get(flow)
        if mask is not None:
            self.lines.add(flow, line, mask(line.text))

    def forget(self, flow: str) -> None:
        """Stop serving the functions of a flow that is deleted."""
        self._masks.pop(flow, None)
        self.lines.forget(flow)
        for key in [key for key in self._hosts if key[0] == flow]:
            del self._hosts[key], self._entries[key]
        self._stop_replaced()

    async def address(self, name: str, flow: str) -> str:
        """Return the base URL of a function once it is ready (`headrace.call.FunctionTargets`)."""
        host = self._hosts.get((unversioned(flow), name))
        if host is None:
            raise HeadraceError(
                f"no function {name!r} is served here; give it `source`, `command` or `url` in the FlowApp"
            )
        return await host.address(name)

    async def stop(self) -> None:
        """Stop all function processes."""
        await asyncio.gather(*(host.stop() for host in self._all), *self._stopping)


def project_of(path: Path) -> Path:
    """Return the project of a definition's file: its folder, or the one above where that is `config/`."""
    folder = path.absolute().parent
    return folder.parent if folder.name == "config" else folder
