"""docs/queue.md: its `console` blocks in one shell, its programs, and that it leaves no command out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.queue.redis_server import RedisServer, find_program
from e2e.command import environment
from e2e.page import check_commands
from e2e.test_docs_cli import steps

PAGE = Path(__file__).parents[2] / "docs" / "queue.md"
BIN = str(Path(sys.executable).parent)


@pytest.fixture
def redis_cli(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A folder whose `redis-cli` talks to a private server, as on a terminal, and that server's port."""
    program = find_program()
    client = shutil.which("redis-cli") or shutil.which("valkey-cli")
    if program is None or client is None:
        reason = "redis-server and redis-cli are not installed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    server = RedisServer(program)
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "redis-cli").write_text(f'#!/bin/sh\nexec {client} --no-raw -p {server.port} "$@"\n')
    (folder / "redis-cli").chmod(0o755)
    yield str(folder), str(server.port)
    server.stop()


def test_every_command_of_the_page(redis_cli: tuple[str, str], tmp_path: Path) -> None:
    folder, port = redis_cli
    # Only where Redis is: the port in the manifest is the cluster's.
    page = PAGE.read_text().replace("127.0.0.1:6379", f"127.0.0.1:{port}")
    script = steps(page)
    assert len(script) > 20
    work = tmp_path / "work"
    work.mkdir()
    told = check_commands(script, work, PATH=os.pathsep.join((folder, BIN, os.environ["PATH"])))
    _who_did_which(told[[command.startswith("headrace queue ls job") for command, _ in script].index(True)])


def _who_did_which(listing: str) -> None:
    """Both workers did something, and together each fruit once."""
    rows = [line.split() for line in listing.splitlines()[1:]]
    assert sorted(row[-1] for row in rows) == ["apple", "banana", "cherry", "date", "fig"]
    assert {row[3] for row in rows} == {"worker-1", "worker-2"}


def test_the_programs_of_the_page(tmp_path: Path) -> None:
    section = PAGE.read_text().split("## In a Python program\n")[1]
    programs = re.findall(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    printed = []
    for program in programs:
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        printed.append(done.stdout)
    assert printed == ["1000 squared\n", "1 squared\n"]


def test_every_command_is_on_the_page() -> None:
    from headrace.cli.queue_group import Queue

    commands = [command for command, _ in steps(PAGE.read_text())]
    for name in Queue.parts:
        assert any(f"headrace queue {name} " in command for command in commands), name


def test_every_option_is_on_the_page(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "headrace.cli", "worker", "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(COLUMNS="200"),
        check=True,
    )
    page = PAGE.read_text()
    for option in sorted(set(re.findall(r"(--[a-z-]+)", done.stdout)) - {"--help", "--namespace", "--no"}):
        assert option in page, option
