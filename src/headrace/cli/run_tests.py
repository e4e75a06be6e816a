"""What `headrace test` does: find test files and their flows, check both, run the cases, report."""

from __future__ import annotations

import asyncio
import fnmatch
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headrace.cli import exit_codes, project
from headrace.cli.output import Format, write
from headrace.errors import HeadraceError

if TYPE_CHECKING:
    from headrace.flowtest import Case, CaseFile, Verdict
    from headrace.main.flowtests import ProjectStage
    from headrace.spec.flowapp import Definition
    from headrace.spec.problem import Problem

PATTERNS = ("*.test.yaml", "*.test.yml", "*.test.json")
TESTS_FOLDER = "tests"
# Cases that run at the same time: one waits for its functions or the disk while others go on.
CASES_AT_ONCE = 4


@dataclass(frozen=True, kw_only=True)
class Request:
    """What the command line asks for."""

    paths: list[Path]
    filter: str | None
    junit: Path | None
    secrets: Path | None
    catalog: Path | None
    output: Format


@dataclass(frozen=True, kw_only=True)
class Suite:
    """One test file with the flow that it tests, ready to run."""

    path: Path
    tests: CaseFile
    flow: Path
    definition: Definition
    cases: list[Case]


async def run_tests(request: Request) -> int:
    """Run the cases; return the exit code."""
    from headrace.cli.verdicts import Report

    files = find_tests(request.paths)
    problems: list[Problem] = []
    stages = _Stages(request)
    report = Report(sys.stdout, quiet=request.output is not Format.table)
    began = time.monotonic()
    try:
        suites = [suite for path in files if (suite := _load(path, request.filter, problems)) is not None]
        for suite in suites:
            problems += await _against_flow(suite, stages.of(suite))
        if any(problem.severity == "error" for problem in problems):
            report.problems(problems)
            return exit_codes.USAGE
        report.problems(problems)
        if not any(suite.cases for suite in suites):
            raise HeadraceError(_nothing(request, files))
        verdicts: list[Verdict] = []
        slots = asyncio.Semaphore(CASES_AT_ONCE)
        begun = [(suite, _start(suite, stages.of(suite), slots)) for suite in suites if suite.cases]
        for suite, running in begun:
            report.file(str(suite.path), project.shown(str(suite.flow.absolute())))
            for case, task in zip(suite.cases, running, strict=True):
                verdict = await task
                verdicts.append(verdict)
                report.verdict(verdict, stages.lines(case.execution_id))
        report.sum(verdicts, time.monotonic() - began)
    finally:
        await stages.aclose()
    if request.junit is not None:
        _write_junit(request.junit, verdicts)
    if request.output is not Format.table:
        write([_as_data(verdict) for verdict in verdicts], request.output)
    failed = any(verdict.status == "failed" for verdict in verdicts)
    return exit_codes.FAULTED if failed else exit_codes.COMPLETED


# --- finding ------------------------------------------------------------------------------------------------


def find_tests(paths: list[Path]) -> list[Path]:
    """Return the test files that are named, or those of the project here or in a folder above."""
    if not paths:
        flow = project.find_file(None)
        return _in_folder(_relative(project.project_of(flow) / TESTS_FOLDER))
    found: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            tests = path / TESTS_FOLDER
            folder = tests if (path / project.DEFAULT_FILE).is_file() and tests.is_dir() else path
            each = _in_folder(folder)
        elif path.exists():
            each = [path]
        else:
            raise HeadraceError(f"there is no test file {path}; name a file, or a folder with *.test.yaml")
        found.update((file.resolve(), file) for file in each)
    return list(found.values())


def _in_folder(folder: Path) -> list[Path]:
    files = {path for pattern in PATTERNS for path in folder.rglob(pattern)}
    return sorted(path for path in files if not _hidden(path.relative_to(folder)))


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == "node_modules" for part in path.parts)


