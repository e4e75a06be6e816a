"""How triggers start executions: the seam between `source` and `runtime`, which do not know each other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from headrace.api.platform import Enter, untraced
from headrace.runtime.definitions import Deployed
from headrace.runtime.failure import Stopping
from headrace.runtime.ids import new_execution_id
from headrace.runtime.runtime import Runtime
from headrace.source.port import Start, StartOutcome, StartRequest, StartUnavailable
from headrace.store.port import StoreUnavailable

# Returns the current version of a deployed flow. Raises `HeadraceError` where there is none.
Current = Callable[[str, str], Awaitable[Deployed]]


def starter(runtime: Runtime, current: Current, enter: Enter = untraced) -> Start:
    """Return what starts executions on `runtime` for triggers. `enter` makes a span of a start."""

    async def start(request: StartRequest) -> StartOutcome:
        try:
            deployed = await current(request.namespace, request.flow)
            execution_id = new_execution_id(runtime.clock.now())
            with enter(f"trigger {request.trigger}", request.traceparent) as parent:
                started = await runtime.start_execution(
                    deployed,
                    request.input,
                    key=request.key,
                    execution_id=execution_id,
                    traceparent=parent,
                    trigger=request.trigger,
                    started_by=request.started_by,
                )
        except (StoreUnavailable, Stopping) as error:
            raise StartUnavailable(str(error)) from error
        # Under a key that was used before it is the id of the execution from then.
        return StartOutcome(started, created=started == execution_id)

    return start
