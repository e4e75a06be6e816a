"""Which answer a call gets: mocks by task, call by call, by iteration, by condition. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from headrace.call.answer import is_retryable_status
from headrace.engine import events
from headrace.engine.commands import Invoke
from headrace.errors import ExpressionError, HeadraceError, WorkflowError
from headrace.expr import CLOCK_VARIABLE
from headrace.flowtest.case import Answer, Case, Mock
from headrace.flowtest.trace import Called, is_of

# A `result` on its way to the task's `output.as`, which lets it pass (`plan.py`).
RESULT_KEY = "\u0000result"


class NoAnswer(HeadraceError):
    """A mock has no answer for a call; `pointer` is its place in the test file."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer


class Chosen(NamedTuple):
    """The answer of one call: after how many seconds (None: never), and with what."""

    answer: Answer
    delay_seconds: float | None
    output: Any = None


class Answers:
    """The mocks of one case, with how often each answer was given."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._given: Counter[str] = Counter()  # by the answer's pointer
        self._calls: Counter[str] = Counter()  # by the mock's pointer

    def mock_of(self, pointer: str, name: str) -> Mock | None:
        """Return the mock of a task: the case's before the file's, by reference before by name."""
        found = [mock for mock in self._case.mocks if is_of(mock.task, pointer, name)]
        return min(
            found,
            key=lambda mock: (mock.shared, not mock.task.startswith("/")),
            default=None,
        )

    def choose(self, mock: Mock, call: Invoke, called: Called, now: float) -> Chosen:
        """Return the answer of a call, and count it as given. Raises `NoAnswer`.

        Expressions see what the call is made with as it is; `called` has it without secrets.
        """
        data = data_of(call)
        self._calls[mock.pointer] += 1
        number = self._calls[mock.pointer]
        variables = {
            "input": call.input,
            "call": {
                "number": number,
                "attempt": call.attempt,
                "iteration": called.iteration,
                "task": call.pointer,
                "target": call.target,
            },
            CLOCK_VARIABLE: now,
        }
        answers = self._candidates(mock, called)
        for answer in answers:
            if answer.times is not None and self._given[answer.pointer] >= answer.times:
                continue
            try:
                if answer.when is not None and not answer.when.test(data, variables):
                    continue
                output = answer.value
                if answer.compute is not None:
                    output = answer.compute.evaluate(data, variables)
            except ExpressionError as error:
                raise NoAnswer(answer.pointer, f"the expression failed: {error}") from error
            self._given[answer.pointer] += 1
            return Chosen(answer, None if answer.kind == "never" else answer.delay_seconds, output)
        raise NoAnswer(mock.pointer, _used_up(mock, answers, number))

    def _candidates(self, mock: Mock, called: Called) -> tuple[Answer, ...]:
        if mock.iterations is None:
            return mock.answers
        if called.iteration is None:
            raise NoAnswer(
                mock.pointer,
                "it answers by `iterations`, but its task is not in a loop; write the answers as a list",
            )
        if called.iteration >= len(mock.iterations):
            raise NoAnswer(
                mock.pointer,
                f"it has answers for {len(mock.iterations)} iterations, "
                f"but was called in iteration {called.iteration} (0 is the first); add an answer for it",
            )
        return mock.iterations[called.iteration]


def data_of(call: Invoke) -> Any:
    """Return what a call is made with."""
    return call.input if call.arguments is None else call.arguments


def _used_up(mock: Mock, answers: tuple[Answer, ...], number: int) -> str:
    if any(answer.when is not None for answer in answers):
        return f"no answer's `when` holds for call {number}; add an answer without `when`, `times: any`"
    return f"it has no answer left for call {number}; add one, or write `times: any` on the last"


def event_of(call: Invoke, chosen: Chosen, *, transformed: bool) -> events.CallCompleted | events.CallFailed:
    """Return the answer as the engine takes it. `transformed`: the task has an `output.as` to pass by."""
    answer = chosen.answer
    if answer.kind == "error":
        error = WorkflowError.from_dict(answer.value)
        retryable = is_retryable_status(error.status) if answer.retryable is None else answer.retryable
        return events.CallFailed(run_id=call.run_id, attempt=call.attempt, error=error, retryable=retryable)
    output = chosen.output
    if answer.kind == "result" and transformed:
        output = {RESULT_KEY: output}
    return events.CallCompleted(run_id=call.run_id, attempt=call.attempt, output=output)
