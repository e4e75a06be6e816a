"""Killed, interrupted, timed out, owned by another: nothing is lost, and the person learns how to go on."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from e2e.command import Gated, answer, begin, eventually, headrace


@pytest.fixture
def gated(tmp_path: Path) -> Gated:
    return Gated(tmp_path / "gated")


@pytest.mark.parametrize("how", ["key", "resume"])
def test_killed_in_the_middle_it_goes_on(gated: Gated, how: str) -> None:
    process = gated.begin("--key", "k1", "-i", "{}")
    os.kill(process.pid, signal.SIGKILL)
    assert answer(process)[0] == -signal.SIGKILL
    [before] = gated.executions()
    assert before["status"] == "running"
    gated.open()
    if how == "key":
        done = headrace("run", "--key", "k1", "-i", '{"other": 1}', cwd=gated.folder)
        assert json.loads(done.stdout) == {"done": "last"}
        assert "of key 'k1' is unfinished: it goes on" in done.stderr
        assert "the input given now is not used" in done.stderr
    else:
        done = headrace("run", "--resume", cwd=gated.folder)
        [result] = json.loads(done.stdout)
        assert result == {"id": before["id"], "status": "completed", "output": {"done": "last"}}
    # What had finished is not called again, and what was in flight is, under the same id.
    assert gated.steps() == ["first", "slow", "slow", "last"]
    assert len(set(gated.calls())) == 3
    [after] = gated.executions()
    assert (after["id"], after["status"]) == (before["id"], "completed")


def test_the_key_of_a_finished_execution_gives_its_output(gated: Gated) -> None:
    gated.open()
    first = headrace("run", "--key", "k", cwd=gated.folder)
    again = headrace("run", "--key", "k", cwd=gated.folder)
    assert again.stdout == first.stdout
    assert "is completed already" in again.stderr
    assert gated.steps() == ["first", "slow", "last"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_interrupted_it_finishes_what_is_in_flight(gated: Gated, number: signal.Signals) -> None:
    process = gated.begin()
    process.send_signal(number)
    assert process.stderr is not None
    # Says so before it waits: only then the call in flight is let end.
    seen = ""
    while "finishing what is in flight" not in seen:
        line = process.stderr.readline()
        assert line, seen
        seen += line
    gated.open()
    code, stdout, stderr = answer(process)
    assert (code, stdout) == (4, "")
    [row] = gated.executions()
    assert f"execution {row['id']} interrupted by {number.name}" in stderr
    assert "headrace run --resume" in stderr
    assert gated.steps() == ["first", "slow"]
    headrace("run", "--resume", cwd=gated.folder)
    assert gated.steps() == ["first", "slow", "last"]


def test_interrupted_it_does_not_wait_for_ever(gated: Gated) -> None:
    process = gated.begin("--grace", "0.1", "--key", "k")
    process.terminate()
    code, _, stderr = answer(process)
    assert code == 4
    assert "headrace run config/flowapp.yaml --key k" in stderr


def test_a_second_interrupt_ends_it_at_once(gated: Gated) -> None:
    process = gated.begin("--grace", "1000")
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    while "in flight" not in process.stderr.readline():
        pass
    process.send_signal(signal.SIGINT)
    assert answer(process)[0] == 4


def test_timeout(gated: Gated) -> None:
    done = headrace("run", "--timeout", "0.2", "--grace", "0", cwd=gated.folder, code=4)
    assert done.stdout == ""
    assert "not finished after 200 ms" in done.stderr
    gated.open()
    assert headrace("run", "--resume", cwd=gated.folder).stdout.count('"completed"') == 1
    assert "no execution is unfinished" in headrace("run", "--resume", cwd=gated.folder).stderr


def test_a_new_run_takes_earlier_ones_along(gated: Gated) -> None:
    headrace("run", "--timeout", "0.2", "--grace", "0", cwd=gated.folder, code=4)
    gated.open()
    done = headrace("run", cwd=gated.folder)
    assert "1 execution left unfinished earlier: it goes on meanwhile" in done.stderr
    headrace("run", "--resume", cwd=gated.folder)
    assert [row["status"] for row in gated.executions()] == ["completed", "completed"]


def test_unfinished_work_goes_on_from_another_folder(gated: Gated, tmp_path: Path) -> None:
    store = tmp_path / "elsewhere" / "flows.db"
    here = gated.folder / "config"
    headrace(
        "run", "flowapp.yaml", "--store", str(store), "--timeout", "0.2", "--grace", "0", cwd=here, code=4
    )
    gated.open()
    done = headrace("run", "--resume", "--store", "elsewhere/flows.db", cwd=tmp_path)
    assert [each["status"] for each in json.loads(done.stdout)] == ["completed"]


def test_beside_a_running_owner(gated: Gated) -> None:
    process = gated.begin("--key", "k")
    try:
        [row] = gated.executions()
        shown = headrace("executions", "show", row["id"][:8], cwd=gated.folder).stdout
        assert "✔ first" in shown
        assert "● slow" in shown
        assert "slow waits for the answer of gate, since" in shown
        data = json.loads(headrace("executions", "show", "last", "-o", "json", cwd=gated.folder).stdout)
        assert [each["reason"] for each in data["waiting"]] == ["call"]
        assert json.loads(headrace("history", "export", "last", cwd=gated.folder).stdout)["history"]
        done = headrace("executions", "wait", "last", "--timeout", "0.1", cwd=gated.folder, code=4)
        assert "is running, not final yet" in done.stderr
        # What writes is refused, and says who has the store.
        for command in (
            ("run",),
            ("run", "--resume"),
            ("executions", "cancel", "last"),
            ("executions", "suspend", "last"),
            ("executions", "resume", "last"),
            ("executions", "rerun", "last"),
        ):
            refused = headrace(*command, cwd=gated.folder, code=5)
            assert f"process {process.pid} on" in refused.stderr
            assert refused.stdout == ""
        waiter = begin("executions", "wait", "last", cwd=gated.folder)
        gated.open()
        code, stdout, _ = answer(waiter)
        assert (code, json.loads(stdout)) == (0, {"done": "last"})
        assert answer(process)[0] == 0
    finally:
        process.kill()
        process.communicate()


def test_waiting_for_what_nobody_runs_says_so(gated: Gated) -> None:
    headrace("run", "--timeout", "0.2", "--grace", "0", cwd=gated.folder, code=4)
    done = headrace("executions", "wait", "last", "--timeout", "0.1", cwd=gated.folder, code=4)
    assert "no process runs this store now" in done.stderr


def test_cancelled_suspended_resumed(gated: Gated) -> None:
    headrace("run", "--key", "a", "--timeout", "0.2", "--grace", "0", cwd=gated.folder, code=4)
    calls = len(gated.steps())
    assert "suspended" in headrace("executions", "suspend", "last", cwd=gated.folder).stdout
    assert "is suspended until" in headrace("executions", "show", "last", cwd=gated.folder).stdout
    skipped = headrace("run", "--resume", cwd=gated.folder)
    assert "1 execution suspended, not waited for" in skipped.stderr
    gated.open()
    done = headrace("executions", "resume", "last", cwd=gated.folder)
    assert json.loads(done.stdout) == {"done": "last"}
    (gated.folder / "open").unlink()
    headrace("run", "--key", "b", "--timeout", "0.2", "--grace", "0", cwd=gated.folder, code=4)
    calls = len(gated.steps())
    assert "cancelled" in headrace("executions", "cancel", "last", cwd=gated.folder).stdout
    assert len(gated.steps()) == calls  # it was ended without calling anything again
    assert headrace("executions", "wait", "last", cwd=gated.folder, code=3).stdout == ""
    assert headrace("run", "--key", "b", cwd=gated.folder, code=3).stdout == ""
    again = headrace("executions", "cancel", "last", cwd=gated.folder, code=2)
    assert "is cancelled and cannot be cancelled" in again.stderr


def test_functions_do_not_outlive_a_killed_run(gated: Gated) -> None:
    process = gated.begin()
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("needs /proc")
    pids = children.read_text().split()
    assert pids
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    eventually(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in pids), "their end")
