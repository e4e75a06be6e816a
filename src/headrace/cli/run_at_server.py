"""What `headrace run` does with a server: start, follow, print."""

from __future__ import annotations

import sys
from pathlib import Path

from headrace.cli import project
from headrace.cli.client.client import Client
from headrace.cli.executions.server_following import follow_at_server
from headrace.cli.output import Format
from headrace.cli.where import Server
from headrace.errors import HeadraceError


async def run_at_server(
    server: Server,
    flow: Path | None,
    version: str | None,
    input: str | None,
    key: str | None,
    timeout_seconds: float | None,
    form: Format,
    *,
    follow: bool,
) -> int:
    """Start a FlowApp of a server, follow the execution to its end, print its output; return the exit code.

    With a key the start is repeated where no answer came: it is the same start.
    """
    name = _name(flow)
    data = project.read_json(input, "--input")
    async with Client(server) as client:
        started = await client.post(
            client.path("flowapps", name, "executions"),
            data,
            query={"version": version},
            headers={} if key is None else {"idempotency-key": key},
            repeatable=key is not None,
        )
        execution_id = started["id"]
        if started["replayed"]:
            print(f"execution {execution_id} of key {key!r} was started before", file=sys.stderr)
        elif follow:
            print(f"execution {execution_id}", file=sys.stderr)
        return await follow_at_server(
            client, execution_id, timeout_seconds=timeout_seconds, follow=follow, form=form
        )


def _name(flow: Path | None) -> str:
    if flow is None:
        raise HeadraceError(
            "name the FlowApp to start: `headrace flowapps list` shows those of the server, "
            "`headrace apply -f FILE` deploys one"
        )
    # A folder may well be called as the FlowApp in it.
    if flow.is_file() or len(flow.parts) > 1 or flow.suffix in (".yaml", ".yml", ".json"):
        raise HeadraceError(
            f"with a server a FlowApp is named that is deployed there, not a file ({flow}): "
            f"`headrace apply -f {flow}` first, then `headrace run NAME`"
        )
    return str(flow)
