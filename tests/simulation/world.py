"""One simulated execution: `decide` and a real store, under virtual time, crashes and duplicates."""

from __future__ import annotations

import hashlib
import heapq
import json
import random
from typing import Any

import orjson

from headrace.engine import events
from headrace.engine.commands import Emit, Invoke, StartChild, Subscribe, Unsubscribe
from headrace.engine.decide import decide, new_execution, outstanding
from headrace.engine.plan import Plan
from headrace.engine.record import Finish, RunRecord
from headrace.engine.state import Codec, Execution
from headrace.errors import WorkflowError
from headrace.runtime.rows import task_run_row
from headrace.store.port import ExecutionRow, Store, Transition

START = 1_800_000_000.0
STEPS_MAX = 4000


class World:
    """Plays the outside of one execution: answers calls, fires timers, delivers events, and crashes."""

    def __init__(
        self, plan: Plan, store: Store, execution_id: str, source: random.Random, *, crashes: bool, salt: str
    ) -> None:
        self.plan = plan
        self.store = store
        self.execution_id = execution_id
        self.source = source
        self.crashes = crashes
        self.salt = salt
        self.codec = Codec()
        self.now = START
        self.agenda: list[tuple[float, int, Any]] = []
        self.counter = 0
        self.version = 0
        self.execution: Execution | None = None
        self.listening: dict[int, tuple[str, ...]] = {}
        self.sequence = 0
        self.published: list[tuple[int, dict[str, Any]]] = []
        self.closed: set[int] = set()  # runs that have a committed history row
        self.invoked: dict[str, str] = {}  # invocation id -> its arguments
        self.statistics = {"crashes": 0, "duplicates": 0, "steps": 0}
        self.finish: Finish | None = None

    # --- the outside ------------------------------------------------------------------------------------

    def put(self, at: float, event: Any) -> None:
        self.counter += 1
        heapq.heappush(self.agenda, (at, self.counter, event))

    def answer(self, call: Invoke) -> None:
        """Answer a call some time later; the same call on the same data gives the same answer always."""
        data = call.input if call.arguments is None else call.arguments
        text = json.dumps(
            [self.salt, call.pointer, call.attempt, data], sort_keys=True, separators=(",", ":")
        )
        dice = random.Random(hashlib.sha256(text.encode()).digest())
        delay = dice.choice([0.0, 0.001, 0.4, 5.0])
        event: events.Event
        if dice.random() < 0.1:
            error = WorkflowError.standard("communication", status=dice.choice([404, 418, 503]))
            event = events.CallFailed(run_id=call.run_id, attempt=call.attempt, error=error)
        else:
            output = dice.choice([{"n": dice.randint(0, 9)}, {"n": 2, "list": [1, 2]}, {"n": 3}])
            event = events.CallCompleted(run_id=call.run_id, attempt=call.attempt, output=output)
        self.put(self.now + delay, event)
        if self.source.random() < 0.15:
            self.statistics["duplicates"] += 1
            self.put(self.now + delay + self.source.choice([0.0, 1.0, 30.0]), event)

    def publish(self, event: dict[str, Any]) -> None:
        """Number an event and deliver it, perhaps twice."""
        self.sequence += 1
        self.published.append((self.sequence, event))
        received = events.EventReceived(sequence=self.sequence, event=event)
        self.put(self.now, received)
        if self.source.random() < 0.2:
            self.put(self.now + 2.0, received)

    # --- one run ----------------------------------------------------------------------------------------

    async def run(self, data: Any) -> Finish:
        """Drive the execution to its end; return how it ended."""
        execution = new_execution(self.plan, self.execution_id, data, self.now)
        self.execution = execution
        _, commands = decide(execution, events.Start(), self.now)
        create = ExecutionRow(
            id=self.execution_id,
            namespace="sim",
            name="random",
            workflow_version="1.0.0",
            definition_digest="digest",
            status=execution.status,
            created_at=self.now,
        )
        await self.commit(commands, create)
        self.perform(commands)
        while self.finish is None:
            self.statistics["steps"] += 1
            assert self.statistics["steps"] < STEPS_MAX, "the execution does not come to its end"
            if self.execution is None:
                await self.recover()
            await self.step()
        # What comes late must change nothing.
        for _, _, event in self.agenda:
            assert self.execution is not None
            assert decide(self.execution, event, self.now + 1e6) == (self.execution, [])
        return self.finish

    async def step(self) -> None:
        """Deliver what is next: an answer, an event, or time itself."""
        execution = self.execution
        assert execution is not None
        due = execution.next_due()
        if self.agenda and (due is None or self.agenda[0][0] <= due):
            at, _, event = heapq.heappop(self.agenda)
        elif due is not None:
            at, event = due, events.Tick()
        else:
            # Nothing will come by itself: it must be listening.
            assert any(frame.waits == "event" for frame in execution.frames.values()), "stuck"
            at = self.now + 1.0
            kind = self.source.choice(["ping", "pong"])
            self.publish({"id": f"x{self.sequence}", "source": "/sim", "type": kind, "data": {"n": 4}})
            _, _, event = heapq.heappop(self.agenda)
        self.now = max(self.now, at)
        chance = self.source.random() if self.crashes else 1.0
        if chance < 0.05:
            await self.crash()  # before anything: the event is lost with the process
            self.come_again(event)
            return
        _, commands = decide(execution, event, self.now)
        self.check(execution)
        if chance < 0.1:
            await self.crash()  # decided, not committed
            self.come_again(event)
            return
        await self.commit(commands, None)
        if chance < 0.15 and self.finish is None:
            await self.crash()  # committed, nothing performed
            for command in commands:
                if isinstance(command, Emit):
                    self.publish(command.event)  # durable with the transition
            return
        self.perform(commands)

    def come_again(self, event: Any) -> None:
        """Published events are durable and come again; answers are not, but their calls are made again."""
        if isinstance(event, events.EventReceived):
            self.put(self.now, event)

    async def crash(self) -> None:
        """The process dies: what was in memory is gone, also answers on their way to it."""
        self.statistics["crashes"] += 1
        self.execution = None
        kept = [entry for entry in self.agenda if isinstance(entry[2], events.EventReceived)]
        heapq.heapify(kept)
        self.agenda = kept

    async def recover(self) -> None:
        """A new process: load the state, make open calls again under the same ids."""
        stored = await self.store.load(self.execution_id)
        assert stored is not None
        self.execution = self.codec.load(stored.data, stored.large)
        self.execution.plan = self.plan
        self.version = stored.version
        self.check(self.execution)
        for command in outstanding(self.execution, self.now):
            assert isinstance(command, Invoke)
            assert command.invocation_id in self.invoked, "recovery made a call that was never decided"
            self.invoke(command)

    async def commit(self, commands: list[Any], create: ExecutionRow | None) -> None:
        """Write the transition to the store, and check what it says against what was written before."""
        execution = self.execution
        assert execution is not None
        rows = []
        for command in commands:
            if isinstance(command, RunRecord):
                assert command.run_id not in self.closed, "a task run ended twice"
                assert command.started_sequence < command.ended_sequence or command.count > 1
                self.closed.add(command.run_id)
                rows.append(task_run_row(self.execution_id, command, orjson.dumps))
            elif isinstance(command, Finish):
                assert self.finish is None
                self.finish = command
            elif isinstance(command, Subscribe):
                self.listening[command.run_id] = command.types
            elif isinstance(command, Unsubscribe):
                self.listening.pop(command.run_id, None)
            elif isinstance(command, Invoke):
                # Deciding again after a crash may come to other calls under the same numbers; what counts
                # is what was committed.
                self.invoked[command.invocation_id] = _arguments(command)
        if execution.final:
            state = None
        else:
            state, _ = self.codec.dump(execution)
            again, _ = self.codec.dump(self.codec.load(state, {}))
            assert again == state, "a state that is loaded and written again is another one"
        committed = await self.store.commit(
            Transition(
                execution_id=self.execution_id,
                expected_version=self.version,
                create=create,
                state=state,
                status=execution.status,
                ended_at=self.now if execution.final else None,
                next_due=None if execution.final else execution.next_due(),
                in_flight=False if execution.final else execution.in_flight(),
                runs=rows,
            )
        )
        self.version = committed.version

    def perform(self, commands: list[Any]) -> None:
        for command in commands:
            if isinstance(command, Invoke):
                self.invoke(command)
            elif isinstance(command, Emit):
                self.publish(command.event)
            else:
                assert not isinstance(command, StartChild)

    def invoke(self, command: Invoke) -> None:
        assert command.run_id not in self.closed, "a task that had finished was called again"
        assert self.invoked[command.invocation_id] == _arguments(command), "a call came again with other data"
        self.answer(command)

    def check(self, execution: Execution) -> None:
        """Check what must hold in every state."""
        frames = execution.frames
        if execution.final:
            assert not frames
            assert not execution.timers
            return
        assert 0 in frames
        for frame in frames.values():
            assert frame.parent_id in frames, "an open task run without its parent"
            assert frame.run_id not in self.closed, "a task run is open and over"
        calls = sum(1 for frame in frames.values() if frame.waits == "call")
        assert calls == execution.call_count
        assert set(execution.timers) <= set(frames), "a timer of a task run that is over"
        assert len(frames) > 1, "nothing is open, and it is not final"
        listening = {frame.run_id for frame in frames.values() if frame.waits == "event"}
        assert not self.closed & listening


def _arguments(command: Invoke) -> str:
    return json.dumps([command.kind, command.target, command.arguments, command.input], sort_keys=True)
