"""Child executions: started once under an id that their parent's task gives them, and reported back."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import orjson

from headrace.engine.commands import StartChild
from headrace.engine.events import ChildFinished
from headrace.errors import HeadraceError, WorkflowError
from headrace.runtime.again import pause_seconds
from headrace.runtime.failure import Stopping
from headrace.store.port import StoreError

if TYPE_CHECKING:
    from headrace.runtime.runtime import Runtime

_log = logging.getLogger(__name__)


async def start_child(runtime: Runtime, command: StartChild) -> None:
    """Start a child execution, or take up the one that was started before; try until that is durable."""
    attempt = 0
    while True:
        try:
            await _start_once(runtime, command)
            return
        except StoreError as error:
            if attempt == 0:
                _log.error("child %s cannot be started, trying again: %s", command.child_id, error)
            await asyncio.sleep(pause_seconds(attempt))
            attempt += 1
        except Stopping:
            return  # the next process starts it
        except HeadraceError as error:
            problem = WorkflowError.standard("configuration", title="Workflow not found", detail=str(error))
            finished = ChildFinished(run_id=command.run_id, status="faulted", error=problem)
            runtime.post(command.execution_id, finished)
            return


async def _start_once(runtime: Runtime, command: StartChild) -> None:
    row = await runtime.store.execution(command.child_id)
    if row is None:
        deployed = await runtime.definitions.by_name(command.namespace, command.name, command.version)
        await runtime.start_execution(
            deployed,
            command.input,
            execution_id=command.child_id,
            parent_id=command.execution_id if command.awaited else None,
            parent_run_id=command.run_id if command.awaited else None,
            traceparent=command.trace,
        )
    if not command.awaited:
        runtime.post(command.execution_id, ChildFinished(run_id=command.run_id, status="started"))
    elif row is not None and row.ended_at is not None:
        finished = ChildFinished(
            run_id=command.run_id,
            status=row.status,
            output=None if row.output is None else orjson.loads(row.output),
            error=None if row.error is None else WorkflowError.from_dict(orjson.loads(row.error)),
        )
        runtime.post(command.execution_id, finished)
