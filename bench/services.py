"""The three functions of W1 as they run behind HTTP: one process each, by the function SDK's own server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from bench import steps
from bench.ports import free_ports
from bench.tree import die_with_parent

START_SECONDS = 20.0


def start() -> dict[str, int]:
    """Start them and wait until they listen; port of each by name. They end with this process."""
    ports = dict(zip(steps.NAMES, free_ports(len(steps.NAMES)), strict=True))
    root = Path(__file__).parent.parent
    for name, port in ports.items():
        subprocess.Popen(
            [sys.executable, "-m", "headrace.function", f"bench/functions/{name}.py"],
            cwd=root,
            env={**os.environ, "HOST": "127.0.0.1", "PORT": str(port), "PYTHONPATH": str(root)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent,
        )
    for name, port in ports.items():
        _await_listener(name, port)
    return ports


def _await_listener(name: str, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError as error:
            if time.monotonic() > deadline:
                raise SystemExit(f"function {name} does not listen after {START_SECONDS} s") from error
            time.sleep(0.02)
