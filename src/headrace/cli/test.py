"""`headrace test`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from headrace.cli.options import CatalogOption, OutputOption
from headrace.cli.output import Format


def test(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Test files, or folders with *.test.yaml. Default: tests/ of the project.",
        ),
    ] = None,
    filter: Annotated[
        str | None,
        typer.Option(
            "--filter",
            "-k",
            metavar="TEXT",
            help="Only cases with this in FILE::NAME; `*` stands for any text.",
        ),
    ] = None,
    junit: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML too, for a CI server.")
    ] = None,
    secrets: Annotated[
        Path | None,
        typer.Option(
            "--secrets",
            metavar="PATH",
            help="A file or folder with secrets that cases do not give, for calls that they make for real.",
        ),
    ] = None,
    catalog: CatalogOption = None,
    output: OutputOption = Format.table,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of test files, for editors, and end.")
    ] = False,
) -> None:
    """Run the tests of flows: cases with mocks, on skipped time.

    What is not mocked is not called, unless a case says `real`. docs/testing.md has the format.

    \b
    Exit codes: 0 all passed, 1 a case failed, 2 a test file or its flow is invalid, or there are no tests.
    """
    if schema:
        from headrace.flowtest.schema import schema_text

        sys.stdout.write(schema_text())
        return
    from headrace.cli.run_tests import Request, run_tests
    from headrace.cli.session import run_async

    run_async(
        run_tests(
            Request(
                paths=paths or [],
                filter=filter,
                junit=junit,
                secrets=secrets,
                catalog=catalog,
                output=output,
            )
        )
    )
