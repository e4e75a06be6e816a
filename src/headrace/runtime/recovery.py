"""Recovery: what an earlier process left open goes on, under the same ids."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from headrace.engine.commands import Invoke, StartChild
from headrace.engine.decide import outstanding
from headrace.errors import HeadraceError
from headrace.runtime.live import Live

if TYPE_CHECKING:
    from headrace.runtime.runtime import Runtime

PAGE = 500

_log = logging.getLogger(__name__)


async def recover(runtime: Runtime) -> int:
    """Let every execution go on that has something in flight; return how many those are."""
    recovered = 0
    after = ""
    while True:
        ids = await runtime.store.in_flight(after, PAGE)
        for execution_id in ids:
            await _recover(runtime, execution_id)
        recovered += len(ids)
        if len(ids) < PAGE:
            return recovered
        after = ids[-1]


async def _recover(runtime: Runtime, execution_id: str) -> None:
    """Load an execution and perform again what it waits for, under the same ids."""
    lives = runtime.memory.lives
    if execution_id in lives:
        return  # started or posted to before: it is in hand already
    live = Live(execution_id)
    live.busy = True
    try:
        if not await runtime.memory.load(live):
            return
    except HeadraceError as error:
        _log.error("execution %s cannot be recovered: %s", execution_id, error)
        return
    finally:
        live.busy = False
    lives[execution_id] = live
    assert live.execution is not None
    for command in outstanding(live.execution, runtime.clock.now()):
        if isinstance(command, Invoke | StartChild):
            runtime.acting.perform(live, (command,))
        else:
            runtime.post(execution_id, command)
    runtime.timers.note(execution_id, live.execution.next_due())
