"""`python -m bench.queue_peers.with_uvloop MODULE ...`: runs a module with uvloop."""

from __future__ import annotations

import asyncio
import runpy
import sys

import uvloop

if __name__ == "__main__":
    uvloop.install()
    asyncio.set_event_loop(asyncio.new_event_loop())  # uvloop makes none by itself, as asyncio does
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
