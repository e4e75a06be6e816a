"""The library on a real store: what a program that embeds Headrace relies on."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from headrace import ExecutionFaulted, Headrace, ManualClock
from headrace.errors import HeadraceError
from headrace.runtime.definitions import InvalidDefinition
from headrace.store.port import ExecutionQuery, Retention

HEAD = "document: {dsl: 1.0.3, namespace: default, name: NAME, version: 1.0.0}\n"


def flow(name: str, body: str) -> str:
    return HEAD.replace("NAME", name) + body


async def until(condition: Callable[[], Any], seconds: float = 10.0) -> None:
    """Return when the condition holds; fail when it does not in time."""
    async with asyncio.timeout(seconds):
        while True:
            held = condition()
            if asyncio.iscoroutine(held):
                held = await held
            if held:
                return
            await asyncio.sleep(0.002)


async def test_a_key_starts_once(tmp_path: Path) -> None:
    calls = []

    async def charge(data: Any) -> Any:
        calls.append(data)
        return data

    async with Headrace(tmp_path / "a.db", functions={"charge": charge}) as headrace:
        deployed = await headrace.deploy(flow("pay", "do: [{charge: {call: charge}}]\n"))
        handles = await asyncio.gather(
            *(headrace.start(deployed, {"n": 1}, key="order-1") for _ in range(20))
        )
        assert len({handle.id for handle in handles}) == 1
        assert (await handles[-1].result()).output == {"n": 1}
        again = await headrace.start(deployed, {"n": 2}, key="order-1")
        assert (await again.result()).output == {"n": 1}
        other = await headrace.start(deployed, {"n": 2}, key="order-2")
        assert (await other.result()).output == {"n": 2}
    assert calls == [{"n": 1}, {"n": 2}]


async def test_waits_survive_a_restart_and_fire_by_the_clock(tmp_path: Path) -> None:
    clock = ManualClock()
    text = flow("sleepy", "do: [{pause: {wait: {hours: 5}}}, {done: {set: {done: true}}}]\n")
    async with Headrace(tmp_path / "a.db", clock=clock) as headrace:
        handle = await headrace.start(await headrace.deploy(text), {})
        [open_task] = await headrace.waiting(handle.id)
        assert (open_task.reason, open_task.task) == ("timer", "pause")
        assert open_task.until == pytest.approx(clock.now() + 5 * 3600)
        row = await headrace.execution(handle.id)
        assert row is not None
        assert row.status == "waiting"
        clock.advance(3600)
    async with Headrace(tmp_path / "a.db", clock=clock) as headrace:
        waiting = asyncio.create_task(headrace.runtime.result(handle.id))
        await asyncio.sleep(0)
        assert not waiting.done()
        clock.advance(4 * 3600 + 1)
        assert (await waiting).output == {"done": True}


async def test_events_reach_who_listens_also_after_a_restart(tmp_path: Path) -> None:
    text = flow(
        "listener",
        """
do:
  - hear:
      listen:
        to:
          all:
            - with: {type: paid}
              correlate: {order: {from: .data.order, expect: "${ .order }"}}
            - with: {type: shipped}
              correlate: {order: {from: .data.order, expect: "${ .order }"}}
