"""`headrace executions cancel`, `suspend` and `resume`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from headrace.cli import exit_codes
from headrace.cli.options import (
    CatalogOption,
    FollowOption,
    GraceOption,
    IdArgument,
    OutputOption,
    SecretsOption,
    StoreOption,
    TimeoutOption,
)
from headrace.cli.output import Format


def cancel(id: IdArgument, store: StoreOption = None) -> None:
    """End an execution. The store must not be owned by another process."""
    from headrace.cli.session import run_async

    run_async(_tell(id, store, "cancel"))


def suspend(id: IdArgument, store: StoreOption = None) -> None:
    """Pause an execution. The store must not be owned by another process."""
    from headrace.cli.session import run_async

    run_async(_tell(id, store, "suspend"))


def resume(
    id: IdArgument,
    timeout: TimeoutOption = None,
    grace: GraceOption = 10.0,
    follow: FollowOption = True,
    secrets: SecretsOption = None,
    catalog: CatalogOption = None,
    store: StoreOption = None,
    output: OutputOption = Format.json,
) -> None:
    """Let a suspended execution go on, to its end, and print its output.

    Exit codes are those of `headrace run`.
    """
    from headrace.cli.executions.following import follow_new
    from headrace.cli.identify import identify
    from headrace.cli.project import find_store
    from headrace.cli.session import run_async

    async def begin(headrace: Any) -> str:
        execution_id = await identify(headrace.store, id)
        await headrace.resume(execution_id)
        return execution_id

    run_async(
        follow_new(
            begin,
            find_store(store),
            timeout_seconds=timeout,
            grace_seconds=grace,
            follow=follow,
            secrets=secrets,
            catalog=catalog,
            form=output,
        )
    )


async def _tell(id: str, store: Path | None, what: str) -> int:
    from headrace.cli.identify import identify
    from headrace.cli.project import find_store
    from headrace.cli.session import engine

    headrace = engine(find_store(store), grace_seconds=0)
    try:
        # Without letting anything go on: what is to be cancelled must not make its call once more.
        await headrace.start_up(recover=False)
        await headrace.serve_open()
        execution_id = await identify(headrace.store, id)
        await (headrace.cancel(execution_id) if what == "cancel" else headrace.suspend(execution_id))
        row = await headrace.execution(execution_id)
        print(f"{execution_id} {row.status if row is not None else 'gone'}")
        return exit_codes.COMPLETED
    finally:
        await headrace.shut_down()
