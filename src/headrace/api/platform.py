"""What the API works on: everything that runs in the process, by the names that handlers use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from litestar.di import NamedDependency

from headrace.access.role import Principal
from headrace.api.conditional import Changing
from headrace.api.deploying import Deploying
from headrace.engine.waiting import Waiting
from headrace.runtime.clock import Clock
from headrace.runtime.definitions import Definitions
from headrace.runtime.runtime import Runtime
from headrace.store.flowapps import FlowApps
from headrace.store.lists import Lists
from headrace.store.port import Store

if TYPE_CHECKING:
    from headrace.delivery.batch.batches import Batches
    from headrace.queue.port import Stats, WorkQueue
    from headrace.queue.samples import Samples

# Tells who makes a request, from its ASGI scope. Raises `Problem` 401, 403 (CSRF) or 429.
Identify = Callable[[Any], Awaitable[Principal]]

# Fills in where the items of queued calls are, of what an execution waits for (`delivery.looking`).
Look = Callable[[Sequence[Waiting]], Awaitable[None]]

# Writes a flow test from an execution that is over, as YAML: of its id, and the name of the case (None: by
# the id). Raises `Problem` 409 for one that no test is made from.
SaveTest = Callable[[str, "str | None"], Awaitable[str]]

# Makes a span of what starts an execution: of a name and the `traceparent` that came (or None), it gives the
# `traceparent` to start with.
Enter = Callable[[str, "str | None"], AbstractContextManager["str | None"]]


def untraced(name: str, traceparent: str | None) -> AbstractContextManager[str | None]:
    """Make no span: what came is given on."""
    return nullcontext(traceparent)


class Queues(Protocol):
    """The work queues of this platform, by namespace and name."""

    async def open(self, namespace: str, name: str) -> WorkQueue:
        """Return a queue; the same one each time. Its first item makes it."""
        ...

    async def existing(self, namespace: str, name: str) -> WorkQueue | None:
        """Return a queue that is there, or None; asking makes none."""
        ...

    async def names(self, namespace: str) -> list[str]:
        """Return the queues that a namespace has, in order."""
        ...

    async def stats(self, namespace: str) -> dict[str, Stats]:
        """Return the counts of the queues that a namespace has, by name, in order: one reading for all."""
        ...

    async def pause(self, namespace: str, name: str, paused: bool) -> None:
        """Let a queue give nothing out, or give again. Raises `QueueError` for one that is not there."""
        ...


class QueuesSampled(Protocol):
    """What the queues were like lately: read every `step_seconds`, kept for `kept_seconds`."""

    @property
    def step_seconds(self) -> float: ...

    @property
    def kept_seconds(self) -> float: ...

    def of(self, namespace: str, queue: str) -> Samples:
        """Return the samples of a queue; none where it is not read, or was not there yet."""
        ...


class RunningPlatform:
    """One running platform. `main/server.py` puts it together; tests may too.

    A plain class, so that the framework hands it to handlers as it is. `look`, `batches`, `sources`,
    `access`, `alerts`, `metrics`, `hub`, `hosts`, `logs`, `save_test`, `decisions` (with `links`,
    `link_rate`) are None where a process goes without. `unready` says why this process should get no traffic:
    `ready` is answered with 503 while there is a reason.
    """

    def __init__(
        self,
        *,
        store: Store,
        lists: Lists,
        runtime: Runtime,
        definitions: Definitions,
        flowapps: FlowApps,
        deploying: Deploying,
        identify: Identify,
        clock: Clock,
        queues: Queues,
        samples: QueuesSampled,
        version: str,
        started_at: float,
        base_url: str = "http://127.0.0.1",
        look: Look | None = None,
        batches: Batches | None = None,
        sources: Any = None,
        access: Any = None,
        alerts: Any = None,
        metrics: Any = None,
        hub: Any = None,
        hosts: Any = None,
        logs: Any = None,
        decisions: Any = None,
        save_test: SaveTest | None = None,
        links: Any = None,
        link_rate: Any = None,
        enter: Enter = untraced,
        unready: dict[str, str] | None = None,
    ) -> None:
        self.store = store
        self.lists = lists
        self.runtime = runtime
        self.definitions = definitions
        self.flowapps = flowapps
        self.deploying = deploying
        self.identify = identify
        self.clock = clock
        self.queues = queues
        self.samples = samples
        self.version = version
        self.started_at = started_at
        self.base_url = base_url
        self.look = look
        self.batches = batches
        self.sources = sources
        self.access = access
        self.alerts = alerts
        self.metrics = metrics
        self.hub = hub
        self.hosts = hosts
        self.logs = logs
        self.decisions = decisions
        self.save_test = save_test
        self.links = links
        self.link_rate = link_rate
        self.enter = enter
        self.changing = Changing()
        self.unready = {} if unready is None else unready

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


# What handlers ask for, by these names: `platform: Platform`, `principal: Caller`.
Platform: TypeAlias = NamedDependency[RunningPlatform]
Caller: TypeAlias = NamedDependency[Principal]