""",
    )

    def event(kind: str, order: int, number: str) -> dict[str, Any]:
        return {"id": number, "source": "/shop", "type": kind, "data": {"order": order}}

    async with Headrace(tmp_path / "a.db") as headrace:
        deployed = await headrace.deploy(text)
        first = await headrace.start(deployed, {"order": 1})
        second = await headrace.start(deployed, {"order": 2})
        assert await headrace.publish(event("paid", 1, "a"))
        assert not await headrace.publish(event("paid", 1, "a"))  # seen before

        async def consumed() -> bool:
            [task] = await headrace.waiting(first.id)
            return task.consumed == 1

        await until(consumed)
        [task] = await headrace.waiting(first.id)
        assert [each["with"]["type"] for each in task.events or []] == ["shipped"]
    async with Headrace(tmp_path / "a.db") as headrace:
        await headrace.publish(event("shipped", 1, "b"))
        result = await headrace.runtime.result(first.id)
        assert result.output == [{"order": 1}, {"order": 1}]
        [task] = await headrace.waiting(second.id)
        assert task.consumed == 0


async def test_one_execution_emits_what_another_hears(tmp_path: Path) -> None:
    async with Headrace(tmp_path / "a.db") as headrace:
        hears = await headrace.deploy(
            flow("hears", "do: [{hear: {listen: {to: {one: {with: {type: greeting}}}}}}]\n")
        )
        says = await headrace.deploy(
            flow("says", "do: [{say: {emit: {event: {with: {type: greeting, data: {text: hello}}}}}}]\n")
        )
        listener = await headrace.start(hears, {})
        emitted = await headrace.run(says, {})
        assert emitted["data"] == {"text": "hello"}
        assert (await listener.result()).output == [{"text": "hello"}]


async def test_child_workflows(tmp_path: Path) -> None:
    async with Headrace(tmp_path / "a.db") as headrace:
        await headrace.deploy(flow("child", "do: [{add: {set: {n: '${ .n + 1 }'}}}]\n"))
        await headrace.deploy(
            flow(
                "broken",
                "do: [{bad: {raise: {error: {type: 'https://example.test/bad', status: 422}}}}]\n",
            )
        )

        def parent(child: str, extra: str = "") -> str:
            process = f"{{namespace: default, name: {child}, version: latest, input: {{n: '${{ .n }}'}}}}"
            name = f"parent-{child}{len(extra)}"
            return flow(name, f"do: [{{start: {{run: {{workflow: {process}{extra}}}}}}}]\n")

        assert await headrace.run(await headrace.deploy(parent("child")), {"n": 1}) == {"n": 2}
        with pytest.raises(ExecutionFaulted) as caught:
            await headrace.run(await headrace.deploy(parent("broken")), {"n": 1})
        assert caught.value.result.error is not None
        assert caught.value.result.error["status"] == 422
        assert caught.value.result.error["instance"] == "/do/0/start"
        with pytest.raises(ExecutionFaulted, match="no workflow default/nobody"):
            await headrace.run(await headrace.deploy(parent("nobody")), {"n": 1})
        handle = await headrace.start(await headrace.deploy(parent("child", ", await: false")), {"n": 5})
        assert (await handle.result()).output == {"n": 5}

        async def child_done() -> bool:
            rows = await headrace.executions(ExecutionQuery(name="child", status=("completed",)))
            return len(rows) == 2

        await until(child_done)


async def test_cancelling_reaches_the_call_and_the_child(tmp_path: Path) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def slow(data: Any) -> Any:
        begun.set()
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    async with Headrace(tmp_path / "a.db", functions={"slow": slow}) as headrace:
        await headrace.deploy(flow("child", "do: [{work: {call: slow}}]\n"))
        parent = await headrace.deploy(
            flow(
                "parent",
                "do: [{start: {run: {workflow: {namespace: default, name: child, version: latest}}}}]\n",
            )
        )
        handle = await headrace.start(parent, {})
        await begun.wait()
        await headrace.cancel(handle.id)
        assert (await handle.result()).status == "cancelled"
        await asyncio.wait_for(ended.wait(), 5)

        async def child_cancelled() -> bool:
            return bool(await headrace.executions(ExecutionQuery(name="child", status=("cancelled",))))

        await until(child_cancelled)
        with pytest.raises(HeadraceError, match="is cancelled and cannot be"):
            await headrace.cancel(handle.id)


async def test_suspended_executions_keep_what_arrives(tmp_path: Path) -> None:
    release = asyncio.Event()
    answered = asyncio.Event()
    calls = []

    async def first(data: Any) -> Any:
        await release.wait()
        answered.set()
        return {"n": 1}

    async def second(data: Any) -> Any:
        calls.append(data)
        return data

    functions = {"first": first, "second": second}
    async with Headrace(tmp_path / "a.db", functions=functions) as headrace:
        deployed = await headrace.deploy(flow("s", "do: [{a: {call: first}}, {b: {call: second}}]\n"))
        handle = await headrace.start(deployed, {})
        await headrace.suspend(handle.id)
        release.set()
        await answered.wait()
        await until(lambda: headrace.runtime.open_calls == 0)
        row = await headrace.execution(handle.id)
        assert row is not None
        assert row.status == "suspended"
        assert "suspended" in [task.reason for task in await headrace.waiting(handle.id)]
    async with Headrace(tmp_path / "a.db", functions=functions) as headrace:
        assert calls == []
        await headrace.resume(handle.id)
        assert (await headrace.runtime.result(handle.id)).output == {"n": 1}
    assert calls == [{"n": 1}]


async def test_stopping_lets_calls_finish_and_the_next_process_goes_on(tmp_path: Path) -> None:
    calls = []

    async def work(data: Any) -> Any:
        calls.append(data)
        await asyncio.sleep(0.05)
        return {"n": data["n"] + 1}

    functions = {"work": work}
    text = flow("w", "do: [{a: {call: work}}, {pause: {wait: {milliseconds: 400}}}, {b: {call: work}}]\n")
    async with Headrace(tmp_path / "a.db", functions=functions) as headrace:
        handle = await headrace.start(await headrace.deploy(text), {"n": 0})
        await until(lambda: calls)
    assert calls == [{"n": 0}]
    async with Headrace(tmp_path / "a.db", functions=functions) as headrace:
        assert [run.name for run in await headrace.history(handle.id)][:1] == ["a"]
        assert (await headrace.runtime.result(handle.id)).output == {"n": 2}
    assert calls == [{"n": 0}, {"n": 1}]


async def test_an_execution_stays_on_its_version(tmp_path: Path) -> None:
    clock = ManualClock()
    one = flow("v", "do: [{pause: {wait: {hours: 1}}}, {say: {set: {version: one}}}]\n")
    two = one.replace("1.0.0", "2.0.0").replace("version: one", "version: two")
    async with Headrace(tmp_path / "a.db", clock=clock) as headrace:
        old = await headrace.start(await headrace.deploy(one), {})
        new = await headrace.start(await headrace.deploy(two), {})
    async with Headrace(tmp_path / "a.db", clock=clock) as headrace:
        clock.advance(3601)
        assert (await headrace.runtime.result(old.id)).output == {"version": "one"}
        assert (await headrace.runtime.result(new.id)).output == {"version": "two"}
        assert (await headrace.flow("v")).version == "2.0.0"


CANARY = "canary-value-that-must-not-be-written"


async def test_secrets_are_nowhere_in_the_store(tmp_path: Path) -> None:
    clock = ManualClock()
    seen = []

    async def use(data: Any, context: Any) -> Any:
        seen.append(data)
        return {"echo": data["key"], "nested": [f"Bearer {data['key']}"]}

    text = flow(
        "secretive",
        """
