"""Cases as tests of this package write them, run on a real stage."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from headrace import Headrace
from headrace.flowtest import Saved, Verdict, case_from_execution, read_tests, run_case
from headrace.main.flowtests import ProjectStage
from headrace.spec.flowapp import Definition, parse_definition


def flowapp(steps: str, functions: str = "f g", **spec: Any) -> str:
    """Return the text of a FlowApp with these steps (YAML) and functions."""
    further = "".join(f"  {name}: {value}\n" for name, value in spec.items())
    listed = ", ".join(f"{name}: {{source: cmd/{name}}}" for name in functions.split())
    return (
        "apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\nmetadata: {name: flow, namespace: test}\nspec:\n"
        f"  version: 1.0.0\n  functions: {{{listed}}}\n{further}  steps:\n"
        + textwrap.indent(textwrap.dedent(steps).strip("\n"), "    ")
        + "\n"
    )


def defined(text: str, file: str = "flow.yaml") -> Definition:
    """Return a definition; its text must be valid."""
    definition, problems = parse_definition(text, file)
    assert definition is not None, problems
    return definition


async def verdict_of(
    flow: str, case: str, *, project: Path | None = None, shared: str = "", **settings: Any
) -> Verdict:
    """Run the one case `case` (YAML of what is below its name) of a flow; `shared` stands above the cases."""
    text = (
        shared + "cases:\n  it:\n" + textwrap.indent(textwrap.dedent(case).strip("\n") or "{}", "    ") + "\n"
    )
    tests, problems = read_tests(text, "it.test.yaml")
    assert tests is not None, problems
    async with ProjectStage(project or Path.cwd()) as stage:
        return await run_case(defined(flow), tests.cases[0], stage, **settings)


async def passes(flow: str, case: str, **settings: Any) -> Verdict:
    """Run a case that must pass."""
    verdict = await verdict_of(flow, case, **settings)
    assert verdict.passed, verdict.failures
    return verdict


async def failures(flow: str, case: str, **settings: Any) -> list[tuple[str, str]]:
    """Run a case that must fail; return of every failure what it is about and its message."""
    verdict = await verdict_of(flow, case, **settings)
    assert verdict.status == "failed"
    return [(failure.what, failure.message) for failure in verdict.failures]


async def lived(
    flow: str,
    input: Any,
    functions: dict[str, Callable[..., Any]],
    *,
    meanwhile: Callable[[Headrace, str], Any] | None = None,
    others: tuple[str, ...] = (),
    **settings: Any,
) -> tuple[Saved, Verdict]:
    """Run a flow for real, save what happened as a test, run that; return both."""
    async with Headrace(functions=functions, **settings) as headrace:
        for other in others:
            await headrace.deploy(other)
        deployed = await headrace.deploy(flow)
        handle = await headrace.start(deployed, input)
        if meanwhile is not None:
            await meanwhile(headrace, handle.id)
        await handle.result()
        saved = await case_from_execution(headrace.store, handle.id)
        tests, problems = read_tests(saved.text, "saved.test.yaml")
        assert tests is not None, (problems, saved.text)
        async with ProjectStage(Path.cwd()) as stage:
            return saved, await run_case(deployed.definition, tests.cases[0], stage)
