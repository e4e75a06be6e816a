"""The runtime's turns when something in them goes wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from headrace import Headrace
from headrace.engine import events
from headrace.errors import HeadraceError

TEXT = """
document: {dsl: 1.0.3, namespace: default, name: NAME, version: 1.0.0}
do:
  - work: {call: work}
"""


async def test_a_call_that_is_cancelled_before_it_starts_leaves_nothing(tmp_path: Path) -> None:
    begun = []

    async def work(data: Any) -> Any:
        begun.append(data)
        await asyncio.sleep(60)

    async with Headrace(tmp_path / "a.db", functions={"work": work}, grace_seconds=0) as headrace:
        deployed = await headrace.deploy(TEXT.replace("NAME", "early") + "  - again: {call: work}\n")
        handle = await headrace.start(deployed, {})
        # Both in one turn: the answer starts the second call, the cancellation ends it at once.
        await asyncio.gather(
            headrace.runtime.tell(handle.id, events.CallCompleted(run_id=1, attempt=1, output={})),
            headrace.runtime.tell(handle.id, events.Cancel()),
        )
        assert (await handle.result()).status == "cancelled"
        # The first call, whose answer was made up here, still runs; the second one must be gone.
        async with asyncio.timeout(5):
            while headrace.runtime.open_calls > 1:
                await asyncio.sleep(0.001)
    assert len(begun) <= 1


async def test_an_observer_that_fails_harms_nobody(tmp_path: Path) -> None:
    async with Headrace(tmp_path / "a.db", functions={"work": lambda data: data}) as headrace:
        seen = []
        headrace.observe(lambda execution_id, notice: 1 / 0)
        end = headrace.observe(lambda execution_id, notice: seen.append(notice.phase))
        deployed = await headrace.deploy(TEXT.replace("NAME", "watched"))
        assert await headrace.run(deployed, 1) == 1
        assert seen == ["started", "created", "started", "completed", "completed"]
        end()
        await headrace.run(deployed, 2)
        assert len(seen) == 5


async def test_executions_that_end_or_wait_at_once_do_not_stay_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headrace.runtime.memory.IDLE_KEPT", 3)
    text = TEXT.replace("{call: work}", "STEP").replace("NAME", "pure")
    async with Headrace(tmp_path / "a.db") as headrace:
        ends = await headrace.deploy(text.replace("STEP", "{set: {done: true}}"))
        for _ in range(10):
            await headrace.run(ends)
        assert not headrace.runtime.memory.lives
        waits = await headrace.deploy(text.replace("pure", "late").replace("STEP", "{wait: {days: 1}}"))
        for _ in range(10):
            await headrace.start(waits)
        assert len(headrace.runtime.memory.lives) == 3


async def test_an_execution_that_cannot_be_loaded_is_told_and_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause = TEXT.replace("NAME", "paused").replace("work: {call: work}", "pause: {wait: {hours: 1}}")
    async with Headrace(tmp_path / "a.db", functions={"work": lambda data: data}) as headrace:
        handle = await headrace.start(await headrace.deploy(pause), {})
    async with Headrace(tmp_path / "a.db", functions={"work": lambda data: data}) as headrace:

        async def gone(digest: str) -> Any:
            raise HeadraceError(f"the store has no definition with digest {digest}")

        with monkeypatch.context() as patched:
            patched.setattr(headrace.definitions, "by_digest", gone)
            with pytest.raises(HeadraceError, match="has no definition"):
                await headrace.suspend(handle.id)
        other = await headrace.deploy(TEXT.replace("NAME", "other"))
        assert await headrace.run(other, 3) == 3
        await headrace.cancel(handle.id)
        assert (await headrace.runtime.result(handle.id)).status == "cancelled"


async def test_no_more_calls_at_once_than_allowed(tmp_path: Path) -> None:
    now, most = 0, 0

    async def work(data: Any) -> Any:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.002)
        now -= 1
        return data

    async with Headrace(tmp_path / "a.db", functions={"work": work}, max_concurrent_calls=7) as headrace:
        deployed = await headrace.deploy(TEXT.replace("NAME", "bounded"))
        await asyncio.gather(*(headrace.run(deployed, n) for n in range(60)))
    assert most == 7


async def test_what_is_started_before_recovery_is_left_alone_by_it(tmp_path: Path) -> None:
    calls = []

    async def work(data: Any) -> Any:
        calls.append(data)
        await asyncio.sleep(0.05)
        return data

    headrace = Headrace(tmp_path / "a.db", functions={"work": work})
    await headrace.start_up(recover=False)
    try:
        handle = await headrace.start(await headrace.deploy(TEXT.replace("NAME", "first")), 7)
        await headrace.recover()
        assert (await handle.result()).output == 7
    finally:
        await headrace.shut_down()
    assert calls == [7]
