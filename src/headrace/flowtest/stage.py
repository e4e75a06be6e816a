"""What cases need from outside; the composition root makes it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from headrace.engine.commands import Invoke
from headrace.engine.events import CallCompleted, CallFailed
from headrace.runtime.definitions import Catalog, Deployed
from headrace.runtime.secrets import SecretProvider
from headrace.store.port import Store


class RealCalls(Protocol):
    """Makes calls for real."""

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed: ...


class Stage(Protocol):
    """One per project; cases share it, also at the same time."""

    catalog: Catalog | None
    secrets: SecretProvider | None  # beside those that a case gives

    def store(self) -> AbstractAsyncContextManager[Store]:
        """Open a store of its own for one case, which keeps nothing."""

    def calls(self, flow: Deployed) -> RealCalls:
        """Return what makes calls of this flow for real. Asked for when a case makes the first one."""

    async def fetch(self, uri: str, policy: Any) -> bytes:
        """Fetch a document that the definition refers to."""
