"""Live updates: what is sent, going on after the last id, readers that are slow or gone."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Mapping
from typing import Any

import pytest

from headrace.api import gauges, live, reader
from headrace.store.sqlite import SqliteStore
from integration.api.flows import CALL, GREET, LISTEN, elsewhere
from integration.api.served import TOKEN, Served
from integration.api.sse import Event, stream

PAID = {"specversion": "1.0", "id": "1", "source": "/till", "type": "com.example.paid", "data": {"total": 3}}
STRUCTURED = {"content-type": "application/cloudevents+json"}


@pytest.fixture
def functions() -> Mapping[str, Any]:
    def double(data: Any) -> Any:
        return {"value": 2 * data["value"]}

    return {"double": double}


async def _start(served: Served, flow: str, namespace: str = "default") -> str:
    reply = await served.post(f"flowapps/{flow}/executions", {"name": "Ada", "value": 1}, namespace=namespace)
    assert reply.status == 202, reply.text
    return str(reply.data["id"])


def _phases(events: list[Event]) -> list[tuple[str, str, str]]:
    return [
        (event.kind, event.data.get("task", ""), event.data["phase"])
        for event in events
        if event.kind in ("execution", "task")
    ]


async def test_execution_is_followed_to_its_end(served: Served) -> None:
    await served.deploy(LISTEN)
    execution_id = await _start(served, "listen")
    following = await stream(served, f"executions/{execution_id}/stream")
    first = await following.next()
    assert first is not None and first.kind == "ready"
    await served.post("events", PAID, headers=STRUCTURED)
    events = await following.rest()
    assert _phases(events)[-2:] == [("task", "/do/1/paid", "completed"), ("execution", "", "completed")]
    assert events[-1].kind == "end"
    assert {event.data["execution"] for event in events[:-1]} == {execution_id}
    numbers = [int(event.id.rpartition("-")[2]) for event in events[:-1]]
    assert numbers == sorted(set(numbers))


async def test_stream_of_a_final_execution_ends_at_once(served: Served) -> None:
    await served.deploy(GREET)
    execution_id = await _start(served, "greet")
    await served.get(f"executions/{execution_id}/wait")
    events = await (await stream(served, f"executions/{execution_id}/stream")).rest()
    assert [event.kind for event in events] == ["ready", "end"]


async def test_an_end_that_was_decided_before_anybody_looked(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    await served.deploy(LISTEN)
    execution_id = await _start(served, "listen")
    deciding, go_on, commit = asyncio.Event(), asyncio.Event(), SqliteStore.commit

    async def held(store: SqliteStore, transition: Any) -> Any:
        deciding.set()
        await go_on.wait()
        return await commit(store, transition)

    monkeypatch.setattr(SqliteStore, "commit", held)
    cancelling = asyncio.create_task(served.post(f"executions/{execution_id}/cancel"))
    await deciding.wait()
    following = await stream(served, f"executions/{execution_id}/stream")
    assert (await following.until("ready"))[-1].kind == "ready"
    go_on.set()
    assert (await following.rest())[-1].kind == "end"
    await cancelling


async def test_lines_of_functions_are_events(served: Served) -> None:
    await served.deploy(LISTEN)
    execution_id = await _start(served, "listen")
    following = await stream(served, f"executions/{execution_id}/stream")
    await following.next()
    from headrace.store.port import LogLine

    line = LogLine(execution_id=execution_id, run_id=2, attempt=1, at=1.5, stream="stdout", text="hello")
    await served.platform.runtime.log(line)
    events = await following.until("log")
    assert events[-1].data == {
        "execution": execution_id, "run_id": 2, "attempt": 1, "at": 1.5, "stream": "stdout", "text": "hello",
    }  # fmt: skip
    following.close()


async def test_flow_and_namespace_have_lines_where_asked(served: Served) -> None:
    from headrace.store.port import LogLine

    await served.deploy(LISTEN)
    execution_id = await _start(served, "listen")
    asking = [await stream(served, path, logs="true") for path in ("flowapps/listen/stream", "stream")]
    silent = await stream(served, "flowapps/listen/stream")
    for each in (*asking, silent):
        await each.next()
    line = LogLine(execution_id=execution_id, run_id=2, attempt=1, at=1.5, stream="stdout", text="hello")
    await served.platform.runtime.log(line)
    await served.post(f"executions/{execution_id}/cancel")
    for each in asking:
        assert "log" in [event.kind for event in await each.until("execution", phase="cancelled")]
    assert "log" not in [event.kind for event in await silent.until("execution", phase="cancelled")]
    for each in (*asking, silent):
        each.close()


async def test_flow_and_namespace_have_executions_and_tasks_where_asked(served: Served) -> None:
    await served.deploy(GREET)
    await served.deploy(CALL)
    flow = await stream(served, "flowapps/greet/stream", tasks="true")
    namespace = await stream(served, "stream")
    greeted, worked = await _start(served, "greet"), await _start(served, "work")
    of_namespace = [
        *await namespace.until("execution", phase="completed"),
        *await namespace.until("execution", phase="completed"),
    ]
    assert {event.data["execution"] for event in of_namespace[1:]} == {greeted, worked}
    assert {event.kind for event in of_namespace[1:]} == {"execution"}
    of_flow = await flow.until("execution", phase="completed")
    assert {event.data["execution"] for event in of_flow[1:]} == {greeted}
    assert ("task", "/do/0/hello", "completed") in _phases(of_flow)
    flow.close()
    namespace.close()


async def test_other_namespaces_are_not_seen(served: Served) -> None:
    await served.deploy(GREET)
    await served.deploy(elsewhere(GREET, "other"), namespace="other")
    mine = await stream(served, "stream")
    theirs = await _start(served, "greet", namespace="other")
    execution_id = await _start(served, "greet")
    events = await mine.until("execution", phase="completed")
    assert {event.data["execution"] for event in events[1:]} == {execution_id}
    mine.close()
    for path in (f"executions/{theirs}/stream", "flowapps/nobody/stream", "queues/nobody/stream"):
        reply = await served.get(path)
        assert (reply.status, reply.code) == (404, "not-found")


async def test_a_reader_goes_on_after_its_last_id(served: Served) -> None:
    await served.deploy(GREET)
    first = await stream(served, "stream")
    await _start(served, "greet")
    seen = await first.until("execution", phase="completed")
    first.close()
    missed = [await _start(served, "greet") for _ in range(3)]
    again = await stream(served, "stream", last_id=seen[-1].id)
    events = []
    for _ in missed:
        events += await again.until("execution", phase="completed")
    assert list(dict.fromkeys(event.data["execution"] for event in events)) == missed
    again.close()
    middle = await stream(served, "stream", last_event_id=events[0].id)
    later = await middle.next()
    assert later is not None and later.id == events[1].id
    middle.close()


@pytest.mark.parametrize("last_id", ["", "nonsense", "0123456789-5", "0123456789-" + "9" * 30, "-", "é-1"])
async def test_unknown_last_id_is_a_reset(served: Served, last_id: str) -> None:
    following = await stream(served, "stream", last_event_id=last_id)
    first = await following.next()
    assert first is not None
    assert first.kind == ("reset" if last_id else "ready")
    assert first.data == {"position": first.id}
    following.close()


async def test_what_the_ring_forgot_and_a_restart_are_resets(served: Served) -> None:
    await served.deploy(GREET)
    served.platform.hub._ring = type(served.platform.hub._ring)(maxlen=5)
    first = await stream(served, "stream")
    position = await first.next()
    assert position is not None
    for _ in range(5):
        await _start(served, "greet")
    last = await first.until("execution", phase="completed")
    again = await (await stream(served, "stream", last_id=position.id)).next()
    assert again is not None and again.kind == "reset"
    first.close()
    await served.restart()
    following = await stream(served, "stream", last_id=last[-1].id)
    fresh = await following.next()
    assert fresh is not None and fresh.kind == "reset"
    assert fresh.id.partition("-")[0] != last[-1].id.partition("-")[0]
    following.close()


async def test_nothing_is_observed_while_nobody_looks(served: Served) -> None:
    await served.deploy(GREET)
    hub, runtime = served.platform.hub, served.platform.runtime
    hub._linger_seconds = 0.0
    assert not runtime.observers
    first = await stream(served, "stream")
    position = await first.next()
    assert position is not None and len(runtime.observers) == 1
    first.close()
    while runtime.observers:
        await asyncio.sleep(0.01)
    assert hub.readers == 0
    await _start(served, "greet")
    again = await (await stream(served, "stream", last_id=position.id)).next()
    assert again is not None and again.kind == "reset"


async def test_only_what_is_looked_at_is_observed(served: Served) -> None:
    await served.deploy(GREET)
    await served.deploy(LISTEN)
    waiting, other = await _start(served, "listen"), await _start(served, "listen")
    following = await stream(served, f"executions/{waiting}/stream")
    first = await following.next()
    hub, live = served.platform.hub, served.platform.runtime.memory.lives
    assert live[waiting].execution.observed and not live[other].execution.observed
    await _start(served, "greet")
    assert first is not None and hub.position == first.id
    whole = await stream(served, "stream")
    await whole.next()
    assert live[other].execution.observed
    whole.close()
    following.close()


async def test_an_id_from_before_a_topic_was_looked_at_is_a_reset(served: Served) -> None:
    await served.deploy(GREET)
    await served.deploy(CALL)
    greeting = await stream(served, "flowapps/greet/stream")
    await _start(served, "greet")
    seen = (await greeting.until("execution", phase="completed"))[-1].id
    # Executions of the other flow were not numbered until now: nobody knows whether some were missed.
    work = await stream(served, "flowapps/work/stream", last_id=seen)
    first = await work.next()
    assert first is not None and first.kind == "reset"
    await _start(served, "greet")
    later = (await greeting.until("execution", phase="completed"))[-1].id
    again = await stream(served, "flowapps/work/stream", last_id=seen)
    event = await again.next()
    assert event is not None and event.kind == "reset"
    known = await stream(served, "flowapps/work/stream", last_id=later)
    await _start(served, "work")
    event = await known.next()
    assert event is not None and event.kind == "execution"
    for each in (greeting, work, again, known):
        each.close()


async def test_silence_is_filled_and_moves_the_id_on(served: Served) -> None:
    await served.deploy(GREET)
    await served.deploy(LISTEN)
    served.platform.hub._alive_seconds = 0.05
    waiting = await _start(served, "listen")
    following = await stream(served, f"executions/{waiting}/stream")
    await following.next()
    served.platform.hub._number += 7  # as if other executions had done something
    reading = asyncio.create_task(following.next(timeout=60))
    while following.last_id != served.platform.hub.position or following.comments < 2:
        await asyncio.sleep(0.01)
    assert following.last_id.endswith("-8")
    reading.cancel()
    following.close()


async def test_slow_reader_is_cut_off_and_hurts_nobody(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "BYTES_WAITING_MAX", 20_000)
    await served.deploy(LISTEN)
    execution_id = await _start(served, "listen")
    host, port = served.server.url.removeprefix("http://").split(":")
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect((host, int(port)))
    path = served.path(f"executions/{execution_id}/stream")
    slow.sendall(f"GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n\r\n".encode())
    quick = await stream(served, f"executions/{execution_id}/stream")
    await quick.next()
    hub = served.platform.hub
    while hub.readers < 2:
        await asyncio.sleep(0.01)
    from headrace.store.port import LogLine

    line = LogLine(execution_id=execution_id, run_id=2, attempt=1, at=1.5, stream="stdout", text="x" * 9000)
    read = 0
    # The slow one's end of the connection fills up first, then what waits for it.
    while hub.readers == 2:
        await served.platform.runtime.log(line)
        read += len(await quick.until("log"))
    assert hub.readers == 1
    await served.post("events", PAID, headers=STRUCTURED)
    assert (await quick.rest())[-1].kind == "end"
    slow.settimeout(20)
    with contextlib.suppress(ConnectionResetError):
        while slow.recv(65536):
            pass
    slow.close()


async def test_readers_that_leave_are_forgotten(served: Served) -> None:
    opened = [await stream(served, "stream") for _ in range(20)]
    assert served.platform.hub.readers == 20
    for each in opened:
        each.close()
    while served.platform.hub.readers:
        await asyncio.sleep(0.01)
    assert not served.platform.hub._readers


async def test_stop_ends_streams_without_waiting_for_them(served: Served) -> None:
    following = await stream(served, "stream")
    await following.next()
    await asyncio.wait_for(served.server.stop(), 20)
    assert await following.rest() == []


async def test_too_many_streams_are_refused(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headrace.api.streams.STREAMS_MAX", 1)
    first = await stream(served, "stream")
    reply = await served.get("stream")
    assert (reply.status, reply.code) == (503, "too-many-streams")
    first.close()


async def test_queue_counts_are_sampled_once_for_all_who_look(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gauges, "SAMPLE_SECONDS", 0.02)
    queue = await served.platform.queues.open("default", "jobs")
    await served.post("queues/jobs/items", {"items": [{"data": 1}]})
    first = await stream(served, "queues/jobs/stream")
    event = await first.next()
    assert event is not None and event.kind == "queue" and event.data["ready"] == 1
    second = await stream(served, "queues/jobs/stream")
    again = await second.next()
    assert again is not None and again.data["ready"] == 1
    [gauge] = served.platform.hub.gauges._gauges.values()
    assert len(gauge.readers) == 2
    await served.post("queues/jobs/items", {"items": [{"data": 2}, {"data": 3}]})
    for each in (first, second):
        assert (await each.until("queue", ready=3))[-1].data["name"] == "jobs"
        each.close()
    while served.platform.hub.gauges._gauges:
        await asyncio.sleep(0.01)
    assert gauge._sampling is None
    assert queue is await served.platform.queues.open("default", "jobs")


def test_limits_are_those_that_are_documented() -> None:
    assert (live.RING, live.ALIVE_SECONDS, gauges.SAMPLE_SECONDS) == (10_000, 15.0, 1.0)
