"""`headrace tokens`: what programs are let in with at a server."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from headrace.cli.lazy import LazyGroup, Part
from headrace.cli.options import OutputOption
from headrace.cli.output import Format
from headrace.cli.users import RoleOption, roles_of, words_of
from headrace.cli.where import Where, on_server

if TYPE_CHECKING:
    from headrace.cli.client.client import Client

_HERE = "headrace.cli.tokens"
TOKENS = "/api/v1/tokens"


class Tokens(LazyGroup):
    """The group."""

    parts: ClassVar[dict[str, Part]] = {
        "list": Part(f"{_HERE}:list_tokens", "List tokens: roles, age, last use."),
        "make": Part(f"{_HERE}:make", "Make one, for a program."),
        "revoke": Part(f"{_HERE}:revoke", "End one, at once."),
    }


@on_server
def list_tokens(where: Where, output: OutputOption = Format.table) -> None:
    """List the tokens of the namespaces that one administers, the oldest first. Their texts are nowhere."""
    from headrace.cli.at_server import at_server, show_list
    from headrace.cli.words import distance

    async def work(client: Client) -> None:
        items = (await client.get(TOKENS))["items"]
        now = time.time()

        def when(each: dict[str, Any], name: str) -> str:
            return "" if each[name] is None else distance(each[name], now)

        show_list(
            items,
            output,
            ("ID", "NAME", "ROLES", "CREATED", "BY", "EXPIRES", "LAST USED"),
            lambda each: (
                each["id"],
                each["name"],
                words_of(each["roles"]),
                when(each, "created_at"),
                each["created_by"],
                when(each, "expires_at"),
                when(each, "last_used_at"),
            ),
            "no tokens",
        )

    at_server(where, work)


@on_server
def make(
    where: Where,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who or what uses it.")],
    role: RoleOption = None,
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="SPAN", help="12h, 90d. Default: when it is revoked.")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FILE", help="Write it there, for its owner alone, and do not print it."
        ),
    ] = None,
) -> None:
    """Make a token with roles, and print it, this once. With --to it is in a file that --token-file takes."""
    from headrace.cli.at_server import at_server
    from headrace.cli.contexts import write_token
    from headrace.cli.words import span_seconds
    from headrace.errors import HeadraceError

    roles = roles_of(role)
    if not roles:
        raise typer.BadParameter("a token without a role can do nothing: give --role")
    if to is not None and to.exists():
        raise HeadraceError(f"{to} exists, and nothing is overwritten; name another file")
    body: dict[str, Any] = {"name": name, "roles": roles}
    if expires is not None:
        body["expires_in_seconds"] = span_seconds(expires, "--expires")

    async def work(client: Client) -> None:
        made = await client.post(TOKENS, body)
        if to is not None:
            write_token(to, made["token"])
            print(to)
        else:
            print(made["token"])
        print(f"token {made['id']}, {made['name']}: {words_of(made['roles'])}", file=sys.stderr)

    at_server(where, work)


@on_server
def revoke(
    where: Where, id: Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")]
) -> None:
    """End a token: it is refused at once, and so are sessions that were begun with it."""
    from headrace.cli.at_server import at_server
    from headrace.cli.client.client import quoted

    async def work(client: Client) -> None:
        await client.send("DELETE", f"{TOKENS}/{quoted(id)}")
        print(f"{id} revoked")

    at_server(where, work)
