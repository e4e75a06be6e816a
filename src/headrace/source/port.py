"""The port of triggers: what a source of executions is given, and what it owes.

A *source* is a trigger that goes out and gets things: it runs until it is stopped, and hands what came to
`Gate.deliver`, which maps it to an input, and starts an execution. Sources that are called from outside
(http requests, published events) have no `run` of their own, and use the same gate.

**Acknowledgement.** When `deliver` returns, the start is durable (`started`), or was before (`duplicate`),
or it is decided that nothing starts (`refused`, `failed`). So a source acknowledges after `deliver` and
never before. When `deliver` raises `StartUnavailable`, nothing is decided: the source holds what came, and
tries it again.

**How a broker maps on it** (Kafka, RabbitMQ, RocketMQ, ...):

* *Key.* `Delivery.key` is the broker's own identity of the message: topic, partition and offset for Kafka,
  the message id for RocketMQ; for RabbitMQ the `message-id` property where producers set it. It is the same
  on every redelivery, so a message that comes twice starts one execution. `dedupe:` takes another one out
  of the message.
* *Acknowledgement.* Commit the offset, or ack, after `started`, `duplicate` and `refused`. On `failed` hand
  the message to the broker's own dead letters (nack without requeue), or where there are none acknowledge
  it: the firing is on record with its reason. On `StartUnavailable` do not acknowledge: pause, and deliver
  again.
* *Batches.* Deliver the messages of a poll concurrently and commit the highest offset below which all are
  dealt with. A trigger with `batch` makes one delivery of them, whose key is that of its first and last
  message; after a crash the same offsets have to form the same batch, so commit whole batches only.
* *Order per key.* Executions of one message key start in the order of the messages when their deliveries
  are awaited one after the other; partitions go on beside each other. How they go on after the start is not
  ordered: an author who needs that sets `maxOpen: 1`.
* *Backpressure.* `await gate.room()` before a poll: it returns while the trigger may start something, that
  is, not paused and with less than `maxOpen` executions open. Until then the source does not poll, or
  pauses its partitions where the protocol wants polls to go on.
* *Rebalance.* When partitions are taken away: await the deliveries in hand, commit what they came to, let
  go. What is delivered twice by a rebalance is a `duplicate`.
* *Stop.* `run` is cancelled. In its `finally` a source gives back what it holds and closes its connection;
  deliveries in hand are shielded by the gate and end by themselves.
* *State.* Offsets live in the broker. A source that needs more has `Kept`: a number and a note, durable
  with `save`.
* *Errors.* A connection that breaks is the source's to mend, with pauses; it says so in `gate.error`, which
  people see. `run` only raises for what no retry mends.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Literal, Protocol

import msgspec

from headrace.errors import HeadraceError
from headrace.store.port import Starter

if TYPE_CHECKING:
    from headrace.source.gate import Gate
    from headrace.spec.flowapp import Definition
    from headrace.store.triggers import TriggerName


class SourceError(HeadraceError):
    """A trigger cannot be what it should be; says which one, why, and what to do."""


class StartUnavailable(HeadraceError):
    """Nothing was started and nothing is decided: the same delivery may be started later."""


class Clock(Protocol):
    """What sources ask of a clock."""

    def now(self) -> float:
        """Return epoch seconds, UTC."""

    async def sleep_until(self, moment: float) -> None:
        """Return when `now()` is `moment` (epoch seconds) or later."""


class App(Protocol):
    """A deployed definition, as sources see it."""

    @property
    def namespace(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def definition(self) -> Definition: ...


class StartRequest(msgspec.Struct, frozen=True, kw_only=True):
    """An execution to be started. The same `key` again starts nothing."""

    namespace: str
    flow: str
    trigger: str
    input: Any
    key: str | None = None
    traceparent: str | None = None  # W3C trace context of what came
    tracestate: str | None = None
    started_by: Starter | None = None  # who fired the trigger by hand


class StartOutcome(msgspec.Struct, frozen=True):
    """The execution of a `StartRequest`; not `created`: it was started before under the same key."""

    execution_id: str
    created: bool = True


# Starts an execution of the flow's current version; it is durable when this returns. Raises
# `StartUnavailable` where the same request may succeed later, `HeadraceError` where it will not.
Start = Callable[[StartRequest], Awaitable[StartOutcome]]

# Is told of each firing of a trigger: which one, what came of it, and by how many seconds it was late.
OnFired = Callable[["TriggerName", str, "float | None"], None]

Outcome = Literal["started", "duplicate", "refused", "failed"]
# Why nothing started, for those who have to answer somebody: `full` and `paused` pass.
Reason = Literal["", "full", "paused", "mapping", "start"]


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that came to a trigger, or several that start one execution together."""

    payload: Any  # what `input:` and `dedupe:` see
    default_input: Any  # the input where the trigger has no `input:`
    key: str | None  # what tells it from others of its kind; None: nothing does
    due_at: float | None = None  # when it should have come, for what goes by time
    traceparent: str | None = None
    tracestate: str | None = None


class Fired(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a delivery. `started` and `duplicate` have an execution, the others a `detail`."""

    outcome: Outcome
    execution_id: str | None = None
    reason: Reason = ""
    detail: str | None = None


class Ended(Protocol):
    """How an execution ended (`headrace.runtime.results.Result`)."""

    @property
    def execution_id(self) -> str: ...

    @property
    def status(self) -> str: ...


class Source(Protocol):
    """A trigger that goes out and gets things."""

    async def run(self, gate: Gate) -> None:
        """Deliver what comes until cancelled."""

    def next_at(self) -> float | None:
        """Return when it fires next, where it goes by time (epoch seconds)."""

    async def lag_seconds(self) -> float | None:
        """Return how long what it has not dealt with waits; None where nothing does or nobody knows."""
