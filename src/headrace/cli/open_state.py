"""What `show` asks beside the store: the queues, about queued calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from headrace.engine.waiting import Waiting


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
