"""`headrace executions save-test`."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from headrace.cli import exit_codes
from headrace.cli.options import CatalogOption, IdArgument
from headrace.cli.where import Where, placed

if TYPE_CHECKING:
    from headrace.flowtest import Verdict
    from headrace.flowtest.save import Saved
    from headrace.spec.flowapp import Definition
    from headrace.store.port import Store


@placed
def save_test(
    where: Where,
    id: IdArgument = "last",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The test file; - is stdout. Default: tests/<flow>-<end of id>.test.yaml of the project.",
        ),
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="Name of the case. Default: the id.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it is there.")] = False,
    catalog: CatalogOption = None,
) -> None:
    """Write a test from an execution that is over: its input, what its calls answered, how it ended.

    The test is run at once, on the version of the flow that the execution had. Nothing is called for real.

    \b
    Exit codes: 0 written and passed, 1 written, but it does not pass, 2 not written.
    """
    sys.exit(asyncio.run(_save(id, output, name, where, catalog, force=force)))


async def _save(
    id: str, output: Path | None, name: str | None, where: Where, catalog: Path | None, *, force: bool
) -> int:
    from headrace.cli import project
    from headrace.cli.identify import identify
    from headrace.cli.reading import reading
    from headrace.cli.records.local import LocalRecords
    from headrace.cli.records.server import ServerRecords
    from headrace.errors import HeadraceError
    from headrace.flowtest.save import case_from_execution, saved_of

    async with reading(where) as records:
        if isinstance(records, LocalRecords):
            home = project.project_of_store(records.path) or Path.cwd()
        else:
            home = project.project_here() or Path.cwd()
        execution_id = await identify(records, id)
        row = await records.execution(execution_id)
        assert row is not None
        path = output or _default_path(home, row.name, execution_id)
        if str(path) != "-" and path.exists() and not force:
            raise HeadraceError(
                f"{path} exists, and nothing is overwritten; name another file, or say --force"
            )
        definition = await records.definition(row)
        flow = None if definition is None else _flow_from(path, Path(definition.file), home)
        if isinstance(records, ServerRecords):
            saved = saved_of(await records.test(execution_id, name), row.definition_digest)
        else:
            # Of a store it reads executions, history and definitions only.
            saved = await case_from_execution(cast("Store", records), execution_id, name=name, flow=flow)
    assert definition is not None
    if isinstance(records, LocalRecords):
        home = project.project_of(Path(definition.file))
    verdict = await _tried(saved, definition, path, home, catalog)
    if str(path) == "-":
        sys.stdout.write(saved.text)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(saved.text, "utf-8")
        print(path)
    return _tell(saved, verdict, path)


def _default_path(home: Path, flow: str, execution_id: str) -> Path:
    end = re.sub(r"[^a-z0-9]+", "-", execution_id.lower())[-6:].strip("-")
    path = home / "tests" / f"{flow}-{end}.test.yaml"
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _flow_from(path: Path, flow: Path, home: Path) -> str | None:
    """Return how the test file names its flow; None where it finds it by itself."""
    from headrace.cli import project

    if not flow.is_file() or str(path) == "-":
        return None
    folder = path.absolute().parent
    if flow.absolute() == (home / project.DEFAULT_FILE).absolute() and folder.is_relative_to(home.absolute()):
        return None
    return os.path.relpath(flow, folder)


async def _tried(
    saved: Saved, definition: Definition, path: Path, home: Path, catalog: Path | None
) -> Verdict:
    """Run the case on the version of the flow that the execution had."""
    from headrace.errors import HeadraceError
    from headrace.flowtest import read_tests, run_case
    from headrace.main.flowtests import ProjectStage

    tests, problems = read_tests(saved.text, str(path))
    if tests is None:
        raise HeadraceError("the saved test cannot be read: " + "; ".join(map(str, problems)))
    async with ProjectStage(home, catalog=catalog) as stage:
        return await run_case(definition, tests.cases[0], stage)


def _tell(saved: Saved, verdict: Verdict, path: Path) -> int:
    from headrace.cli.verdicts import Report

    for note in saved.notes:
        print(f"note: {note}", file=sys.stderr)
    if verdict.passed:
        print(f"it passes; run it: headrace test {path}", file=sys.stderr)
        return exit_codes.COMPLETED
    report = Report(sys.stderr, quiet=False)
    report.name(str(path))
    report.verdict(verdict)
    print("it was written, but does not pass as it is: edit it", file=sys.stderr)
    return exit_codes.FAULTED
