"""Options that several commands have, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headrace.cli.output import Format

StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store", metavar="PATH", help="Store file. Default: .headrace/headrace.db of the project."
    ),
]
OutputOption = Annotated[Format, typer.Option("--output", "-o", help="How the result is written.")]
TimeoutOption = Annotated[
    float | None,
    typer.Option("--timeout", metavar="SECONDS", min=0, help="Wait so long at most, then exit with 4."),
]
GraceOption = Annotated[
    float,
    typer.Option(
        "--grace",
        metavar="SECONDS",
        min=0,
        help="After an interruption calls in flight may finish for so long.",
    ),
]
FollowOption = Annotated[
    bool, typer.Option("--follow/--no-trace", help="Show tasks on stderr while they run, or only the result.")
]
SecretsOption = Annotated[
    Path | None,
    typer.Option(
        "--secrets",
        metavar="PATH",
        help="A YAML or JSON file, or a folder, with secrets. Beside it: HEADRACE_SECRET_<NAME>.",
    ),
]
CatalogOption = Annotated[
    Path | None,
    typer.Option("--catalog", metavar="DIR", help="Folder of the default catalog, for `call: name:version`."),
]
QueuesOption = Annotated[
    str | None,
    typer.Option(
        "--queue",
        metavar="URL|FILE",
        help="Where functions with `delivery: queue` are called: redis://HOST:PORT/DB, or a file. "
        "Default: HEADRACE_QUEUE, then queue.db beside the store.",
    ),
]
IdArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The id, its beginning or end (3 characters or more), or `last`.")
]
ServerOption = Annotated[
    str | None,
    typer.Option(
        "--server", metavar="URL", help="Go to this server. Default: HEADRACE_SERVER, else see docs/cli.md."
    ),
]
ContextOption = Annotated[
    str | None,
    typer.Option("--context", metavar="NAME", help="Go to the server of this context; `local`: to none."),
]
NamespaceOption = Annotated[
    str | None,
    typer.Option("--namespace", "-n", metavar="NAME", help="The namespace. Default: the context's."),
]
TokenFileOption = Annotated[
    Path | None,
    typer.Option("--token-file", metavar="FILE", help="The token; else HEADRACE_TOKEN, or the context's."),
]
