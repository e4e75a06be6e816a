"""Log lines that wait: who asks for them gives the event loop its turns."""

from __future__ import annotations

import asyncio

import pytest

from headrace.store.port import LogLine, StoreUnavailable
from headrace.store.sqlite.log_lines import WaitingLines
from headrace.store.sqlite.writer import Job

ASKED_MAX = 100


class Impatient(asyncio.Future[None]):
    """Counts how often it is asked whether it is done: who asks without end never lets anybody else in."""

    asked = 0

    def done(self) -> bool:
        self.asked += 1
        assert self.asked < ASKED_MAX, "asked without end"
        return super().done()


class Disk:
    """Groups that are written when the test says so."""

    def __init__(self) -> None:
        self.groups: list[Impatient] = []

    def submit(self, job: Job) -> asyncio.Future[None]:
        self.groups.append(Impatient())
        return self.groups[-1]


LINE = LogLine(execution_id="e", run_id=1, attempt=1, at=1.0, stream="stdout", text="a line")


async def test_who_asks_just_when_a_group_is_written() -> None:
    disk = Disk()
    lines = WaitingLines(disk.submit)
    await lines.append([LINE])
    first = asyncio.create_task(lines.write())
    await asyncio.sleep(0)
    disk.groups[0].set_result(None)
    # The group is written, and the callback that counts its lines has not had its turn.
    await lines.write()
    await first
    assert len(lines) == 0
    assert len(disk.groups) == 1


async def test_who_asks_just_when_a_group_could_not_be_written() -> None:
    disk = Disk()
    lines = WaitingLines(disk.submit)
    await lines.append([LINE])
    first = asyncio.create_task(lines.write())
    await asyncio.sleep(0)
    disk.groups[0].set_exception(StoreUnavailable("the disk is full"))
    with pytest.raises(StoreUnavailable):
        await lines.write()
    with pytest.raises(StoreUnavailable):
        await first
    assert len(lines) == 1
    again = asyncio.create_task(lines.write())
    await asyncio.sleep(0)
    disk.groups[1].set_result(None)
    await again
    assert len(lines) == 0


async def test_lines_that_come_while_a_group_is_written_are_in_the_next() -> None:
    disk = Disk()
    lines = WaitingLines(disk.submit)
    await lines.append([LINE])
    first = asyncio.create_task(lines.write())
    await asyncio.sleep(0)
    await lines.append([LINE, LINE])
    both = asyncio.create_task(lines.write())
    await asyncio.sleep(0)
    disk.groups[0].set_result(None)
    await first
    assert len(lines) == 2
    assert not both.done()
    disk.groups[1].set_result(None)
    await both
    assert len(lines) == 0
