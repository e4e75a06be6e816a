"""`headrace login`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from headrace.cli import exit_codes, project
from headrace.cli.contexts import (
    DEFAULT_NAMESPACE,
    Context,
    Contexts,
    check_name,
    checked_token,
    read_token,
)
from headrace.cli.where import TOKEN, Server, is_loopback, normal_url, running_server
from headrace.errors import HeadraceError


def login(
    url: Annotated[
        str | None,
        typer.Argument(metavar="[URL]", help="The server. Default: the one that runs the project here."),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Of the context. Default: host and port.")
    ] = None,
    namespace: Annotated[
        str | None, typer.Option("--namespace", "-n", metavar="NAME", help="That commands mean there.")
    ] = None,
    token_file: Annotated[
        str | None,
        typer.Option(
            "--token-file", metavar="FILE|-", help="The token. Default: HEADRACE_TOKEN, else it is asked for."
        ),
    ] = None,
    certificates: Annotated[
        Path | None,
        typer.Option("--ca", metavar="FILE", help="Certificates (PEM) to trust besides the system's."),
    ] = None,
    use: Annotated[
        bool, typer.Option("--use/--no-use", help="Make it the current context, or only keep it.")
    ] = True,
) -> None:
    """Keep a server, a namespace and a token as a context, for the commands that follow.

    The token is asked for, and not shown; it is tried, and kept in a file that nobody else can read.

    \b
    Exit codes: 0 logged in, 2 the token is not taken, 5 the server cannot be reached.
    """
    from headrace.cli.session import run_async

    server = _server(url)
    context = Context(
        name=name or urlsplit(server).netloc.replace("[", "").replace("]", ""),
        server=server,
        namespace=namespace or DEFAULT_NAMESPACE,
        certificates=None if certificates is None else str(certificates.absolute()),
    )
    check_name(context.name)
    if not is_loopback(server) and server.startswith("http:"):
        print(
            f"warning: {server} is not encrypted: who listens on the way has the token; use https",
            file=sys.stderr,
        )
    run_async(_login(context, _token(server, token_file), use=use))


def _server(url: str | None) -> str:
    if url is not None:
        return normal_url(url)
    store = project.store_here()
    running = None if store is None else running_server(store)
    if running is None:
        raise HeadraceError("no server runs the project here; name one: `headrace login http://HOST:PORT`")
    return running


def _token(server: str, token_file: str | None) -> str:
    if token_file is not None and token_file != "-":
        return read_token(Path(token_file))
    if token_file is None and os.environ.get(TOKEN):
        return checked_token(os.environ[TOKEN], TOKEN)
    if token_file is None and sys.stdin.isatty():
        from getpass import getpass

        return checked_token(getpass(f"Token for {server}: "), "what was typed")
    return checked_token(sys.stdin.read(), "stdin")


async def _login(context: Context, token: str, *, use: bool) -> int:
    from headrace.cli.client.client import Client

    server = Server(
        url=context.server,
        token=token,
        context=context.name,
        certificates=None if context.certificates is None else Path(context.certificates),
    )
    async with Client(server) as client:
        me: dict[str, Any] = await client.get("/api/v1/session")
    contexts = Contexts.read()
    contexts.put(context, token, current=use)
    roles = ", ".join(f"{role} in {'all' if where == '*' else where}" for where, role in me["roles"].items())
    print(f"logged in to {context.server} as {me['name']} ({roles or 'no role'})")
    print(f"context {context.name}{', now the current one' if use else ''}; namespace {context.namespace}")
    return exit_codes.COMPLETED
