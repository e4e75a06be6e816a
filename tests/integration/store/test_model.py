"""The store against a model of plain dictionaries, under operations that hypothesis makes up."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contract.store.sample import a_run, a_start, a_step, an_end, an_event, an_execution
from headrace.store.port import (
    BLOB_THRESHOLD_BYTES,
    Committed,
    ExecutionQuery,
    ExecutionRow,
    KeyTaken,
    Retention,
    StoreConflict,
    TaskRun,
    Transition,
)
from headrace.store.sqlite import SqliteStore
from integration.store.inspect_file import check_file

IDS = [f"e{number}" for number in range(6)]
PAYLOADS = [b"1", b'"a"', *(b'"' + letter * BLOB_THRESHOLD_BYTES + b'"' for letter in (b"x", b"y"))]

ids = st.sampled_from(IDS)
# By number: hypothesis prints what it tries.
payloads = st.integers(0, len(PAYLOADS) - 1).map(lambda number: PAYLOADS[number])
due_times = st.none() | st.sampled_from([10.0, 20.0, 30.0])
event_ids = st.lists(st.sampled_from("123456"), max_size=2)


class Kept(msgspec.Struct, kw_only=True):
    """What the model knows of one execution."""

    row: ExecutionRow
    version: int
    state: bytes | None
    large: dict[str, bytes]
    next_due: float | None
    in_flight: bool
    runs: list[TaskRun] = []
    subscriptions: set[tuple[int, str]] = set()


class StoreModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.directory = tempfile.TemporaryDirectory()
        self.path = Path(self.directory.name) / "store.db"
        self.kept: dict[str, Kept] = {}
        self.events: dict[str, int] = {}
        self.undelivered: list[int] = []
        self.now = 100.0

    @initialize()
    def open(self) -> None:
        self.store = self.runner.run(SqliteStore.open(self.path, durability="normal", clock=lambda: 0.0))

    def teardown(self) -> None:
        self.runner.run(self.store.close())
        self.runner.close()
        check_file(self.path)
        self.directory.cleanup()

    # ------------------------------------------------------------ the model

    def _apply(self, transition: Transition) -> type:
        """Apply a transition to the model; return what the store must answer with."""
        if transition.create is not None:
            new = transition.create
            for kept in self.kept.values():
                if kept.row.id == new.id or (new.key is not None and kept.row.key == new.key):
                    return KeyTaken
            kept = Kept(
                row=msgspec.structs.replace(new),
                version=0,
                state=None,
                large={},
                next_due=None,
                in_flight=False,
            )
            self.kept[new.id] = kept
        else:
            found = self.kept.get(transition.execution_id)
            if found is None or found.state is None or found.version != transition.expected_version:
                return StoreConflict
            kept = found
        kept.version += 1
        kept.state = transition.state
        if transition.large:
            # A state without any lets go of the last ones when the execution is final, no sooner.
            kept.large = dict(transition.large)
        kept.next_due = transition.next_due if transition.state is not None else None
        kept.in_flight = transition.in_flight and transition.state is not None
        kept.runs += transition.runs
        for name in ("status", "ended_at", "output", "error"):
            if (value := getattr(transition, name)) is not None:
                setattr(kept.row, name, value)
        kept.subscriptions = {
            (run, name) for run, name in kept.subscriptions if run not in transition.unsubscribe
        }
        kept.subscriptions |= {(run, name) for run, names in transition.subscribe for name in names or ("",)}
        if transition.state is None:
            kept.subscriptions = set()
        return Committed

    def _commit(self, transitions: list[Transition]) -> None:
        expected = [self._apply(transition) for transition in transitions]

        async def together() -> list[object]:
            commits = (self.store.commit(transition) for transition in transitions)
            return list(await asyncio.gather(*commits, return_exceptions=True))

        outcomes = self.runner.run(together())
        assert [type(outcome) for outcome in outcomes] == expected
        for transition, outcome in zip(transitions, outcomes, strict=True):
            if isinstance(outcome, Committed):
                assert outcome.version == transition.expected_version + 1
                for event, sequence in zip(transition.events, outcome.event_sequences, strict=True):
                    self._published(msgspec.json.decode(event)["id"], sequence)

    def _published(self, event_id: str, sequence: int) -> None:
        if event_id in self.events:
            assert self.events[event_id] == sequence
        else:
            assert sequence > max(self.events.values(), default=0)
            self.events[event_id] = sequence
            self.undelivered.append(sequence)

    def _version(self, execution_id: str, off: int) -> int:
        kept = self.kept.get(execution_id)
        return (kept.version if kept else 1) + off

    # ------------------------------------------------------------ operations

    @rule(id=ids, key=st.none() | st.sampled_from("kl"), payload=payloads, state=payloads, due=due_times)
    def start(self, id: str, key: str | None, payload: bytes, state: bytes, due: float | None) -> None:
        self.now += 1
        row = an_execution(id, key=key, input=payload, created_at=self.now)
        self._commit([a_start(id, create=row, state=state, next_due=due, in_flight=due is None)])

    @rule(
        id=ids,
        off=st.sampled_from([0, 0, 0, 0, -1, 1]),
        state=payloads,
        output=payloads,
        large=st.sets(payloads),
        due=due_times,
        events=event_ids,
        subscribe=st.lists(
            st.tuples(st.integers(1, 3), st.sampled_from([(), ("a",), ("a", "b")])), max_size=2
        ),
        unsubscribe=st.lists(st.integers(1, 3), max_size=1),
        status=st.none() | st.sampled_from(["running", "waiting"]),
    )
    def step(
        self,
        id: str,
        off: int,
        state: bytes,
        output: bytes,
        large: set[bytes],
        due: float | None,
        events: list[str],
        subscribe: list[tuple[int, tuple[str, ...]]],
        unsubscribe: list[int],
        status: str | None,
    ) -> None:
        version = self._version(id, off)
        self._commit(
            [
                a_step(
                    id,
                    version,
                    state=state,
                    large={hashlib.sha256(payload).hexdigest(): payload for payload in large},
                    next_due=due,
                    in_flight=due is not None,
                    runs=[a_run(id, version, output=output, details=state)],
                    events=[an_event(event_id) for event_id in events],
                    subscribe=subscribe,
                    unsubscribe=unsubscribe,
                    status=status,
                )
            ]
        )

    @rule(id=ids, output=payloads, status=st.sampled_from(["completed", "faulted"]))
    def end(self, id: str, output: bytes, status: str) -> None:
        self.now += 1
        self._commit([an_end(id, self._version(id, 0), output=output, status=status, ended_at=self.now)])

    @rule(id=ids, other=ids, state=payloads)
    def group(self, id: str, other: str, state: bytes) -> None:
        """Several transitions at once, some of them doomed."""
        self.now += 1
        version = self._version(id, 0)
        self._commit(
            [
                a_step(id, version, state=state, runs=[a_run(id, version)]),
                a_start(other, execution={"created_at": self.now, "input": state}),
                a_step(id, version),
                an_end(id, version + 1, output=state, ended_at=self.now),
                a_step(other, self._version(other, 5), state=state),
            ]
        )

    @rule(names=st.lists(st.sampled_from("123456"), min_size=1, max_size=3))
    def publish(self, names: list[str]) -> None:
        events = [an_event(name) for name in names]
        for name, sequence in zip(names, self.runner.run(self.store.publish(events)), strict=True):
            if sequence is None:
                assert name in self.events
            else:
                assert name not in self.events
                self._published(name, sequence)

    @precondition(lambda self: self.undelivered)
    @rule(count=st.integers(1, 3))
    def deliver(self, count: int) -> None:
        self.runner.run(self.store.delivered(self.undelivered[:count]))
        del self.undelivered[:count]

    @rule(count=st.integers(0, 3))
    def prune(self, count: int) -> None:
        finished = [kept for kept in self.kept.values() if kept.state is None]
        finished.sort(key=lambda kept: (kept.row.created_at, kept.row.id), reverse=True)
        deleted = self.runner.run(self.store.prune(Retention(max_count=count), self.now))
        assert deleted == len(finished[count:])
        for kept in finished[count:]:
            del self.kept[kept.row.id]

    @rule()
    def reopen(self) -> None:
        self.runner.run(self.store.close())
        self.open()

    # ------------------------------------------------------------ what must hold after each

    @invariant()
    def same(self) -> None:
        if hasattr(self, "store"):
            self.runner.run(self._compare())

    async def _compare(self) -> None:
        store = self.store
        for execution_id in IDS:
            kept = self.kept.get(execution_id)
            row, state = await store.execution(execution_id), await store.load(execution_id)
            if kept is None:
                assert row is None
                assert state is None
                assert await store.history(execution_id) == []
                continue
            assert row == kept.row
            assert (None if state is None else state.data) == kept.state
            assert state is None or (state.version, state.large) == (kept.version, kept.large)
            assert await store.history(execution_id) == kept.runs
        due = sorted((k.next_due, k.row.id) for k in self.kept.values() if k.next_due is not None)
        assert await store.due(20.0, 100) == (
            [execution_id for at, execution_id in due if at <= 20.0],
            min((at for at, _ in due if at > 20.0), default=None),
        )
        in_flight = sorted(kept.row.id for kept in self.kept.values() if kept.in_flight)
        assert await store.in_flight("", 100) == in_flight
        for event_type in ("a", "b", "c"):
            expected = {
                kept.row.id
                for kept in self.kept.values()
                if any(name in ("", event_type) for _, name in kept.subscriptions)
            }
            assert set(await store.subscribers(event_type)) == expected
        listed = sorted(self.kept.values(), key=lambda kept: (kept.row.created_at, kept.row.id), reverse=True)
        assert [row.id for row in await store.executions(ExecutionQuery())] == [k.row.id for k in listed]
        assert [event.sequence for event in await store.undelivered(100)] == self.undelivered


TestStoreModel = StoreModel.TestCase
TestStoreModel.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
