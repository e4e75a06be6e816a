"""What the exit code of `headrace` tells. Scripts depend on these; `docs/cli.md` lists them."""

from __future__ import annotations

COMPLETED = 0
FAULTED = 1  # the execution faulted; `validate`: there are errors
# Wrong arguments, an invalid definition, input that is not JSON, an unknown execution, a server that refuses.
USAGE = 2
CANCELLED = 3
UNFINISHED = 4  # interrupted or out of time; nothing is lost, the execution goes on with the next run
STORE = 5  # store, queue or server: owned by another process, damaged, full, gone, not to be reached
INTERNAL = 70  # a defect of Headrace

_BY_STATUS = {"completed": COMPLETED, "faulted": FAULTED, "cancelled": CANCELLED}


def of_status(status: str) -> int:
    """Return the exit code that stands for how an execution is."""
    return _BY_STATUS.get(status, UNFINISHED)


def worst(codes: list[int]) -> int:
    """Return one code for several executions: a fault before a cancellation before unfinished ones."""
    for code in (FAULTED, CANCELLED, UNFINISHED):
        if code in codes:
            return code
    return max(codes, default=COMPLETED)
