"""The last lines of each function, whatever call they belong to, for people who look at a function.

Lines of an execution are in its history, too; what a function writes at its start, between calls, or with
several calls at once is only here, and gone with this process.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from headrace.function.output import FunctionLog
from headrace.runtime.clock import Clock
from headrace.runtime.logs import parse_invocation_id
from headrace.runtime.secrets import Masker

LINES_MAX = 1_000
CHARACTERS_MAX = 256 * 1024  # of all lines of a function
LINE_CHARACTERS_MAX = 4_000
MASKER_SECONDS = 10.0


class Line(NamedTuple):
    """One line. `stream`: stdout, stderr, or host (what the function's host says of it); `at`: epoch seconds.

    `number` counts the lines of a function from 1. `execution_id` and `run_id` are None where a line belongs
    to no call, or to one of several.
    """

    number: int
    at: float
    stream: str
    text: str
    execution_id: str | None
    run_id: int | None


Follow = Callable[[Line], None]


class _Function:
    """The lines of one function, and who follows them."""

    def __init__(self) -> None:
        self.lines: deque[Line] = deque()
        self.characters = 0
        self.number = 0
        self.followers: list[Follow] = []

    def add(self, line: FunctionLog, text: str) -> None:
        if len(text) > LINE_CHARACTERS_MAX:
            text = f"{text[:LINE_CHARACTERS_MAX]} [...]"
        found = parse_invocation_id(line.invocation_id or "")
        execution_id, run_id = (None, None) if found is None else found[:2]
        self.number += 1
        kept = Line(self.number, line.at, line.stream, text, execution_id, run_id)
        self.lines.append(kept)
        self.characters += len(text)
        while len(self.lines) > LINES_MAX or self.characters > CHARACTERS_MAX:
            self.characters -= len(self.lines.popleft().text)
        for follow in tuple(self.followers):
            follow(kept)


class FunctionLines:
    """The lines of all functions, by flow (`namespace/name`) and name. Bounded, and of this process."""

    def __init__(self) -> None:
        self._functions: dict[tuple[str, str], _Function] = {}

    def add(self, flow: str, line: FunctionLog, text: str) -> None:
        """Take a line; `text` is what is shown of it, without secrets."""
        self._of(flow, line.function).add(line, text)

    def kept(self, flow: str, name: str, after: int = 0) -> list[Line]:
        """Return the lines after a number that are kept, oldest first."""
        function = self._functions.get((flow, name))
        return [] if function is None else [line for line in function.lines if line.number > after]

    def follow(self, flow: str, name: str, follow: Follow) -> Callable[[], None]:
        """Call `follow` with each line that comes; returns how to end it."""
        followers = self._of(flow, name).followers
        followers.append(follow)

        def end() -> None:
            if follow in followers:
                followers.remove(follow)

        return end

    def forget(self, flow: str) -> None:
        """Drop the lines of a flow that is deleted; who follows them gets no more."""
        for key in [key for key in self._functions if key[0] == flow]:
            del self._functions[key]

    def _of(self, flow: str, name: str) -> _Function:
        return self._functions.setdefault((flow, name), _Function())


def masking(
    secret: Callable[[str, str], Any | None], names: set[str], namespace: str, clock: Clock
) -> Callable[[str], str]:
    """Return what takes the secrets of a flow out of a text.

    All that it names, whichever execution a line is of: a function may write down what it was given long
    after. They are looked up again now and then, as they may be replaced.
    """
    masker: Masker | None = None
    made_at = 0.0

    def mask(text: str) -> str:
        nonlocal masker, made_at
        if not names:
            return text
        now = clock.now()
        if masker is None or now - made_at > MASKER_SECONDS:
            found = {name: data for name in sorted(names) if (data := secret(name, namespace)) is not None}
            masker, made_at = Masker(found), now
        return masker.mask_text(text) if masker else text

    return mask
