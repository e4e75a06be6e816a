"""The line at the end of a test run: how many scenarios of the conformance kit pass."""

from __future__ import annotations

import pytest

TESTS = "tests/conformance/ctk/test_scenarios.py::test_scenario["


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count from the reports, which also the controller of a distributed run has."""
    seen: set[str] = set()
    passed: set[str] = set()
    for category, reports in terminalreporter.stats.items():
        for report in reports:
            node = getattr(report, "nodeid", "")
            if node.startswith(TESTS):
                seen.add(node)
                if category == "passed":
                    passed.add(node)
    failed = {
        report.nodeid
        for category in ("failed", "error")
        for report in terminalreporter.stats.get(category, ())
        if hasattr(report, "nodeid")
    }
    if seen == {f"{TESTS}missing]"}:
        terminalreporter.write_line("conformance: not run, the kit's feature files are missing")
    elif seen:
        terminalreporter.write_line(f"conformance: {len(passed - failed)}/{len(seen)} scenarios")
