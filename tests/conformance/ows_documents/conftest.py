"""Where the specification's documents are: `HEADRACE_OWS_DIR`, or `../shared/ows` beside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

OWS = Path(os.environ.get("HEADRACE_OWS_DIR") or Path(__file__).parents[3].parent / "shared" / "ows")


@pytest.fixture(scope="session")
def ows() -> Path:
    """Return the specification's folder; without it the test is skipped, and fails in CI."""
    if not (OWS / "schema" / "workflow.yaml").is_file():
        message = f"the specification's documents are not at {OWS}; set HEADRACE_OWS_DIR"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return OWS


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test for each document of the specification."""
    for fixture, folder in (("example", "examples"), ("invalid", "invalid")):
        if fixture in metafunc.fixturenames:
            paths = sorted((OWS / folder).glob("*.yaml"))
            metafunc.parametrize(fixture, [path.name for path in paths] or ["missing"])
