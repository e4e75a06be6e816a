"""The loop: take events, decide, commit, and only then perform the commands.

Every execution in memory has a mailbox. Whoever posts to an idle one starts its turn; a turn takes all that
is in the mailbox, lets the engine decide on it, commits the outcome as one transition, performs the
commands, and looks again. Events leave the mailbox only when they are committed: after a failed commit the
state in memory is dropped, loaded again and decided again, so that nothing is lost and nothing is done twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import orjson

from headrace.engine import events
from headrace.engine.decide import decide, new_execution
from headrace.engine.machine import Command
from headrace.engine.state import Execution
from headrace.engine.trace import accepted
from headrace.engine.waiting import Waiting, waiting
from headrace.errors import HeadraceError
from headrace.runtime.acting import Acting, Calls
from headrace.runtime.again import pause_seconds
from headrace.runtime.clock import Clock, SystemClock
from headrace.runtime.definitions import Definitions, Deployed
from headrace.runtime.dispatch import Dispatcher, Offer
from headrace.runtime.failure import Stopping
from headrace.runtime.ids import new_execution_id
from headrace.runtime.live import Live, Posted
from headrace.runtime.memory import Memory
from headrace.runtime.observers import Observe, ObserveLine, Observers, OnEnd, Wants
from headrace.runtime.recovery import recover
from headrace.runtime.results import Result, Results
from headrace.runtime.secrets import ChainedSecrets, SecretProvider
from headrace.runtime.timers import Timers
from headrace.runtime.transition import NAMESPACE_ATTRIBUTE, build_transition
from headrace.store.port import (
    ExecutionRow,
    KeyTaken,
    LogLine,
    Starter,
    Store,
    StoreConflict,
    StoreError,
    StoreUnavailable,
    TaskRun,
    Transition,
)

__all__ = ["Calls", "Observe", "Runtime"]

_log = logging.getLogger(__name__)


class Runtime:
    """Runs executions on a store. One per store; `start` recovers what an earlier process left."""

    def __init__(
        self,
        store: Store,
        calls: Calls,
        definitions: Definitions,
        *,
        clock: Clock | None = None,
        secrets: SecretProvider | None = None,
        max_concurrent_calls: int = 256,
        lifecycle_events: bool = False,
        namespaced_events: bool = False,
    ) -> None:
        self.store = store
        self.calls = calls
        self.definitions = definitions
        self.clock: Clock = clock or SystemClock()
        self._lifecycle_events = lifecycle_events
        self._namespaced_events = namespaced_events
        self.observers = Observers(everything=lifecycle_events)
        self.acting = Acting(self, max_concurrent_calls)
        self.memory = Memory(store, definitions, self.observers, secrets or ChainedSecrets(()))
        self.results = Results()
        self.timers = Timers(store, self.clock, self._tick)
        self._dispatcher = Dispatcher(store, self._post_and_note)
        self.stopping = False

    # --- life -------------------------------------------------------------------------------------------

    async def start(self) -> int:
        """Recover what was open, begin to watch timers and events; return how many executions go on."""
        recovered = await recover(self)
        await self._dispatcher.start()
        self.timers.start()
        return recovered

    async def stop(self, grace_seconds: float = 10.0) -> None:
        """Take nothing new, let calls in flight finish for so long, then leave them to the next process."""
        self.stopping = True
        await self.timers.stop()
        await self._dispatcher.stop()
        await self.acting.stop(grace_seconds)
        self.results.stop()

    def release_waiters(self) -> None:
        """Tell all who wait for an end that this process will not see it; what runs goes on."""
        self.results.stop()

    def secret(self, name: str, namespace: str) -> Any | None:
        """Return the data of a secret, as an execution of that namespace would get it, or None."""
        return self.memory.secrets.secret(name, namespace)

    def prefer_secrets(self, provider: SecretProvider) -> None:
        """Ask this provider before the others, for executions that are loaded from now on."""
        self.memory.secrets = ChainedSecrets((provider, self.memory.secrets))

    def observe(self, observer: Observe, wants: Wants | None = None) -> Callable[[], None]:
        """Call `observer(execution_id, notice)` for every committed change; returns how to end it.

        With `wants` executions that it refuses need not be told of, and cost nothing more; whoever changes
        what it says calls `observe_again`.
        """
        entry = self.observers.add(observer, wants)
        self.observe_again()

        def end() -> None:
            self.observers.remove(entry)
            self.observe_again()

        return end

    def observe_again(self, execution_id: str | None = None) -> None:
        """Ask again who wants to hear of an execution in memory, or of all."""
        lives = self.memory.lives.values() if execution_id is None else [self.memory.lives.get(execution_id)]
        for live in lives:
            if live is not None and live.execution is not None:
                live.execution.observed = self.observers.want(live.execution)

    def observe_lines(self, observer: ObserveLine) -> Callable[[], None]:
        """Call `observer(line)` for every line that a function writes; returns how to end it."""
        self.observers.lines.append(observer)
        return lambda: self.observers.lines.remove(observer)

    def flow_of(self, execution_id: str) -> tuple[str, str] | None:
        """Return (namespace, name) of an execution that is in memory; those that notices are about are."""
        live = self.memory.lives.get(execution_id)
        if live is None or live.execution is None:
            return None
        return live.execution.namespace, live.execution.name

    def written(self, execution_id: str, value: Any) -> bytes:
        """Return data about an execution in memory as JSON, without the secrets that it was given."""
        live = self.memory.lives.get(execution_id)
        if live is None or live.masker is None:
            return orjson.dumps(value)
        return live.masker.mask(live.masker.encode(value))

    def on_end(self, listener: OnEnd) -> None:
        """Call `listener(result)` when an execution ended; it must not wait.

        Results are as they are in memory: what is written down of them comes from the store, masked.
        """
        self.observers.ends.append(listener)

    def offer_events(self, offer: Offer) -> None:
        """Let `offer(sequence, event)` see every published event, in order; call this before `start`.

        What it returns is awaited before the event counts as delivered: until then a restart offers it again.
        """
        self._dispatcher.offer = offer

    # --- starting ---------------------------------------------------------------------------------------

    async def start_execution(
        self,
        deployed: Deployed,
        input: Any,
        *,
        key: str | None = None,
        execution_id: str | None = None,
        parent_id: str | None = None,
        parent_run_id: int | None = None,
        traceparent: str | None = None,
        trigger: str | None = None,
        started_by: Starter | None = None,
    ) -> str:
        """Start an execution and return its id when that is durable.

        The same `key` again, for the same workflow, starts nothing and returns the first one's id.
        The execution joins the trace of `traceparent` (W3C); one that is none is ignored, as that says.
        Raises `StoreUnavailable` when nothing was started.
        """
        now = self.clock.now()
        execution = new_execution(
            deployed.plan,
            execution_id or new_execution_id(now),
            input,
            now,
            parent_id=parent_id,
            parent_run_id=parent_run_id,
            trace=accepted(traceparent),
        )
        return await self.begin(deployed, execution, key=key, trigger=trigger, started_by=started_by)

    async def begin(
        self,
        deployed: Deployed,
        execution: Execution,
        *,
        key: str | None = None,
        rerun_of: str | None = None,
        rerun_run_id: int | None = None,
        carried: Iterable[TaskRun] = (),
        rebuild: Callable[[Execution], list[Command]] | None = None,
        trigger: str | None = None,
        started_by: Starter | None = None,
    ) -> str:
        """Commit and run a new execution, from its beginning or from where `rebuild` sets it."""
        if self.stopping:
            raise Stopping("the runtime is stopping; start again when it runs")
        live = Live(execution.execution_id)
        self.memory.equip(live, execution, deployed)
        create = ExecutionRow(
            id=execution.execution_id,
            namespace=deployed.namespace,
            name=deployed.name,
            workflow_version=deployed.version,
            definition_digest=deployed.row.digest,
            status="pending",
            created_at=execution.created_at,
            key=key,
            parent_id=execution.parent_id,
            parent_run_id=execution.parent_run_id,
            rerun_of=rerun_of,
            rerun_run_id=rerun_run_id,
            trigger=trigger,
            started_by=None if started_by is None else started_by.id,
            started_by_name=None if started_by is None else started_by.name,
            input=live.write(execution.input),
        )
        if rebuild is None:
            _, commands = decide(execution, events.Start(), self.clock.now())
        else:
            commands = rebuild(execution)
        create.status = execution.status
        create.started_at = execution.started_at
        transition, published = self._transition(live, commands, status_before=None, create=create)
        transition.runs = [*carried, *transition.runs]
        live.busy = True  # nobody else takes a turn until its first one is over
        self.memory.lives[execution.execution_id] = live
        try:
            committed = await self.store.commit(transition)
        except KeyTaken as taken:
            self.memory.lives.pop(execution.execution_id, None)
            return taken.execution_id
        except BaseException:
            self.memory.lives.pop(execution.execution_id, None)
            raise
        live.version = committed.version
        self._after_commit(live, commands, transition, list(committed.event_sequences), published)
        live.busy = False
        self._rest(live)
        return execution.execution_id

    # --- events in --------------------------------------------------------------------------------------

    def post(self, execution_id: str, event: events.Event, done: asyncio.Future[None] | None = None) -> None:
        """Put an event in an execution's mailbox; `done` is resolved when it is committed."""
        live = self.memory.mailbox(execution_id)
        live.mailbox.append(Posted(event, done))
        if not live.busy:
            self._take_turn(live)

    def _post_and_note(self, execution_id: str, event: events.Event) -> asyncio.Future[None]:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.post(execution_id, event, done)
        return done

    async def tell(self, execution_id: str, event: events.Event) -> None:
        """Post an event and return when what it caused is durable."""
        await self._post_and_note(execution_id, event)

    def _tick(self, execution_id: str) -> None:
        self.post(execution_id, events.Tick())

    async def publish(self, event: dict[str, Any], *, namespace: str | None = None) -> bool:
        """Accept a CloudEvent durably and hand it to who listens; False if it was seen before.

        With a `namespace` it is an event of that one, whatever it says itself.
        """
        [new] = await self.publish_all([event], namespace=namespace)
        return new

    async def publish_all(
        self, events: Sequence[dict[str, Any]], *, namespace: str | None = None
    ) -> list[bool]:
        """Accept CloudEvents durably, all or none; False for each that was seen before."""
        if namespace is not None:
            events = [{**event, NAMESPACE_ATTRIBUTE: namespace} for event in events]
        sequences = await self.store.publish([orjson.dumps(event) for event in events])
        accepted = zip(sequences, events, strict=True)
        self._dispatcher.add([(number, event) for number, event in accepted if number is not None])
        return [number is not None for number in sequences]

    async def deliver(self, sequence: int, event: dict[str, Any]) -> None:
        """Hand over an event that the store has accepted; return when what it caused is durable."""
        await self._dispatcher.deliver(sequence, event)

    # --- a turn -----------------------------------------------------------------------------------------

    def _claim_turn(self, live: Live) -> None:
        live.busy = True
        self.memory.claim(live)

    def _take_turn(self, live: Live) -> None:
        self._claim_turn(live)
        self.acting.background(self.turn(live))

    async def turn(self, live: Live) -> None:
        """Work its mailbox off. Nobody else may have the turn."""
        self._claim_turn(live)
        try:
            while live.mailbox:
                taken = list(live.mailbox)
                failure: Exception | None = None
                try:
                    if not await self._advance(live, taken):
                        continue
                except Exception as error:
                    # A defect, or a definition that this version cannot load: the execution stays as it was
                    # last committed, others are not stopped, and a restart takes it up again.
                    _log.exception("advancing execution %s failed; it stays as it was", live.execution_id)
                    live.execution = None
                    failure = HeadraceError(f"advancing execution {live.execution_id} failed: {error}")
                for posted in taken:
                    live.mailbox.popleft()
                    if posted.done is not None and not posted.done.done():
                        if failure is None:
                            posted.done.set_result(None)
                        else:
                            posted.done.set_exception(failure)
        finally:
            live.busy = False
            self._rest(live)

    async def _advance(self, live: Live, taken: list[Posted]) -> bool:
        """Decide on the events and commit. False: the state was dropped, and the same events come again."""
        if live.execution is None and not await self.memory.load(live):
            return True  # final or unknown: nothing can change it
        execution = live.execution
        assert execution is not None
        before = execution.status
        commands: list[Command] = []
        mark = _mark(execution)
        now = self.clock.now()
        for posted in taken:
            _, more = decide(execution, posted.event, now)
            commands += more
        if not commands and _mark(execution) == mark:
            # Late answers, repeated deliveries, nothing due yet.
            self.timers.note(live.execution_id, execution.next_due())
            return True
        transition, published = self._transition(live, commands, status_before=before)
        attempt = 0
        while True:
            try:
                committed = await self.store.commit(transition)
                break
            except StoreConflict:
                _log.warning("execution %s moved on elsewhere; loading it again", live.execution_id)
                live.execution = None
                return False
            except StoreUnavailable as error:
                # The transition is whole and its events are still in the mailbox: try it again as it is.
                if attempt % 100 == 0:
                    _log.error("execution %s cannot be written, trying again: %s", live.execution_id, error)
                await asyncio.sleep(pause_seconds(attempt))
                attempt += 1
        live.version = committed.version
        self._after_commit(live, commands, transition, list(committed.event_sequences), published)
        return True

    def _rest(self, live: Live) -> None:
        """After a turn: forget what is over, and keep only so many that just wait."""
        if live.mailbox:
            self._take_turn(live)
            return
        self.memory.rest(live)

    # --- acting -----------------------------------------------------------------------------------------

    def _transition(
        self,
        live: Live,
        commands: list[Command],
        *,
        status_before: str | None,
        create: ExecutionRow | None = None,
    ) -> tuple[Transition, list[dict[str, Any]]]:
        return build_transition(
            live,
            commands,
            now=self.clock.now(),
            status_before=status_before,
            lifecycle_events=self._lifecycle_events,
            namespaced_events=self._namespaced_events,
            create=create,
        )

    def _after_commit(
        self,
        live: Live,
        commands: list[Command],
        transition: Transition,
        sequences: list[int],
        published: list[dict[str, Any]],
    ) -> None:
        """Perform the commands of a transition that is durable."""
        self.timers.note(live.execution_id, transition.next_due)
        if sequences:
            self._dispatcher.add(zip(sequences, published, strict=True))
        self.acting.perform(live, commands)

    # --- asking -----------------------------------------------------------------------------------------

    async def result(self, execution_id: str, *, seconds: float | None = None) -> Result:
        """Wait until an execution is final, `seconds` at most.

        Raises TimeoutError after that, and `HeadraceError` for an execution that does not exist.
        """
        # Registered before it is looked up: it cannot end in between unnoticed.
        future = self.results.expect(execution_id)
        timer = None
        if seconds is not None:
            # Less than half of what `asyncio.timeout` takes, on a way that every synchronous call goes.
            timer = asyncio.get_running_loop().call_later(seconds, self.results.give_up, future)
        try:
            live = self.memory.lives.get(execution_id)
            if live is None or live.execution is None or live.execution.final:
                row = await self.store.execution(execution_id)
                if row is None:
                    raise HeadraceError(f"there is no execution {execution_id}")
                if row.ended_at is not None:
                    return Result(execution_id, row.status, _decoded(row.output), _decoded(row.error))
            result = await future
            if result is None:
                raise TimeoutError(f"execution {execution_id} goes on")
            return result
        finally:
            if timer is not None:
                timer.cancel()
            self.results.drop(execution_id, future)

    async def waiting(self, execution_id: str) -> list[Waiting]:
        """Return what every open task of an execution waits for; empty when it is final or unknown."""
        live = self.memory.lives.get(execution_id)
        if live is None or live.execution is None:
            live = Live(execution_id)
            if not await self.memory.load(live):
                return []
        assert live.execution is not None
        return waiting(live.execution)

    async def log(self, line: LogLine) -> None:
        """Keep a line that a function wrote, without the secrets of its execution."""
        live = self.memory.lives.get(line.execution_id)
        if live is not None and live.masker is not None:
            line.text = live.masker.mask_text(line.text)
        try:
            await self.store.logs(line.execution_id, append=[line])
        except StoreError as error:
            _log.warning("a log line of %s was lost: %s", line.execution_id, error)
            return
        self.observers.line(line)

    @property
    def open_calls(self) -> int:
        """How many invocations are in flight or wait for a slot."""
        return self.acting.open_calls


def _mark(execution: Execution) -> tuple[Any, ...]:
    """Return what tells whether an execution moved, beside its commands."""
    return (
        execution.status,
        execution.sequence,
        execution.event_cursor,
        execution.call_count,
        execution.child_count,
        len(execution.pending),
        execution.next_due(),
    )


def _decoded(data: bytes | None) -> Any:
    return None if data is None else orjson.loads(data)
