"""The limit of W2's loop: as many appends of a page to a file, each synced before the next; nothing else."""

from __future__ import annotations

import asyncio
import os
import tempfile

from bench import flows, workload

PAGE = b"x" * 4096


def main() -> None:
    """One execution is `WIDTH` synced appends."""
    chosen = workload.options()
    with tempfile.NamedTemporaryFile() as file:

        async def run(number: int) -> None:
            for _ in range(flows.WIDTH):
                os.write(file.fileno(), PAGE)
                os.fdatasync(file.fileno())

        asyncio.run(workload.measure(run, chosen)).print()


if __name__ == "__main__":
    main()
