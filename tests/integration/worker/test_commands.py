"""Commands as applications."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from headrace.queue.port import QueueOptions, WorkQueue
from headrace.worker import ApplicationError, Reader, ReaderOptions
from headrace.worker.command_application import CommandApplication, ItemForm, exit_codes_of
from integration.worker.place import Place, draining, eventually, fill


async def run(queue: WorkQueue, application: CommandApplication, **options: int) -> None:
    await Reader(queue, application, draining(**options)).run()


async def results(queue: WorkQueue, ids: list[str]) -> list[bytes | None]:
    records = [await queue.inspect(each) for each in ids]
    return [None if record is None else record.result for record in records]


@pytest.mark.parametrize(
    ("command", "item", "shell"),
    [
        ("tr a-z A-Z", "stdin", False),
        ("tr a-z A-Z | cat", "stdin", True),
        ("python3 -c 'import sys; print(sys.argv[1].upper(), end=str())' {}", "arg", False),
        ("python3 -c 'import sys; print(sys.argv[1].upper(), end=str())'", "arg", False),
        ('printf %s "$1" | tr a-z A-Z', "arg", True),
        ('tr a-z A-Z < "$1"', "file", True),
        ("python3 -c 'import sys; print(open(sys.argv[1]).read().upper(), end=str())' {}", "file", False),
    ],
)
async def test_how_the_item_gets_there(queue: WorkQueue, command: str, item: ItemForm, shell: bool) -> None:
    ids = await fill(queue, [b"apple", b'it\'s $(echo no) `no` "x"; exit 9', b"two\nlines"])
    await run(queue, CommandApplication(command, queue="work", item=item, shell=shell), concurrency=3)
    expected = [b"APPLE", b'IT\'S $(ECHO NO) `NO` "X"; EXIT 9', b"TWO\nLINES"]
    assert await results(queue, ids) == expected


async def test_exit_codes_decide(place: Place) -> None:
    queue = await place.open(QueueOptions(max_attempts=2, backoff_seconds=0.01))
    await fill(queue, [b"0", b"1", b"65", b"75"])
    application = CommandApplication(
        'read code; echo "said $code" >&2; exit $code',
        queue="work",
        shell=True,
        final_codes=exit_codes_of("64-66"),
    )
    await run(queue, application)
    letters = {letter.payload: letter for letter in await queue.dead_letters()}
    assert {payload: (each.reason, each.attempts) for payload, each in letters.items()} == {
        b"1": ("attempts", 2),
        b"65": ("final", 1),
        b"75": ("attempts", 2),
    }
    assert letters[b"65"].error == "exit code 65: said 65"


async def test_the_application_knows_nothing_of_queues(
    queue: WorkQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEADRACE_QUEUE", "redis://:secret@host/0")
    monkeypatch.setenv("APP_SETTING", "kept")
    [item_id] = await fill(queue, [b"x"], headers={"traceparent": "00-1-2-01"})
    names = ("HEADRACE_QUEUE", "APP_SETTING", "HEADRACE_ITEM_ID", "HEADRACE_ATTEMPT", "TRACEPARENT")
    command = 'printf "%s,%s,%s,%s,%s" ' + " ".join(f'"${name}"' for name in names)
    await run(queue, CommandApplication(command, queue="work", shell=True))
    assert await results(queue, [item_id]) == [f",kept,{item_id},1,00-1-2-01".encode()]


async def test_too_much_output_is_final(queue: WorkQueue) -> None:
    await fill(queue, [b"x"])
    await run(queue, CommandApplication("yes", queue="work", output_bytes_max=10_000))
    [letter] = await queue.dead_letters()
    assert letter.reason == "final" and "more than 10000 bytes" in (letter.error or "")


async def test_a_timeout_ends_the_command_and_its_children(place: Place, tmp_path: Path) -> None:
    queue = await place.open(QueueOptions(max_attempts=1))
    await fill(queue, [b"x"])
    application = CommandApplication(f"sleep 60 & echo $! > {tmp_path}/pid; wait", queue="work", shell=True)
    started = time.monotonic()
    await Reader(queue, application, draining(timeout_seconds=0.5)).run()
    assert time.monotonic() - started < 10
    pid = int((tmp_path / "pid").read_text())

    async def gone() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return "Z" in Path(f"/proc/{pid}/stat").read_text().split(")")[1][:3]

    await eventually(gone, "the child's end")
    assert [letter.error for letter in await queue.dead_letters()] == ["not done after 0.5 s"]


async def test_stopping_ends_commands_that_take_too_long(place: Place) -> None:
    queue = await place.open()
    await fill(queue, [b"x"] * 2)
    reader = Reader(
        queue, CommandApplication("sleep 60", queue="work"), ReaderOptions(concurrency=2, grace_seconds=0.2)
    )
    running = asyncio.create_task(reader.run())

    async def both() -> bool:
        return (await queue.stats()).leased == 2

    await eventually(both, "two leases")
    await asyncio.sleep(0.2)
    reader.stop()
    assert (await asyncio.wait_for(running, 15)).released == 2
    assert (await queue.stats()).ready == 2


async def test_items_that_cannot_be_arguments(queue: WorkQueue) -> None:
    await fill(queue, [b"a\0b", b"x" * (4 << 20)])
    await run(queue, CommandApplication("true", queue="work", item="arg"))
    errors = [letter.error or "" for letter in await queue.dead_letters()]
    assert any("NUL" in error for error in errors)
    assert any("choose --item stdin or --item file" in error for error in errors)


@pytest.mark.parametrize(
    ("command", "item", "message"),
    [
        ("no-such-program-anywhere", "stdin", "there is no program"),
        ("", "stdin", "empty"),
        ("echo 'open", "stdin", "split"),
        ("echo {}", "stdin", "--item arg"),
    ],
)
def test_commands_that_cannot_be_run(command: str, item: ItemForm, message: str) -> None:
    with pytest.raises(ApplicationError, match=message):
        CommandApplication(command, queue="work", item=item)


@pytest.mark.parametrize("text", ["x", "0", "256", "70-", "3-x"])
def test_lists_of_exit_codes_that_are_none(text: str) -> None:
    with pytest.raises(ApplicationError):
        exit_codes_of(text)


def test_the_code_to_come_back_later_cannot_be_final() -> None:
    assert exit_codes_of("64, 70-72") == {64, 70, 71, 72}
    with pytest.raises(ApplicationError, match="75"):
        CommandApplication("true", queue="work", final_codes={75})
