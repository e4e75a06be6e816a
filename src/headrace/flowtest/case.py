"""Cases as they are run: what a test file says, typed, with expressions compiled and durations in seconds.

`pointer` is the JSON Pointer of a part in the test file, from which failures find their line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from headrace.expr import Expression
from headrace.spec.source import SourceDocument

AnswerKind = Literal["output", "result", "compute", "error", "never"]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What one call of a mocked task gets.

    `times` is how many calls it answers, `None` any number. `result` stands for what the task gives behind
    its `output.as`. `error` is RFC 9457 members; `retryable` `None` follows its status, as for functions.
    """

    pointer: str
    kind: AnswerKind
    value: Any = None
    compute: Expression | None = None
    when: Expression | None = None
    delay_seconds: float = 0.0
    times: int | None = 1
    retryable: bool | None = None


class Mock(msgspec.Struct, frozen=True, kw_only=True):
    """The answers of one task, in order; or, in `iterations`, those of each iteration of its loop."""

    task: str  # name or reference
    pointer: str
    answers: tuple[Answer, ...] = ()
    iterations: tuple[tuple[Answer, ...], ...] | None = None

    @property
    def shared(self) -> bool:
        """Whether it is the file's, for all of its cases."""
        return not self.pointer.startswith("/cases/")


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """An event to publish: `at` so many seconds after the start, or when (any, or one) task listens."""

    pointer: str
    event: dict[str, Any]
    at_seconds: float | None = None
    when: str | None = None


class Assertion(msgspec.Struct, frozen=True, kw_only=True):
    """An expression that must be true."""

    pointer: str
    source: str
    expression: Expression


class ExpectedCall(msgspec.Struct, frozen=True, kw_only=True):
    """What a call must have been made with; `...` asks for nothing."""

    pointer: str
    with_: Any = ...
    matches: Any = ...
    assertions: tuple[Assertion, ...] = ()


class ExpectedCalls(msgspec.Struct, frozen=True, kw_only=True):
    """The calls of one task: how often (`None`: at least once), what each is like, or one by one."""

    task: str
    pointer: str
    times: int | None = None
    each: ExpectedCall | None = None
    calls: tuple[ExpectedCall, ...] | None = None


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """What must be so at the end; `...` and `None` ask for nothing. Durations are seconds of skipped time."""

    pointer: str
    status: str = "completed"
    output: Any = ...
    matches: Any = ...
    assertions: tuple[Assertion, ...] = ()
    error: dict[str, Any] | None = None
    path: tuple[str, ...] | None = None
    path_contains: tuple[str, ...] = ()
    path_never: tuple[str, ...] = ()
    calls: tuple[ExpectedCalls, ...] = ()
    events: tuple[Any, ...] | None = None
    events_contain: tuple[Any, ...] = ()
    answer: dict[str, Any] | None = None
    context: Any = ...
    duration_seconds: float | None = None
    duration_seconds_min: float | None = None
    duration_seconds_max: float | None = None


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case. Exactly one of `input`, `event` and `trigger` starts it; without any, the input is null."""

    name: str
    pointer: str
    source: SourceDocument
    execution_id: str
    expect: Expectation
    input: Any = None
    event: dict[str, Any] | None = None
    trigger: dict[str, Any] | None = None
    mocks: tuple[Mock, ...] = ()  # the case's own, then the file's
    real_functions: bool = False  # every function that is not mocked
    real: tuple[str, ...] = ()  # tasks and functions
    real_first: bool = False  # the case itself says what is real, which goes before mocks of the file
    secrets: Mapping[str, Any] = {}
    now: float = 0.0  # epoch seconds: where the clock starts
    publish: tuple[Publication, ...] = ()
    skip: str | None = None

    @property
    def file(self) -> str:
        """The test file, as it was called when it was read."""
        return self.source.file

    def place(self, pointer: str | None = None) -> tuple[int, int]:
        """Return line and column of a part of the case (its key), or of the nearest around it."""
        pointer = self.pointer if pointer is None else pointer
        while pointer not in self.source.positions and pointer:
            pointer = pointer.rpartition("/")[0]
        return self.source.place(pointer, of_key=True)


class CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """The cases of one file. `flow` is the flow's file as written, relative to this one."""

    source: SourceDocument
    flow: str | None
    cases: tuple[Case, ...]
