"""Approvals in a Python program, without a server: its own event is the answer."""

from __future__ import annotations

import asyncio
from typing import Any

from headrace import Headrace
from headrace.store.sqlite.decisions import SqliteDecisions

FLOW = """
document: {dsl: 1.0.3, namespace: shop, name: pay, version: 1.0.0}
do: [{ask: {listen: {to: {one: {with: {type: decided}}}}, metadata: {approval: {title: Pay}}}}]
"""


async def test_a_program_answers_for_its_people() -> None:
    async with Headrace(":memory:") as headrace:
        handle = await headrace.start(await headrace.deploy(FLOW), {"amount": 1})
        async with asyncio.timeout(20):
            while not (waiting := await headrace.waiting(handle.id)):
                await asyncio.sleep(0.01)
        [ask] = waiting
        assert ask.decision == "Pay"
        answer: dict[str, Any] = {
            "specversion": "1.0",
            "id": "1",
            "source": "/program",
            "type": "decided",
            "headraceexecution": handle.id,
            "headracedecision": str(ask.run_id),
            "data": {"choice": "approve"},
        }
        await headrace.publish(answer)
        assert (await handle.result()).output == [{"choice": "approve"}]
        row = await SqliteDecisions(headrace.sqlite).get(handle.id, ask.run_id)
        assert row is not None
        assert (row.status, row.decided_by) == ("decided", None)
