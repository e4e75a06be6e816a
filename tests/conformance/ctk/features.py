"""The scenarios of the conformance kit, read from its own feature files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gherkin.parser import Parser


@dataclass(frozen=True)
class Step:
    """One line of a scenario, with the text block below it."""

    text: str
    block: str | None = None


@dataclass(frozen=True)
class Scenario:
    """One scenario of a feature file."""

    feature: str
    name: str
    steps: tuple[Step, ...]

    @property
    def id(self) -> str:
        return f"{self.feature}: {self.name}"


def read_scenarios(folder: Path) -> list[Scenario]:
    """Return all scenarios of a folder's feature files, in the order of the files' names."""
    found = []
    for path in sorted(folder.glob("*.feature")):
        feature: Any = Parser().parse(path.read_text("utf-8"))["feature"]
        for child in feature["children"]:
            scenario = child.get("scenario")
            if scenario is None:
                raise ValueError(f"{path}: only scenarios are known here, not {sorted(child)}")
            steps = tuple(
                Step(step["text"], (step.get("docString") or {}).get("content")) for step in scenario["steps"]
            )
            found.append(Scenario(path.stem, scenario["name"], steps))
    return found
