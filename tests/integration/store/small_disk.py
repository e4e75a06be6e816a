"""Run inside a mount namespace: a store on a disk of a few megabytes that fills up, and one read-only.

Argument: a directory to mount on. Prints one JSON object of what was seen; `test_disk.py` judges it.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

from contract.store.sample import a_line, a_run, a_start, a_step
from headrace.store.port import ExecutionQuery, StoreUnavailable
from headrace.store.sqlite import SqliteStore
from integration.store.inspect_file import check_file

PAYLOAD = b'"' + b"x" * 20_000 + b'"'
CALLERS = 8


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _integrity(path: Path) -> str:
    """Return what is wrong with the file, "" when nothing is."""
    try:
        check_file(path)
    except AssertionError as wrong:
        return repr(wrong)
    return ""


async def fill(store: SqliteStore, prefix: str) -> tuple[list[str], list[str]]:
    """Start executions until the disk is full; return the acknowledged ids and the errors."""
    acknowledged: list[str] = []
    errors: list[str] = []

    async def caller(name: str) -> None:
        number = 0
        while not errors:
            execution_id = f"{prefix}-{name}-{number:05}"
            number += 1
            try:
                await store.commit(a_start(execution_id, runs=[a_run(execution_id, output=PAYLOAD)]))
            except StoreUnavailable as full:
                errors.append(str(full))
            else:
                acknowledged.append(execution_id)

    await asyncio.gather(*(caller(str(number)) for number in range(CALLERS)))
    return acknowledged, errors


async def run(directory: Path) -> dict[str, object]:
    _mount("-t", "tmpfs", "-o", "size=6m", "tmpfs", str(directory))
    path, ballast = directory / "store.db", directory / "ballast"
    ballast.write_bytes(b"b" * 2_000_000)

    store = await SqliteStore.open(path)
    acknowledged, errors = await fill(store, "a")
    refused_again = ""
    try:
        await store.commit(a_start("refused", runs=[a_run("refused", output=PAYLOAD * 10)]))
    except StoreUnavailable as full:
        refused_again = str(full)
    await store.logs(acknowledged[0], append=[a_line(acknowledged[0], text="x" * 500_000)])
    readable = (await store.execution(acknowledged[0])) is not None

    ballast.unlink()
    after_space = (await store.commit(a_step(acknowledged[0], 1))).version
    log_lines = len(await store.logs(acknowledged[0]))
    more, more_errors = await fill(store, "b")
    await store.close()

    _mount("-o", "remount,size=24m", str(directory))
    store = await SqliteStore.open(path)
    kept = {row.id for row in await store.executions(ExecutionQuery(limit=100_000))}
    await store.close()
    integrity = _integrity(path)

    os.unlink(f"{path}.owner")
    _mount("-o", "remount,ro", str(directory))
    try:
        await SqliteStore.open(path)
        writing_read_only_disk = "opened"
    except StoreUnavailable as read_only:
        writing_read_only_disk = str(read_only)
    store = await SqliteStore.open(path, read_only=True)
    readable_on_read_only_disk = (await store.execution(acknowledged[0])) is not None
    await store.close()
    return {
        "errors": errors + more_errors,
        "acknowledged": len(acknowledged),
        "more": len(more),
        "refused_again": refused_again,
        "readable": readable,
        "after_space": after_space,
        "log_lines": log_lines,
        "lost": sorted(set(acknowledged + more) - kept),
        "unacknowledged": sorted(kept - set(acknowledged + more)),
        "integrity": integrity,
        "writing_read_only_disk": writing_read_only_disk,
        "readable_on_read_only_disk": readable_on_read_only_disk,
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(Path(sys.argv[1])))))
