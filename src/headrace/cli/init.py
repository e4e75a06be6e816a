"""`headrace init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Where; it is made if it is missing. Default: here.")
    ] = Path(),
    name: Annotated[
        str | None, typer.Option("--name", help="Name of the flow. Default: that of the folder.")
    ] = None,
) -> None:
    """Begin a project that runs at once: a flow with Python steps, their tests, and how to go on.

    Nothing that exists is overwritten.
    """
    from headrace.cli.scaffold import flow_name, project_files
    from headrace.errors import HeadraceError

    if directory.exists() and not directory.is_dir():
        raise HeadraceError(f"{directory} is a file; name a folder")
    files = project_files(flow_name(name or directory.resolve().name))
    taken = [path for path in files if (directory / path).exists()]
    if taken:
        raise HeadraceError(
            f"{directory} has {', '.join(taken)} already, and nothing is overwritten; name another folder"
        )
    for path, text in files.items():
        place = directory / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
        print(place)
    go = "" if directory.resolve() == Path.cwd() else f"cd {directory} && "
    print(f"\nRun it: {go}headrace run")