def _relative(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _nothing(request: Request, files: list[Path]) -> str:
    if files and request.filter is not None:
        return f"no case has {request.filter!r} in FILE::NAME; {len(files)} test files were looked at"
    where = ", ".join(map(str, request.paths)) or f"{TESTS_FOLDER}/ of the project"
    return (
        f"there are no *.test.yaml in {where}; write one (docs/testing.md), "
        "or save an execution as one: `headrace executions save-test last`"
    )


# --- loading ------------------------------------------------------------------------------------------------


def _load(path: Path, wanted: str | None, problems: list[Problem]) -> Suite | None:
    """Read a test file and its flow; what is wrong with them goes to `problems`."""
    from headrace.flowtest import read_tests
    from headrace.spec.flowapp import parse_definition

    tests, found = read_tests(project.read_text(path, "test"), str(path))
    problems += found
    if tests is None:
        return None
    flow = flow_of(path, tests.flow)
    if not flow.is_file():
        message = f"there is no flow {tests.flow}" if tests.flow else f"there is no {project.DEFAULT_FILE}"
        remedy = f"name the flow's file, from here: `flow: ../{project.DEFAULT_FILE}`"
        problems.append(tests.source.problem("no-flow", "/flow" if tests.flow else "", message, remedy))
        return None
    definition, found = parse_definition(project.read_text(flow, "test"), str(flow))
    problems += [problem for problem in found if problem.severity == "error"]
    if definition is None:
        return None
    cases = [case for case in tests.cases if _is_wanted(f"{path}::{case.name}", wanted)]
    return Suite(path=path, tests=tests, flow=flow, definition=definition, cases=cases)


def flow_of(path: Path, written: str | None) -> Path:
    """Return the file of the flow that a test file tests: named from there, else its project's."""
    if written is not None:
        return path.parent / written
    for folder in path.absolute().parents:
        if (folder / project.DEFAULT_FILE).is_file():
            return _relative(folder / project.DEFAULT_FILE)
    return path.parent / project.DEFAULT_FILE


def _is_wanted(name: str, wanted: str | None) -> bool:
    if wanted is None:
        return True
    return fnmatch.fnmatchcase(name.lower(), f"*{wanted.lower()}*") or wanted.lower() in name.lower()


async def _against_flow(suite: Suite, stage: ProjectStage) -> list[Problem]:
    """Return what does not fit the flow, in all cases of a file."""
    from headrace.flowtest import check_case, plan_for
    from headrace.spec.validate import in_order

    deployed = await plan_for(suite.definition, stage)
    found = [
        problem for case in suite.tests.cases for problem in check_case(case, deployed.plan, suite.definition)
    ]
    return in_order(found)


# --- running ------------------------------------------------------------------------------------------------


class _Stages:
    """The stages of the projects that are tested, and what their functions wrote."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._stages: dict[Path, ProjectStage] = {}
        self._lines: dict[str, list[str]] = {}

    def of(self, suite: Suite) -> ProjectStage:
        from headrace.main.flowtests import ProjectStage

        home = project.project_of(suite.flow)
        if home not in self._stages:
            self._stages[home] = ProjectStage(
                home, secrets=self._request.secrets, catalog=self._request.catalog, on_log=self._on_log
            )
        return self._stages[home]

    def _on_log(self, line: Any) -> None:
        execution_id = (line.invocation_id or "").rsplit(".", 2)[0]
        self._lines.setdefault(execution_id, []).append(line.text)

    def lines(self, execution_id: str) -> list[str]:
        """Return what functions wrote for an execution."""
        return self._lines.get(execution_id, [])

    async def aclose(self) -> None:
        for stage in self._stages.values():
            await stage.__aexit__()


def _start(suite: Suite, stage: ProjectStage, slots: asyncio.Semaphore) -> list[asyncio.Task[Verdict]]:
    from headrace.flowtest import run_case

    async def run(case: Case) -> Verdict:
        async with slots:
            return await run_case(suite.definition, case, stage)

    return [asyncio.create_task(run(case)) for case in suite.cases]


def _write_junit(path: Path, verdicts: list[Verdict]) -> None:
    from headrace.flowtest.junit import junit_xml

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(junit_xml(verdicts), "utf-8")
    except OSError as error:
        raise HeadraceError(f"--junit: {path} cannot be written: {error}") from error


def _as_data(verdict: Verdict) -> dict[str, Any]:
    import msgspec

    data: dict[str, Any] = msgspec.to_builtins(verdict)
    return {name: value for name, value in data.items() if value is not None}
