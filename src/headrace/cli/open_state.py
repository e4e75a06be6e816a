"""What `show` asks beside the store: queues for queued calls, the definition of an execution."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from headrace.engine.waiting import Waiting
    from headrace.spec.flowapp import Definition
    from headrace.store.port import Store


async def look_at_queues(waiting: list[Waiting], store: Path) -> None:
    """Ask the queues about the calls that readers perform; where they cannot be asked, that is said."""
    if any(each.queued for each in waiting):
        from headrace.cli.session import queue_of
        from headrace.delivery.looking import look
        from headrace.main.queues import batch_files_of, place_of

        place, _ = place_of(queue_of(None), store)
        try:
            await look(waiting, place, batch_files_of(store, store.parent, files_anywhere=False))
        finally:
            await place.aclose()


async def definition_of(store: Store, digest: str) -> Definition | None:
    """Return the definition that an execution is pinned to, as far as this version can read it."""
    from headrace.errors import HeadraceError
    from headrace.runtime.definitions import Definitions

    try:
        return (await Definitions(store).by_digest(digest)).definition
    except HeadraceError:
        return None
