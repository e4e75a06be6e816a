"""A server forgets finished executions when their FlowApp says so."""

from __future__ import annotations

from pathlib import Path

from headrace import ManualClock
from integration.api.flows import GREET
from integration.api.served import Served, options


async def test_executions_are_kept_as_long_as_the_flow_says(tmp_path: Path) -> None:
    clock = ManualClock()
    served = Served(options(tmp_path), clock=clock)
    await served.start()
    try:
        await served.deploy(GREET.replace("  version: 1.0.0\n", "  version: 1.0.0\n  retention: P1D\n"))
        await served.deploy(GREET.replace("name: greet", "name: kept"))
        for name in ("greet", "kept"):
            await served.post(f"flowapps/{name}/executions", {}, headers={"prefer": "wait=20"})
        clock.advance(3600)
        assert await served.server.retaining.look() == 0
        clock.advance(86_400)
        assert await served.server.retaining.look() == 1
        assert [each["flow"] for each in (await served.get("executions")).data["items"]] == ["kept"]
    finally:
        await served.stop()
