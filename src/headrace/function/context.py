"""What a function may know about the invocation it answers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextvars import ContextVar
from typing import NamedTuple, cast


class _Attributes(NamedTuple):
    execution_id: str
    flow: str
    task: str
    attempt: int


class Context:
    """One invocation of a function. All fields are empty when the caller sent no CloudEvent.

    * `invocation_id` is `<execution>.<run>.<attempt>`, the same on every redelivery of one attempt: use it
      as the idempotency key towards other systems.
    * `execution_id` and `run_id` name the execution and the task run; `run_id` is `None` when unknown.
    * `flow` is `namespace/name:version`, `task` the task's reference (`/do/0/charge`).
    * `attempt` is 1 for the first try.
    * `headers` are the request's, with lower-case names (`traceparent` is among them).
    """

    __slots__ = ("_attributes", "_headers", "_logger", "invocation_id", "partial")

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
        # `None`: still to be read from the headers, as most functions never ask.
        self._attributes: _Attributes | None = _Attributes(execution_id, flow, task, attempt)
        self._headers: Mapping[str, str] | Mapping[bytes, bytes] = headers if headers is not None else {}
        self._logger: logging.LoggerAdapter[logging.Logger] | None = None
        # Text written without its newline yet, by stream; owned by `capture`.
        self.partial: dict[str, str] | None = None

    @classmethod
    def of_binary_event(cls, headers: Mapping[bytes, bytes]) -> Context:
        """Return the context of a request whose attributes are in its headers (lower-case names)."""
        context = cls.__new__(cls)
        context.invocation_id = _attribute(headers, b"ce-id")
        context._attributes = None
        context._headers = headers
        context._logger = None
        context.partial = None
        return context

    @property
    def execution_id(self) -> str:
        """The execution that this invocation is a part of."""
        return self._read().execution_id

    @property
    def flow(self) -> str:
        """`namespace/name:version`."""
        return self._read().flow

    @property
    def task(self) -> str:
        """The task's reference, e.g. `/do/0/charge`."""
        return self._read().task

    @property
    def attempt(self) -> int:
        """1 for the first try."""
        return self._read().attempt

    @property
    def run_id(self) -> int | None:
        """Number of the task run in its execution, read from the invocation id."""
        parts = self.invocation_id.rsplit(".", 2)
        return int(parts[1]) if len(parts) == 3 and parts[1].isdecimal() else None

    @property
    def headers(self) -> dict[str, str]:
        """The request's headers; repeated ones are joined with a comma."""
        return {_text(name): _text(value) for name, value in self._headers.items()}

    @property
    def logger(self) -> logging.LoggerAdapter[logging.Logger]:
        """A standard logger whose lines are attributed to this invocation, from any thread."""
        if self._logger is None:
            logger = logging.getLogger("headrace.function")
            self._logger = logging.LoggerAdapter(logger, {"invocation": self})
        return self._logger

    def _read(self) -> _Attributes:
        attributes = self._attributes
        if attributes is None:
            headers = cast(Mapping[bytes, bytes], self._headers)
            attributes = self._attributes = _Attributes(
                _attribute(headers, b"ce-subject"),
                _attribute(headers, b"ce-headraceflow"),
                _attribute(headers, b"ce-headracetask"),
                read_attempt(_attribute(headers, b"ce-headraceattempt")),
            )
        return attributes

    def __repr__(self) -> str:
        return f"Context({self.invocation_id!r}, task={self.task!r}, attempt={self.attempt})"


def read_attempt(text: str) -> int:
    """Return the number of an attempt, 1 when there is none."""
    return int(text) if text.isascii() and text.isdecimal() else 1


def _attribute(headers: Mapping[bytes, bytes], name: bytes) -> str:
    value = headers.get(name, b"")
    if b"%" in value:
        # The HTTP binding percent-encodes what is not printable ASCII, in UTF-8.
        from urllib.parse import unquote

        return unquote(value.decode("latin-1"), errors="replace")
    return value.decode("utf-8", "replace")


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


# The invocation that runs in this thread or task; `None` between invocations.
current: ContextVar[Context | None] = ContextVar("headrace_invocation", default=None)
