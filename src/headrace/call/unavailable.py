"""Kinds of calls that this version does not perform yet."""

from __future__ import annotations

from headrace.call.performer import call_error, failed
from headrace.engine.commands import Invoke
from headrace.engine.events import CallFailed


class UnavailablePerformer:
    """Refuses every call with a `configuration` error that names the kind; not retryable."""

    async def perform(self, call: Invoke) -> CallFailed:
        """Refuse the call."""
        return failed(
            call,
            call_error(
                "configuration",
                f"{call.kind} calls are not available in this version",
                "call the service by `http` or `openapi`, or from a function",
            ),
        )

    async def aclose(self) -> None:
        """Nothing to give back."""


class SwitchedOffPerformer:
    """Refuses every call with a `configuration` error: whoever runs the server does not allow the kind."""

    async def perform(self, call: Invoke) -> CallFailed:
        """Refuse the call."""
        return failed(
            call,
            call_error(
                "configuration",
                f"{call.kind} processes are switched off on this server",
                "call a function instead, or ask whoever runs the server",
            ),
        )

    async def aclose(self) -> None:
        """Nothing to give back."""
