"""kill -9 of engines and of readers: nothing is lost, nothing put twice, nothing finished done again."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from pathlib import Path

from headrace import Headrace
from headrace.queue.open import open_queue
from headrace.store.port import ExecutionQuery
from integration.delivery.flows import QUEUE, flow, opened, until

VICTIM = Path(__file__).with_name("victim.py")
LIVES_KILLED = 5
BYTES_PER_CALL = 34


async def live(kind: str, folder: Path, address: str, count: int, kill_at: int | None) -> bool:
    """Run the victim until so many calls more were made, or to its end; tell whether it came to its end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(VICTIM), kind, str(folder), address, str(count)), stdout=asyncio.subprocess.PIPE
    )
    calls = folder / "calls"
    before = calls.stat().st_size if calls.exists() else 0
    while kill_at is not None and process.returncode is None:
        if calls.exists() and calls.stat().st_size >= before + kill_at * BYTES_PER_CALL:
            process.send_signal(signal.SIGKILL)
            break
        await asyncio.sleep(0.002)
    output, _ = await asyncio.wait_for(process.communicate(), 180)
    return output == b"done\n"


def made(folder: Path) -> list[int]:
    """Return the calls that were made, in order."""
    path = folder / "calls"
    return [int(line.split()[0]) for line in path.read_text().splitlines()] if path.exists() else []


def dice() -> random.Random:
    seed = int(os.environ.get("HEADRACE_SEED", random.SystemRandom().randrange(10**6)))
    print(f"HEADRACE_SEED={seed}")
    return random.Random(seed)


async def test_an_engine_in_the_middle_of_a_batch(address: str, tmp_path: Path) -> None:
    random_ = dice()
    count = 2000
    (tmp_path / "in.jsonl").write_text("".join(f"{n}\n" for n in range(count)))
    for life in range(LIVES_KILLED + 1):
        ledgers = list((tmp_path / "batches").glob("*.jsonl"))
        over: set[int] = set()
        for path in ledgers:
            for line in path.read_bytes().split(b"\n")[1:-1]:
                over.add(json.loads(line)["index"])
        already = len(made(tmp_path))
        kill_at = random_.randrange(1, 350) if life < LIVES_KILLED else None
        done = await live("batch", tmp_path, address, count, kill_at)
        assert not over.intersection(made(tmp_path)[already:]), "what was finished was done again"
        assert done == (kill_at is None)
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(line["index"], line["output"]) for line in found] == [(n, n * 2) for n in range(count)]
    calls = made(tmp_path)
    assert set(calls) == set(range(count))
    # Only what was under way, or had not been told to the queue yet, was done twice.
    assert len(calls) <= count + LIVES_KILLED * 500
    (name,) = {json.loads(path.read_text())["queue"] for path in (tmp_path / "batches").glob("*progress*")}
    queue = await open_queue(address, name)
    stats = await queue.stats()
    assert (stats.enqueued_total, stats.drained) == (count, True)
    await queue.aclose()


async def test_an_engine_that_waits_for_calls(address: str, tmp_path: Path) -> None:
    random_ = dice()
    count = 120
    for life in range(LIVES_KILLED + 1):
        kill_at = random_.randrange(1, 25) if life < LIVES_KILLED else None
        await live("calls", tmp_path, address, count, kill_at)
    calls = made(tmp_path)
    assert set(calls) == set(range(count))
    queue = await opened(address)
    stats = await queue.stats()
    assert (stats.enqueued_total, stats.completed_total, stats.drained) == (count, count, True)
    await queue.aclose()
    async with Headrace(tmp_path / "flows.db", queue=address) as headrace:
        rows = await headrace.executions(ExecutionQuery(limit=1000))
        assert len(rows) == count
        assert {row.status for row in rows} == {"completed"}


async def test_a_reader_elsewhere(address: str, tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(
        "import os, time\n"
        "def work(data):\n"
        f"    os.close(os.open({str(tmp_path / 'begun')!r}, os.O_CREAT | os.O_WRONLY))\n"
        f"    while os.path.exists({str(tmp_path / 'hang')!r}): time.sleep(0.01)\n"
        "    return {'by': os.environ['WHO'], 'n': data['n']}\n"
    )
    (tmp_path / "hang").touch()

    async def worker(who: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "headrace.cli", "worker", "--queue", address, "--name", QUEUE),
            *("--call", "shop:work", "--lease", "1", "--worker-id", who),
            cwd=tmp_path,
            env={**os.environ, "WHO": who},
            stderr=asyncio.subprocess.DEVNULL,
        )

    async with Headrace(queue=address) as headrace:
        deployed = await headrace.deploy(flow(parallelism=0))
        handle = await headrace.start(deployed, {"n": 7})
        first = await worker("first")
        await until((tmp_path / "begun").exists)
        first.kill()
        await first.wait()
        (tmp_path / "hang").unlink()
        second = await worker("second")
        async with asyncio.timeout(60):
            assert (await handle.result()).output == {"by": "second", "n": 7}
        second.terminate()
        await second.wait()
