"""The state of one execution: what is open, and nothing that is over.

A `Frame` is an open task run. Frames form a tree by `parent_id`; the root frame (run 0) is the workflow.
When a task run ends, its frame goes and a history record takes its place, so the state stays as small as
the work that is open.

Payloads (inputs, outputs, variables) are plain JSON data and never changed in place; many frames share
the same object. `dump` writes each object once and remembers its encoding for as long as it is referred
to, so that advancing an execution costs what is new and not what it carries.
"""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

import msgspec

if TYPE_CHECKING:
    from headrace.engine.plan import Plan

STATE_FORMAT = 1

# Payloads from this size on leave the state and are kept once, by hash.
LARGE_PAYLOAD_BYTES = 64 * 1024

FINAL_STATUSES = frozenset({"completed", "faulted", "cancelled"})

# Frame.stage: where a task run is in its own course.
BEFORE, BODY, AFTER = 0, 1, 2


class Frame(msgspec.Struct):
    """One open task run."""

    run_id: int
    parent_id: int
    pointer: str
    raw_input: Any
    started_at: float
    started_sequence: int
    input: Any = None
    variables: dict[str, Any] | None = None  # all that are visible here; shared with the parent where equal
    stage: int = BODY
    index: int = 0  # position in the child list, or of the iteration
    attempt: int = 1
    iteration: int | None = None
    waits: str | None = None  # call | child | event | timer: what a leaf waits for
    since: float | None = None  # when the wait began
    quiet: bool = False  # inside a summed-up loop: not recorded on its own
    held: Any = None  # a payload of the task's own: transformed output while `after` runs, loop items, error
    payloads: dict[str, Any] | None = None  # further payloads by name: outputs of branches, events consumed
    facts: dict[str, Any] | None = None  # small mutable data of the task's own


class Execution:
    """The state that `decide` advances, with what it needs at hand (plan, secrets), which is not stored."""

    __slots__ = (
        "_encoded",
        "call_count",
        "child_count",
        "context",
        "created_at",
        "definition_digest",
        "descriptor",
        "error",
        "event_cursor",
        "execution_id",
        "frames",
        "history",
        "input",
        "name",
        "namespace",
        "next_run_id",
        "observed",
        "output",
        "parent_id",
        "parent_run_id",
        "pending",
        "plan",
        "secrets",
        "sequence",
        "started_at",
        "status",
        "timers",
        "trace",
        "workflow_version",
    )

    def __init__(
        self,
        execution_id: str,
        *,
        namespace: str,
        name: str,
        workflow_version: str,
        definition_digest: str,
        input: Any,
        created_at: float,
        parent_id: str | None = None,
        parent_run_id: int | None = None,
        history: str = "full",
        trace: str | None = None,
    ) -> None:
        self.execution_id = execution_id
        self.namespace = namespace
        self.name = name
        self.workflow_version = workflow_version
        self.definition_digest = definition_digest
        self.status = "pending"
        self.created_at = created_at
        self.started_at: float | None = None
        self.input = input
        self.context: Any = None
        self.output: Any = None
        self.error: dict[str, Any] | None = None
        self.next_run_id = 0
        self.sequence = 0
        self.event_cursor = 0
        self.call_count = 0  # open invocations
        self.child_count = 0  # open awaited children
        self.frames: dict[int, Frame] = {}
        self.timers: dict[int, dict[str, float]] = {}  # run id -> timer name -> due, epoch seconds
        self.pending: list[Any] = []  # events that came while suspended, as JSON data
        self.parent_id = parent_id
        self.parent_run_id = parent_run_id
        self.history = history
        self.trace = trace  # the `traceparent` of who started it
        # Not stored:
        self.plan = cast("Plan", None)
        self.secrets: Mapping[str, Any] = {}
        self.observed = False  # emit a notice for every change of phase
        self.descriptor: dict[str, Any] | None = None  # `$workflow`, made once
        self._encoded: dict[int, tuple[Any, Any]] = {}

    @property
    def final(self) -> bool:
        return self.status in FINAL_STATUSES

    @property
    def flow(self) -> str:
        return f"{self.namespace}/{self.name}:{self.workflow_version}"

    def next_due(self) -> float | None:
        """Return when the earliest timer is due (epoch seconds), or None while there is none."""
        if not self.timers or self.status == "suspended":
            return None
        return min(due for timers in self.timers.values() for due in timers.values())

    def in_flight(self) -> bool:
        """Tell whether invocations or awaited children are open, so that recovery must look at it."""
        return self.call_count > 0 or self.child_count > 0 or self.status == "pending"


_HEAD_FIELDS = (
    "execution_id",
    "namespace",
    "name",
    "workflow_version",
    "definition_digest",
    "status",
    "created_at",
    "started_at",
    "next_run_id",
    "sequence",
    "event_cursor",
    "call_count",
    "child_count",
    "parent_id",
    "parent_run_id",
    "history",
    "trace",
)

_head = operator.attrgetter(*_HEAD_FIELDS)

# How a payload is encoded; the runtime passes one that hides secrets.
Encode = Callable[[Any], bytes]


