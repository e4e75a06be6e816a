"""`headrace logs`."""

from __future__ import annotations

from typing import Annotated

import typer

from headrace.cli.where import Where, placed


@placed
def logs(
    where: Where,
    id: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]", help="An execution: its id, the beginning or end of it, or `last` (the default)."
        ),
    ] = None,
    flow: Annotated[
        str | None,
        typer.Option("--flow", metavar="NAME", help="Of this FlowApp's executions, at a server."),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on: to the execution's end; of a FlowApp until Ctrl-C.")
    ] = False,
    run: Annotated[
        int | None, typer.Option("--run", metavar="NUMBER", min=0, help="Only of this task run.")
    ] = None,
    last: Annotated[
        int, typer.Option("--last", metavar="NUMBER", min=0, help="With --flow: of so many executions.")
    ] = 10,
    json: Annotated[bool, typer.Option("--json", help="A JSON object per line.")] = False,
) -> None:
    """Print the lines that functions wrote in an execution, or in those of a FlowApp.

    \b
    Exit codes: 0 done, 2 usage or an unknown execution, 4 interrupted, 5 store or server not available.
    """
    from headrace.cli.printing_logs import Printer, logs_of_execution, logs_of_flow
    from headrace.cli.session import run_async

    if id is not None and flow is not None:
        raise typer.BadParameter("give an execution's ID, or --flow NAME")
    if flow is not None and run is not None:
        raise typer.BadParameter("--run is of one execution: give its ID")
    printer = Printer(as_json=json, run_id=run, many=flow is not None)
    if flow is None:
        run_async(logs_of_execution(id or "last", where, printer, follow=follow))
    else:
        run_async(logs_of_flow(flow, where, printer, last, follow=follow))
