"""What has become of the calls that readers perform: for people who ask why an execution waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from headrace.delivery.batch.files import BatchFiles
from headrace.delivery.batch.progress import Progress, read
from headrace.delivery.names import queue_name
from headrace.delivery.place import QueuePlace
from headrace.engine.waiting import Waiting
from headrace.queue.port import ItemRecord, QueueError


async def look(
    waiting: Sequence[Waiting],
    place: QueuePlace,
    files: BatchFiles,
    live: Callable[[str], Progress | None] = lambda _: None,
) -> None:
    """Fill in `item` of the queued calls among what an execution waits for.

    Its members: `queue`, `id`, `state` (`ready`, `delayed`, `leased`, `completed`, `dead`, `unknown`), and as
    far as they apply `attempt`, `leased_by`, `until` and `run_at` (epoch seconds), `error`. Where the queue
    cannot be asked, `state` is `unknown` and `error` says why. Nothing is made that is not there.

    Of a batch they are those of `Progress`: `live` gives it where the batch runs here, else its file does.
    """
    for each in waiting:
        if each.queued and each.kind == "batch" and each.invocation_id:
            progress = live(each.invocation_id) or read(files.progress(each.invocation_id))
            if progress is not None:
                each.item = msgspec.to_builtins(progress)
    by_queue: dict[str, list[Waiting]] = {}
    for each in waiting:
        if each.queued and each.kind == "function" and each.invocation_id:
            by_queue.setdefault(queue_name(each.flow or "", each.target or ""), []).append(each)
    for name, of_queue in by_queue.items():
        ids = [each.invocation_id or "" for each in of_queue]
        records: dict[str, ItemRecord] = {}
        error: str | None = None
        if not _is_missing(place.address):
            try:
                queue = await place.queue(name, None)
                records = {record.id: record for record in await queue.peek(ids=ids)}
            except QueueError as problem:
                error = str(problem)
        for each, item_id in zip(of_queue, ids, strict=True):
            each.item = {"queue": name, "id": item_id, **_told(records.get(item_id), error)}


def _told(record: ItemRecord | None, error: str | None) -> dict[str, Any]:
    if record is None:
        return {"state": "unknown"} if error is None else {"state": "unknown", "error": error}
    told = {
        "state": record.state,
        "attempt": record.attempts,
        "leased_by": record.leased_by,
        "until": record.expires_at,
        "run_at": record.run_at,
        "error": record.error.splitlines()[0] if record.error else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _is_missing(address: str) -> bool:
    path = address.removeprefix("sqlite://")
    return "://" not in path and not Path(path).is_file()
