"""Beginning something, here or at a server, and following that to its end."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headrace.cli import exit_codes
from headrace.cli.live_view import LiveView
from headrace.cli.output import Format
from headrace.cli.run_flow import tell_result
from headrace.cli.session import Following, Interrupts, engine, warm_up
from headrace.errors import HeadraceError

if TYPE_CHECKING:
    from headrace.cli.where import Where
    from headrace.main import Headrace


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """How a person wants to follow. Grace, secrets and catalog are for what runs in this process."""

    timeout_seconds: float | None
    grace_seconds: float
    follow: bool
    secrets: Path | None
    catalog: Path | None
    form: Format


async def follow_anywhere(
    id: str,
    where: Where,
    here: Callable[[Any, str], Awaitable[str]],
    there: Callable[[Any, str], Awaitable[str]],
    wishes: Wishes,
) -> int:
    """Do something to an execution, and follow the one whose id that returns to its end.

    `here` is called with an engine on the store, `there` with a client of the server that runs it.
    """
    from headrace.cli.executions.place import server_of_execution, store_of

    at = await server_of_execution(id, where)
    if at is None:
        from headrace.cli.identify import identify
        from headrace.cli.records.local import LocalRecords

        store = store_of(where)

        async def begin(headrace: Headrace) -> str:
            records = LocalRecords(headrace.store, store, where.namespace)
            return await here(headrace, await identify(records, id))

        return await follow_new(begin, store, wishes)
    from headrace.cli.client.client import Client
    from headrace.cli.executions.server_following import follow_at_server

    if wishes.secrets is not None or wishes.catalog is not None:
        raise HeadraceError("secrets and catalog are the server's own: leave out --secrets and --catalog")
    server, execution_id = at
    async with Client(server) as client:
        followed = await there(client, execution_id)
        if wishes.follow:
            print(f"execution {followed}", file=sys.stderr)
        return await follow_at_server(
            client,
            followed,
            timeout_seconds=wishes.timeout_seconds,
            follow=wishes.follow,
            form=wishes.form,
        )


async def follow_new(
    begin: Callable[[Any], Awaitable[str]],
    store: Path,
    wishes: Wishes,
) -> int:
    """Call `begin`, follow the execution whose id it returns, print its output; return the exit code."""
    interrupts = Interrupts()
    view = LiveView(enabled=wishes.follow)
    headrace: Headrace = engine(
        store, secrets=wishes.secrets, catalog=wishes.catalog, grace_seconds=wishes.grace_seconds
    )
    try:
        await headrace.start_up(recover=False)
        headrace.observe(view.on)
        await headrace.recover()
        execution_id = await begin(headrace)
        row = await headrace.execution(execution_id)
        if row is not None:
            deployed = await headrace.definitions.by_digest(row.definition_digest)
            await warm_up(headrace, deployed)
        if wishes.follow:
            view.say(f"execution {execution_id}")
        view.follow(execution_id, await headrace.history(execution_id))
        following = Following(
            headrace,
            view,
            interrupts,
            timeout_seconds=wishes.timeout_seconds,
            grace_seconds=wishes.grace_seconds,
            go_on=shlex.join(["headrace", "run", "--resume", "--store", str(store)]),
        )
        result = await following.end(execution_id)
        if result is None:
            return exit_codes.UNFINISHED
        view.close()
        return await tell_result(headrace, result, wishes.form)
    finally:
        view.close()
        await headrace.shut_down()
