"""`headrace executions cancel`, `suspend`, `resume` and `delete`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from headrace.cli import exit_codes
from headrace.cli.options import (
    CatalogOption,
    FollowOption,
    GraceOption,
    IdArgument,
    OutputOption,
    SecretsOption,
    TimeoutOption,
)
from headrace.cli.output import Format
from headrace.cli.where import Where, placed


@placed
def cancel(where: Where, id: IdArgument) -> None:
    """End an execution. No process but a server may own the store."""
    from headrace.cli.session import run_async

    run_async(_tell(id, where, "cancel"))


@placed
def suspend(where: Where, id: IdArgument) -> None:
    """Pause an execution. No process but a server may own the store."""
    from headrace.cli.session import run_async

    run_async(_tell(id, where, "suspend"))


@placed
def resume(
    where: Where,
    id: IdArgument,
    timeout: TimeoutOption = None,
    grace: GraceOption = 10.0,
    follow: FollowOption = True,
    secrets: SecretsOption = None,
    catalog: CatalogOption = None,
    output: OutputOption = Format.json,
) -> None:
    """Let a suspended execution go on, to its end, and print its output.

    Exit codes are those of `headrace run`.
    """
    from headrace.cli.executions.following import Wishes, follow_anywhere
    from headrace.cli.session import run_async

    async def here(headrace: Any, execution_id: str) -> str:
        await headrace.resume(execution_id)
        return execution_id

    async def there(client: Any, execution_id: str) -> str:
        await client.post(client.path("executions", execution_id, "resume"))
        return execution_id

    wishes = Wishes(
        timeout_seconds=timeout,
        grace_seconds=grace,
        follow=follow,
        secrets=secrets,
        catalog=catalog,
        form=output,
    )
    run_async(follow_anywhere(id, where, here, there, wishes))


@placed
def delete(
    where: Where,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="As for `show`; `last` is one, too.")],
) -> None:
    """Delete executions that are over, with their history. If one is not, none is deleted.

    \b
    Exit codes: 0 deleted, 2 one is not there, or not over, 5 store or server not available.
    """
    from headrace.cli.executions.deleting import delete_all
    from headrace.cli.session import run_async

    run_async(delete_all(ids, where))


async def _tell(id: str, where: Where, what: str) -> int:
    from headrace.cli.executions.place import server_of_execution, store_of

    at = await server_of_execution(id, where)
    if at is None:
        execution_id, status = await _tell_here(id, store_of(where), where.namespace, what)
    else:
        from headrace.cli.client.client import Client

        server, execution_id = at
        async with Client(server) as client:
            status = (await client.post(client.path("executions", execution_id, what)))["status"]
    print(f"{execution_id} {status}")
    return exit_codes.COMPLETED


async def _tell_here(id: str, store: Path, namespace: str | None, what: str) -> tuple[str, str]:
    from headrace.cli.identify import identify
    from headrace.cli.records.local import LocalRecords
    from headrace.cli.session import engine

    headrace = engine(store, grace_seconds=0)
    try:
        # Without letting anything go on: what is to be cancelled must not make its call once more.
        await headrace.start_up(recover=False)
        await headrace.serve_open()
        execution_id = await identify(LocalRecords(headrace.store, store, namespace), id)
        await (headrace.cancel(execution_id) if what == "cancel" else headrace.suspend(execution_id))
        row = await headrace.execution(execution_id)
        return execution_id, row.status if row is not None else "gone"
    finally:
        await headrace.shut_down()
