"""W1 on Restate: its server (from npm), a Python service, and a client on its HTTP ingress.

Profiles: `documented` is the server as it comes and the ASGI server that Restate's guide names; `tuned` is
the cheapest that we found with the log still synced (docs/decisions/0003-benchmarks.md).
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import orjson
import uvloop

from bench import steps, workload
from bench.load import Connections
from bench.ports import free_ports
from bench.tree import die_with_parent, stop_descendants

PACKAGES = Path(__file__).parent.parent / "node_modules" / "@restatedev"
ASGI = "bench.peers.restate_service:app"
PROFILES = {
    "documented": {"partitions": 24, "service": f"hypercorn {ASGI} --bind 127.0.0.1:{{port}}"},
    "tuned": {
        "partitions": 1,
        "service": f"granian {ASGI} --interface asginl --http 2 --host 127.0.0.1 --port {{port}}",
    },
}
START_SECONDS = 30.0


def server_binary() -> Path:
    """The server that npm installed for this machine."""
    machine = {"x86_64": "x64", "aarch64": "arm64"}[platform.machine()]
    binary = PACKAGES / f"restate-server-linux-{machine}" / "bin" / "restate-server"
    if not binary.exists():
        raise SystemExit(f"{binary} is missing: run `make bench`, or `npm ci --ignore-scripts` in bench/")
    return binary


class Restate:
    """The server and the service, started; both end with this process."""

    def __init__(self, profile: str, folder: Path) -> None:
        self.ingress, self._admin, node, self._service = free_ports(4)
        settings = {
            "RESTATE_BASE_DIR": str(folder / "restate"),
            "RESTATE_DEFAULT_NUM_PARTITIONS": str(PROFILES[profile]["partitions"]),
            "RESTATE_LISTEN_MODE": "tcp",
            "RESTATE_BIND_IP": "127.0.0.1",
            "RESTATE_BIND_PORT": str(node),
            "RESTATE_INGRESS__BIND_PORT": str(self.ingress),
            "RESTATE_ADMIN__BIND_PORT": str(self._admin),
            "RESTATE_ADMIN__DISABLE_WEB_UI": "true",
            "RESTATE_DISABLE_TELEMETRY": "true",
            "RESTATE_LOG_FILTER": "warn",
        }
        self._log = (folder / "log").open("w")
        self._start([str(server_binary()), "--no-logo"], settings)
        command = str(PROFILES[profile]["service"]).format(port=self._service)
        self._start([sys.executable, "-m", *command.split()], {})

    def register(self) -> None:
        """Wait until both are up and tell the server of the service."""
        deployment = json.dumps({"uri": f"http://127.0.0.1:{self._service}"}).encode()
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._ask("/deployments", deployment)
                return
            except OSError as error:
                if time.monotonic() > deadline:
                    raise SystemExit(f"Restate is not up after {START_SECONDS} s: {error}") from error
                time.sleep(0.1)

    def recorded(self) -> int:
        """How many executions Restate keeps, by its own SQL over its own state."""
        query = {"query": "SELECT count(*) AS n FROM sys_invocation WHERE status = 'completed'"}
        return int(json.loads(self._ask("/query", json.dumps(query).encode()))["rows"][0]["n"])

    def _start(self, command: list[str], settings: dict[str, str]) -> None:
        environment = {**os.environ, **settings}
        subprocess.Popen(
            command, env=environment, stdout=self._log, stderr=self._log, preexec_fn=die_with_parent
        )

    def _ask(self, path: str, body: bytes) -> bytes:
        headers = {"content-type": "application/json", "accept": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{self._admin}{path}", body, headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()


async def drive(restate: Restate, chosen: workload.argparse.Namespace) -> workload.Outcome:
    """Call the handler through the ingress and wait for its answer, as often as asked."""
    connections = Connections(restate.ingress, "/orders/process")

    async def run(number: int) -> None:
        status, body = await connections.post(orjson.dumps(steps.order(number)))
        if status != 200:
            raise SystemExit(f"execution {number} is answered with {status}: {body!r}")
        steps.check(number, orjson.loads(body))

    outcome = await workload.measure(run, chosen)
    connections.close()
    return outcome


def main() -> None:
    """Start Restate, run the workload, compare what is on record with what was run, stop everything."""
    chosen = workload.options(profile="tuned")
    with tempfile.TemporaryDirectory() as folder:
        try:
            restate = Restate(chosen.profile, Path(folder))
            restate.register()
            outcome = uvloop.run(drive(restate, chosen))
            recorded = restate.recorded()
            outcome.notes = {"partitions": PROFILES[chosen.profile]["partitions"], "recorded": recorded}
            if recorded != (expected := chosen.warmup + chosen.executions + chosen.alone):
                raise SystemExit(f"{recorded} executions are on record instead of {expected}")
        finally:
            stop_descendants()
    outcome.print()


if __name__ == "__main__":
    main()
