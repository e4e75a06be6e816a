"""Every example of the specification, run to its end by the real library."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from conformance.examples.cases import CASES, CONTAINERS, NOT_YET_RUN, WRONG
from conformance.examples.run import Case, Outcome, run_example
from conformance.stubs.documents import OWS, need
from headrace.errors import STANDARD_ERROR_BASE

EXAMPLES = OWS / "examples"
ENGINES = ("podman", "docker")


@pytest.fixture(autouse=True)
def examples() -> None:
    need(EXAMPLES)


@pytest.fixture(scope="session")
def engine_works() -> bool:
    """Whether a container engine answers, not just whether its command is there."""
    for name in ENGINES:
        path = shutil.which(name)
        if path is not None:
            ran = subprocess.run([path, "info"], capture_output=True, timeout=60, check=False)
            if ran.returncode == 0:
                return True
    return False


def test_every_example_is_in_one_table() -> None:
    names = [*CASES, *WRONG, *NOT_YET_RUN, *CONTAINERS]
    assert sorted(names) == sorted(path.name for path in EXAMPLES.glob("*.yaml"))


@pytest.mark.parametrize("name", CASES)
async def test_example(name: str) -> None:
    check(await run_example(EXAMPLES / name, CASES[name]), CASES[name])


@pytest.mark.parametrize("name", WRONG)
async def test_example_whose_text_is_wrong(name: str) -> None:
    _, case = WRONG[name]
    check(await run_example(EXAMPLES / name, case), case)


@pytest.mark.parametrize("name", NOT_YET_RUN)
async def test_example_that_is_not_yet_run(name: str) -> None:
    kind, given = NOT_YET_RUN[name]
    outcome = await run_example(EXAMPLES / name, Case(given))
    error = outcome.result.error
    assert outcome.result.status == "faulted"
    assert error is not None
    assert error["type"] == STANDARD_ERROR_BASE + "configuration"
    assert f"{kind} calls are not available in this version" in str(error)
    assert error["instance"].startswith("/do/0/")


@pytest.mark.parametrize("name", CONTAINERS)
async def test_example_with_a_container(name: str, engine_works: bool) -> None:
    outcome = await run_example(EXAMPLES / name, CONTAINERS[name])
    if engine_works:
        check(outcome, CONTAINERS[name])
        return
    error = outcome.result.error
    assert outcome.result.status == "faulted"
    assert error is not None
    assert error["type"] == STANDARD_ERROR_BASE + "configuration"
    assert "no container engine" in str(error)


def check(outcome: Outcome, case: Case) -> None:
    result = outcome.result
    assert result.status == case.status, result.error
    if case.output is not ...:
        assert result.output == case.output
    if case.error is not None:
        assert result.error is not None
        assert {name: result.error.get(name) for name in case.error} == dict(case.error)
    called = [(method, url) for method, url, _ in outcome.requests]
    for request in case.requests:
        assert request in called
    for request in set(case.requests):
        assert called.count(request) >= list(case.requests).count(request)
