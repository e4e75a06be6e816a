"""When to try again: delays, limits and jitter (dsl-reference.md, "Retry")."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from headrace.engine.evaluate import Compiler, Condition
from headrace.engine.plan import DurationOf
from headrace.spec.component import RetryPolicy

if TYPE_CHECKING:
    from headrace.engine.machine import Machine
    from headrace.engine.planner import Planner
    from headrace.engine.state import Frame

# What `exponential` multiplies by unless its `factor` says otherwise; no delay grows past a day.
DEFAULT_FACTOR = 2.0
DELAY_SECONDS_MAX = 86_400.0


class RetryPlan:
    """A retry policy, compiled."""

    __slots__ = (
        "attempt_duration",
        "backoff",
        "count",
        "delay",
        "duration",
        "except_when",
        "growth",
        "jitter_from",
        "jitter_to",
        "when",
    )

    def __init__(self, policy: RetryPolicy, planner: Planner, pointer: str, compiler: Compiler) -> None:
        def duration(value: Any, part: str) -> DurationOf | None:
            return None if value is None else planner.duration(value, f"{pointer}/{part}", compiler)

        def condition(value: str | None, part: str) -> Condition | None:
            return None if value is None else planner.compile(f"{pointer}/{part}", compiler.condition, value)

        self.when = condition(policy.when, "when")
        self.except_when = condition(policy.except_when, "exceptWhen")
        self.delay = duration(policy.delay, "delay")
        self.backoff = "constant"
        self.growth: dict[str, Any] = {}
        if policy.backoff is not None:
            for kind in ("constant", "exponential", "linear"):
                options = getattr(policy.backoff, kind)
                if options is not None:
                    self.backoff, self.growth = kind, options
        self.jitter_from = self.jitter_to = None
        if policy.jitter is not None:
            self.jitter_from = duration(policy.jitter.from_, "jitter/from")
            self.jitter_to = duration(policy.jitter.to, "jitter/to")
        self.count: int | None = None
        self.attempt_duration = self.duration = None
        if policy.limit is not None:
            self.duration = duration(policy.limit.duration, "limit/duration")
            if policy.limit.attempt is not None:
                self.count = policy.limit.attempt.count
                self.attempt_duration = duration(policy.limit.attempt.duration, "limit/attempt/duration")

    def delay_before(
        self,
        machine: Machine,
        frame: Frame,
        retries: int,
        first_at: float,
        data: Any,
        arguments: dict[str, Any],
    ) -> float | None:
        """Return the seconds to wait before retry number `retries + 1`, or None to give up.

        `retries` were made already; the first attempt, at `first_at`, is not one of them: the schema calls
        `count` "the maximum amount of retry attempts".
        """

        def seconds(duration: DurationOf) -> float:
            return machine.duration_seconds(duration, frame, data, arguments)

        if self.when is not None and not self.when.test(machine, frame, data, arguments):
            return None
        if self.except_when is not None and self.except_when.test(machine, frame, data, arguments):
            return None
        if self.count is not None and retries >= self.count:
            return None
        base = 0.0 if self.delay is None else seconds(self.delay)
        if self.backoff == "exponential":
            factor = _number(self.growth.get("factor"), DEFAULT_FACTOR)
            delay = base * factor ** min(retries, 64)
        elif self.backoff == "linear":
            delay = base + _number(self.growth.get("increment"), base) * retries
        else:
            delay = base
        delay = min(delay, _number(self.growth.get("maxDelay"), DELAY_SECONDS_MAX), DELAY_SECONDS_MAX)
        if self.jitter_to is not None:
            low = 0.0 if self.jitter_from is None else seconds(self.jitter_from)
            high = seconds(self.jitter_to)
            delay += low + (high - low) * fraction(machine.execution.execution_id, frame.run_id, retries)
        if self.duration is not None and machine.now + delay - first_at > seconds(self.duration):
            return None
        return max(delay, 0.0)


def fraction(execution_id: str, run_id: int, retries: int) -> float:
    """Return a number in [0, 1) that looks random and is always the same for the same retry."""
    digest = hashlib.blake2b(f"{execution_id}.{run_id}.{retries}".encode(), digest_size=7).digest()
    return int.from_bytes(digest, "big") / 2**56


def _number(value: Any, default: float) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    return default
