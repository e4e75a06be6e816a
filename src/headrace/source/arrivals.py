"""What came to each trigger last, so that its expressions are tried on that, and a refusal is understood.

In memory only: what started something is an execution, and what did not is a firing with its reason. Of each
trigger three are kept: the last that came to it, the last that was refused or failed, and the last event that
its filters did not take. A payload is data that others hold anyway, or the bytes of a request, which nobody
reads before somebody asks: that is on the way of every request.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Literal, Protocol

import msgspec
import orjson

from headrace.spec.flowapp import Definition
from headrace.store.triggers import TriggerName

# A larger payload is not kept; that it came is.
PAYLOAD_BYTES_MAX = 64 * 1024
# All payloads of a process. Beyond it those of the triggers go to which nothing came for the longest time.
BYTES_MAX = 32 * 1024 * 1024

# `filtered`: an event that the trigger's filters did not take.
ArrivalOutcome = Literal["started", "duplicate", "refused", "failed", "filtered"]
# Why nothing started. `signature`: it is not signed as it has to be; `request`: it cannot be read, so its
# body is the text that was sent; `unavailable`: nothing could be written, the sender may try again.
Cause = Literal["", "full", "paused", "mapping", "start", "signature", "request", "unavailable", "filter"]


def secret_names(definition: Definition) -> frozenset[str]:
    """Return the secrets that a flow and its triggers name: what came is told without them."""
    signed = [
        trigger.http.access.secret
        for trigger in definition.all_triggers()
        if trigger.http is not None and not isinstance(trigger.http.access, str)
    ]
    return frozenset([*definition.workflow.use.secrets, *signed])


class Payload(Protocol):
    """What came, not read yet."""

    @property
    def size_bytes(self) -> int:
        """How much of memory it holds."""

    def seen(self) -> Any:
        """Return what the trigger's expressions see of it."""


class Encoded:
    """A payload as JSON."""

    __slots__ = ("_json",)

    def __init__(self, json: bytes) -> None:
        self._json = json

    @property
    def size_bytes(self) -> int:
        """How long the JSON is."""
        return len(self._json)

    def seen(self) -> Any:
        """Return the data."""
        return orjson.loads(self._json)


class Arrival(msgspec.Struct, kw_only=True):
    """Something that came to a trigger, and what became of it.

    `size_bytes` is what its payload holds of memory; one that is too large is not kept, and has none.
    """

    at: float  # epoch seconds
    outcome: ArrivalOutcome
    cause: Cause = ""
    detail: str | None = None
    execution_id: str | None = None
    payload: Payload | None = None
    size_bytes: int = 0


class Arrived(msgspec.Struct):
    """What is kept of one trigger. `last` may be the one that is `refused`."""

    last: Arrival | None = None
    refused: Arrival | None = None
    filtered: Arrival | None = None


class Arrivals:
    """What came to the triggers of a process, as far as it is kept."""

    def __init__(self, *, payload_bytes_max: int = PAYLOAD_BYTES_MAX, bytes_max: int = BYTES_MAX) -> None:
        self._payload_bytes_max = payload_bytes_max
        self._bytes_max = bytes_max
        self._bytes = 0
        self._of: OrderedDict[TriggerName, Arrived] = OrderedDict()  # what something came to last is last
        # An event is offered to many triggers one after the other: it is encoded once.
        self._data: Any = None
        self._encoded: Encoded | None = None

    def payload(self, data: Any) -> Payload | None:
        """Return JSON data as a payload; None where it is too large, or nothing that JSON can say."""
        if data is not self._data or data is None:
            try:
                self._encoded = Encoded(orjson.dumps(data))
            except TypeError:
                self._encoded = None
            self._data = data
        return self._encoded

    def note(self, name: TriggerName, arrival: Arrival, *, let_in: bool = True) -> None:
        """Keep what came to a trigger, in place of what came before.

        Not `let_in`: it was turned away before it was the trigger's to look at (its signature is wrong, say),
        so it is the last refusal, and not the last that came.
        """
        if arrival.payload is not None:
            arrival.size_bytes = arrival.payload.size_bytes
            if arrival.size_bytes > self._payload_bytes_max:
                arrival.payload, arrival.size_bytes = None, 0
        arrived = self._of.get(name)
        if arrived is None:
            arrived = self._of[name] = Arrived()
        else:
            self._of.move_to_end(name)
        if arrival.outcome == "filtered":
            self._bytes += arrival.size_bytes - _size(arrived.filtered)
            arrived.filtered = arrival
        else:
            if let_in:
                self._bytes += arrival.size_bytes - _size(arrived.last)
                arrived.last = arrival
            if arrival.execution_id is None:
                self._bytes += arrival.size_bytes - _size(arrived.refused)
                arrived.refused = arrival
        while self._bytes > self._bytes_max and len(self._of) > 1:
            self._drop(next(iter(self._of)))

    def of(self, name: TriggerName) -> Arrived:
        """Return what came to a trigger last."""
        return self._of.get(name) or Arrived()

    def forget(self, namespace: str, flow: str | None = None, triggers: Iterable[str] | None = None) -> None:
        """Keep nothing of a namespace any more, of a flow of it, or of some of its triggers."""
        wanted = None if triggers is None else frozenset(triggers)
        for name in list(self._of):
            if (
                name.namespace == namespace
                and flow in (None, name.flow)
                and (wanted is None or name.trigger in wanted)
            ):
                self._drop(name)
        self._data = self._encoded = None

    def _drop(self, name: TriggerName) -> None:
        arrived = self._of.pop(name)
        self._bytes -= _size(arrived.last) + _size(arrived.refused) + _size(arrived.filtered)


def _size(arrival: Arrival | None) -> int:
    return 0 if arrival is None else arrival.size_bytes
