"""What every test run reports at its end."""

from conformance.ctk.summary import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]
