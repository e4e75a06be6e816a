"""Each backend against the model, under operations that hypothesis makes up.

Times are long, and never over, or short, and over before the next operation: so the model needs no clock,
and servers with a real one do as well.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contract.queue.backend import BACKENDS
from contract.queue.conftest import build
from contract.queue.model import Model
from headrace.queue.port import Done, Failed, Held, Leased, Put, QueueOptions

LONG, SHORT = 1000.0, 0.02
OPTIONS = QueueOptions(max_attempts=3, backoff_seconds=LONG, backoff_seconds_max=LONG)

puts = st.builds(
    Put,
    payload=st.sampled_from([b"", b"x", b"y" * 5000]),
    id=st.sampled_from([None, None, None, "i", "j"]),
    delay_seconds=st.sampled_from([0.0, 0.0, 0.0, LONG]),
    priority=st.integers(0, 2),
    dedupe_key=st.sampled_from([None, None, "a", "b"]),
    dedupe_seconds=st.just(LONG),
    max_attempts=st.sampled_from([None, None, 1, 2]),
)
counts = st.integers(1, 4)
# Which of the leases there ever were; most of them are over.
choices = st.lists(st.integers(0, 1_000_000), max_size=4)
results = st.sampled_from([None, b"", b"result"])
purges = st.sampled_from(["ready", "delayed", "dead", "all"])


class QueueMachine(RuleBasedStateMachine):
    backend_name: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.directory = tempfile.TemporaryDirectory()
        self.model = Model(OPTIONS.max_attempts)
        self.leases: list[Held] = []
        # Whether keys outlive a purge is left to the backend: new ones from then on.
        self.purges = 0

    @initialize()
    def open(self) -> None:
        self.backend = build(self.backend_name, Path(self.directory.name))
        self.queue = self.run(self.backend.open(options=OPTIONS))

    def teardown(self) -> None:
        if hasattr(self, "queue"):
            self.run(self.backend.close())
        self.runner.close()
        self.directory.cleanup()

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    def chosen(self, numbers: list[int]) -> list[Held]:
        # Counted from the newest, which more likely hold; each once.
        places = dict.fromkeys(-1 - number % len(self.leases) for number in numbers) if self.leases else ()
        return [self.leases[place] for place in places]

    def take(self, leased: list[Leased], limit: int) -> None:
        self.model.check_order([item.id for item in leased], limit)
        for item in leased:
            known = self.model.items[item.id]
            assert item.attempt == self.model.lease(item.id, item.token)
            assert (item.payload, item.priority) == (known.payload, known.priority)
            assert item.max_attempts == known.max_attempts
        self.leases += [Held(item.id, item.token) for item in leased]

    # ------------------------------------------------------------ rules

    @rule(new=st.lists(puts, min_size=1, max_size=4))
    def put(self, new: list[Put]) -> None:
        for one in new:
            if one.dedupe_key is not None:
                one.dedupe_key += str(self.purges)
        for one, answer in zip(new, self.run(self.queue.enqueue_many(new)), strict=True):
            known = self.model.duplicate_of(one)
            assert answer.duplicate == bool(known)
            if known:
                assert answer.id in known
            else:
                assert one.id in (None, answer.id)
                self.model.put(one, answer.id)

    @rule(count=counts)
    def lease(self, count: int) -> None:
        self.take(self.run(self.queue.lease(count, LONG)), count)

    @rule(count=counts)
    def lease_and_let_it_end(self, count: int) -> None:
        leased = self.run(self.queue.lease(count, SHORT))
        self.take(leased, count)
        self.run(self.backend.pass_time(SHORT * 1.5))
        for item in leased:
            assert self.run(self.queue.complete([Done(item.id, item.token)])) == [item.id]
            self.model.expire(item.id)
        # Which brings back what is due.
        self.lease(1)

    @rule(count=counts, priority=st.integers(0, 2))
    def put_and_let_it_come(self, count: int, priority: int) -> None:
        new = [Put(payload=b"late", delay_seconds=SHORT, priority=priority) for _ in range(count)]
        answers = self.run(self.queue.enqueue_many(new))
        for one, answer in zip(new, answers, strict=True):
            self.model.put(one, answer.id)
        self.run(self.backend.pass_time(SHORT * 1.5))
        self.model.become_due(answer.id for answer in answers)
        self.lease(1)

    def completed(self, done: list[Done]) -> set[str]:
        """Complete in the model; return what is refused."""
        refused = set()
        for one in done:
            if self.model.holds(one.id, one.token):
                self.model.complete(one.id, one.result)
            else:
                refused.add(one.id)
        return refused

    @rule(numbers=choices, result=results)
    def complete(self, numbers: list[int], result: bytes | None) -> None:
        done = [Done(held.id, held.token, result) for held in self.chosen(numbers)]
        assert set(self.run(self.queue.complete(done))) == self.completed(done)

    @rule(numbers=choices, result=results, count=st.integers(0, 4))
    def complete_and_lease(self, numbers: list[int], result: bytes | None, count: int) -> None:
        done = [Done(held.id, held.token, result) for held in self.chosen(numbers)]
        refused, leased = self.run(self.queue.complete_and_lease(done, count, LONG))
        assert set(refused) == self.completed(done)
        self.take(leased, count)

    @rule(numbers=choices)
    def extend(self, numbers: list[int]) -> None:
        held = self.chosen(numbers)
        refused = {one.id for one in held if not self.model.holds(one.id, one.token)}
        assert set(self.run(self.queue.extend(held, LONG))) == refused

    @rule(numbers=choices)
    def release(self, numbers: list[int]) -> None:
        held = self.chosen(numbers)
        refused = set()
        for one in held:
            if self.model.holds(one.id, one.token):
                self.model.release(one.id)
            else:
                refused.add(one.id)
        assert set(self.run(self.queue.release(held))) == refused

    @rule(numbers=choices, retry_in=st.sampled_from([None, 0.0, LONG]), final=st.booleans())
    def fail(self, numbers: list[int], retry_in: float | None, final: bool) -> None:
        failed = [
            Failed(id=held.id, token=held.token, error=f"error {place}", retry_in=retry_in, final=final)
            for place, held in enumerate(self.chosen(numbers))
        ]
        refused = set()
        for one in failed:
            if self.model.holds(one.id, one.token):
                self.model.fail(one.id, one.error, at_once=retry_in == 0.0, final=final)
            else:
                refused.add(one.id)
        assert set(self.run(self.queue.fail(failed))) == refused

    @rule(numbers=choices)
    def redrive_these(self, numbers: list[int]) -> None:
        ids = [held.id for held in self.chosen(numbers)]
        assert self.run(self.queue.redrive(ids)) == self.model.redrive(ids)

    @rule()
    def redrive_all(self) -> None:
        dead = [letter.id for letter in self.run(self.queue.dead_letters())]
        assert self.run(self.queue.redrive()) == self.model.redrive(dead)

    @rule(what=purges)
    def purge(self, what: Any) -> None:
        self.purges += 1
        assert self.run(self.queue.purge(what)) == self.model.purge(what)

    # ------------------------------------------------------------ looking

    @rule()
    def peek(self) -> None:
        self.model.check_order([record.id for record in self.run(self.queue.peek())], 100)
        for state in ("delayed", "leased", "completed"):
            records = self.run(self.queue.peek(state=state))
            assert {record.id for record in records} == {item.id for item in self.model.in_state(state)}

    @rule()
    def dead_letters(self) -> None:
        letters = self.run(self.queue.dead_letters())
        # Those of one moment may come in any order.
        assert sorted(letter.id for letter in letters) == sorted(self.model.dead)
        assert [letter.died_at for letter in letters] == sorted(letter.died_at for letter in letters)
        for letter in letters:
            known = self.model.items[letter.id]
            assert (letter.payload, letter.attempts) == (known.payload, known.attempts)
            if letter.reason != "expired":
                assert letter.error == known.error

    @rule(numbers=choices)
    def inspect(self, numbers: list[int]) -> None:
        for held in self.chosen(numbers):
            record = self.run(self.queue.inspect(held.id))
            known = self.model.items.get(held.id)
            assert (record is None) == (known is None)
            if record is not None and known is not None:
                assert (record.state, record.attempts) == (known.state, known.attempts)
                assert record.result == known.result
                assert record.history[0].what == "enqueued"

    @invariant()
    def counted(self) -> None:
        stats = msgspec.structs.replace(self.run(self.queue.stats()), oldest_ready_seconds=None)
        assert stats == self.model.stats()


def machine(name: str, examples: int, phases: tuple[Phase, ...] = tuple(Phase)) -> type:
    """Return the test case of one backend."""
    made = type(f"{name.title()}Machine", (QueueMachine,), {"backend_name": name})
    case: type = made.TestCase  # type: ignore[attr-defined]
    case.settings = settings(  # type: ignore[attr-defined]
        max_examples=examples,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=phases,
    )
    return case


TestSqlite = machine("sqlite", 60)
# Not made smaller when it fails: time that passes for real makes that take minutes.
TestRedis = machine("redis", 25, (Phase.explicit, Phase.reuse, Phase.generate))
assert set(BACKENDS) >= {"sqlite", "redis"}
