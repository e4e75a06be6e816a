"""What an application is to the reader: it is handed items and says how each ended. It knows of no queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

import msgspec

from headrace.errors import HeadraceError
from headrace.queue.port import Done, Failed, Leased

# What is kept of an application's error; the end of a long one, because that says what happened.
ERROR_CHARACTERS_MAX = 2000

Outcome = Done | Failed


class ApplicationError(HeadraceError):
    """The application cannot be run at all; says what is wrong with it and what to do."""


class Retry(Exception):
    """Raised by a callable: not now. The item comes again after `after_seconds`, or the queue's backoff."""

    def __init__(self, reason: str = "", *, after_seconds: float | None = None) -> None:
        super().__init__(reason or "asked to be tried again")
        self.after_seconds = after_seconds


class Reject(Exception):
    """Raised by a callable: this item will never work. It becomes a dead letter at once."""


class ItemContext(msgspec.Struct, frozen=True, kw_only=True):
    """What a callable may want to know about the item that it is given."""

    id: str
    attempt: int  # 1 is the first delivery
    max_attempts: int
    enqueued_at: float  # epoch seconds
    queue: str
    headers: Mapping[str, str]


@runtime_checkable
class Application(Protocol):
    """Takes one item at a time; as many calls are under way as the reader's `concurrency`."""

    async def start(self) -> None:
        """Return once items can be handled. Raises `ApplicationError`."""

    async def handle(self, item: Leased) -> Outcome:
        """Process one item and say how it ended. Raises nothing but `asyncio.CancelledError`."""

    async def aclose(self) -> None:
        """Give back connections, processes and threads."""


@runtime_checkable
class BatchApplication(Protocol):
    """Takes up to `batch_max` items at a time."""

    batch_max: int

    async def start(self) -> None:
        """Return once items can be handled. Raises `ApplicationError`."""

    async def handle_batch(self, items: Sequence[Leased]) -> list[Outcome]:
        """Process items and say how each ended, in any order."""

    async def aclose(self) -> None:
        """Give back connections, processes and threads."""


@runtime_checkable
class BlockingApplication(Protocol):
    """Takes one item at a time and blocks its thread meanwhile; the reader gives it threads."""

    async def start(self) -> None:
        """Return once items can be handled. Raises `ApplicationError`."""

    def handle_blocking(self, item: Leased) -> Outcome:
        """Process one item and say how it ended. Raises nothing."""

    async def aclose(self) -> None:
        """Give back what it holds."""


AnyApplication = Application | BatchApplication | BlockingApplication


def failed(item: Leased, error: str, *, retry_in: float | None = None, final: bool = False) -> Failed:
    """Return the outcome of an item that did not work; the end of a long `error` is kept."""
    error = error.strip()
    if len(error) > ERROR_CHARACTERS_MAX:
        error = "[...] " + error[-ERROR_CHARACTERS_MAX:].lstrip()
    return Failed(id=item.id, token=item.token, error=error, retry_in=retry_in, final=final)


def text_of(payload: bytes) -> str | None:
    """Return a payload as text, or None where it is none."""
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return None
