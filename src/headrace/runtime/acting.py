"""What the commands of a decision do, once it is durable: calls, children, notices, results.

Performing twice is harmless: after a restart what was open is performed again under the same ids.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any, Protocol

from headrace.engine import events
from headrace.engine.commands import CancelChild, CancelInvocation, Invoke, StartChild
from headrace.engine.machine import Command
from headrace.engine.record import Finish, Notice
from headrace.errors import WorkflowError
from headrace.runtime.children import start_child
from headrace.runtime.live import Live, Posted
from headrace.runtime.results import Result

if TYPE_CHECKING:
    from headrace.runtime.runtime import Runtime


class Calls(Protocol):
    """What performs invocations (`headrace.call`)."""

    async def perform(self, call: Invoke) -> events.CallCompleted | events.CallFailed: ...

    def cancel(self, invocation_id: str) -> None: ...

    async def withdraw(self, call: CancelInvocation) -> None: ...


class Acting:
    """Performs the commands of one runtime's executions, `max_concurrent_calls` calls at a time."""

    def __init__(self, runtime: Runtime, max_concurrent_calls: int) -> None:
        self._runtime = runtime
        self._slots = asyncio.Semaphore(max_concurrent_calls)
        self._invocations: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def open_calls(self) -> int:
        """How many invocations are in flight or wait for a slot."""
        return len(self._invocations)

    @property
    def at_rest(self) -> bool:
        """Whether no turn is being taken: what is open waits for an answer, an event or time."""
        return not self._tasks

    async def settle(self) -> None:
        """Return when the turns that are being taken now are over."""
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    def perform(self, live: Live, commands: Iterable[Command]) -> None:
        """Perform what was decided and is durable."""
        for command in commands:
            perform = _PERFORM.get(command.__class__)
            if perform is not None:
                perform(self, live, command)

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside everything else; `stop` waits for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self, grace_seconds: float) -> None:
        """Let what is under way finish for so long, then cancel it."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + grace_seconds
        while (open_tasks := [*self._invocations.values(), *self._tasks]) and (
            left := deadline - loop.time()
        ) > 0:
            await asyncio.wait(open_tasks, timeout=left, return_when=asyncio.ALL_COMPLETED)
        for task in [*self._invocations.values(), *self._tasks]:
            task.cancel()
        await asyncio.gather(*self._invocations.values(), *self._tasks, return_exceptions=True)

    # --- calls ------------------------------------------------------------------------------------------

    def _call(self, live: Live, command: Invoke) -> None:
        invocation_id = command.invocation_id
        if self._runtime.stopping or invocation_id in self._invocations:
            return  # what is open when the runtime stops is called by the next process
        task = asyncio.create_task(self._invoke(invocation_id, command))
        self._invocations[invocation_id] = task
        # A task that is cancelled before its first step runs none of its own clean-up.
        task.add_done_callback(lambda done: self._forget(invocation_id, done))

    def _forget(self, invocation_id: str, task: asyncio.Task[None]) -> None:
        if self._invocations.get(invocation_id) is task:
            del self._invocations[invocation_id]

    async def _invoke(self, invocation_id: str, command: Invoke) -> None:
        if command.queued:
            # It waits for readers, however long: others must not wait behind it.
            answer = await self._runtime.calls.perform(command)
        else:
            async with self._slots:
                if self._runtime.stopping:
                    return
                answer = await self._runtime.calls.perform(command)
        task = asyncio.current_task()
        assert task is not None
        self._forget(invocation_id, task)
        live = self._runtime.memory.mailbox(command.execution_id)
        live.mailbox.append(Posted(answer, None))
        if not live.busy:
            # The task that brought the answer takes the turn itself: one task less per call.
            self._tasks.add(task)
            try:
                await self._runtime.turn(live)
            finally:
                self._tasks.discard(task)

    def _cancel_invocation(self, live: Live, command: CancelInvocation) -> None:
        task = self._invocations.get(command.invocation_id)
        if task is not None:
            task.cancel()
        if command.queued:
            # Whether or not this process waits for it: an earlier one may have put it there.
            self.background(self._runtime.calls.withdraw(command))

    # --- children, those who watch, the end -------------------------------------------------------------

    def _start_child(self, live: Live, command: StartChild) -> None:
        self.background(start_child(self._runtime, command))

    def _cancel_child(self, live: Live, command: CancelChild) -> None:
        self._runtime.post(command.child_id, events.Cancel(reason="the parent's task ended"))

    def _notice(self, live: Live, command: Notice) -> None:
        self._runtime.observers.notice(live.execution_id, command)

    def _finish(self, live: Live, command: Finish) -> None:
        execution = live.execution
        assert execution is not None
        secret = live.masker is not None
        result = Result(execution.execution_id, command.status, command.output, command.error, secret)
        self._runtime.results.give(result)
        self._runtime.observers.end(result)
        if execution.parent_id is not None and execution.parent_run_id is not None:
            self._runtime.post(
                execution.parent_id,
                events.ChildFinished(
                    run_id=execution.parent_run_id,
                    status=command.status,
                    output=command.output,
                    error=None if command.error is None else WorkflowError.from_dict(command.error),
                ),
            )


_PERFORM: dict[type[Any], Callable[[Acting, Live, Any], None]] = {
    Invoke: Acting._call,
    CancelInvocation: Acting._cancel_invocation,
    StartChild: Acting._start_child,
    CancelChild: Acting._cancel_child,
    Notice: Acting._notice,
    Finish: Acting._finish,
}
