"""What every test run does before its first test, and reports at its end."""

import gc

import pytest

from conformance.ctk.summary import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what was collected: it stays, and is a sixth of what tests cost."""
    gc.collect()
    gc.freeze()
