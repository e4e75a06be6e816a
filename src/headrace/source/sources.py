"""`Sources`: all triggers of a process, by FlowApp."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any

from headrace.source.agenda import Agenda
from headrace.source.arrivals import Arrivals, Arrived, secret_names
from headrace.source.build import Factory, Parts, Tools, build
from headrace.source.event import NAMESPACE, EventSource
from headrace.source.gate import unique_key
from headrace.source.http.routes import HttpRoutes
from headrace.source.manual import manual_delivery
from headrace.source.openings import Openings
from headrace.source.port import App, Clock, Ended, Fired, OnFired, SourceError, Start
from headrace.source.queued import OpenQueue
from headrace.source.recorder import Recorder
from headrace.source.running import Running, TriggerStatus
from headrace.source.timed import TimedSource
from headrace.spec.trigger import Trigger
from headrace.store.port import Starter
from headrace.store.triggers import Firing, TriggerName, TriggerState, TriggerStore


class Sources:
    """Runs the triggers of deployed FlowApps.

    At the start of a process: make it, connect it (`runtime.on_end(sources.ended)`,
    `runtime.offer_events(sources.offer)`), `apply` every FlowApp, and only then start the runtime, which
    offers again what an earlier process did not finish. At the end: `stop`, then stop the runtime.
    """

    def __init__(
        self,
        store: TriggerStore,
        start: Start,
        clock: Clock,
        *,
        open_queue: OpenQueue | None = None,
        factories: Mapping[str, Factory] | None = None,
        fired: OnFired | None = None,
    ) -> None:
        self.routes = HttpRoutes()
        self.arrivals = Arrivals()
        self._store = store
        self._agenda = Agenda(clock)
        self._recorder = Recorder(store)
        self._tools = Tools(
            store=store,
            start=start,
            clock=self._agenda,
            openings=Openings(),
            recorder=self._recorder,
            open_queue=open_queue,
            factories=dict(factories or {}),
            fired=fired,
            arrivals=self.arrivals,
        )
        self._secrets: dict[tuple[str, str], frozenset[str]] = {}  # names, by flow
        self._flows: dict[tuple[str, str], dict[str, Running]] = {}
        self._events: dict[str, list[EventSource]] = {}  # by namespace
        self._changing = asyncio.Lock()

    # --- what is deployed -------------------------------------------------------------------------------

    async def apply(self, app: App, *, paused: bool = False) -> None:
        """Let the triggers of a FlowApp run as they are written now, in place of those that ran before.

        Triggers that did not change go on undisturbed; a changed one keeps its cursor where that still means
        something; one that is gone is forgotten. `paused`: the whole FlowApp is. Raises `SourceError`, with
        all triggers as they were, and `StoreUnavailable`.
        """
        async with self._changing:
            await self._apply(app, paused)

    def check(self, app: App) -> None:
        """Raise `SourceError` where the triggers of a FlowApp could not run; changes nothing."""
        if app.definition.runtime == "durable":
            built = [
                build(app, trigger, None, self._tools, held=True) for trigger in app.definition.all_triggers()
            ]
            targets = [parts.target for parts in built if parts.target is not None]
            self.routes.check(app.namespace, app.name, targets)

    async def _apply(self, app: App, paused: bool) -> None:
        flow = (app.namespace, app.name)
        running = self._flows.get(flow, {})
        wanted: list[Trigger] = []
        if app.definition.runtime == "durable":
            wanted = app.definition.all_triggers()
        states = {state.name.trigger: state for state in await self._store.states(*flow)}
        built = {
            trigger.name: build(app, trigger, states.get(trigger.name), self._tools, held=paused)
            for trigger in wanted
        }
        targets = [parts.target for parts in built.values() if parts.target is not None]
        self.routes.check(*flow, targets)
        kept = {name: one for name, one in running.items() if name in built and _same(one.parts, built[name])}
        gone = [name for name in {*states, *running} if name not in built]
        # From here on nothing is refused any more, unless the store is.
        for name, one in running.items():
            if name not in kept:
                await one.stop()
                if name in built and one.state.fingerprint == built[name].fingerprint:
                    built[name].gate.kept.state = one.state  # it may have gone on since it was read
        for name, parts in built.items():
            if name not in kept:
                await self._begin(states.get(name), parts)
        self._forget_arrivals(app, running, built)
        if gone:
            await self._recorder.flush()
            await self._store.remove(*flow, gone)
        fresh = {name: Running(parts, self._agenda) for name, parts in built.items() if name not in kept}
        self._flows[flow] = {name: kept.get(name) or fresh[name] for name in built}
        if not built:
            del self._flows[flow]
        self._index(app.namespace)
        self.routes.put(
            *flow,
            [one.parts.target for one in self._flows.get(flow, {}).values() if one.parts.target is not None],
        )
        for one in fresh.values():
            await one.gate.count_open()
            one.start()
        for one in kept.values():
            if one.gate.held != paused:
                await one.set_held(paused)

    def _forget_arrivals(self, app: App, running: Mapping[str, Running], built: Mapping[str, Parts]) -> None:
        """Forget what came to triggers that are gone or of another kind, which got something else.

        All of it, where a flow names a secret no more: nobody knows any longer that it has to be masked.
        """
        secrets = secret_names(app.definition)
        lost = self._secrets.get((app.namespace, app.name), secrets) - secrets
        self._secrets[app.namespace, app.name] = secrets
        others = [
            name
            for name, one in running.items()
            if name not in built or built[name].trigger.kind != one.parts.trigger.kind
        ]
        if lost or others:
            self.arrivals.forget(app.namespace, app.name, None if lost else others)

    async def _begin(self, before: TriggerState | None, parts: Parts) -> None:
        """Keep the state of a trigger that is new or another now: it goes from here on."""
        state = parts.gate.kept.state
        if before is not None and before.fingerprint == state.fingerprint:
            return
        if before is not None and (stale := await self._store.gathered(state.name)):
            await self._store.gather(state.name, 0, (), [one.id for one in stale])
        if isinstance(parts.source, TimedSource):
            state.cursor = self._agenda.now()
        elif parts.event is not None and parts.event.reading:
            state.cursor = await self._store.last_event()
        await self._store.keep(state)

    def _index(self, namespace: str) -> None:
        self._events[namespace] = [
            one.parts.event
            for (of, _), triggers in self._flows.items()
            if of == namespace
            for one in triggers.values()
            if one.parts.event is not None
        ]

    async def remove(self, namespace: str, flow: str) -> None:
        """Stop the triggers of a FlowApp and forget all that is kept of them; executions stay."""
        async with self._changing:
            triggers = self._flows.pop((namespace, flow), {})
            self._secrets.pop((namespace, flow), None)
            self._index(namespace)
            self.routes.put(namespace, flow, [])
            for one in triggers.values():
                await one.stop()
            self.arrivals.forget(namespace, flow)
            await self._recorder.flush()
            await self._store.remove(namespace, flow)

    async def stop(self) -> None:
        """Stop all triggers: nothing starts any more, what is on its way ends."""
        async with self._changing:
            everything = [one for triggers in self._flows.values() for one in triggers.values()]
            await asyncio.gather(*(one.stop() for one in everything))
            self._flows.clear()
            self._events.clear()
            await self._agenda.stop()
            await self._recorder.flush()

    # --- pausing ----------------------------------------------------------------------------------------

    async def pause(self, namespace: str, flow: str, trigger: str | None = None) -> None:
        """Let a trigger start nothing until it is resumed, durably.

        Without `trigger` all of a FlowApp: that it is paused is kept with the FlowApp, not here, and given to
        `apply` by the next process. Raises `SourceError` for what does not run.
        """
        await self._set_paused(namespace, flow, trigger, True)

    async def resume(self, namespace: str, flow: str, trigger: str | None = None) -> None:
        """Let a trigger, or a FlowApp's, go on. Raises `SourceError` for what does not run."""
        await self._set_paused(namespace, flow, trigger, False)

    async def _set_paused(self, namespace: str, flow: str, trigger: str | None, paused: bool) -> None:
        async with self._changing:
            if trigger is not None:
                await self._running(namespace, flow, trigger).set_paused(paused)
                return
            for one in self._flows.get((namespace, flow), {}).values():
                await one.set_held(paused)

    # --- what the runtime tells -------------------------------------------------------------------------

    def ended(self, result: Ended) -> None:
        """Take note of the end of an execution (`Runtime.on_end`)."""
        self._tools.openings.ended(result)

    def offer(self, sequence: int, event: dict[str, Any]) -> Awaitable[None] | None:
        """Let triggers see a published event (`Runtime.offer_events`).

        What is returned is done when what the event caused is durable.
        """
        namespace = event.get(NAMESPACE)
        if isinstance(namespace, str):
            sources = self._events.get(namespace, ())
        else:
            sources = [source for listed in self._events.values() for source in listed]
        waiting = [taken for source in sources if (taken := source.offer(sequence, event)) is not None]
        if not waiting:
            return None
        return waiting[0] if len(waiting) == 1 else _all(waiting)

    # --- by hand, and asking ----------------------------------------------------------------------------

    async def fire(
        self,
        namespace: str,
        flow: str,
        trigger: str,
        payload: Any = ...,
        *,
        started_by: Starter | None = None,
    ) -> Fired:
        """Fire a trigger by hand, also while it is paused or full; each time is a new start.

        `payload` is what would have come: the body of an http request, a CloudEvent (or a list of those that
        start one execution together), the data of an item (of the items of a batch). Without it, it is null;
        what goes by time fires as of now. Raises `SourceError` and `StartUnavailable`.
        """
        one = self._running(namespace, flow, trigger)
        delivery = manual_delivery(one.parts, payload, unique_key(), self._agenda.now())
        return await one.gate.deliver(delivery, by_hand=True, started_by=started_by)

    async def states(self, namespace: str, flow: str | None = None) -> list[TriggerStatus]:
        """Return the triggers of a namespace, or of one flow of it, in order."""
        found = [
            one
            for (of, name), triggers in sorted(self._flows.items())
            if of == namespace and flow in (None, name)
            for _, one in sorted(triggers.items())
        ]
        await self._recorder.flush()
        statuses = []
        for one in found:
            last = await self._store.firings(one.gate.name, None, 1)
            statuses.append(await one.status(last[0] if last else None))
        return statuses

    def paused(self, namespace: str) -> dict[str, frozenset[str]]:
        """Return the triggers of a namespace that are paused by themselves, by flow."""
        return {
            flow: frozenset(name for name, one in triggers.items() if one.state.paused)
            for (of, flow), triggers in self._flows.items()
            if of == namespace
        }

    async def firings(
        self, namespace: str, flow: str, trigger: str, before: str | None = None, limit: int = 50
    ) -> list[Firing]:
        """Return what a trigger did, newest first; `before` is the `position` of the last firing seen.

        Raises `StoreError` for a `before` that is none.
        """
        await self._recorder.flush()
        return await self._store.firings(TriggerName(namespace, flow, trigger), before, limit)

    def arrived(self, namespace: str, flow: str, trigger: str) -> Arrived:
        """Return what came to a trigger last. Raises `SourceError` for one that does not run."""
        return self.arrivals.of(self._running(namespace, flow, trigger).gate.name)

    def _running(self, namespace: str, flow: str, trigger: str) -> Running:
        one = self._flows.get((namespace, flow), {}).get(trigger)
        if one is None:
            known = sorted(self._flows.get((namespace, flow), {}))
            there = f"it has {', '.join(known)}" if known else "it has none"
            raise SourceError(f"{namespace}/{flow} has no trigger {trigger!r}; {there}")
        return one


async def _all(waiting: list[Awaitable[None]]) -> None:
    """Return when all are done; the first failure comes out when they are."""
    results = await asyncio.gather(*waiting, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


def _same(old: Parts, new: Parts) -> bool:
    """Tell whether a running trigger is what is wanted."""
    return old.trigger == new.trigger and old.language == new.language
