"""Opening a queue by its address."""

from __future__ import annotations

from headrace.queue.check import check_name
from headrace.queue.port import QueueError, QueueOptions, WorkQueue

_REDIS = ("redis://", "rediss://", "unix://")


async def open_queue(url_or_path: str, name: str, *, options: QueueOptions | None = None) -> WorkQueue:
    """Open the queue `name` on the server, or in the SQLite file, at `url_or_path`.

    `redis://`, `rediss://` and `unix://` are Redis (or Valkey); `sqlite://PATH` or anything without a scheme
    is a file, made where missing. `options` become the queue's, for all clients; None takes what it has.

    Raises `QueueUnavailable`, and `QueueError` for an address, name or options that cannot be.
    """
    check_name(name)
    if url_or_path.startswith(_REDIS):
        try:
            from headrace.queue.redis import RedisQueue
        except ModuleNotFoundError as problem:
            if problem.name is None or problem.name.partition(".")[0] not in ("redis", "hiredis"):
                raise
            raise QueueError(
                "queues on Redis need the Redis client, which is not installed: "
                "pip install 'headrace[redis]', or give the path of an SQLite file"
            ) from problem
        return await RedisQueue.connect(url_or_path, name, options=options)
    from headrace.queue.sqlite import SqliteQueue

    path = url_or_path.removeprefix("sqlite://")
    scheme, separator, _ = path.partition("://")
    if separator:
        raise QueueError(
            f"no queue backend for {scheme}://; use redis://, rediss:// or unix://, or the path of a file"
        )
    if not path:
        raise QueueError("the address of the queue is empty; give redis://HOST:PORT or the path of a file")
    return await SqliteQueue.open(path, name, options=options)
