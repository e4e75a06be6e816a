"""`headrace apply`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headrace.cli.options import OutputOption
from headrace.cli.output import Format
from headrace.cli.where import Where, on_server

if TYPE_CHECKING:
    from headrace.cli.client.client import Client


@on_server
def apply(
    where: Where,
    files: Annotated[
        list[str] | None,
        typer.Option(
            "--file",
            "-f",
            metavar="FILE|FOLDER|-",
            help="FlowApps or OWS documents; of a folder its project, else all projects and files in it. "
            "Default: config/flowapp.yaml.",
        ),
    ] = None,
    message: Annotated[
        str, typer.Option("--message", "-m", metavar="TEXT", help="What changed and why, for the versions.")
    ] = "",
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse changed content under a version that was used.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Change nothing: show what would differ.")
    ] = False,
    output: OutputOption = Format.table,
) -> None:
    """Deploy FlowApps to a server. All files are checked before the first one is sent.

    A FlowApp goes to the namespace that it names. Its functions with a `source` are run where the server has
    its project; those with a `url` are called there.

    \b
    Exit codes: 0 deployed, 2 invalid, or refused, 5 the server cannot be reached.
    """
    from headrace.cli.applying import apply_all, read_all
    from headrace.cli.at_server import at_server

    if files and "-" in files and len(files) > 1:
        raise typer.BadParameter("- is stdin, and stands alone")
    texts = [("stdin", sys.stdin.read())] if files == ["-"] else _texts(files)
    documents = read_all(texts, where.namespace)

    async def work(client: Client) -> None:
        await apply_all(client, documents, message=message, strict=strict, dry_run=dry_run, output=output)

    at_server(where, work)


def _texts(files: list[str] | None) -> list[tuple[str, str]]:
    from headrace.cli import project
    from headrace.cli.applying import files_in

    paths: list[Path] = []
    for name in files or []:
        path = Path(name)
        paths += files_in(path) if path.is_dir() else [path]
    if not files:
        paths = [project.find_file(None)]
    return [(str(path), project.read_text(path, "apply")) for path in dict.fromkeys(paths)]
