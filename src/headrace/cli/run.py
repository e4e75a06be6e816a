"""`headrace run`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headrace.cli.options import (
    CatalogOption,
    FollowOption,
    GraceOption,
    OutputOption,
    QueuesOption,
    SecretsOption,
    TimeoutOption,
)
from headrace.cli.output import Format
from headrace.cli.where import Where, placed


@placed
def run(
    where: Where,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE|NAME]",
            help="FlowApp or OWS document. Default: config/flowapp.yaml. With a server: a FlowApp's name.",
        ),
    ] = None,
    input: Annotated[
        str | None, typer.Option("--input", "-i", metavar="JSON|@FILE|-", help="The input; - reads stdin.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", help="The same key again starts nothing new: the first execution goes on."),
    ] = None,
    timeout: TimeoutOption = None,
    grace: GraceOption = 10.0,
    follow: FollowOption = True,
    secrets: SecretsOption = None,
    catalog: CatalogOption = None,
    events: Annotated[
        Path | None,
        typer.Option(
            "--events", metavar="FILE", help="CloudEvents (JSON or JSON lines) to publish once it listens."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Start nothing: let all unfinished executions run to their end.")
    ] = False,
    queue: QueuesOption = None,
    version: Annotated[
        str | None, typer.Option("--version", help="At a server: one that the FlowApp has, or had.")
    ] = None,
    output: OutputOption = Format.json,
) -> None:
    """Run a flow to its end and print its output, alone, on stdout.

    Function processes are started, the execution is kept in the store at every step, and its tasks are
    shown on stderr. Executions that an earlier run left unfinished go on at the same time.
    With --server or --context a FlowApp that is deployed there is started instead, and followed.

    \b
    Exit codes: 0 completed, 1 faulted, 2 usage or invalid definition, 3 cancelled,
    4 interrupted or out of time (it goes on with the next run), 5 store or server not available.
    """
    from headrace.cli.session import run_async
    from headrace.cli.where import named_server

    server = named_server(where) if where.store is None or where.names_server else None
    if server is not None:
        local = {
            "--store": where.store,
            "--secrets": secrets,
            "--catalog": catalog,
            "--queue": queue,
            "--events": events,
            "--resume": resume or None,
        }
        refused = [option for option, value in local.items() if value is not None]
        if refused:
            raise typer.BadParameter(f"{', '.join(refused)}: not with a server, which has its own")
        from headrace.cli.run_at_server import run_at_server

        run_async(run_at_server(server, file, version, input, key, timeout, output, follow=follow))
    if version is not None:
        raise typer.BadParameter("--version goes with a server; here the file says it")
    if where.namespace is not None:
        raise typer.BadParameter("--namespace goes with a server; here the file says it")
    store = where.store
    if resume:
        if input is not None or key is not None or events is not None:
            raise typer.BadParameter("--resume starts nothing: leave out --input, --key and --events")
        from headrace.cli.resume import resume_all

        run_async(resume_all(file, store, timeout, grace, follow, secrets, catalog, output, queue))
    else:
        from headrace.cli.run_flow import Request, run_flow

        run_async(
            run_flow(
                Request(
                    file=file,
                    input=input,
                    key=key,
                    store=store,
                    timeout_seconds=timeout,
                    grace_seconds=grace,
                    follow=follow,
                    secrets=secrets,
                    catalog=catalog,
                    events=events,
                    queue=queue,
                    output=output,
                )
            )
        )
