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
    TimeoutOption,
)
from headrace.cli.output import Format
from headrace.cli.where import Where, placed

if TYPE_CHECKING:
    from headrace.cli.client.client import Client
    from headrace.main import Headrace
    from headrace.runtime.definitions import Deployed


@placed
def rerun(
    where: Where,
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
    version: Annotated[
        str | None,
        typer.Option("--version", help="Run by a version that the flow has, or had; `latest`: the newest."),
    ] = None,
    timeout: TimeoutOption = None,
    grace: GraceOption = 10.0,
    follow: FollowOption = True,
    secrets: SecretsOption = None,
    catalog: CatalogOption = None,
    output: OutputOption = Format.json,
) -> None:
    """Run an execution that is final again, as a new execution, and print its output.

    What ran before the task is carried over, not run again. Exit codes are those of `headrace run`.
    """
    from headrace.cli.executions.following import Wishes, follow_anywhere
    from headrace.cli.project import read_json
    from headrace.cli.session import run_async
    from headrace.errors import HeadraceError

    if file is not None and version is not None:
        raise typer.BadParameter("--file and --version both say what to run by: give one of them")
    data: Any = ... if input is None else read_json(input, "--input")
    path = None if file is None else file.absolute()
    run_id = int(from_) if from_ is not None and from_.isdigit() else None
    task = from_ if run_id is None else None

    async def here(headrace: Headrace, execution_id: str) -> str:
        flow: Deployed | None = None
        if path is not None:
            flow = await headrace.deploy(path, file=str(path))
        elif version is not None:
            row = await headrace.execution(execution_id)
            assert row is not None
            flow = await headrace.definitions.by_name(row.namespace, row.name, version)
        handle = await headrace.rerun(execution_id, from_run=run_id, task=task, input=data, flow=flow)
        return str(handle.id)

    async def there(client: Client, execution_id: str) -> str:
        if path is not None:
            raise HeadraceError(
                "a server runs by what is deployed there: `headrace apply -f FILE`, then rerun with "
                "--version latest"
            )
        body: dict[str, Any] = {"from_run": run_id, "task": task, "version": version}
        if data is not ...:
            body["input"] = data
        return str((await client.post(client.path("executions", execution_id, "rerun"), body))["id"])

    wishes = Wishes(
        timeout_seconds=timeout,
        grace_seconds=grace,
        follow=follow,
        secrets=secrets,
        catalog=catalog,
        form=output,
    )
    run_async(follow_anywhere(id, where, here, there, wishes))
