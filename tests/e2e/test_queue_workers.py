"""A file of lines, two kinds of workers, one of them killed: every line is done."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.queue.backend import redis_server
from e2e.command import answer, begin, environment, eventually, headrace
from integration.worker.place import require

LEASE = "5"


@pytest.fixture
def http_app() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("queue_http_app.py"))],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stdout is not None
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture(params=["sqlite", "redis"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "queue.db")
    require("redis")
    return redis_server().url


@pytest.mark.parametrize("lines", [6_000, pytest.param(100_000, marks=pytest.mark.long)])
def test_a_file_two_workers_and_a_kill(tmp_path: Path, address: str, http_app: str, lines: int) -> None:
    name = f"lines-{time.time_ns()}"
    queue = ("--queue", address)
    (tmp_path / "lines.txt").write_text("".join(f"line {number}\n" for number in range(lines)))
    put = headrace("queue", "put-many", name, "lines.txt", *queue, cwd=tmp_path)
    assert f"{lines:,} items put on {name}" in put.stdout
    assert re.search(rf"put {lines:,} items in .*, [\d,]+/s", put.stderr)

    def stats() -> dict[str, int]:
        return dict(json.loads(headrace("queue", "stats", name, *queue, "-o", "json", cwd=tmp_path).stdout))

    common = ("worker", *queue, "--name", name, "--lease", LEASE, "--drain")
    http = ("--http", f"{http_app}/work", "--ready", f"{http_app}/healthz", "--concurrency", "16")
    command = begin(*common, "--command", "sed 's/^/shell /'", "--concurrency", "2", cwd=tmp_path)
    victim = begin(*common, *http, cwd=tmp_path)
    eventually(lambda: stats()["completed_total"] > lines // 10, "a tenth of the work")
    victim.kill()
    victim.communicate()
    heir = begin(*common, *http, cwd=tmp_path)
    told = [process.communicate(timeout=400)[1] for process in (heir, command)]
    assert (heir.returncode, command.returncode) == (0, 0), told
    end = stats()
    assert end["completed_total"] == end["enqueued_total"] == lines
    assert end["drained"] and end["dead"] == 0
    done = headrace(
        "queue", "ls", name, *queue, "--state", "completed", "--limit", "1000", "-o", "json", cwd=tmp_path
    )
    kinds = {item["result"].split(" ")[0] for item in json.loads(done.stdout)}
    assert kinds <= {"http", "shell"}
    heirs, commands = (int(re.findall(r"([\d,]+) completed", text)[0].replace(",", "")) for text in told)
    assert commands > 0
    # Of a few lines none may be left when the heir has started.
    assert heirs > 0 or lines < 100_000


def test_bad_input_changes_nothing(tmp_path: Path) -> None:
    def refused(*arguments: str, code: int = 2) -> str:
        done = headrace(*arguments, cwd=tmp_path, code=code)
        return done.stderr

    assert "no queue file" in refused("queue", "stats", "job")
    assert "no queue file" in refused("queue", "ls", "job", "--queue", "none.db")
    assert "cannot be read" in refused("queue", "put-many", "job", "no-such-file")
    assert "one application" in refused("worker", "--name", "job")
    assert "not --call and --http" in refused(
        "worker", "--name", "job", "--call", "a:b", "--http", "http://x/"
    )
    assert "does not name a callable" in refused("worker", "--name", "job", "--call", "json")
    assert "no program" in refused("worker", "--name", "job", "--command", "no-such-program-anywhere")
    assert "cannot be imported" in refused("worker", "--name", "job", "--call", "no_such_module:x")
    assert "there are stdin, arg, file" in refused("worker", "-n", "job", "--command", "cat", "--item", "x")
    assert "not NAME=VALUE" in refused("queue", "put", "job", "x", "--header", "odd")
    assert "--yes" in refused("queue", "purge", "job", "all")
    assert not list(tmp_path.iterdir())


def test_the_rest_of_the_exit_codes(tmp_path: Path) -> None:
    away = ("--queue", "redis://127.0.0.1:9/0")
    assert headrace("queue", "stats", "job", *away, cwd=tmp_path, code=5).stderr.startswith("error: ")
    worker = ("worker", "--name", "job", *away, "--command", "cat", "--ready-timeout")
    assert "cannot be reached" in headrace(*worker, "0", cwd=tmp_path, code=5).stderr
    patient = begin(*worker, "60", cwd=tmp_path)
    assert patient.stderr is not None
    assert "trying again" in patient.stderr.readline()
    patient.terminate()
    answer(patient)
    headrace("queue", "put", "job", "x", "--queue", "q.db", cwd=tmp_path)
    assert (
        "knows no item"
        in headrace("queue", "show", "job", "nobody", "--queue", "q.db", cwd=tmp_path, code=2).stderr
    )
    assert (
        "none of these is a dead letter"
        in headrace("queue", "redrive", "job", "nobody", "--queue", "q.db", cwd=tmp_path, code=2).stderr
    )


def test_the_worker_waits_for_an_application_that_is_not_ready(tmp_path: Path) -> None:
    headrace("queue", "put", "job", "x", "--queue", "q.db", cwd=tmp_path)
    done = headrace(
        *("worker", "--name", "job", "--queue", "q.db", "--drain", "--http", "http://127.0.0.1:9/"),
        *("--ready", "http://127.0.0.1:9/healthz", "--ready-timeout", "0.3"),
        cwd=tmp_path,
        code=2,
    )
    assert "is not ready after 0.3 s" in done.stderr
    stats = json.loads(
        headrace("queue", "stats", "job", "--queue", "q.db", "-o", "json", cwd=tmp_path).stdout
    )
    assert stats["ready"] == 1


def test_put_reads_stdin_and_keeps_bytes(tmp_path: Path) -> None:
    headrace("queue", "put", "job", "--queue", "q.db", cwd=tmp_path, input="two\nlines")
    headrace("queue", "put-many", "job", "-", "--queue", "q.db", cwd=tmp_path, input="a\r\n\nb")
    listed = json.loads(headrace("queue", "ls", "job", "--queue", "q.db", "-o", "json", cwd=tmp_path).stdout)
    assert [item["payload"] for item in listed] == ["two\nlines", "a", "b"]
    first = headrace("queue", "put", "job", "x", "--key", "k", "--queue", "q.db", "-o", "json", cwd=tmp_path)
    again = headrace("queue", "put", "job", "y", "--key", "k", "--queue", "q.db", "-o", "json", cwd=tmp_path)
    assert json.loads(again.stdout) == [{"id": json.loads(first.stdout)[0]["id"], "duplicate": True}]
