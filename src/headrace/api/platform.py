"""What the API works on: everything that runs in the process, by the names that handlers use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from headrace.access.role import Principal
from headrace.api.deploying import Deploying
from headrace.runtime.clock import Clock
from headrace.runtime.definitions import Definitions
from headrace.runtime.runtime import Runtime
from headrace.store.flowapps import FlowApps
from headrace.store.lists import Lists
from headrace.store.port import Store

if TYPE_CHECKING:
    from headrace.engine.waiting import Waiting
    from headrace.queue.port import WorkQueue

# Tells who makes a request, from its ASGI scope. Raises `Problem` 401, 403 (CSRF) or 429.
Identify = Callable[[Any], Awaitable[Principal]]

# Fills in where the items of queued calls are, of what an execution waits for (`delivery.looking`).
Look = Callable[[Sequence["Waiting"]], Awaitable[None]]


class Queues(Protocol):
    """The work queues of this platform, by namespace and name."""

    async def open(self, namespace: str, name: str) -> WorkQueue:
        """Return a queue; the same one each time. Its first item makes it."""
        ...

    async def names(self, namespace: str) -> list[str]:
        """Return the queues that a namespace has, in order."""
        ...

    async def pause(self, namespace: str, name: str, paused: bool) -> None:
        """Let a queue give nothing out, or give again. Raises `QueueError` for one that is not there."""
        ...


@dataclass(kw_only=True)
class Platform:
    """One running platform. `main/server.py` puts it together; tests may too."""

    store: Store
    lists: Lists
    runtime: Runtime
    definitions: Definitions
    flowapps: FlowApps
    deploying: Deploying
    identify: Identify
    clock: Clock
    queues: Queues
    version: str
    started_at: float
    base_url: str = "http://127.0.0.1"
    # Parts that a process may go without: None where they are switched off.
    look: Look | None = None
    sources: Any = None
    access: Any = None
    alerts: Any = None
    metrics: Any = None
    hub: Any = None
    hosts: Any = None
    logs: Any = None
    # Why this process should get no traffic: `ready` is answered with 503 while there is a reason.
    unready: dict[str, str] = field(default_factory=dict)

    async def record(
        self, request: Any, action: str, object_name: str, *, before: Any = None, after: Any = None
    ) -> None:
        """Write a change into the audit log: `action` is `<noun>.<verb>`, before and after are JSON data."""
        if self.access is not None:
            await self.access.audit.record(
                principal=request.scope["headrace_principal"],
                action=action,
                namespace=request.path_params.get("namespace"),
                object=object_name,
                before=before,
                after=after,
                request_id=request.scope.get("headrace_request_id"),
            )
