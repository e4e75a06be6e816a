"""Which server runs an execution that is to be changed; none where this process does it itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from headrace.cli.identify import identify
from headrace.cli.reading import reading_server, reading_store
from headrace.cli.where import Server, Where, place_of, running_server, server_at


async def server_of_execution(id: str, where: Where) -> tuple[Server, str] | None:
    """Return the server that runs an execution, and its whole id. None: the store is ours to open.

    A store of this machine that a server runs now is changed through that server; the execution is still
    the one that reading commands mean by the same words, whatever its namespace.
    """
    place = place_of(where)
    if isinstance(place, Server):
        async with reading_server(place) as records:
            return place, await identify(records, id)
    url = running_server(place)
    if url is None:
        return None
    async with reading_store(place, where.namespace) as records:
        execution_id = await identify(records, id)
        row = await records.execution(execution_id)
    assert row is not None
    server = server_at(url, where, noted=True)
    return replace(server, namespace=row.namespace, here=True), execution_id


def store_of(where: Where) -> Path:
    """Return the store of a command that is not for a server."""
    place = place_of(where)
    assert isinstance(place, Path)
    return place
