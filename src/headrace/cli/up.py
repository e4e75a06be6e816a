"""`headrace up`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headrace.cli.options import CatalogOption, GraceOption, SecretsOption, StoreOption


def up(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FOLDER]...",
            help="Projects, or folders with projects right below. Default: the project or folder here.",
        ),
    ] = None,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on. Anything but loopback is your decision.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="0: any that is free.")] = 8420,
    store: StoreOption = None,
    queue: Annotated[
        str | None,
        typer.Option(
            "--queue",
            envvar="HEADRACE_QUEUE",
            metavar="ADDRESS",
            help="redis://HOST:PORT or a file. Default: queue.db beside the store.",
        ),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            envvar="HEADRACE_TOKEN",
            help="The administrator's token. Default: made at the first start and shown once.",
        ),
    ] = None,
    access: Annotated[
        Path | None,
        typer.Option(
            "--access",
            metavar="FILE",
            help="Access settings: public URL, OpenID Connect, limits (docs/security.md).",
        ),
    ] = None,
    secrets: SecretsOption = None,
    catalog: CatalogOption = None,
    watch: Annotated[
        bool, typer.Option("--watch/--no-watch", help="Take up changed definitions and code at once.")
    ] = True,
    calls: Annotated[
        str | None,
        typer.Option(
            "--calls",
            metavar="any|public",
            help="Hosts that flows may call. Default: any when listening on loopback, else public ones.",
        ),
    ] = None,
    durability: Annotated[
        str, typer.Option("--durability", metavar="full|normal", help="normal: the last moments may be lost.")
    ] = "full",
    max_calls: Annotated[int, typer.Option("--max-calls", min=1, help="Calls at the same time.")] = 256,
    lifecycle_events: Annotated[
        bool, typer.Option("--lifecycle-events", help="Publish OWS lifecycle events of executions.")
    ] = False,
    grace: GraceOption = 10.0,
) -> None:
    """Run the platform: API, triggers, engine, functions and queues, in one process.

    Deploys the projects it is given, and again when their definitions change.

    \b
    Exit codes: 0 stopped, 2 usage, the address is taken, 5 store not available.
    """
    if calls not in (None, "any", "public"):
        raise typer.BadParameter("--calls is `any` or `public`")
    if durability not in ("full", "normal"):
        raise typer.BadParameter("--durability is `full` or `normal`")
    from headrace.cli import collector

    collector.starting()
    from headrace.cli.run_server import UpRequest, run_server
    from headrace.cli.session import run_async

    run_async(
        run_server(
            UpRequest(
                folders=tuple(folders or ()),
                host=host,
                port=port,
                store=store,
                queue=queue,
                token=token,
                access=access,
                secrets=secrets,
                catalog=catalog,
                watch=watch,
                calls=calls,
                durability=durability,
                max_concurrent_calls=max_calls,
                lifecycle_events=lifecycle_events,
                grace_seconds=grace,
            )
        ),
        server=True,
    )
