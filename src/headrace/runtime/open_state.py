"""What an execution that is not final has open, read from the store while another process may run it."""

from __future__ import annotations

from typing import NamedTuple

from headrace.engine.state import Codec, Frame
from headrace.engine.waiting import Waiting, waiting
from headrace.runtime.definitions import Definitions
from headrace.store.port import Store


class OpenRun(NamedTuple):
    """A task run that has not ended."""

    run_id: int
    parent_id: int
    pointer: str
    name: str
    kind: str
    started_sequence: int
    started_at: float
    attempt: int
    iteration: int | None
    status: str  # running | waiting


class OpenState(NamedTuple):
    """The open runs of an execution in the order in which they started, and what each leaf waits for."""

    runs: list[OpenRun]
    waiting: list[Waiting]


async def open_state(store: Store, execution_id: str, definitions: Definitions | None = None) -> OpenState:
    """Read the state of an execution as it was last committed; empty when it is final."""
    stored = await store.load(execution_id)
    if stored is None:
        return OpenState([], [])
    deployed = await (definitions or Definitions(store)).by_digest(stored.definition_digest)
    # Secrets stay references here: nothing of what is shown needs their text.
    execution = Codec().load(stored.data, stored.large)
    execution.plan = deployed.plan

    def run(frame: Frame) -> OpenRun:
        node = deployed.plan.nodes[frame.pointer]
        return OpenRun(
            frame.run_id,
            frame.parent_id,
            node.pointer,
            node.name,
            node.kind,
            frame.started_sequence,
            frame.started_at,
            frame.attempt,
            frame.iteration,
            "waiting" if frame.waits in ("event", "timer") else "running",
        )

    frames = (frame for frame in execution.frames.values() if frame.run_id != 0)
    return OpenState(sorted(map(run, frames), key=lambda each: each.started_sequence), waiting(execution))
