"""Tests from executions, as the API offers them."""

from __future__ import annotations

from headrace.api.platform import SaveTest
from headrace.api.problem import conflict
from headrace.runtime.definitions import Definitions
from headrace.store.port import Store


def saver(store: Store, definitions: Definitions) -> SaveTest:
    """Return what writes a test from an execution of a store."""

    async def save(execution_id: str, name: str | None) -> str:
        # A server that is never asked for a test does not load what writes them.
        from headrace.flowtest.save import Unfit, case_from_execution

        try:
            return (await case_from_execution(store, execution_id, name=name, definitions=definitions)).text
        except Unfit as error:
            raise conflict("no-test", str(error)) from error

    return save