use: {secrets: [api]}
do:
  - call: {call: use, with: {key: "${ $secrets.api.key }"}}
  - pause: {wait: {hours: 1}}
  - again: {call: use, with: {key: "${ .echo }"}}
  - fail: {raise: {error: {type: "https://example.test/e", status: 400, detail: "${ .echo }"}}}
""",
    )
    secrets = {"api": {"key": CANARY}}
    path = tmp_path / "a.db"
    async with Headrace(path, functions={"use": use}, secrets=secrets, clock=clock) as headrace:
        handle = await headrace.start(await headrace.deploy(text), {})
        await until(lambda: seen)

        async def pausing() -> bool:
            return [task.task for task in await headrace.waiting(handle.id)] == ["pause"]

        await until(pausing)
    _assert_absent(path)
    # The state had a reference in its place: after a restart the flow works with the secret itself.
    async with Headrace(path, functions={"use": use}, secrets=secrets, clock=clock) as headrace:
        clock.advance(3601)
        result = await headrace.runtime.result(handle.id)
        assert result.status == "faulted"
        assert seen == [{"key": CANARY}, {"key": CANARY}]
        history = await headrace.history(handle.id)
        assert orjson.loads(history[0].output or b"") == {"echo": "***", "nested": ["Bearer ***"]}
        row = await headrace.execution(handle.id)
        assert row is not None
        assert orjson.loads(row.error or b"")["detail"] == "***"
    _assert_absent(path)


def _assert_absent(path: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        assert CANARY.encode() not in file.read_bytes(), file
    with contextlib.closing(sqlite3.connect(path)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                assert CANARY not in repr(row), table


async def test_data_that_looks_like_a_reference_gets_no_secret(tmp_path: Path) -> None:
    clock = ManualClock()
    forged = "\x00secret:api.key\x00"
    text = flow(
        "forger",
        "use: {secrets: [api]}\ndo: [{pause: {wait: {hours: 1}}}, {look: {set: {got: '${ .given }'}}}]\n",
    )
    secrets = {"api": {"key": CANARY}}
    async with Headrace(tmp_path / "a.db", secrets=secrets, clock=clock) as headrace:
        handle = await headrace.start(await headrace.deploy(text), {"given": forged})
    async with Headrace(tmp_path / "a.db", secrets=secrets, clock=clock) as headrace:
        clock.advance(3601)
        result = await headrace.runtime.result(handle.id)
        assert CANARY not in repr(result.output)


async def test_large_payloads_travel_and_are_kept_once(tmp_path: Path) -> None:
    clock = ManualClock()
    big = {"text": "x" * 300_000}
    path = tmp_path / "a.db"
    body = "do: [{a: {call: same}}, {pause: {wait: {hours: 1}}}, {b: {call: same}}]\n"
    async with Headrace(path, functions={"same": lambda data: data}, clock=clock) as headrace:
        handle = await headrace.start(await headrace.deploy(flow("big", body)), big)

        async def pausing() -> bool:
            return [task.task for task in await headrace.waiting(handle.id)] == ["pause"]

        await until(pausing)
    async with Headrace(path, functions={"same": lambda data: data}, clock=clock) as headrace:
        clock.advance(3601)
        assert (await headrace.runtime.result(handle.id)).output == big
        assert orjson.loads((await headrace.history(handle.id))[0].input or b"") == big
    with contextlib.closing(sqlite3.connect(path)) as connection:
        [[count, size]] = connection.execute("SELECT count(*), sum(length(data)) FROM blobs")
    assert count == 1
    assert size < 400_000


async def test_all_problems_of_a_definition_come_at_once(tmp_path: Path) -> None:
    async with Headrace(tmp_path / "a.db") as headrace:
        with pytest.raises(InvalidDefinition) as caught:
            await headrace.deploy(
                flow("bad", "do: [{a: {cal: x}}, {b: {call: nobody}}, {c: {set: {n: '${ .[ }'}}}]\n")
            )
        assert len([p for p in caught.value.problems if p.severity == "error"]) >= 3
        assert await headrace.executions() == []


async def test_rerun_from_a_task_with_other_input(tmp_path: Path) -> None:
    calls: list[str] = []
    broken = True

    async def step(data: Any, context: Any) -> Any:
        name = context.task.rpartition("/")[2]
        calls.append(name)
        if name == "charge" and broken:
            raise ValueError("card declined")
        return {"n": data["n"] + 1}

    async with Headrace(tmp_path / "a.db", functions={"step": step}) as headrace:
        deployed = await headrace.deploy(
            flow("o", "do: [{reserve: {call: step}}, {charge: {call: step}}, {ship: {call: step}}]\n")
        )
        handle = await headrace.start(deployed, {"n": 1})
        assert (await handle.result()).status == "faulted"
        broken = False
        again = await headrace.rerun(handle.id, task="charge", input={"n": 40})
        assert (await again.result()).output == {"n": 42}
        assert calls == ["reserve", "charge", "charge", "ship"]
        history = await headrace.history(again.id)
        assert [(run.name, run.carried) for run in history] == [
            ("reserve", True),
            ("charge", False),
            ("ship", False),
        ]
        row = await headrace.execution(again.id)
        assert row is not None
        assert row.rerun_of == handle.id
        with pytest.raises(HeadraceError, match="no run of a task 'nothing'"):
            await headrace.rerun(handle.id, task="nothing")


async def test_lifecycle_events_are_published_in_order(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    async with Headrace(path, lifecycle_events=True) as headrace:
        await headrace.run(await headrace.deploy(flow("l", "do: [{one: {set: {n: 1}}}]\n")), {})
    with contextlib.closing(sqlite3.connect(path)) as connection:
        events = [orjson.loads(row[0]) for row in connection.execute("SELECT event FROM events ORDER BY 1")]
        rows = connection.execute("SELECT event FROM events ORDER BY sequence").fetchall()
    kinds = [orjson.loads(row[0])["type"] for row in rows]
    assert len(events) == len({event["id"] for event in events})
    assert kinds == [
        "io.serverlessworkflow.workflow.started.v1",
        "io.serverlessworkflow.task.created.v1",
        "io.serverlessworkflow.task.started.v1",
        "io.serverlessworkflow.task.completed.v1",
        "io.serverlessworkflow.workflow.completed.v1",
    ]


async def test_pruning_forgets_only_what_is_final(tmp_path: Path) -> None:
    clock = ManualClock()
    async with Headrace(tmp_path / "a.db", clock=clock) as headrace:
        done = await headrace.deploy(flow("done", "do: [{one: {set: {n: 1}}}]\n"))
        stays = await headrace.deploy(flow("stays", "do: [{pause: {wait: {days: 9}}}]\n"))
        for _ in range(5):
            await headrace.run(done, {})
        handle = await headrace.start(stays, {})
        clock.advance(7200)
        assert await headrace.prune(Retention(max_age_seconds=3600)) == 5
        assert [row.id for row in await headrace.executions()] == [handle.id]
