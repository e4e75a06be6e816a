"""`headrace audit`: who changed what at a server, and when."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headrace.cli.options import OutputOption
from headrace.cli.output import Format, cell
from headrace.cli.where import Where, on_server

if TYPE_CHECKING:
    from headrace.cli.client.client import Client


@on_server
def audit(
    where: Where,
    by: Annotated[
        str | None, typer.Option("--by", metavar="WHO", help="Only of this one: user:ada, token:….")
    ] = None,
    action: Annotated[
        str | None,
        typer.Option("--action", metavar="ACTION", help="flowapp.apply, or flowapp for all of it."),
    ] = None,
    object_: Annotated[
        str | None, typer.Option("--object", metavar="NAME", help="Only what was done to this.")
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help="Only since: 30m, 2h, 7d, or a date.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-l", min=1, help="So many at most.")] = 50,
    output: OutputOption = Format.table,
) -> None:
    """List changes, the newest first: when, who and from where, what was done to what. Takes the role admin.

    Without --namespace those of all namespaces that one administers. `-o json` has what was before and after.
    """
    from headrace.cli.at_server import at_server, show_list
    from headrace.cli.words import moment, since

    query = {
        "namespace": where.namespace,
        "by": by,
        "action": action,
        "object": object_,
        "since": None if from_ is None else since(from_, time.time()),
    }

    async def work(client: Client) -> None:
        show_list(
            await client.pages("/api/v1/audit", query, limit),
            output,
            ("AT", "WHO", "FROM", "ACTION", "OBJECT", "AFTER"),
            lambda each: (
                moment(each["at"]),
                each["name"],
                each["address"] or "",
                each["action"],
                _object(each),
                "" if each["after"] is None else cell(each["after"]),
            ),
            "no changes",
        )

    at_server(where, work)


def _object(change: dict[str, Any]) -> str:
    return change["object"] if change["namespace"] is None else f"{change['namespace']}/{change['object']}"
