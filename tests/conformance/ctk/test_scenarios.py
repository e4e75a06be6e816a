"""The conformance kit's feature files, unmodified, against the real engine."""

from __future__ import annotations

from conformance.ctk.features import Scenario, read_scenarios
from conformance.ctk.steps import STEPS, World, perform
from conformance.stubs import httpbin, petstore
from conformance.stubs.documents import OWS
from conformance.stubs.server import hosts
from headrace import Headrace


async def test_scenario(scenario: Scenario) -> None:
    public = {petstore.HOST: petstore.petstore, httpbin.HOST: httpbin.httpbin}
    async with hosts(public, {}) as served, Headrace(":memory:", http=served.http) as headrace:
        world = World(headrace)
        for step in scenario.steps:
            await perform(world, step.text, step.block)


def test_the_kit_has_all_its_scenarios() -> None:
    assert len(read_scenarios(OWS / "ctk" / "features")) == 21


def test_every_step_of_the_readme_is_known() -> None:
    readme = (OWS / "ctk" / "README.md").read_text("utf-8")
    steps = readme.partition("#### Arrange")[2]
    lines = [
        line.split(" ", 1)[1]
        for block in steps.split("```gherkin")[1:]
        for line in block.partition("```")[0].splitlines()
        if line.split(" ")[0] in ("Given", "When", "Then", "And")
    ]
    assert len(lines) == 20
    for line in lines:
        text = line.replace("<ITEMS_COUNT>", "3")
        assert any(pattern.fullmatch(text) for pattern, _ in STEPS), line
