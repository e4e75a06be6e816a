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
    StoreOption,
    TimeoutOption,
)
from headrace.cli.output import Format


def run(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="FlowApp or OWS document. Default: config/flowapp.yaml."),
    ] = None,
    input: Annotated[
        str | None, typer.Option("--input", "-i", metavar="JSON|@FILE|-", help="The input; - reads stdin.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", help="The same key again starts nothing new: the first execution goes on."),
    ] = None,
    store: StoreOption = None,
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
    output: OutputOption = Format.json,
) -> None:
    """Run a flow to its end and print its output, alone, on stdout.

    Function processes are started, the execution is kept in the store at every step, and its tasks are
    shown on stderr. Executions that an earlier run left unfinished go on at the same time.

    \b
    Exit codes: 0 completed, 1 faulted, 2 usage or invalid definition, 3 cancelled,
    4 interrupted or out of time (it goes on with the next run), 5 store not available.
    """
    from headrace.cli.session import run_async

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
