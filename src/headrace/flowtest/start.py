"""What an execution under test is started with: the case's input, or what a trigger makes of a delivery."""

from __future__ import annotations

from typing import Any

from headrace.errors import HeadraceError
from headrace.flowtest.case import Case
from headrace.spec.flowapp import Definition


class NoStart(HeadraceError):
    """The delivery starts nothing, or the flow has no such trigger; `pointer` is the place in the test."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer


def starting_input(definition: Definition, case: Case) -> Any:
    """Return the input of the execution. Raises `NoStart`."""
    return case.input
