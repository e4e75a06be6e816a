"""What the queues of functions are called."""

from __future__ import annotations

from hashlib import blake2b

DEFAULT_NAMESPACE = "default"

# In the names of queues that batches make.
BATCH = ".batch-"


def queue_of_namespace(namespace: str, name: str) -> str:
    """Return what a queue of a namespace is called where the queues of all are (decision 0006)."""
    return name if namespace == DEFAULT_NAMESPACE else f"{namespace}/{name}"


def namespace_of(flow: str) -> str:
    """Return the namespace of a flow, which is `namespace/name:version`."""
    return flow.partition("/")[0]


def queue_name(flow: str, function: str) -> str:
    """Return the queue of a function: `<flow>.<function>`, of the flow's namespace.

    All versions of a flow share it, as they share the function's code.
    """
    namespace, _, name = flow.partition(":")[0].partition("/")
    return queue_of_namespace(namespace, f"{name}.{function}")


def batch_queue_name(flow: str, function: str, invocation_id: str) -> str:
    """Return the queue of one batch over a function that is not called by a queue otherwise."""
    return f"{queue_name(flow, function)}{BATCH}{invocation_id}"


def reply_queue_name(engine: str) -> str:
    """Return the queue on which an engine is told of the ends of its items; the same in each of its lives."""
    return f"headrace.replies.{blake2b(engine.encode(), digest_size=10).hexdigest()}"
