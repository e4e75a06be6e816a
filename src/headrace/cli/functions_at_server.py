"""`headrace functions list` and `restart`: the functions of FlowApps at a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from headrace.cli.options import OutputOption
from headrace.cli.output import Format
from headrace.cli.where import Where, on_server

if TYPE_CHECKING:
    from headrace.cli.client.client import Client


@on_server
def list_functions(
    where: Where,
    flow: Annotated[str | None, typer.Option("--flow", metavar="NAME", help="Only of this FlowApp.")] = None,
    output: OutputOption = Format.table,
) -> None:
    """List the functions of a namespace: where each runs, and how it is. A stopped one starts when asked."""
    from headrace.cli.at_server import at_server, show_list

    async def work(client: Client) -> None:
        items = (await client.get(client.path("functions"), {"flow": flow}))["items"]
        show_list(
            items,
            output,
            ("FUNCTION", "KIND", "DELIVERY", "STATE", "RESTARTS", "WHERE", "LAST ERROR"),
            lambda each: (
                f"{each['flow']}/{each['name']}",
                each["kind"],
                each["delivery"],
                each["state"] or "",
                str(each["restarts"]) if each["state"] else "",
                each["address"] or each["url"] or each["source"] or "",
                each["last_error"] or "",
            ),
            f"no functions in namespace {client.server.namespace}",
        )

    at_server(where, work)


@on_server
def restart(
    where: Where,
    function: Annotated[str, typer.Argument(metavar="FLOWAPP/FUNCTION", help="As `list` names it.")],
) -> None:
    """End a function's process; the next call starts a new one. Calls in flight are made again."""
    from headrace.cli.at_server import at_server

    flow, separator, name = function.partition("/")
    if not separator or not flow or not name:
        raise typer.BadParameter(
            f"{function!r} is not FLOWAPP/FUNCTION; `headrace functions list` shows them"
        )

    async def work(client: Client) -> None:
        found: dict[str, Any] = await client.post(client.path("flowapps", flow, "functions", name, "restart"))
        print(f"{found['flow']}/{found['name']} is started anew by its next call")

    at_server(where, work)
