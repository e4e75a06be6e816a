"""docs/metrics.md lists every metric with its labels, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from prometheus_client.core import Metric

from headrace.metrics import Metrics
from headrace.metrics.family import Family

PAGE = Path(__file__).parents[3] / "docs" / "metrics.md"


def documented() -> dict[str, set[str]]:
    rows = re.findall(r"^\| `(headrace_\w+)` \| ([^|]*)\|", PAGE.read_text(), re.MULTILINE)
    return {name: set(re.findall(r"\w+", labels)) for name, labels in rows}


def shown(family: Family) -> dict[str, set[str]]:
    """Return the names that a family is shown under, with their labels."""
    found: dict[str, set[str]] = {}
    metrics: list[Metric] = family.collect()  # type: ignore[attr-defined]
    for metric in metrics:
        name = metric.name + ("_total" if metric.type == "counter" else "")
        found[name] = set(metric._labelnames)  # type: ignore[attr-defined]
    return found


def test_the_page_has_every_metric_and_its_labels() -> None:
    page = Metrics()._page
    existing: dict[str, set[str]] = {}
    for family in (*page._families, page._trouble):
        existing |= shown(family)  # type: ignore[arg-type]
    assert documented() == existing
