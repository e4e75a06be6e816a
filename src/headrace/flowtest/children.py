"""Child workflows of an execution under test: a workflow with one call stands in for each.

So the parent's mocks answer for its children, and starting, awaiting, failing and cancelling them stay the
engine's.
"""

from __future__ import annotations

from typing import Any

import orjson

from headrace.runtime.definitions import Definitions, Deployed
from headrace.store.port import Store

# No function of a FlowApp is called so.
CHILD_FUNCTION = "headrace.flowtest/child"


class CaseDefinitions(Definitions):
    """The definition under test; what it starts as a child is stood in for."""

    def __init__(self, store: Store, now: float, **settings: Any) -> None:
        super().__init__(store, known_functions=lambda: frozenset({CHILD_FUNCTION}), **settings)
        self._now = now

    async def by_name(self, namespace: str, name: str, version: str = "latest") -> Deployed:
        document = {
            "document": {
                "dsl": "1.0.3",
                "namespace": namespace,
                "name": name,
                "version": "0.0.0" if version == "latest" else version,
            },
            "do": [{"child": {"call": CHILD_FUNCTION}}],
        }
        return await self.deploy(orjson.dumps(document).decode(), "child.json", self._now, local=True)
