"""The whole platform in one process: what `headrace up` runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import headrace
from headrace.access.rate import RateLimit
from headrace.alert.alerts import Alerts
from headrace.alert.queues import OpenQueues
from headrace.api.assets import Assets
from headrace.api.deploying import Deploying
from headrace.api.front import Front
from headrace.api.hooks import PREFIX, Hooks
from headrace.api.identify import identifier
from headrace.api.listener import Listener
from headrace.api.live import Hub
from headrace.api.platform import Enter, RunningPlatform, untraced
from headrace.call import HostPolicy, HttpOptions
from headrace.call.client import HttpClient
from headrace.engine.trace import accepted
from headrace.errors import HeadraceError
from headrace.main.access import open_access, open_links
from headrace.main.leaving import Leaving
from headrace.main.library import Headrace
from headrace.main.platform_queues import PlatformQueues
from headrace.main.projects import DEFINITION, ProjectWatch, new_project
from headrace.main.retention import Retaining
from headrace.main.sampling import Sampling
from headrace.main.saving import saver
from headrace.main.starting import starter
from headrace.metrics import Metrics
from headrace.metrics.stuck_loop import StuckLoop
from headrace.metrics.traces import Traces, wanted
from headrace.runtime.clock import Clock, SystemClock
from headrace.runtime.definitions import Deployed
from headrace.source.sources import Sources
from headrace.store.sqlite.alerts import SqliteAlerts
from headrace.store.sqlite.counts import open_executions
from headrace.store.sqlite.decisions import SqliteDecisions
from headrace.store.sqlite.flowapps import SqliteFlowApps
from headrace.store.sqlite.lists import SqliteLists
from headrace.store.sqlite.triggers import SqliteTriggers
from headrace.store.triggers import TriggerName

DEFAULT_PORT = 8420
# Of the requests of one address to the pages that links open.
LINK_BURST = 60
LINK_PER_SECOND = 1.0
LOOPBACK = ("127.0.0.1", "::1", "localhost")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ServerOptions:
    """How a server runs. `projects` are folders with a project, or with projects right below."""

    store: Path
    projects: Sequence[Path] = ()
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT  # 0: any that is free
    queue: str | None = None  # redis://HOST:PORT or a file; by default queue.db beside the store
    token: str | None = None  # the administrator's; made and shown once where None
    access: Path | None = None  # a file with `AccessSettings`: public URL, OpenID Connect, limits
    secrets: Path | None = None
    catalog: Path | None = None
    watch: bool = True  # deploy definitions again when their files change
    calls: Literal["any", "public"] | None = None  # hosts that calls may reach; None: any on loopback only
    durability: Literal["full", "normal"] = "full"
    max_concurrent_calls: int = 256
    lifecycle_events: bool = False
    grace_seconds: float = 10.0
    otel: bool = False  # send traces, also where the environment does not ask for it
    functions: Mapping[str, Any] | None = None  # Python callables of this process


class Server:
    """One server. `start` returns when it takes work, `stop` when everything is written and closed."""

    def __init__(self, options: ServerOptions, *, clock: Clock | None = None) -> None:
        self.options = options
        self.clock: Clock = clock or SystemClock()
        self.refused: list[tuple[Path, HeadraceError]] = []  # projects that could not be deployed
        self._started = False

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._listener.url

    async def start(self) -> RunningPlatform:
        """Open the store, run what is deployed, let open executions go on, listen.

        Raises `HeadraceError` when the address is taken, or the store is.
        """
        options = self.options
        # Bound first: of two servers on one port the second one must not touch anything.
        self._listener = Listener(options.host, options.port, grace_seconds=options.grace_seconds)
        try:
            self.platform = await self._compose()
        except BaseException:
            await self._listener.stop()
            raise
        self._started = True
        try:
            await self._deploying.restore()
            self.refused = await self._projects.deploy_all()
            await self._alerts.start()
            await self.headrace.recover()
            self._leave_deleted()
            self.retaining.start()
            self.sampling.start()
            if options.watch:
                self._projects.start()
            await self._listener.start(self._front())
            self.headrace.sqlite.announce(self.url)
        except BaseException:
            await self.stop()
            raise
        self.platform.unready.pop("start", None)
        return self.platform

    async def stop(self) -> None:
        """Take nothing new, let what is under way be answered, write everything, close."""
        if not self._started:
            return
        self._started = False
        self.platform.unready["stop"] = "the server stops"
        await self._projects.stop()
        await self._sources.stop()
        # Streams would hold the listener until its grace is over.
        self.platform.hub.close()
        # Who waits for an execution gets its output if it ends soon; else they are told where it is, in time.
        releasing = asyncio.get_running_loop().call_later(
            self.options.grace_seconds / 2, self.headrace.runtime.release_waiters
        )
        await self._listener.stop()
        releasing.cancel()
        await self._lag.stop()
        self._stuck.stop()
        await self._leaving.stop()
        await self.retaining.stop()
        await self.sampling.stop()
        await self._alerts.stop()
        await self._webhooks.aclose()
        await self.access.close()
        await self._queues.aclose()
        await self.headrace.shut_down()
        if self._traces is not None:
            await self._traces.aclose()

    async def _compose(self) -> RunningPlatform:
        options = self.options
        local = options.calls == "any" or (options.calls is None and options.host in LOOPBACK)
        self.metrics = Metrics(version=headrace.__version__)
        self._traces = Traces.open(version=headrace.__version__) if options.otel or wanted() else None
        enter = untraced if self._traces is None else entering(self._traces)
        http = HttpOptions(policy=HostPolicy.local() if local else HostPolicy())
        self.headrace = Headrace(
            options.store,
            functions=options.functions,
            secrets=options.secrets,
            catalog=options.catalog,
            http=http,
            clock=self.clock,
            durability=options.durability,
            max_concurrent_calls=options.max_concurrent_calls,
            lifecycle_events=options.lifecycle_events,
            namespaced_events=True,
            reload=options.watch,
            grace_seconds=options.grace_seconds,
            queue=options.queue,
            metrics=self.metrics,
            traces=self._traces,
        )
        await self.headrace.start_up(recover=False)
        store = self.headrace.sqlite
        try:
            self.access = await open_access(
                store, now=self.clock.now, given_token=options.token, settings_file=options.access
            )
        except BaseException:
            await self.headrace.shut_down()
            raise
        # What is put over the API is meant for its namespace; files and variables are for all of them.
        self.headrace.runtime.prefer_secrets(self.access.secrets)
        runtime = self.headrace.runtime
        flowapps = SqliteFlowApps(store)
        self._queues = PlatformQueues(self.headrace.place, self.metrics)
        self._sources = Sources(
            SqliteTriggers(store),
            starter(runtime, self._current, enter),
            self.clock,
            open_queue=self._queues.open,
            fired=self._fired,
        )
        self.sampling = Sampling(self._queues.sampled, self.clock)
        self._webhooks = HttpClient(http)
        self._alerts = Alerts(
            SqliteAlerts(store),
            client=self._webhooks,
            secret=lambda namespace, name: runtime.secret(name, namespace),
            clock=self.clock,
            queues=OpenQueues(self._queues),
            metrics=self.metrics,
        )
        self.headrace.watch(self._alerts)
        self.retaining = Retaining(self.headrace.prune, self.clock)
        runtime.on_end(self._sources.ended)
        runtime.offer_events(self._sources.offer)
        self._lag = self.metrics.loop_lag()
        self._lag.start()
        self._stuck = StuckLoop()
        self._stuck.start()
        self.metrics.watch_calls(lambda: runtime.open_calls)
        self.metrics.watch_executions(partial(open_executions, store))
        self.metrics.watch_queues(self._queues.figures)
        self._leaving = Leaving(store, self.headrace.hosts)
        runtime.on_end(self._leaving.ended)
        self._deploying = Deploying(
            flowapps=flowapps,
            definitions=self.headrace.definitions,
            clock=self.clock,
            serve=self._serve,
            forget=self._leaving.leave,
            new_project=partial(new_project, options.projects),
            listeners=[self._sources, self._alerts, self.retaining],
        )
        self._projects = ProjectWatch(options.projects, self._deploy)
        return RunningPlatform(
            store=store,
            lists=SqliteLists(store),
            look=self.headrace.delivery.look,
            batches=self.headrace.delivery.batches,
            hub=Hub(self.headrace.runtime),
            runtime=runtime,
            definitions=self.headrace.definitions,
            flowapps=flowapps,
            deploying=self._deploying,
            identify=identifier(self.access),
            access=self.access,
            clock=self.clock,
            queues=self._queues,
            samples=self.sampling,
            version=headrace.__version__,
            started_at=self.clock.now(),
            base_url=self._listener.url,
            hosts=self.headrace.hosts,
            sources=self._sources,
            metrics=self.metrics,
            alerts=self._alerts,
            save_test=saver(store, self.headrace.definitions),
            decisions=SqliteDecisions(store),
            links=open_links(store),
            link_rate=RateLimit(LINK_BURST, LINK_PER_SECOND, now=self.clock.now),
            enter=enter,
            unready={"start": "the server starts"},
        )

    def _front(self) -> Front:
        from headrace.api.app import create_app

        hot = {PREFIX: Hooks(self.platform)}
        return Front(create_app(self.platform), hot, pages=Assets(), count=self.metrics.request_ended)

    async def _current(self, namespace: str, name: str) -> Deployed:
        """Return the content of a FlowApp that its triggers start."""
        return (await self._deploying.current(namespace, name))[1]

    async def _deploy(self, project: Path) -> None:
        """Deploy the definition of a project, in the namespace that it names."""
        from headrace.spec.flowapp import parse_definition

        file = project / DEFINITION
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise HeadraceError(f"{file} cannot be read: {error}") from error
        definition, problems = parse_definition(text, str(file), compile_expression=None)
        if definition is None:
            from headrace.runtime.definitions import InvalidDefinition

            raise InvalidDefinition(problems)
        applied = await self._deploying.apply(
            definition.namespace,
            text,
            by="project",
            file=str(file),
            message="from the project's folder",
            project=project,
        )
        if applied.changed:
            row = applied.row
            _log.info("deployed %s/%s %s", row.namespace, row.name, row.version)

    def _fired(self, name: TriggerName, outcome: str, lag_seconds: float | None) -> None:
        self.metrics.trigger_fired(name.namespace, name.flow, name.trigger, outcome, lag_seconds)

    def _leave_deleted(self) -> None:
        """Of what was deleted before this start only the executions that were open are left."""
        for flow in self.headrace.hosts.flows():
            namespace, _, name = flow.partition("/")
            if name not in self._deploying.running(namespace):
                self._leaving.leave(namespace, name)

    def _serve(self, deployed: Deployed, project: Path | None) -> None:
        self._leaving.stay(deployed.namespace, deployed.name)
        self.headrace.serve(deployed, project)


def entering(traces: Traces) -> Enter:
    """Return what makes a span of each start, below the `traceparent` that came with it."""

    def enter(name: str, traceparent: str | None) -> AbstractContextManager[str | None]:
        return traces.entered(name, accepted(traceparent))

    return enter
