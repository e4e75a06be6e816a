"""What a thousand readers of something else cost an execution, in one process: without sockets of theirs.

Batches with one reader and with `--readers` take turns, short ones: a machine's speed changes;
what is reported is the median of their ratios.
"""

from __future__ import annotations

import asyncio
import statistics
import time

import uvloop

from bench import flows, workload
from bench.tree import Meter
from headrace import Headrace
from headrace.api.live import Hub
from headrace.api.reader import Topic
from headrace.cli import collector

OTHER = Topic("default", "", "another-execution")
TURNS = 72


async def drive(chosen: workload.argparse.Namespace) -> workload.Outcome:
    """Run the batches."""
    async with Headrace() as headrace:
        hub = Hub(headrace.runtime)
        flow = await headrace.deploy(flows.greeting())

        async def run(number: int) -> None:
            output = await headrace.run(flow, {"name": str(number)})
            if output != {"message": f"Hello, {number}"}:
                raise SystemExit(f"execution {number} is wrong: {output!r}")

        async def batch(readers: int) -> float:
            """Return CPU seconds of a batch, while so many look at something else."""
            looking = [hub.subscribe(OTHER, lambda: None) for _ in range(readers)]
            began = time.process_time()
            waiting = iter(range(chosen.executions))

            async def starter() -> None:
                for number in waiting:
                    await run(number)

            await asyncio.gather(*(starter() for _ in range(chosen.concurrency)))
            seconds = time.process_time() - began
            for reader in looking:
                hub.unsubscribe(reader)
            return seconds

        await batch(1)
        collector.started()
        meter = Meter()
        meter.start()
        ratios = []
        for turn in range(TURNS):
            # Each goes first as often as the other.
            counts = (1, chosen.readers) if turn % 2 else (chosen.readers, 1)
            seconds = {count: await batch(count) for count in counts}
            ratios.append(seconds[chosen.readers] / seconds[1])
        usage = meter.stop()
        hub.close()
    notes = {"ratio": statistics.median(ratios), "ratios": [round(ratio, 3) for ratio in ratios]}
    return workload.Outcome(2 * TURNS * chosen.executions, usage, {}, notes=notes)


def main() -> None:
    """Measure and report."""
    chosen = workload.options(readers=1000)
    outcome = uvloop.run(drive(chosen))
    outcome.print()


if __name__ == "__main__":
    main()
