"""`headrace worker`."""

from __future__ import annotations

from typing import Annotated

import typer

from headrace.cli.queue_address import QueueOption, address_of


def worker(
    name: Annotated[str, typer.Option("--name", "-n", metavar="NAME", help="The queue's name.")],
    queue: QueueOption = None,
    call: Annotated[
        str | None,
        typer.Option("--call", metavar="MODULE:FUNCTION", help="A Python callable."),
    ] = None,
    http: Annotated[
        str | None,
        typer.Option("--http", metavar="URL", help="POST each item to this URL."),
    ] = None,
    http_batch: Annotated[
        bool, typer.Option("--http-batch", help="POST items together, --batch at most, as CloudEvents.")
    ] = False,
    command: Annotated[
        str | None, typer.Option("--command", metavar="COMMAND", help="Run this for each item.")
    ] = None,
    item: Annotated[
        str,
        typer.Option(
            "--item",
            metavar="stdin|arg|file",
            help="How a command gets the item; {} stands for it, or its file.",
        ),
    ] = "stdin",
    shell: Annotated[
        bool, typer.Option("--shell", help='The command is for a shell; the item, or its file, is "$1".')
    ] = False,
    final_exit_codes: Annotated[
        str,
        typer.Option("--final-exit-codes", metavar="CODES", help="No other attempt after these: 64,70-74."),
    ] = "",
    payload: Annotated[
        str,
        typer.Option("--payload", metavar="auto|json|text|bytes", help="What a Python callable is given."),
    ] = "auto",
    inline: Annotated[
        bool, typer.Option("--inline", help="The sync callable takes a few ms at most: use no threads.")
    ] = False,
    concurrency: Annotated[
        int, typer.Option("--concurrency", "-c", min=1, help="Items worked on at the same time.")
    ] = 1,
    lease: Annotated[
        float,
        typer.Option(
            "--lease", metavar="SECONDS", help="After so long others get the items of a dead reader."
        ),
    ] = 30.0,
    batch: Annotated[
        int, typer.Option("--batch", min=1, max=1000, help="Items per round trip at most, if they are quick.")
    ] = 100,
    retries: Annotated[
        int | None, typer.Option("--retries", min=0, help="Attempts after the first. Default: the queue's.")
    ] = None,
    timeout: Annotated[
        float | None, typer.Option("--timeout", metavar="SECONDS", help="Of one item. Default: none.")
    ] = None,
    drain: Annotated[
        bool,
        typer.Option(
            "--drain", help="End when the queue is empty and nobody has anything leased or delayed."
        ),
    ] = False,
    grace: Annotated[
        float,
        typer.Option("--grace", metavar="SECONDS", min=0, help="After SIGTERM, for what is being worked on."),
    ] = 20.0,
    output_limit: Annotated[
        int, typer.Option("--output-limit", metavar="BYTES", min=1, help="Of one item's result.")
    ] = 1024 * 1024,
    ready: Annotated[
        str | None, typer.Option("--ready", metavar="URL", help="Begin when this answers 2xx.")
    ] = None,
    ready_timeout: Annotated[
        float,
        typer.Option(
            "--ready-timeout", metavar="SECONDS", min=0, help="For application and queue to be there."
        ),
    ] = 60.0,
    stop_url: Annotated[
        str | None,
        typer.Option("--stop-url", metavar="URL", help="POST to this at the end, to end the application."),
    ] = None,
    stop_app: Annotated[
        str | None,
        typer.Option(
            "--stop-app",
            metavar="PROGRAM",
            help="SIGTERM to the processes of this name at the end (shared PIDs).",
        ),
    ] = None,
    worker_id: Annotated[
        str | None, typer.Option("--worker-id", help="Who it is, in histories. Default: host and process.")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="A line on stderr for every item.")
    ] = False,
    print_manifest: Annotated[
        bool, typer.Option("--print-manifest", help="Run nothing: write the YAML that does so on Kubernetes.")
    ] = False,
    image: Annotated[
        str,
        typer.Option("--image", help="Manifest: image with headrace, and the code of --call or --command."),
    ] = "headrace:latest",
    app_image: Annotated[
        str | None, typer.Option("--app-image", help="Manifest: image of the application behind --http.")
    ] = None,
    parallelism: Annotated[int, typer.Option("--parallelism", min=1, help="Manifest: Pods.")] = 2,
    namespace: Annotated[str | None, typer.Option("--namespace", help="Manifest: of everything.")] = None,
) -> None:
    """Read a queue and hand its items to an application that knows nothing of queues.

    The application is one of --call, --http and --command. SIGTERM and Ctrl-C let it finish what it works
    on; what was not begun, or is not done in time, goes back.

    \b
    Exit codes: 0 drained (--drain), or stopped, 2 usage or an application that cannot be run,
    4 stopped before the queue was drained (--drain), 5 queue not available.
    """
    from headrace.cli.queue_worker import Request, print_manifests, run_worker

    request = Request(
        address=address_of(queue),
        name=name,
        call=call,
        http=http,
        http_batch=http_batch,
        command=command,
        item=item,
        shell=shell,
        final_exit_codes=final_exit_codes,
        payload=payload,
        inline=inline,
        concurrency=concurrency,
        lease_seconds=lease,
        batch=batch,
        retries=retries,
        timeout_seconds=timeout,
        drain=drain,
        grace_seconds=grace,
        output_bytes_max=output_limit,
        ready=ready,
        ready_timeout_seconds=ready_timeout,
        stop_url=stop_url,
        stop_app=stop_app,
        worker_id=worker_id,
        verbose=verbose,
    )
    if print_manifest:
        print_manifests(
            request, image=image, app_image=app_image, parallelism=parallelism, namespace=namespace
        )
    else:
        run_worker(request)
