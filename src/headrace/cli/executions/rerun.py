"""`headrace executions rerun`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headrace.cli.options import (
    CatalogOption,
    FollowOption,
    GraceOption,
    IdArgument,
    OutputOption,
    SecretsOption,
    StoreOption,
    TimeoutOption,
)
from headrace.cli.output import Format

if TYPE_CHECKING:
    from headrace.runtime.definitions import Deployed


def rerun(
    id: IdArgument,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="TASK|RUN",
            help="Task (name or reference; its last run) or number of a task run. Default: the beginning.",
        ),
    ] = None,
    input: Annotated[
        str | None,
        typer.Option(
            "--input", "-i", metavar="JSON|@FILE|-", help="Input in place of the recorded one (of that task)."
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="Run by this version of the flow instead of its own.")
    ] = None,
    timeout: TimeoutOption = None,
    grace: GraceOption = 10.0,
    follow: FollowOption = True,
    secrets: SecretsOption = None,
    catalog: CatalogOption = None,
    store: StoreOption = None,
    output: OutputOption = Format.json,
) -> None:
    """Run an execution that is final again, as a new execution, and print its output.

    What ran before the task is carried over, not run again. Exit codes are those of `headrace run`.
    """
    from headrace.cli.executions.following import follow_new
    from headrace.cli.identify import identify
    from headrace.cli.project import find_store, read_json
    from headrace.cli.session import run_async

    data: Any = ... if input is None else read_json(input, "--input")
    path = None if file is None else file.absolute()
    run_id = int(from_) if from_ is not None and from_.isdigit() else None

    async def begin(headrace: Any) -> str:
        execution_id = await identify(headrace.store, id)
        flow: Deployed | None = None if path is None else await headrace.deploy(path, file=str(path))
        handle = await headrace.rerun(
            execution_id,
            from_run=run_id,
            task=from_ if run_id is None else None,
            input=data,
            flow=flow,
        )
        return str(handle.id)

    run_async(
        follow_new(
            begin,
            find_store(store),
            timeout_seconds=timeout,
            grace_seconds=grace,
            follow=follow,
            secrets=secrets,
            catalog=catalog,
            form=output,
        )
    )