class Codec:
    """Writes and reads states. `encode` and `decode` are of one payload, and may hide and show secrets."""

    def __init__(self, encode: Encode | None = None, decode: Callable[[bytes], Any] | None = None) -> None:
        self._encode = encode or msgspec.json.Encoder().encode
        self._decode = decode or msgspec.json.Decoder().decode

    def encode_payload(self, execution: Execution, value: Any) -> bytes:
        """Return the JSON of a payload, made once per object while the execution refers to it."""
        if value.__class__ is not dict and value.__class__ is not list:
            return self._encode(value)
        known = execution._encoded.get(id(value))
        if known is not None:
            return cast(bytes, known[1])
        data = self._encode(value)
        # Holding the object keeps its id from being given to another one.
        execution._encoded[id(value)] = (value, data)
        return data

    def dump(self, execution: Execution) -> tuple[bytes, dict[str, bytes]]:
        """Return the state as JSON, and its large payloads by SHA-256."""
        values: list[Any] = []
        places: dict[int, int] = {}
        large: dict[str, bytes] = {}
        encoded = execution._encoded
        kept: dict[int, tuple[Any, Any]] = {}
        encode = self._encode

        def refer(value: Any) -> int | None:
            if value is None:
                return None
            if value.__class__ is dict or value.__class__ is list:
                key = id(value)
                place = places.get(key)
                if place is not None:
                    return place
                known = encoded.get(key)
                if known is None:
                    known = (value, encode(value))
                kept[key] = known
                data = known[1]
                place = places[key] = len(values)
            else:
                data = encode(value)
                place = len(values)
            if len(data) > LARGE_PAYLOAD_BYTES:
                digest = hashlib.sha256(data).hexdigest()
                large[digest] = data
                values.append({"sha256": digest})
            else:
                values.append([msgspec.Raw(data)])
            return place

        input_place, context_place = refer(execution.input), refer(execution.context)
        frames = []
        for frame in execution.frames.values():
            # Most payloads were seen before in the same state: look before calling.
            raw_input, input, variables = frame.raw_input, frame.input, frame.variables
            payloads = frame.payloads
            frames.append(
                (
                    frame.run_id,
                    frame.parent_id,
                    frame.pointer,
                    places[id(raw_input)] if id(raw_input) in places else refer(raw_input),
                    frame.started_at,
                    frame.started_sequence,
                    places[id(input)] if id(input) in places else refer(input),
                    None if variables is None else refer(variables),
                    frame.stage,
                    frame.index,
                    frame.attempt,
                    frame.iteration,
                    frame.waits,
                    frame.since,
                    frame.quiet,
                    None if frame.held is None else refer(frame.held),
                    None if payloads is None else {name: refer(value) for name, value in payloads.items()},
                    frame.facts,
                )
            )
        document = (
            STATE_FORMAT,
            _head(execution),
            input_place,
            context_place,
            frames,
            list(execution.timers.items()) if execution.timers else (),
            refer(execution.pending) if execution.pending else None,
            values,
        )
        execution._encoded = kept
        return _STATE_ENCODER.encode(document), large

    def load(self, data: bytes, large: Mapping[str, bytes]) -> Execution:
        """Rebuild an execution from `dump`'s two parts."""
        document = _STATE_DECODER.decode(data)
        if document[0] != STATE_FORMAT:
            raise ValueError(f"state format {document[0]} is not known to this version of Headrace")
        # Not strict: a state that was written before the last fields came has their defaults.
        head = dict(zip(_HEAD_FIELDS, document[1], strict=False))
        execution = Execution(
            head["execution_id"],
            namespace=head["namespace"],
            name=head["name"],
            workflow_version=head["workflow_version"],
            definition_digest=head["definition_digest"],
            input=None,
            created_at=head["created_at"],
        )
        for name, value in head.items():
            setattr(execution, name, value)
        decode = self._decode
        kept = execution._encoded
        values: list[Any] = []
        for entry in document[7]:
            raw = large[entry["sha256"]] if entry.__class__ is dict else _JSON_ENCODER.encode(entry[0])
            value = decode(raw)
            if value.__class__ is dict or value.__class__ is list:
                kept[id(value)] = (value, raw)
            values.append(value)

        def resolve(place: int | None) -> Any:
            return None if place is None else values[place]

        execution.input = resolve(document[2])
        execution.context = resolve(document[3])
        for row in document[4]:
            frame = Frame(*row)
            frame.raw_input = resolve(row[3])
            frame.input = resolve(row[6])
            frame.variables = resolve(row[7])
            frame.held = resolve(row[15])
            if frame.payloads is not None:
                frame.payloads = {name: resolve(place) for name, place in frame.payloads.items()}
            execution.frames[frame.run_id] = frame
        execution.timers = {run_id: dict(timers) for run_id, timers in document[5]}
        execution.pending = list(resolve(document[6]) or [])
        return execution


_STATE_ENCODER = msgspec.json.Encoder()
_STATE_DECODER = msgspec.json.Decoder()
_JSON_ENCODER = msgspec.json.Encoder()
