"""One test for each scenario of the conformance kit."""

from __future__ import annotations

import pytest

from conformance.ctk.features import Scenario, read_scenarios
from conformance.stubs.documents import OWS, need

FEATURES = OWS / "ctk" / "features"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "scenario" in metafunc.fixturenames:
        scenarios: list[Scenario | None] = [*read_scenarios(FEATURES)] or [None]
        ids = ["missing" if scenario is None else scenario.id for scenario in scenarios]
        metafunc.parametrize("scenario", scenarios, ids=ids)


@pytest.fixture(autouse=True)
def features() -> None:
    """Skip, or fail in CI, where the kit is not there."""
    need(FEATURES)
