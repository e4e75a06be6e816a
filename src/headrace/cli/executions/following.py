"""Opening a store, beginning something in it, and following that to its end."""

from __future__ import annotations

import shlex
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headrace.cli import exit_codes
from headrace.cli.live_view import LiveView
from headrace.cli.output import Format
from headrace.cli.run_flow import tell_result
from headrace.cli.session import Following, Interrupts, engine, warm_up

if TYPE_CHECKING:
    from headrace.main import Headrace


async def follow_new(
    begin: Callable[[Any], Awaitable[str]],
    store: Path,
    *,
    timeout_seconds: float | None,
    grace_seconds: float,
    follow: bool,
    secrets: Path | None,
    catalog: Path | None,
    form: Format,
) -> int:
    """Call `begin`, follow the execution whose id it returns, print its output; return the exit code."""
    interrupts = Interrupts()
    view = LiveView(enabled=follow)
    headrace: Headrace = engine(store, secrets=secrets, catalog=catalog, grace_seconds=grace_seconds)
    try:
        await headrace.start_up(recover=False)
        headrace.observe(view.on)
        await headrace.recover()
        execution_id = await begin(headrace)
        row = await headrace.execution(execution_id)
        if row is not None:
            deployed = await headrace.definitions.by_digest(row.definition_digest)
            await warm_up(headrace, deployed)
        if follow:
            view.say(f"execution {execution_id}")
        view.follow(execution_id, await headrace.history(execution_id))
        following = Following(
            headrace,
            view,
            interrupts,
            timeout_seconds=timeout_seconds,
            grace_seconds=grace_seconds,
            go_on=shlex.join(["headrace", "run", "--resume", "--store", str(store)]),
        )
        result = await following.end(execution_id)
        if result is None:
            return exit_codes.UNFINISHED
        view.close()
        return await tell_result(headrace, result, form)
    finally:
        view.close()
        await headrace.shut_down()
