"""The calls of an execution under test: answered by mocks on the case's clock, made for real, or refused."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import orjson

from headrace.engine.commands import CancelInvocation, Invoke
from headrace.engine.events import CallCompleted, CallFailed
from headrace.errors import HeadraceError, WorkflowError
from headrace.flowtest.answers import Answers, NoAnswer, data_of, event_of
from headrace.flowtest.case import Case
from headrace.flowtest.children import CHILD_FUNCTION
from headrace.flowtest.difference import shown
from headrace.flowtest.stage import RealCalls
from headrace.flowtest.trace import Called, Trace, is_of
from headrace.runtime.clock import Clock
from headrace.runtime.secrets import Masker


class Refusal(NamedTuple):
    """A call that nothing answers: a failure of the case."""

    pointer: str  # in the test file
    message: str


class CaseCalls:
    """What the runtime calls in a case.

    `transformed` tells whether the task with a reference has an `output.as`. `real` gives what makes calls
    for real, when the first one is needed.
    """

    def __init__(
        self,
        case: Case,
        trace: Trace,
        clock: Clock,
        *,
        masker: Masker,
        transformed: Callable[[str], bool],
        real: Callable[[], RealCalls],
    ) -> None:
        self._case = case
        self._answers = Answers(case)
        self._trace = trace
        self._clock = clock
        self._masker = masker
        self._transformed = transformed
        self._real = real
        self._real_calls: RealCalls | None = None
        self._moving: set[asyncio.Future[None]] = set()
        self._wakes: dict[int, float] = {}  # of calls that wait on the clock
        self.made: list[Called] = []
        self.refusals: list[Refusal] = []

    # --- for who skips time -----------------------------------------------------------------------------

    @property
    def asleep(self) -> int:
        """How many calls wait on the clock, and for nothing else."""
        now = self._clock.now()
        return sum(wake > now for wake in self._wakes.values())

    def next_wake(self) -> float | None:
        """Return when the next of them is answered (epoch seconds); None when none ever is."""
        now = self._clock.now()
        return min((wake for wake in self._wakes.values() if now < wake < math.inf), default=None)

    async def quiet(self) -> None:
        """Return when no call is being made for real."""
        while self._moving:
            await asyncio.wait(set(self._moving))

    # --- for the runtime --------------------------------------------------------------------------------

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed:
        """Answer a call."""
        pointer, run_id = self._task_of(call)
        step = self._trace.step(run_id)
        called = Called(
            pointer=pointer,
            name=pointer.rpartition("/")[2] if step is None else step.name,
            kind="workflow" if call.target == CHILD_FUNCTION else call.kind,
            target="" if call.target == CHILD_FUNCTION else call.target,
            attempt=call.attempt,
            iteration=self._trace.iteration(run_id),
            data=self._masked(data_of(call)),
        )
        self.made.append(called)
        mock = self._answers.mock_of(called.pointer, called.name)
        if mock is not None and mock.shared and self._case.real_first and self._is_real(called):
            mock = None
        if mock is None:
            place = f"{self._case.pointer}/mocks"
            if not self._is_real(called):
                return self._refuse(call, called, place, _unmocked(called))
            try:
                self._real_calls = self._real_calls or self._real()
            except HeadraceError as error:
                return self._refuse(call, called, place, f"`{called.name}` cannot run for real: {error}")
            called.answered = "real"
            return await self._perform_for_real(self._real_calls, call)
        try:
            chosen = self._answers.choose(mock, call, called, self._clock.now())
        except NoAnswer as error:
            told = self._masker.mask_text(str(error)) if self._masker else str(error)
            return self._refuse(call, called, error.pointer, f"the mock of `{called.name}`: {told}")
        called.answered = chosen.answer.kind
        if chosen.delay_seconds is None or chosen.delay_seconds > 0:
            await self._sleep(len(self.made), chosen.delay_seconds)
        return event_of(call, chosen, transformed=self._transformed(pointer))

    def cancel(self, invocation_id: str) -> None:
        """Calls are cancelled by their tasks."""

    async def withdraw(self, call: CancelInvocation) -> None:
        """Nothing waits on a queue in a test."""

    def _task_of(self, call: Invoke) -> tuple[str, int]:
        """Return the task that a call is of, and its run: for a child's, that of its parent."""
        if call.target != CHILD_FUNCTION:
            return call.pointer, call.run_id
        run_id = int(call.execution_id.rpartition(".")[2])
        step = self._trace.step(run_id)
        return (call.pointer if step is None else step.pointer), run_id

    def _masked(self, data: Any) -> Any:
        if not self._masker:
            return data
        return orjson.loads(self._masker.mask(self._masker.encode(data)))

    def _is_real(self, called: Called) -> bool:
        if called.kind == "workflow":
            return False
        if self._case.real_functions and called.kind == "function":
            return True
        return any(
            is_of(name, called.pointer, called.name) or (called.kind == "function" and name == called.target)
            for name in self._case.real
        )

    async def _perform_for_real(self, calls: RealCalls, call: Invoke) -> CallCompleted | CallFailed:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._moving.add(done)
        try:
            # The deadline is on the case's clock, which stands still meanwhile.
            return await calls.perform(msgspec.structs.replace(call, deadline=None))
        finally:
            self._moving.discard(done)
            done.set_result(None)

    async def _sleep(self, number: int, seconds: float | None) -> None:
        wake = math.inf if seconds is None else self._clock.now() + seconds
        self._wakes[number] = wake
        try:
            if seconds is None:
                await asyncio.get_running_loop().create_future()  # until it is cancelled
            await self._clock.sleep_until(wake)
        finally:
            del self._wakes[number]

    def _refuse(self, call: Invoke, called: Called, pointer: str, message: str) -> CallFailed:
        called.answered = "refused"
        self.refusals.append(Refusal(pointer, message))
        error = WorkflowError.standard("configuration", title="The test has no answer", detail=message)
        return CallFailed(run_id=call.run_id, attempt=call.attempt, error=error)


def _unmocked(called: Called) -> str:
    what = {"function": f"function {called.target}", "workflow": "another workflow"}.get(
        called.kind, f"a {called.kind} call"
    )
    real = "" if called.kind == "workflow" else f", or let it run: `real: [{called.name}]`"
    loop = "" if called.iteration is None else f" in iteration {called.iteration}"
    return (
        f"`{called.name}` ({called.pointer}) calls {what}{loop} with {shown(called.data)}, and has no mock; "
        f"say what it answers: `mocks: {{{called.name}: {{output: …}}}}`{real}"
    )
