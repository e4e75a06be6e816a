"""What a start does not load: libraries that only some servers, or some requests, need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LATER = ("joserfc", "cryptography", "prometheus_client", "pyreqwest", "jinja2", "rich", "headrace.flowtest")

SCRIPT = """
import asyncio, sys
from pathlib import Path
from headrace.main.server import Server, ServerOptions

async def main():
    server = Server(ServerOptions(store=Path(sys.argv[1]), port=0, token="a-token-of-the-tests-0123456789"))
    await server.start()
    print("loaded:", " ".join(name for name in sys.argv[2:] if name in sys.modules))
    await server.stop()

asyncio.run(main())
"""


def test_a_start_loads_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    """Each of these took 10 to 40 ms of a start that may take a second."""
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "server.db"), *LATER],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["loaded:"]
