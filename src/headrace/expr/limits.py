"""What one evaluation may use, and the errors an expression can end with.

Budgets cost nothing on straight-line expressions: only loops, recursion and builtins that can make
more data than they were given count steps or check sizes.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Any

from headrace.errors import ExpressionError, ExpressionLimitError

# The clock is read once in so many steps: reading it costs as much as a step itself.
STEPS_PER_CLOCK_CHECK = 1024


@dataclass(frozen=True)
class Limits:
    """The budget of one evaluation.

    `steps` counts loop turns and function calls; `depth` how deep functions may call themselves;
    `time_ms` is wall-clock time, checked every 1024 steps; `output_bytes` bounds every text that is
    built and, as JSON, the result.
    """

    steps: int = 1_000_000
    depth: int = 512
    time_ms: float = 1000
    output_bytes: int = 16 * 1024 * 1024


class ExpressionSyntaxError(ExpressionError):
    """The source does not compile. `offset` is the 0-based character where it went wrong."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


class RaisedError(ExpressionError):
    """An error that jq's `try` can catch. `value` is what the handler sees, usually the message."""

    def __init__(self, value: Any, message: str | None = None) -> None:
        super().__init__(message if message is not None else str(value))
        self.value = value


class RaisedLimitError(RaisedError, ExpressionLimitError):
    """A size that jq itself refuses with a catchable message; uncaught it is a limit error."""


class Break(Exception):
    """Control flow of `label`/`break`; `label` is the identity of one entered label."""

    def __init__(self, label: object) -> None:
        super().__init__()
        self.label = label


def too_large(what: str, limit_bytes: int) -> ExpressionLimitError:
    """Return the error for a value that outgrew the output limit."""
    return ExpressionLimitError(
        f"the expression makes {what} larger than the limit of {limit_bytes} bytes; "
        "make it produce less, or raise the output limit"
    )


class Budget:
    """The running account of one evaluation. `left` counts down; below zero, call `refill()`."""

    __slots__ = ("deadline", "depth", "left", "limits", "now", "remaining")

    def __init__(self, limits: Limits, now: float | None = None) -> None:
        self.limits = limits
        self.now = now
        self.depth = 0
        self.deadline = perf_counter() + limits.time_ms / 1000
        self.left = min(STEPS_PER_CLOCK_CHECK, limits.steps)
        self.remaining = limits.steps - self.left

    def charge(self, steps: int) -> None:
        """Use up `steps`; raises ExpressionLimitError when the budget is spent."""
        self.left -= steps
        if self.left < 0:
            self.refill()

    def refill(self) -> None:
        """Take the next portion of steps, after a look at the clock."""
        self.remaining += self.left
        if self.remaining < 0:
            raise ExpressionLimitError(
                f"the expression used up its {self.limits.steps} steps; does it loop without end? "
                "Give it less data, or raise the step limit"
            )
        self.check_clock()
        self.left = min(STEPS_PER_CLOCK_CHECK, self.remaining)
        self.remaining -= self.left

    def check_clock(self) -> None:
        """Raise ExpressionLimitError when the time is over."""
        if perf_counter() > self.deadline:
            raise ExpressionLimitError(
                f"the expression ran longer than {self.limits.time_ms:g} ms; "
                "simplify it, give it less data, or raise the time limit"
            )

    def too_deep(self) -> ExpressionLimitError:
        """Return the error for recursion beyond the depth limit."""
        return ExpressionLimitError(
            f"the expression calls functions more than {self.limits.depth} deep; "
            "does a recursive function lack its end? Use reduce or until, or raise the depth limit"
        )
