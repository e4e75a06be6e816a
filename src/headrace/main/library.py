"""`Headrace`: the engine inside a program, on the embedded store."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import orjson

from headrace.call import HostPolicy, HttpOptions, standard_calls
from headrace.call.auth import Authenticator
from headrace.call.client import HttpClient
from headrace.call.metered import MeteredCalls
from headrace.call.resource import Resources
from headrace.call.traced import TracedCalls
from headrace.delivery import QueuedCalls
from headrace.engine import events
from headrace.engine.state import FINAL_STATUSES
from headrace.engine.waiting import Waiting
from headrace.errors import HeadraceError
from headrace.main.function_lines import masking
from headrace.main.hosts import HostedCalls, Hosts, project_of
from headrace.main.queues import batch_files_of, place_of
from headrace.metrics import Metrics
from headrace.metrics.traces import Traces
from headrace.runtime.clock import Clock, SystemClock
from headrace.runtime.definitions import Catalog, Definitions, Deployed, InvalidDefinition
from headrace.runtime.logs import FunctionLogs
from headrace.runtime.rerun import rerun
from headrace.runtime.results import Result
from headrace.runtime.runtime import Calls, Observe, Runtime
from headrace.runtime.secrets import (
    ChainedSecrets,
    EnvironmentSecrets,
    FileSecrets,
    MappingSecrets,
    SecretProvider,
)
from headrace.store.metered import StoreMeter
from headrace.store.port import ExecutionQuery, ExecutionRow, LogLine, Retention, Store, TaskRun
from headrace.store.sqlite import SqliteStore
from headrace.store.traced import StoreTracer
from headrace.store.watched import WatchedStore, Watcher

__all__ = ["ExecutionFaulted", "Handle", "Headrace", "InvalidDefinition", "open_store"]

DEFAULT_NAMESPACE = "default"
OPEN_PAGE = 1000


class ExecutionFaulted(HeadraceError):
    """`run` ended otherwise than well. `result` has the status and the OWS error."""

    def __init__(self, result: Result) -> None:
        error = result.error or {}
        text = error.get("detail") or error.get("title") or error.get("type") or result.status
        place = f" at {error['instance']}" if error.get("instance") else ""
        super().__init__(f"execution {result.execution_id} {result.status}{place}: {text}")
        self.result = result


class Handle:
    """An execution that was started."""

    def __init__(self, headrace: Headrace, execution_id: str) -> None:
        self._headrace = headrace
        self.id = execution_id

    async def result(self) -> Result:
        """Wait until the execution is final and return status, output and error."""
        return await self._headrace.runtime.result(self.id)


class _ServedDefinitions(Definitions):
    """Serves the functions of what is asked for by name: an earlier process may have deployed it.

    That is how executions start others (`run: workflow`), and how a program starts a flow by its name.
    """

    def __init__(self, serve: Callable[[Deployed], None], store: Store, **settings: Any) -> None:
        super().__init__(store, **settings)
        self._serve = serve

    async def by_name(self, namespace: str, name: str, version: str = "latest") -> Deployed:
        deployed = await super().by_name(namespace, name, version)
        self._serve(deployed)
        return deployed


async def open_store(
    path: str | os.PathLike[str], *, read_only: bool = False, durability: Literal["full", "normal"] = "full"
) -> SqliteStore:
    """Open the embedded store. See `SqliteStore.open` for what it raises."""
    return await SqliteStore.open(path, read_only=read_only, durability=durability)


class Headrace:
    """A durable workflow engine inside your own program::

        async with Headrace("flows.db", functions={"charge": charge}) as headrace:
            flow = await headrace.deploy(Path("config/flowapp.yaml"))
            output = await headrace.run(flow, {"id": 7})

    `store` is a file, or `:memory:` for tests. `functions` are Python callables, sync or async, of (data) or
    (data, context), called in this process; other functions of a FlowApp with `source` or `command` run as
    processes of their own, out of `project` (by default the folder of the definition's file).

    Functions with `delivery: queue` are called by the work queues at `queue`: redis://HOST:PORT, or a file;
    by default `queue.db` beside the store, and for a store in memory a temporary one.

    `metrics` counts what happens, `traces` makes spans of it.
    """

    def __init__(
        self,
        store: str | os.PathLike[str] = ":memory:",
        *,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        project: str | os.PathLike[str] | None = None,
        secrets: SecretProvider | Mapping[str, Any] | str | os.PathLike[str] | None = None,
        catalog: str | os.PathLike[str] | None = None,
        http: HttpOptions | None = None,
        clock: Clock | None = None,
        durability: Literal["full", "normal"] = "full",
        max_concurrent_calls: int = 256,
        lifecycle_events: bool = False,
        namespaced_events: bool = False,
        reload: bool = False,
        grace_seconds: float = 10.0,
        queue: str | os.PathLike[str] | None = None,
        metrics: Metrics | None = None,
        traces: Traces | None = None,
    ) -> None:
        self._store_path = store
        self._metrics = metrics
        self._traces = traces
        self._queue = queue
        self._functions = dict(functions or {})
        self._project = None if project is None else Path(project)
        self._secrets = _secret_provider(secrets)
        self._catalog = Catalog(None if catalog is None else str(Path(catalog).absolute()))
        self._http = http or HttpOptions(policy=HostPolicy.local())
        self._clock: Clock = clock or SystemClock()
        self._secret_names: dict[str, set[str]] = {}  # by flow, of all versions that were served
        self._durability: Literal["full", "normal"] = durability
        self._max_concurrent_calls = max_concurrent_calls
        self._lifecycle_events = lifecycle_events
        self._namespaced_events = namespaced_events
        self._reload = reload
        self._grace_seconds = grace_seconds
        self._started = False
        self.recovered = 0  # executions that an earlier process left and that go on now

    # --- life -------------------------------------------------------------------------------------------

    async def start_up(self, *, recover: bool = True) -> None:
        """Open the store and let open executions go on. `async with` does this."""
        self.sqlite = await open_store(self._store_path, durability=self._durability)
        store = self._watched(self.sqlite)
        base_dir = self._project or Path.cwd()
        self.hosts = Hosts(self._on_function_log, reload=self._reload)
        self.calls = standard_calls(
            functions=self.hosts, http=self._http, base_dir=base_dir, python_functions=self._functions
        )
        self._fetch_client = HttpClient(self._http)
        self._resources = Resources(Authenticator(self._fetch_client), base_dir, files_anywhere=True)
        self.definitions = _ServedDefinitions(
            self.serve_kept,
            store,
            fetch=self._fetch,
            catalog=self._catalog,
            known_functions=lambda: frozenset(self._functions),
        )
        self.place, engine = place_of(self._queue, self._store_path)
        self.delivery = QueuedCalls(
            HostedCalls(self.calls, self.hosts),
            self.place,
            engine=engine,
            batches=batch_files_of(self._store_path, base_dir, files_anywhere=self._http.policy.unrestricted),
            grace_seconds=self._grace_seconds,
        )
        self.runtime = Runtime(
            store,
            self._instrumented(self.delivery),
            self.definitions,
            clock=self._clock,
            secrets=self._secrets,
            max_concurrent_calls=self._max_concurrent_calls,
            lifecycle_events=self._lifecycle_events,
            namespaced_events=self._namespaced_events,
        )
        self._logs = FunctionLogs(self.runtime)
        self.store: Store = store
        self._started = True
        if recover:
            try:
                await self.recover()
            except BaseException:
                await self.shut_down()
                raise

    def _watched(self, store: SqliteStore) -> Store:
        """Return the store with those who watch it before it."""
        if self._metrics is None and self._traces is None:
            return store
        watchers: list[Watcher] = []
        if self._metrics is not None:
            store.observe_groups(self._metrics.group_committed)
            watchers.append(StoreMeter(self._metrics))
        if self._traces is not None:
            watchers.append(StoreTracer(self._traces))
        return WatchedStore(store, watchers)

    def watch(self, watcher: Watcher) -> None:
        """Tell one more of what the store commits. Only where `metrics` or `traces` are given."""
        assert isinstance(self.store, WatchedStore)
        self.store.watch(watcher)

    def _instrumented(self, calls: Calls) -> Calls:
        if self._traces is not None:
            calls = TracedCalls(calls, self._traces)
        return calls if self._metrics is None else MeteredCalls(calls, self._metrics)

    async def recover(self) -> int:
        """Let executions that an earlier process left go on, with the functions of their definitions."""
        await self.serve_open()
        self.recovered = await self.runtime.start()
        return self.recovered

    async def serve_open(self) -> None:
        """Serve the functions of all open executions, without letting those go on (`recover` does that)."""
        for deployed in await self._open_definitions():
            self.serve(deployed)

    async def _open_definitions(self) -> list[Deployed]:
        digests: dict[str, None] = {}
        before: str | None = None
        while True:
            rows = await self.store.executions(
                ExecutionQuery(
                    status=("pending", "running", "waiting", "suspended"), before=before, limit=OPEN_PAGE
                )
            )
            digests.update(dict.fromkeys(row.definition_digest for row in rows))
            if len(rows) < OPEN_PAGE:
                return [await self.definitions.by_digest(digest) for digest in digests]
            before = rows[-1].id

    async def shut_down(self) -> None:
        """Let calls in flight finish up to the grace time, then close everything; nothing is lost."""
        if not self._started:
            return
        self._started = False
        await asyncio.gather(self.delivery.stop(), self.runtime.stop(self._grace_seconds))
        await self.delivery.aclose()
        await self._logs.flush()
        await self.calls.aclose()
        await self._fetch_client.aclose()
        await self.hosts.stop()
        await self.sqlite.close()

    async def __aenter__(self) -> Headrace:
        await self.start_up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.shut_down()

    # --- flows ------------------------------------------------------------------------------------------

    async def deploy(
        self, definition: str | os.PathLike[str] | Mapping[str, Any], *, file: str | None = None
    ) -> Deployed:
        """Check and keep a definition: the text of a FlowApp or OWS document, a path to one, or its data.

        Raises `InvalidDefinition` with all problems.
        """
        project = self._project
        if isinstance(definition, Mapping):
            text, name = orjson.dumps(definition).decode(), file or "definition.json"
        elif isinstance(definition, str) and ("\n" in definition or definition.lstrip()[:1] == "{"):
            text, name = definition, file or "definition.yaml"
        else:
            path = Path(definition)
            try:
                text, name = await asyncio.to_thread(path.read_text, "utf-8"), file or str(path)
            except (OSError, UnicodeDecodeError) as error:
                raise HeadraceError(f"the definition {path} cannot be read: {error}") from error
            project = project or project_of(path)
        deployed = await self.definitions.deploy(text, name, self._clock.now(), local=True)
        self.serve(deployed, project)
        return deployed

    def _hosted(self, deployed: Deployed) -> dict[str, Mapping[str, Any]]:
        """Return the functions of a definition that run as processes of their own."""
        return {
            name: entry or {}
            for name, entry in deployed.definition.functions.items()
            if name not in self._functions and not (entry or {}).get("url")
        }

    def serve_kept(self, deployed: Deployed) -> None:
        """Serve the functions of a definition from the store, unless `deploy` did so with its project."""
        flow = flow_of(deployed)
        if any(self.hosts.host_of(flow, name) is None for name in self._hosted(deployed)):
            self.serve(deployed)

    def serve(self, deployed: Deployed, project: Path | None = None) -> None:
        """Serve the functions of a definition that have code, of `project` or of its file's folder."""
        functions = self._hosted(deployed)
        if functions:
            if project is None:
                project = self._project or project_of(Path(deployed.definition.file))
            flow = flow_of(deployed)
            names = self._secret_names.setdefault(flow, set())
            names.update(deployed.plan.secret_names)
            mask = masking(self.runtime.secret, names, deployed.namespace, self._clock)
            self.hosts.serve(flow, project.absolute(), functions, mask=mask)

    async def flow(
        self, name: str, *, namespace: str = DEFAULT_NAMESPACE, version: str = "latest"
    ) -> Deployed:
        """Return a deployed definition by name, also one that an earlier process deployed."""
        return await self.definitions.by_name(namespace, name, version)

    # --- executions -------------------------------------------------------------------------------------

    async def start(self, flow: Deployed | str, input: Any = None, *, key: str | None = None) -> Handle:
        """Start an execution; it is durable when this returns.

        `flow` is what `deploy` returned, or a name. The same `key` again starts nothing and gives the
        first execution.
        """
        deployed = await self.flow(flow) if isinstance(flow, str) else flow
        return Handle(self, await self.runtime.start_execution(deployed, plain(input), key=key))

    async def run(self, flow: Deployed | str, input: Any = None, *, key: str | None = None) -> Any:
        """Start an execution, wait for its end, and return its output. Raises `ExecutionFaulted`."""
        handle = await self.start(flow, input, key=key)
        result = await handle.result()
        if result.status != "completed":
            raise ExecutionFaulted(result)
        return result.output

    async def rerun(
        self,
        execution_id: str,
        *,
        from_run: int | None = None,
        task: str | None = None,
        input: Any = ...,
        flow: Deployed | None = None,
    ) -> Handle:
        """Start a new execution from a task run of an earlier one.

        `from_run` is the number of the task run, or `task` the name or reference of a task, of which the
        last run is taken; neither: from the first task. `input` replaces the recorded one; `flow` is
        another version. Raises `HeadraceError` when the history does not have what it needs.
        """
        if flow is None and (row := await self.store.execution(execution_id)) is not None:
            # Deployed by an earlier process perhaps: then its functions are not served here yet.
            self.serve_kept(await self.definitions.by_digest(row.definition_digest))
        new_id = await rerun(
            self.runtime,
            execution_id,
            from_run=from_run,
            task=task,
            input=plain(input) if input is not ... else ...,
            deployed=flow,
        )
        return Handle(self, new_id)

    async def cancel(self, execution_id: str) -> None:
        """End an execution. Raises `HeadraceError` when it is final or unknown."""
        await self._tell(execution_id, events.Cancel(), "cancelled")

    async def suspend(self, execution_id: str) -> None:
        """Pause an execution; what arrives meanwhile is kept."""
        await self._tell(execution_id, events.Suspend(), "suspended")

    async def resume(self, execution_id: str) -> None:
        """Let a suspended execution go on."""
        await self._tell(execution_id, events.Resume(), "resumed")

    async def _tell(self, execution_id: str, event: events.Event, done: str) -> None:
        row = await self.store.execution(execution_id)
        if row is None:
            raise HeadraceError(f"there is no execution {execution_id}")
        if row.status in FINAL_STATUSES:
            raise HeadraceError(f"execution {execution_id} is {row.status} and cannot be {done}")
        await self.runtime.tell(execution_id, event)

    async def publish(self, event: Mapping[str, Any]) -> bool:
        """Accept a CloudEvent (JSON event format) for executions that listen; False: seen before."""
        data = {"specversion": "1.0", **plain(dict(event))}
        for name in ("id", "source", "type"):
            if not isinstance(data.get(name), str) or not data[name]:
                raise HeadraceError(f"a CloudEvent needs {name!r}, a string that is not empty")
        return await self.runtime.publish(data)

    async def execution(self, execution_id: str) -> ExecutionRow | None:
        """Return one execution with its payloads (JSON as bytes)."""
        return await self.store.execution(execution_id)

    async def executions(self, query: ExecutionQuery | None = None) -> list[ExecutionRow]:
        """Return a page of executions, newest first."""
        return await self.store.executions(query or ExecutionQuery())

    async def history(self, execution_id: str) -> list[TaskRun]:
        """Return the task runs of an execution in the order in which they ended."""
        found: list[TaskRun] = []
        while True:
            page = await self.store.history(
                execution_id, after=found[-1].ended_sequence if found else -1, limit=5000
            )
            found += page
            if len(page) < 5000:
                return found

    async def logs(self, execution_id: str, run_id: int | None = None) -> list[LogLine]:
        """Return the lines that functions wrote for an execution, or for one of its task runs."""
        await self._logs.flush()
        return await self.store.logs(execution_id, run_id)

    async def waiting(self, execution_id: str) -> list[Waiting]:
        """Return what every open task of an execution waits for; queued calls with where their items are."""
        found = await self.runtime.waiting(execution_id)
        await self.delivery.look(found)
        return found

    async def prune(self, retention: Retention) -> int:
        """Delete finished executions that retention gives up; return how many."""
        deleted = 0
        while True:
            batch = await self.store.prune(retention, self._clock.now())
            deleted += batch
            if batch == 0:
                break
        if deleted:
            await self.delivery.forget(self._exists)
        return deleted

    async def _exists(self, execution_id: str) -> bool:
        return await self.store.execution(execution_id) is not None

    def observe(self, observer: Observe) -> Callable[[], None]:
        """Call `observer(execution_id, notice)` for every committed change of phase."""
        return self.runtime.observe(observer)

    # --- wiring -----------------------------------------------------------------------------------------

    async def _fetch(self, uri: str, policy: Any) -> bytes:
        return await self._resources.fetch(uri, policy)

    def _on_function_log(self, line: Any) -> None:
        self._logs.add(line)


def flow_of(deployed: Deployed) -> str:
    """Return what the hosts know a definition's functions by: `namespace/name`."""
    return f"{deployed.namespace}/{deployed.name}"


def plain(value: Any) -> Any:
    """Return `value` as plain JSON data. Raises `HeadraceError` naming what is not."""
    if value is None or value.__class__ in (bool, str):
        return value
    try:
        return orjson.loads(orjson.dumps(value))
    except (TypeError, ValueError) as error:
        raise HeadraceError(f"the data is not JSON: {error}") from error


def _secret_provider(
    secrets: SecretProvider | Mapping[str, Any] | str | os.PathLike[str] | None,
) -> SecretProvider:
    if secrets is None:
        return EnvironmentSecrets()
    if isinstance(secrets, Mapping):
        return MappingSecrets(secrets)
    if isinstance(secrets, str | os.PathLike):
        return ChainedSecrets((FileSecrets(Path(secrets)), EnvironmentSecrets()))
    return secrets
