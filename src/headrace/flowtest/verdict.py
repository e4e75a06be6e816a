"""What came of a case."""

from __future__ import annotations

from typing import Any

import msgspec

from headrace.flowtest.trace import Called


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is not as the case says. `line` and `column` are those of the test file, from 1."""

    what: str  # the property of the case: `expect.output`, `mocks`, ...
    message: str
    line: int
    column: int
    pointer: str
    differences: tuple[str, ...] = ()


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """How a case went, and what its execution did. Nothing in it holds the text of a secret."""

    case: str
    file: str
    line: int
    status: str  # passed | failed | skipped
    failures: tuple[Failure, ...] = ()
    skip: str | None = None
    execution_status: str | None = None
    output: Any = None
    error: dict[str, Any] | None = None
    context: Any = None
    path: tuple[str, ...] = ()
    calls: tuple[Called, ...] = ()
    events: tuple[dict[str, Any], ...] = ()
    skipped_seconds: float = 0.0  # of the case's own clock
    seconds: float = 0.0  # of real time

    @property
    def passed(self) -> bool:
        """Whether everything was as the case says."""
        return self.status == "passed"
