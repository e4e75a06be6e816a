"""The port of what is deployed: one FlowApp per (namespace, name), with the versions that it had.

What runs is one of the store's definitions, found by its digest, which ignores comments and order. Here is
the text as it was written, which one is current, whether it is paused, and where its nodes stand on the
canvas. All times are epoch seconds (UTC).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec


class FlowAppRow(msgspec.Struct, kw_only=True):
    """A FlowApp that is deployed. `generation` counts its changes of content, from 1."""

    namespace: str
    name: str
    generation: int
    digest: str
    version: str
    paused: bool = False
    text: str = ""  # as it was written; empty in lists
    project: str | None = None  # the folder with its code, where this machine has it
    layout: bytes | None = None  # JSON: where nodes stand on the canvas
    layout_saved_at: float | None = None  # None also for one that was saved before this was kept
    layout_saved_by: str | None = None
    created_at: float
    updated_at: float
    updated_by: str


class FlowAppVersion(msgspec.Struct, kw_only=True):
    """One content that a FlowApp had, or has."""

    namespace: str
    name: str
    generation: int
    digest: str
    version: str
    text: str = ""  # empty in lists
    message: str
    applied_at: float
    applied_by: str


class FlowAppChange(msgspec.Struct, kw_only=True):
    """A new content for a FlowApp, or the first one."""

    namespace: str
    name: str
    digest: str
    version: str
    text: str
    project: str | None
    message: str
    at: float
    by: str
    # The generation that the author looked at; None: any. 0: there must be none yet.
    expected_generation: int | None = None


class FlowApps(Protocol):
    """Where FlowApps are kept. Contract tests in `tests/contract/flowapps/` hold every backend to this."""

    async def put(self, change: FlowAppChange) -> FlowAppRow | None:
        """Make a text the current one; the same text again is no new generation.

        None, and nothing is changed, where the FlowApp is at another generation than was expected.
        """
        ...

    async def get(self, namespace: str, name: str) -> FlowAppRow | None:
        """Return one FlowApp with its layout."""
        ...

    async def page(
        self,
        namespaces: Sequence[str] | None = None,
        *,
        search: str = "",
        after: tuple[str, str] | None = None,
        limit: int = 100,
    ) -> list[FlowAppRow]:
        """Return FlowApps by (namespace, name), without layouts; `search` is a part of the name."""
        ...

    async def versions(
        self, namespace: str, name: str, *, before: int | None = None, limit: int = 50
    ) -> list[FlowAppVersion]:
        """Return the contents that a FlowApp had, newest first; `before` is a generation."""
        ...

    async def version(self, namespace: str, name: str, generation: int) -> FlowAppVersion | None:
        """Return one content with its text."""
        ...

    async def pause(self, namespace: str, name: str, paused: bool, at: float, by: str) -> FlowAppRow | None:
        """Let a FlowApp start nothing more, or start again; None where there is none."""
        ...

    async def put_layout(self, namespace: str, name: str, layout: bytes, at: float, by: str) -> bool:
        """Keep where nodes stand, and who put them there; False where there is no such FlowApp.

        The same layout again stays theirs who saved it first.
        """
        ...

    async def remove(self, namespace: str, name: str) -> bool:
        """Forget a FlowApp and its versions; executions and their definitions stay. False: there is none."""
        ...

    async def namespaces(self) -> Sequence[str]:
        """Return the namespaces that have a FlowApp, in order."""
        ...
