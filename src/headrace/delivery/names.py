"""What the queues of functions are called."""

from __future__ import annotations

from hashlib import blake2b


def queue_name(flow: str, function: str) -> str:
    """Return the queue of a function: `<namespace>.<flow>.<function>`.

    `flow` is `namespace/name:version`. All versions of a flow share it, as they share the function's code.
    """
    namespace, _, name = flow.partition(":")[0].partition("/")
    return f"{namespace}.{name}.{function}"


def batch_queue_name(flow: str, function: str, invocation_id: str) -> str:
    """Return the queue of one batch over a function that is not called by a queue otherwise."""
    return f"{queue_name(flow, function)}.batch-{invocation_id}"


def reply_queue_name(engine: str) -> str:
    """Return the queue on which an engine is told of the ends of its items; the same in each of its lives."""
    return f"headrace.replies.{blake2b(engine.encode(), digest_size=10).hexdigest()}"
