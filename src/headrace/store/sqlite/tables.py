"""What the other ports on the same file (access, triggers, alerts, FlowApps) are built on."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

_Result = TypeVar("_Result")


class Tables(Protocol):
    """The store file as its ports see it: `SqliteStore` is one."""

    async def write(self, job: Callable[[sqlite3.Cursor], _Result]) -> _Result:
        """Run `job` in the writer's next group and return its result when that is durable.

        A job that refuses (a name is taken, say) returns that as a value: what it raises comes back as a
        `StoreError`, and costs the others in its group. Raises `StoreUnavailable` when nothing was written.
        """
        ...

    def read(self, function: Callable[..., _Result], *arguments: Any) -> Awaitable[_Result]:
        """Return `function(connection, *arguments)` from one of the reading threads."""
        ...
