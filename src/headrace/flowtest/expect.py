"""What must be so at the end, against what was: failures with places and differences. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from headrace.errors import ExpressionError, canonical_error_type
from headrace.expr import CLOCK_VARIABLE
from headrace.flowtest.case import Assertion, Case, ExpectedCall, ExpectedCalls
from headrace.flowtest.difference import differences, path_difference, shown
from headrace.flowtest.trace import Called, Step, is_of
from headrace.flowtest.verdict import Failure

# Skipped time is compared to the millisecond: what the language counts in.
MILLISECOND = 0.001


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How an execution ended, or where it stopped; payloads without secrets."""

    status: str
    input: Any
    output: Any
    error: dict[str, Any] | None
    context: Any
    steps: tuple[Step, ...]
    calls: tuple[Called, ...]
    events: tuple[dict[str, Any], ...]
    seconds: float  # of skipped time
    now: float
    waiting: tuple[str, ...] = ()  # what it waits for, in words
    answer: dict[str, Any] | None = None  # of a trigger that answers a request with the end


def failures_of(case: Case, outcome: Outcome) -> list[Failure]:
    """Return everything that is not as the case expects."""
    return list(_Check(case, outcome).all())


class _Check:
    def __init__(self, case: Case, outcome: Outcome) -> None:
        self._case = case
        self._expect = case.expect
        self._outcome = outcome

    def all(self) -> Iterator[Failure]:
        status = list(self._status())
        yield from status
        if not status:
            # What ended otherwise than it should has no output to compare.
            yield from self._output()
        yield from self._error()
        yield from self._answer()
        yield from self._path()
        for calls in self._expect.calls:
            yield from self._calls(calls)
        yield from self._events()
        yield from self._rest()

    def _failure(
        self, part: str, message: str, lines: list[str] | None = None, pointer: str | None = None
    ) -> Failure:
        place = f"{self._expect.pointer}/{part}" if pointer is None else pointer
        line, column = self._case.place(place)
        return Failure(
            what=f"expect.{part}",
            message=message,
            line=line,
            column=column,
            pointer=place,
            differences=tuple(lines or ()),
        )

    # --- the end ----------------------------------------------------------------------------------------

    def _status(self) -> Iterator[Failure]:
        expect, outcome = self._expect, self._outcome
        if outcome.status == expect.status:
            return
        lines = []
        if outcome.error is not None:
            lines.append(f"error: {shown(outcome.error)}")
        lines += [f"it {line}" for line in outcome.waiting]
        part = "error" if expect.error is not None else "status"
        yield self._failure(part, f"expected {expect.status}, got {outcome.status}", lines)

    def _output(self) -> Iterator[Failure]:
        expect, output = self._expect, self._outcome.output
        if expect.output is not ... and (lines := differences(expect.output, output)):
            yield self._failure("output", "the output is another one", lines)
        if expect.matches is not ... and (lines := differences(expect.matches, output, partly=True)):
            yield self._failure("matches", "the output does not match", lines)
        yield from self._assertions(expect.assertions, output, self._variables(), "assert")

    def _variables(self) -> dict[str, Any]:
        outcome = self._outcome
        return {
            "input": outcome.input,
            "context": outcome.context,
            "status": outcome.status,
            "error": outcome.error,
            "events": list(outcome.events),
            "path": [step.name for step in outcome.steps],
            "durationSeconds": outcome.seconds,
            CLOCK_VARIABLE: outcome.now,
        }

    def _assertions(
        self, assertions: tuple[Assertion, ...], data: Any, variables: dict[str, Any], part: str
    ) -> Iterator[Failure]:
        for assertion in assertions:
            try:
                value = assertion.expression.evaluate(data, variables)
            except ExpressionError as error:
                message = f"`{assertion.source}` failed: {error}"
            else:
                if value is not None and value is not False:
                    continue
                message = f"`{assertion.source}` is {shown(value)}"
            yield self._failure(part, message, [f"on {shown(data)}"], assertion.pointer)

    def _error(self) -> Iterator[Failure]:
        expected, actual = self._expect.error, self._outcome.error
        if expected is None or actual is None:
            return  # without any error the status says so
        lines = differences(expected, {**actual, "type": canonical_error_type(actual["type"])}, partly=True)
        if lines:
            yield self._failure("error", "the error is another one", [*lines, f"all of it: {shown(actual)}"])

    def _answer(self) -> Iterator[Failure]:
        expected, actual = self._expect.answer, self._outcome.answer
        if expected is None:
            return
        if actual is None:
            message = "no request is answered with the end: start by a `trigger` on http with `reply: output`"
            yield self._failure("answer", message)
            return
        headers = {name.lower(): value for name, value in expected.get("headers", {}).items()}
        wanted = {**expected, "headers": headers} if headers else expected
        if lines := differences(wanted, actual, partly=True):
            yield self._failure("answer", "the answer is another one", lines)

    # --- the way ----------------------------------------------------------------------------------------

    def _path(self) -> Iterator[Failure]:
        expect, steps = self._expect, self._outcome.steps
        place = f"{expect.pointer}/path"
        if expect.path is not None:
            taken = [
                step.pointer if index < len(expect.path) and expect.path[index].startswith("/") else step.name
                for index, step in enumerate(steps)
            ]
            if taken != list(expect.path):
                lines = path_difference(expect.path, taken)
                yield self._failure("path", "another path was taken (- expected, + taken)", lines)
        if (missing := self._not_in_order(expect.path_contains)) is not None:
            behind = expect.path_contains[: expect.path_contains.index(missing)]
            where = f" after `{behind[-1]}`" if behind else ""
            message = f"`{missing}` was not taken{where}"
            lines = ["taken: " + ", ".join(step.name for step in steps)]
            yield self._failure("path.contains", message, lines, f"{place}/contains")
        for index, never in enumerate(expect.path_never):
            if any(is_of(never, step.pointer, step.name) for step in steps):
                yield self._failure("path.never", f"`{never}` was taken", pointer=f"{place}/never/{index}")

    def _not_in_order(self, wanted: tuple[str, ...]) -> str | None:
        """Return the first task that the path does not have behind the ones before it."""
        steps = iter(self._outcome.steps)
        for name in wanted:
            if not any(is_of(name, step.pointer, step.name) for step in steps):
                return name
        return None

    def _calls(self, expected: ExpectedCalls) -> Iterator[Failure]:
        made = [call for call in self._outcome.calls if is_of(expected.task, call.pointer, call.name)]
        part = f"calls.{expected.task}"
        enough = bool(made) if expected.times is None else len(made) == expected.times
        if not enough:
            wanted = "at least once" if expected.times is None else _times(expected.times)
            lines = [f"{number}: with {shown(call.data)}" for number, call in enumerate(made, 1)]
            message = f"expected to be called {wanted}, was called {_times(len(made))}"
            yield self._failure(part, message, lines, expected.pointer)
        for index, call in enumerate(made):
            one = expected.each
            if expected.calls is not None:
                one = expected.calls[index] if index < len(expected.calls) else None
            if one is not None:
                yield from self._call(part, index + 1, one, call)

    def _call(self, part: str, number: int, expected: ExpectedCall, call: Called) -> Iterator[Failure]:
        if expected.with_ is not ... and (lines := differences(expected.with_, call.data)):
            message = f"call {number} was made with something else"
            yield self._failure(part, message, lines, f"{expected.pointer}/with")
        if expected.matches is not ... and (lines := differences(expected.matches, call.data, partly=True)):
            message = f"call {number} does not match"
            yield self._failure(part, message, lines, f"{expected.pointer}/matches")
        variables = {
            "input": call.data,
            "call": {
                "number": number,
                "attempt": call.attempt,
                "iteration": call.iteration,
                "task": call.pointer,
                "target": call.target,
            },
            CLOCK_VARIABLE: self._outcome.now,
        }
        yield from self._assertions(expected.assertions, call.data, variables, part)

    def _events(self) -> Iterator[Failure]:
        expect, events = self._expect, self._outcome.events
        if expect.events is not None:
            for index, (wanted, event) in enumerate(zip(expect.events, events, strict=False)):
                if lines := differences(wanted, event, partly=True):
                    message = f"event {index + 1} is another one"
                    yield self._failure("events", message, lines, f"{expect.pointer}/events/{index}")
            if len(events) != len(expect.events):
                message = f"expected {_count(len(expect.events))}, {_count(len(events))} came"
                lines = [f"{event.get('type')}: {shown(event.get('data'))}" for event in events]
                yield self._failure("events", message, lines)
        for index, wanted in enumerate(expect.events_contain):
            if all(differences(wanted, event, partly=True) for event in events):
                types = ", ".join(str(event.get("type")) for event in events) or "none"
                yield self._failure(
                    "events.contains",
                    f"no event is like {shown(wanted)}",
                    [f"published: {types}"],
                    f"{expect.pointer}/events/contains/{index}",
                )

    def _rest(self) -> Iterator[Failure]:
        expect, outcome = self._expect, self._outcome
        if expect.context is not ... and (lines := differences(expect.context, outcome.context)):
            yield self._failure("context", "the context is another one", lines)
        took = f"{outcome.seconds:g} s of skipped time"
        wanted, least, most = (
            expect.duration_seconds,
            expect.duration_seconds_min,
            expect.duration_seconds_max,
        )
        if wanted is not None and abs(outcome.seconds - wanted) >= MILLISECOND:
            yield self._failure("duration", f"expected {wanted:g} s, took {took}")
        if least is not None and outcome.seconds < least - MILLISECOND:
            yield self._failure("duration", f"expected {least:g} s at least, took {took}")
        if most is not None and outcome.seconds > most + MILLISECOND:
            yield self._failure("duration", f"expected {most:g} s at most, took {took}")


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _count(number: int) -> str:
    return f"{number} event" + ("" if number == 1 else "s")
