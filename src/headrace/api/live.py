"""The hub of live updates: what happens gets a number, a place in a ring, and goes to who looks at it.

Only what somebody looks at, or did some minutes ago, is observed and numbered: other executions pay nothing
for it. Who comes back with an id from before that, or from another process (its epoch is another one), is
told to read the state again (`reset`).
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import deque
from collections.abc import Callable
from typing import Any, Literal

import orjson

from headrace.api.gauges import Gauges
from headrace.api.reader import Reader, Topic
from headrace.engine.record import Notice
from headrace.engine.state import Execution
from headrace.runtime.results import Result
from headrace.runtime.runtime import Runtime
from headrace.store.port import LogLine

RING = 10_000
# Readers hear of us at least so often, so that what is between keeps the connection.
ALIVE_SECONDS = 15.0
# How long things are still numbered when nobody looks any more: a page that is loaded again comes back.
LINGER_SECONDS = 300.0
RETRY_MS = 2_000

FINAL_PHASES = frozenset(("completed", "faulted", "cancelled"))
ENDED = b"event: end\ndata: {}\n\n"
# What functions wrote last may come after the end of their execution.
END_SECONDS = 0.25

Level = Literal["execution", "task", "log"]


class Entry:
    """Something that happened. Its frame is written when the first reader needs it."""

    __slots__ = ("_event", "_frame", "execution_id", "flow", "level", "namespace", "number")

    def __init__(
        self, number: int, namespace: str, flow: str, execution_id: str, level: Level, event: Notice | bytes
    ) -> None:
        self.number = number
        self.namespace = namespace
        self.flow = flow
        self.execution_id = execution_id
        self.level = level
        self._event: Notice | bytes | None = event
        self._frame = b""

    def frame(self, epoch: str) -> bytes:
        """Return it as a server-sent event."""
        if self._event is not None:
            data = self._event if isinstance(self._event, bytes) else self._data(self._event)
            self._frame = b"id: %s-%d\nevent: %s\ndata: %s\n\n" % (
                epoch.encode(), self.number, self.level.encode(), data,
            )  # fmt: skip
            self._event = None
        return self._frame

    def _data(self, notice: Notice) -> bytes:
        data: dict[str, Any] = {
            "execution": self.execution_id,
            "namespace": self.namespace,
            "flow": self.flow,
            "phase": notice.phase,
            "at": notice.at,
        }
        if self.level == "task":
            data |= {
                "run_id": notice.run_id,
                "parent_id": notice.parent_id,
                "task": notice.pointer,
                "name": notice.name,
                "kind": notice.kind,
                "attempt": notice.attempt,
            }
            if notice.iteration is not None:
                data["iteration"] = notice.iteration
        if notice.error is not None:
            data["error"] = notice.error
        return orjson.dumps(data)

    def fits(self, reader: Reader) -> bool:
        """Return whether it is of the kinds that a reader of one of its topics wants."""
        if reader.topic.execution_id or self.level == "execution":
            return True
        return reader.tasks if self.level == "task" else reader.logs

    def belongs(self, topic: Topic) -> bool:
        """Return whether it is about a topic."""
        return (
            topic.namespace == self.namespace
            and topic.flow in ("", self.flow)
            and topic.execution_id in ("", self.execution_id)
        )


class Hub:
    """One per process. Its methods are for the event loop that the runtime runs in."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        ring: int = RING,
        alive_seconds: float = ALIVE_SECONDS,
        linger_seconds: float = LINGER_SECONDS,
    ) -> None:
        self._runtime = runtime
        self._ring: deque[Entry] = deque(maxlen=ring)
        self._alive_seconds = alive_seconds
        self._linger_seconds = linger_seconds
        self._epoch = _new_epoch()
        self._number = 0
        self._readers: dict[Topic, set[Reader]] = {}
        self._count = 0
        # Of executions that ended a moment ago: their last lines come after their end.
        self._flows: dict[str, tuple[str, str]] = {}
        self._unobserve: list[Callable[[], None]] = []
        # What is numbered, each since which number; those without a reader have a timer that ends it.
        self._watched: dict[Topic, int] = {}
        self._lingering: dict[Topic, asyncio.TimerHandle] = {}
        self._ticking: asyncio.Task[None] | None = None
        self._closed = False
        self._followed: dict[str, Topic] = {}  # by execution: of those in `_watched`
        runtime.on_end(self._on_end)
        self.gauges = Gauges(alive_seconds)

    @property
    def alive_seconds(self) -> float:
        """How often a reader hears of us at least."""
        return self._alive_seconds

    @property
    def readers(self) -> int:
        """How many readers there are, those of queues too."""
        return self._count + self.gauges.readers

    @property
    def gather_seconds(self) -> float:
        """How long what comes is gathered after a reader was sent something: longer, with more readers.

        However much happens, it is sent to all of them in a bounded number of writes a second.
        """
        return min(0.02 + self._count / 5000, 0.5)

    @property
    def position(self) -> str:
        """The id of the last thing that happened, `<epoch>-<number>`."""
        return f"{self._epoch}-{self._number}"

    # --- reading ----------------------------------------------------------------------------------------

    def subscribe(
        self,
        topic: Topic,
        wake: Callable[[], None],
        *,
        tasks: bool = False,
        logs: bool = False,
        last_id: str | None = None,
    ) -> Reader:
        """Add a reader: it gets what came after `last_id`, and what comes.

        Where that is not known any more it gets `reset` first, and without a `last_id` `ready`.
        """
        since = self._watch(topic)
        reader = Reader(topic, tasks, wake, logs=logs)
        reader.sent_at = asyncio.get_running_loop().time()
        missed = None if last_id is None else self._after(last_id, since)
        if missed is None:
            word = "ready" if last_id is None else "reset"
            data = orjson.dumps({"position": self.position})
            reader.push(
                b"retry: %d\nid: %s\nevent: %s\ndata: %s\n\n"
                % (RETRY_MS, self.position.encode(), word.encode(), data)
            )
        else:
            for entry in missed:
                if entry.belongs(topic) and entry.fits(reader):
                    reader.push(entry.frame(self._epoch), bounded=False)
        self._readers.setdefault(topic, set()).add(reader)
        self._count += 1
        if self._closed:
            reader.end()
        return reader

    def unsubscribe(self, reader: Reader) -> None:
        """Forget a reader; a second time does nothing."""
        readers = self._readers.get(reader.topic)
        if readers is None or reader not in readers:
            return
        readers.discard(reader)
        self._count -= 1
        if self._count == 0:
            self._stop_ticking()
        if not readers:
            topic = reader.topic
            del self._readers[topic]
            if not self._closed:
                loop = asyncio.get_running_loop()
                self._lingering[topic] = loop.call_later(self._linger_seconds, self._unwatch, topic)

    def _after(self, last_id: str, since: int) -> list[Entry] | None:
        """Return what happened after an id; None when that is not known any more, or never was."""
        epoch, _, number = last_id.strip().rpartition("-")
        if epoch != self._epoch or not number.isascii() or not number.isdigit() or len(number) > 18:
            return None
        known = int(number)
        ring = self._ring
        forgotten = ring[0].number - 1 if len(ring) == ring.maxlen else 0
        if known < max(forgotten, since) or known > self._number:
            return None
        return [entry for entry in ring if entry.number > known]

    def close(self) -> None:
        """End all readers: the process stops."""
        self._closed = True
        for readers in list(self._readers.values()):
            for reader in list(readers):
                reader.end()
        self.gauges.close()
        for topic in list(self._watched):
            self._unwatch(topic)
        self._stop_ticking()

    # --- what happens -----------------------------------------------------------------------------------

    def _watch(self, topic: Topic) -> int:
        """Number from now on what happens there; return the number since which that is so."""
        timer = self._lingering.pop(topic, None)
        if timer is not None:
            timer.cancel()
        if self._closed:
            return self._number
        if not self._unobserve:
            self._unobserve = [
                self._runtime.observe(self._on_notice, self._wants),
                self._runtime.observe_lines(self._on_line),
            ]
        if topic not in self._watched:
            # A number for the beginning: an id from before it says nothing about what was missed.
            self._number += 1
            self._watched[topic] = self._number
            if topic.execution_id:
                self._followed[topic.execution_id] = topic
            self._runtime.observe_again(topic.execution_id or None)
        if self._ticking is None:
            self._ticking = asyncio.create_task(self._tick(), name="headrace-live")
        return min(self._watched[topic], self._watched.get(Topic(topic.namespace), self._number))

    def _unwatch(self, topic: Topic) -> None:
        timer = self._lingering.pop(topic, None)
        if timer is not None:
            timer.cancel()
        self._watched.pop(topic, None)
        self._followed.pop(topic.execution_id, None)
        if self._watched:
            self._runtime.observe_again(topic.execution_id or None)
            return
        for unobserve in self._unobserve:
            unobserve()
        self._unobserve = []
        self._ring.clear()
        self._flows.clear()

    def _wants(self, execution: Execution) -> bool:
        return self._is_watched(execution.execution_id, execution.namespace, execution.name)

    def _is_watched(self, execution_id: str, namespace: str, flow: str) -> bool:
        watched = self._watched
        # Plain tuples: they are equal to topics, and made in a tenth of the time.
        return (
            (namespace, "", execution_id) in watched
            or (namespace, "", "") in watched
            or (namespace, flow, "") in watched
        )

    def _on_notice(self, execution_id: str, notice: Notice) -> None:
        flow = self._runtime.flow_of(execution_id)
        if flow is None or not self._is_watched(execution_id, *flow):
            return
        if notice.run_id == 0 and notice.phase in FINAL_PHASES:
            self._remember(execution_id, flow)
        if notice.error is not None:
            # Read by people: without secrets, and as it is now.
            notice = _masked(self._runtime, execution_id, notice)
        level: Level = "execution" if notice.run_id == 0 else "task"
        self._publish(execution_id, flow, level, notice)

    def _on_end(self, result: Result) -> None:
        # Not by a notice: a step that was decided before anybody looked, and is committed after, gives none.
        topic = self._followed.get(result.execution_id)
        looking = None if topic is None else self._readers.get(topic)
        if looking:
            loop = asyncio.get_running_loop()
            for reader in looking:
                loop.call_later(END_SECONDS, reader.end, ENDED)

    def _remember(self, execution_id: str, flow: tuple[str, str]) -> None:
        self._flows[execution_id] = flow
        if len(self._flows) > 1000:
            del self._flows[next(iter(self._flows))]

    def _on_line(self, line: LogLine) -> None:
        flow = self._runtime.flow_of(line.execution_id) or self._flows.get(line.execution_id)
        if flow is None or not self._is_watched(line.execution_id, *flow):
            return
        data = {
            "execution": line.execution_id,
            "run_id": line.run_id,
            "attempt": line.attempt,
            "at": line.at,
            "stream": line.stream,
            "text": line.text,
        }
        self._publish(line.execution_id, flow, "log", orjson.dumps(data))

    def _publish(self, execution_id: str, flow: tuple[str, str], level: Level, event: Notice | bytes) -> None:
        namespace, name = flow
        self._number += 1
        entry = Entry(self._number, namespace, name, execution_id, level, event)
        self._ring.append(entry)
        readers = self._readers
        if not readers:
            return
        for topic in ((namespace, "", execution_id), (namespace, name, ""), (namespace, "", "")):
            looking = readers.get(topic)  # type: ignore[call-overload]
            if looking:
                for reader in list(looking):
                    if entry.fits(reader):
                        reader.push(entry.frame(self._epoch))

    # --- keeping connections ----------------------------------------------------------------------------

    async def _tick(self) -> None:
        """Tell readers that heard nothing for a while that we are there, and how far we are."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._alive_seconds / 15)
            now = loop.time()
            silent = [
                reader
                for readers in self._readers.values()
                for reader in readers
                if now - reader.sent_at >= self._alive_seconds
            ]
            # An id without data moves the reader's last id on and is no event to it.
            alive = b": alive\nid: %s\n\n" % self.position.encode()
            for reader in silent:
                reader.push(alive)

    def _stop_ticking(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None


def _new_epoch() -> str:
    return secrets.token_hex(5)


def _masked(runtime: Runtime, execution_id: str, notice: Notice) -> Notice:
    with contextlib.suppress(ValueError, TypeError):
        error = orjson.loads(runtime.written(execution_id, notice.error))
        return Notice(
            phase=notice.phase, at=notice.at, run_id=notice.run_id, parent_id=notice.parent_id,
            pointer=notice.pointer, name=notice.name, kind=notice.kind, attempt=notice.attempt,
            iteration=notice.iteration, error=error,
        )  # fmt: skip
    return notice
