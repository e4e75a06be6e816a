"""`headrace secrets`: what flows of a namespace read as `$secrets`; it is written, and never read back."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from headrace.cli.lazy import LazyGroup, Part
from headrace.cli.options import OutputOption
from headrace.cli.output import Format
from headrace.cli.where import Where, on_server

if TYPE_CHECKING:
    from headrace.cli.client.client import Client

_HERE = "headrace.cli.secrets"

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The name that flows use.")]


class Secrets(LazyGroup):
    """The group."""

    parts: ClassVar[dict[str, Part]] = {
        "list": Part(f"{_HERE}:list_secrets", "List names, and who put them when."),
        "put": Part(f"{_HERE}:put", "Put one, read from stdin."),
        "delete": Part(f"{_HERE}:delete", "Delete one."),
    }


@on_server
def list_secrets(where: Where, output: OutputOption = Format.table) -> None:
    """List the names of a namespace's secrets, and who put them when. What they hold is never shown."""
    from headrace.cli.at_server import at_server, show_list
    from headrace.cli.words import distance

    async def work(client: Client) -> None:
        items = (await client.get(client.path("secrets")))["items"]
        now = time.time()
        show_list(
            items,
            output,
            ("NAME", "PUT", "BY"),
            lambda each: (each["name"], distance(each["updated_at"], now), each["updated_by"]),
            f"no secrets in namespace {client.server.namespace}",
        )

    at_server(where, work)


@on_server
def put(
    where: Where,
    name: NameArgument,
    as_json: Annotated[
        bool, typer.Option("--json", help='It is a JSON object, such as {"username": …, "password": …}.')
    ] = False,
) -> None:
    """Put a secret: all of stdin without its last line end, or what is typed, which is not shown.

    It is for executions that start from then on.
    """
    from headrace.cli.at_server import at_server

    value = _value(name, as_json=as_json)

    async def work(client: Client) -> None:
        await client.send("PUT", client.path("secrets", name), {"value": value}, repeatable=True)
        print(f"{client.server.namespace}/{name} put")

    at_server(where, work)


def _value(name: str, *, as_json: bool) -> Any:
    from headrace.cli.users import typed
    from headrace.errors import HeadraceError

    if sys.stdin.isatty():
        text = typed(f"Secret {name}")
    else:
        text = sys.stdin.read()
        text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise HeadraceError("stdin is empty; give the secret there")
    if not as_json:
        return text
    import orjson

    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        # Without the parser's words: they may quote what is secret.
        raise HeadraceError("what is on stdin is not JSON; without --json it is taken as text") from None
    if not isinstance(value, dict):
        raise HeadraceError("with --json a secret is an object; without, it is taken as text")
    return value


@on_server
def delete(
    where: Where,
    name: NameArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete a secret. Flows that use it fault from then on, or have the one of the server's files."""
    from headrace.cli.at_server import at_server, confirm

    confirm(f"Delete the secret {name}?", yes=yes)

    async def work(client: Client) -> None:
        await client.send("DELETE", client.path("secrets", name))
        print(f"{client.server.namespace}/{name} deleted")

    at_server(where, work)
