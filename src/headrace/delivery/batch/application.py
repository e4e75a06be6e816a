"""Makes the calls for the items of one batch, in this process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

from headrace.call.performer import CallError
from headrace.engine.commands import Invoke
from headrace.engine.events import CallCompleted, CallFailed
from headrace.queue.port import Done, Leased
from headrace.worker.application import Outcome
from headrace.worker.invocation import outcome_of_error


class BatchApplication:
    """An `Application` for the queue of one batch. What all its calls have alike is made once."""

    def __init__(
        self, call: Invoke, perform: Callable[[Invoke], Awaitable[CallCompleted | CallFailed]]
    ) -> None:
        settings: Mapping[str, Any] = call.settings or {}
        self._call = call
        self._settings = {name: value for name, value in settings.items() if name != "delivery"}
        self._perform = perform

    async def start(self) -> None:
        """Nothing to do: functions are started by their host."""

    async def handle(self, item: Leased) -> Outcome:
        """Make the call for an item."""
        batch = self._call
        data = orjson.loads(item.payload)
        answer = await self._perform(
            Invoke(
                execution_id=batch.execution_id,
                run_id=batch.run_id,
                attempt=batch.attempt + item.attempt - 1,
                kind="function",
                target=batch.target,
                pointer=batch.pointer,
                flow=batch.flow,
                arguments=data,
                input=data,
                settings=self._settings,
                item=item.id,
            )
        )
        if isinstance(answer, CallFailed):
            return outcome_of_error(item, CallError(answer.error, retryable=answer.retryable))
        return Done(item.id, item.token, orjson.dumps(answer.output))

    async def aclose(self) -> None:
        """Nothing to give back: the performers are the engine's."""
