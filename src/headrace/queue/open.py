"""Opening a queue by its address."""

from __future__ import annotations

from headrace.queue.check import check_name
from headrace.queue.port import QueueError, QueueOptions, Queues, WorkQueue

_REDIS = ("redis://", "rediss://", "unix://")


async def open_queue(url_or_path: str, name: str, *, options: QueueOptions | None = None) -> WorkQueue:
    """Open the queue `name` on the server, or in the SQLite file, at `url_or_path`.

    `redis://`, `rediss://` and `unix://` are Redis (or Valkey); `sqlite://PATH` or anything without a scheme
    is a file, made where missing. `options` become the queue's, for all clients; None takes what it has.

    Raises `QueueUnavailable`, and `QueueError` for an address, name or options that cannot be.
    """
    check_name(name)
    if _is_redis(url_or_path):
        from headrace.queue.redis import RedisQueue

        return await RedisQueue.connect(url_or_path, name, options=options)
    from headrace.queue.sqlite import SqliteQueue

    return await SqliteQueue.open(_path(url_or_path), name, options=options)


async def open_queues(url_or_path: str) -> Queues:
    """Open all queues at an address of `open_queue`: to list them, to pause one. No file is made.

    Raises `QueueUnavailable`, and `QueueError` for an address that cannot be, or a file that is not there.
    """
    if _is_redis(url_or_path):
        from headrace.queue.redis import RedisQueues

        return await RedisQueues.connect(url_or_path)
    from headrace.queue.sqlite import SqliteQueues

    return await SqliteQueues.open(_path(url_or_path))


def _is_redis(url_or_path: str) -> bool:
    """Whether an address is that of a Redis; see that its client is installed."""
    if not url_or_path.startswith(_REDIS):
        return False
    try:
        import headrace.queue.redis  # noqa: F401
    except ModuleNotFoundError as problem:
        if problem.name is None or problem.name.partition(".")[0] not in ("redis", "hiredis"):
            raise
        raise QueueError(
            "queues on Redis need the Redis client, which is not installed: "
            "pip install 'headrace[redis]', or give the path of an SQLite file"
        ) from problem
    return True


def _path(address: str) -> str:
    path = address.removeprefix("sqlite://")
    scheme, separator, _ = path.partition("://")
    if separator:
        raise QueueError(
            f"no queue backend for {scheme}://; use redis://, rediss:// or unix://, or the path of a file"
        )
    if not path:
        raise QueueError("the address of the queue is empty; give redis://HOST:PORT or the path of a file")
    return path
