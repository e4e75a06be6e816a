"""What a function may know about the invocation it answers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextvars import ContextVar


class Context:
    """One invocation of a function. All fields are empty when the caller sent no CloudEvent.

    * `invocation_id` is `<execution>.<run>.<attempt>`, the same on every redelivery of one attempt: use it
      as the idempotency key towards other systems.
    * `execution_id` and `run_id` name the execution and the task run; `run_id` is `None` when unknown.
    * `flow` is `namespace/name:version`, `task` the task's reference (`/do/0/charge`).
    * `attempt` is 1 for the first try.
    * `headers` are the request's, with lower-case names (`traceparent` is among them).
    """

    __slots__ = ("_headers", "_logger", "attempt", "execution_id", "flow", "invocation_id", "partial", "task")

    def __init__(
        self,
        *,
        invocation_id: str = "",
        execution_id: str = "",
        flow: str = "",
        task: str = "",
        attempt: int = 1,
        headers: Mapping[str, str] | Mapping[bytes, bytes] | None = None,
    ) -> None:
        self.invocation_id = invocation_id
        self.execution_id = execution_id
        self.flow = flow
        self.task = task
        self.attempt = attempt
        self._headers: Mapping[str, str] | Mapping[bytes, bytes] = headers if headers is not None else {}
        self._logger: logging.LoggerAdapter[logging.Logger] | None = None
        # Text written without its newline yet, by stream; owned by `capture`.
        self.partial: dict[str, str] | None = None

    @property
    def run_id(self) -> int | None:
        """Number of the task run in its execution, read from the invocation id."""
        parts = self.invocation_id.rsplit(".", 2)
        return int(parts[1]) if len(parts) == 3 and parts[1].isdecimal() else None

    @property
    def headers(self) -> dict[str, str]:
        """The request's headers; repeated ones are joined with a comma."""
        decoded = {_text(name): _text(value) for name, value in self._headers.items()}
        self._headers = decoded
        return decoded

    @property
    def logger(self) -> logging.LoggerAdapter[logging.Logger]:
        """A standard logger whose lines are attributed to this invocation, from any thread."""
        if self._logger is None:
            logger = logging.getLogger("headrace.function")
            self._logger = logging.LoggerAdapter(logger, {"invocation": self})
        return self._logger

    def __repr__(self) -> str:
        return f"Context({self.invocation_id!r}, task={self.task!r}, attempt={self.attempt})"


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


# The invocation that runs in this thread or task; `None` between invocations.
current: ContextVar[Context | None] = ContextVar("headrace_invocation", default=None)
