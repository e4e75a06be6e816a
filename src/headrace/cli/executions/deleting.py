"""What `headrace executions delete` does: first see that all can be deleted, then delete."""

from __future__ import annotations

from pathlib import Path

from headrace.cli import exit_codes
from headrace.cli.executions.place import server_of_execution, store_of
from headrace.cli.identify import identify
from headrace.cli.reading import reading_server, reading_store
from headrace.cli.where import Server, Where
from headrace.errors import HeadraceError
from headrace.store.port import ExecutionRow


async def delete_all(ids: list[str], where: Where) -> int:
    """Delete executions; return the exit code."""
    found = dict.fromkeys([await _found(id, where) for id in ids])
    for server, execution_id in found:
        row = await _row(server, execution_id, where)
        if row is not None and row.ended_at is None:
            raise HeadraceError(
                f"execution {row.id} is {row.status}, and only what is over can be deleted; cancel it first"
            )
    for server, execution_id in found:
        if server is None:
            await _delete_here(store_of(where), execution_id)
        else:
            from headrace.cli.client.client import Client

            async with Client(server) as client:
                await client.send("DELETE", client.path("executions", execution_id))
        print(f"{execution_id} deleted")
    return exit_codes.COMPLETED


async def _found(id: str, where: Where) -> tuple[Server | None, str]:
    at = await server_of_execution(id, where)
    if at is not None:
        return at
    async with reading_store(store_of(where), where.namespace) as records:
        return None, await identify(records, id)


async def _row(server: Server | None, execution_id: str, where: Where) -> ExecutionRow | None:
    reading = reading_store(store_of(where)) if server is None else reading_server(server)
    async with reading as records:
        return await records.execution(execution_id)


async def _delete_here(path: Path, execution_id: str) -> None:
    from headrace.store.sqlite import SqliteStore
    from headrace.store.sqlite.lists import SqliteLists

    store = await SqliteStore.open(path)
    try:
        outcome = (await SqliteLists(store).delete([execution_id]))[execution_id]
    finally:
        await store.close()
    if outcome != "deleted":
        reason = "the execution that started it has not ended" if outcome == "awaited" else f"it is {outcome}"
        raise HeadraceError(f"execution {execution_id} is not deleted: {reason}")
