"""Queues as a whole at the command line: listed, paused, taken over from readers of the RedisWQ class."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import pytest
import redis

from e2e.command import begin, headrace
from integration.worker.place import Place, require


@pytest.fixture(params=["sqlite", "redis"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    require(request.param)
    return Place(request.param, tmp_path)


def test_a_worker_of_a_paused_queue_waits(place: Place, tmp_path: Path) -> None:
    at = ("--queue", place.address)

    def stats() -> dict[str, int]:
        return dict(
            json.loads(headrace("queue", "stats", place.name, *at, "-o", "json", cwd=tmp_path).stdout)
        )

    headrace("queue", "put", place.name, "a", "b", *at, cwd=tmp_path)
    paused = headrace("queue", "pause", place.name, *at, cwd=tmp_path)
    assert paused.stdout == f"{place.name} is paused: no items are given out\n"
    assert stats()["paused"] and not stats()["drained"]
    assert "paused" in headrace("queue", "stats", place.name, *at, cwd=tmp_path).stdout
    worker = begin(
        "worker", *at, "--name", place.name, "--command", "cat", "--drain", "--worker-id", "w", cwd=tmp_path
    )
    listed = headrace("queue", "ls", *at, cwd=tmp_path).stdout.splitlines()
    assert [line.split()[1:] for line in listed if line.split()[0] == place.name] == [
        ["2", "0", "0", "0", "0", "paused"]
    ]
    assert worker.poll() is None and stats()["completed_total"] == 0
    headrace("queue", "resume", place.name, *at, cwd=tmp_path)
    _, told = worker.communicate(timeout=30)
    assert worker.returncode == 0 and "2 completed" in told
    end = stats()
    assert (end["completed_total"], end["drained"], end["paused"]) == (2, True, False)


def test_queues_that_are_not_there(place: Place, tmp_path: Path) -> None:
    at = ("--queue", place.address)
    headrace("queue", "put", place.name, "a", *at, cwd=tmp_path)
    for command in ("pause", "resume"):
        refused = headrace("queue", command, "nobody", *at, cwd=tmp_path, code=2)
        assert "there is no queue nobody" in refused.stderr
    names = [
        row["name"] for row in json.loads(headrace("queue", "ls", *at, "-o", "json", cwd=tmp_path).stdout)
    ]
    assert place.name in names and "nobody" not in names
    assert "no queue file" in headrace("queue", "ls", "--queue", "none.db", cwd=tmp_path, code=2).stderr
    assert not (tmp_path / "none.db").exists()


def test_what_readers_of_rediswq_left_is_taken_over(tmp_path: Path) -> None:
    require("redis")
    address = Place("redis", tmp_path).address
    name = f"old-{time.time_ns()}"
    other_program = redis.Redis.from_url(address)
    other_program.rpush(name, "cherry")
    other_program.rpush(f"{name}:processing", "apple", "apple", "fig")
    # The key of a lease that goes on.
    held = f"{name}:leased_by_session:{hashlib.sha224(b'fig').hexdigest()}"
    other_program.set(held, "session", ex=60)
    adopted = headrace("queue", "adopt", name, "--queue", address, cwd=tmp_path)
    assert adopted.stdout == "2 items taken over; 1 value left, whose leases go on: adopt again later\n"
    other_program.delete(held)
    assert headrace("queue", "adopt", name, "--queue", address, cwd=tmp_path).stdout == "1 item taken over\n"
    headrace("worker", "--queue", address, "--name", name, "--command", "cat", "--drain", cwd=tmp_path)
    done = json.loads(
        headrace(
            *("queue", "ls", name, "--queue", address, "--state", "completed", "-o", "json"), cwd=tmp_path
        ).stdout
    )
    assert sorted(item["result"] for item in done) == ["apple", "apple", "cherry", "fig"]
    headrace("queue", "put", "job", "x", "--queue", "q.db", cwd=tmp_path)
    refused = headrace("queue", "adopt", "job", "--queue", "q.db", cwd=tmp_path, code=2)
    assert "are on Redis" in refused.stderr
