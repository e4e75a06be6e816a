"""What goes on at a server while a command looks; a project's own store that a server runs; restarts."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.command import Gated, answer, begin, eventually, headrace
from e2e.server import TOKEN, Up, greet

WRITER = """\
import time
from pathlib import Path

from headrace.function import Context, function

GATE = Path(__file__).resolve().parents[2] / "gate"


@function
def write(data: dict, context: Context) -> dict:
    print(f"before {data['n']}")
    while not GATE.exists():
        time.sleep(0.01)
    context.logger.warning("after %s", data["n"])
    return data
"""
FLOW = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: written}
spec:
  version: 1.0.0
  functions:
    write: {source: cmd/write}
  steps:
    - write: {call: write}
"""


@pytest.fixture
def writer(tmp_path: Path) -> Path:
    """A project whose function writes a line, waits for a gate, and writes another one."""
    project = tmp_path / "project"
    (project / "config").mkdir(parents=True)
    (project / "config" / "flowapp.yaml").write_text(FLOW)
    (project / "cmd" / "write").mkdir(parents=True)
    (project / "cmd" / "write" / "main.py").write_text(WRITER)
    return project


@pytest.fixture
def up(tmp_path: Path, writer: Path) -> Iterator[Up]:
    server = Up(tmp_path, str(writer))
    server.start()
    try:
        server.login()
        yield server
    finally:
        server.stop()


class Printed:
    """The lines that a command has written on stdout so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def until(self, text: str) -> list[str]:
        """Read lines up to one that has this text."""
        assert self.process.stdout is not None
        lines = []
        while True:
            line = self.process.stdout.readline()
            assert line, (lines, self.process.communicate())
            lines.append(line.rstrip("\n"))
            if text in line:
                return lines


def test_lines_of_a_flow_and_of_an_execution_as_they_are_written(up: Up, writer: Path) -> None:
    of_flow = Printed(up.begin("logs", "--flow", "written", "-f"))
    running = up.begin("run", "written", "--context", "there", "-i", '{"n": 1}')
    [first] = of_flow.until("before 1")
    of_one = Printed(up.begin("logs", "-f", "--json"))
    line = json.loads(of_one.until("before 1")[-1])
    assert (line["name"], line["stream"], line["text"]) == ("write", "stdout", "before 1")
    assert first.split()[1:] == [f"…{line['execution'][-6:]}", "write", "before", "1"]
    (writer / "gate").touch()
    assert "after 1" in of_flow.until("after 1")[-1]
    assert json.loads(of_one.until("after 1")[-1])["attempt"] == 1
    # That of one execution ends with it; that of a flow goes on.
    assert of_one.process.wait(30) == 0
    code, stdout, stderr = answer(running)
    assert (code, json.loads(stdout)) == (0, {"n": 1}), stderr
    up.run("run", "written", "--context", "there", "-i", '{"n": 2}', "--no-trace")
    of_flow.until("after 2")
    of_flow.process.send_signal(signal.SIGINT)
    assert of_flow.process.wait(30) == 4
    everything = up.run("logs", "--flow", "written").stdout.splitlines()
    assert [each.split()[-2:] for each in everything if "before" in each] == [
        ["before", "1"],
        ["before", "2"],
    ]


def test_following_outlives_a_restart_of_the_server(up: Up, writer: Path) -> None:
    running = up.begin("run", "written", "--context", "there", "-i", '{"n": 1}')
    eventually(lambda: "before 1" in up.run("logs", code=None).stdout, "the first line")
    up.stop()
    assert "cannot be reached" in up.run("executions", "list", code=5).stderr
    up.start()
    (writer / "gate").touch()
    code, stdout, stderr = answer(running)
    assert (code, json.loads(stdout)) == (0, {"n": 1}), stderr
    assert stderr.count("✔ write") == 1


def test_interrupting_leaves_the_execution_running(up: Up, writer: Path) -> None:
    running = up.begin("run", "written", "--context", "there", "-i", '{"n": 1}')
    eventually(lambda: "before 1" in up.run("logs", code=None).stdout, "the first line")
    running.send_signal(signal.SIGINT)
    code, stdout, stderr = answer(running)
    assert (code, stdout) == (4, "")
    [wait] = [line.strip() for line in stderr.splitlines() if "headrace executions wait" in line]
    (writer / "gate").touch()
    assert json.loads(up.run(*wait.split()[1:]).stdout) == {"n": 1}


def test_in_a_project_whose_store_a_server_runs(tmp_path: Path) -> None:
    gated = Gated(tmp_path / "gated")
    project, settings = gated.folder, {"XDG_CONFIG_HOME": str(tmp_path / "settings")}
    store = project / ".headrace" / "headrace.db"
    server = begin_server(project)
    try:
        url = eventually(lambda: _url(store), "the server's note")
        # Reading needs nobody's leave; for changing one has to be let in.
        assert headrace("executions", "list", "-o", "json", cwd=project).stdout == "[]\n"
        headrace("login", cwd=project, input=TOKEN, **settings)
        refused = headrace("run", cwd=project, code=5, **settings)
        assert f"it is a server: `headrace login {url}`" in refused.stderr
        running = begin("run", "gated", "--server", url, "-n", "test", cwd=project, HEADRACE_TOKEN=TOKEN)
        eventually(lambda: "slow" in gated.steps(), "the second step")
        denied = headrace("executions", "cancel", "last", cwd=project, code=2)
        assert f"`headrace login {url}`" in denied.stderr
        # The flow is of another namespace than the context: `last` is still the one that `show` shows.
        shown = json.loads(headrace("executions", "show", "-o", "json", cwd=project, **settings).stdout)
        cancelled = headrace("executions", "cancel", "last", cwd=project, **settings)
        assert cancelled.stdout == f"{shown['id']} cancelled\n"
        assert answer(running)[0] == 3
        gated.open()
        rerun = headrace("executions", "rerun", "last", "--from", "slow", cwd=project, **settings)
        assert json.loads(rerun.stdout) == {"done": "last"}
        assert headrace("flowapps", "list", "-n", "test", cwd=project, **settings).stdout.count("gated") == 1
    finally:
        server.terminate()
        server.communicate(timeout=30)
    # Without the server the store is this machine's own again.
    headrace("executions", "delete", shown["id"], cwd=project, **settings)
    again = headrace("run", "--no-trace", cwd=project, **settings)
    assert json.loads(again.stdout) == {"done": "last"}


def begin_server(project: Path) -> subprocess.Popen[str]:
    return begin("up", "--port", "0", cwd=project, HEADRACE_TOKEN=TOKEN)


def _url(store: Path) -> str | None:
    try:
        note = json.loads(Path(f"{store}.owner").read_text())
    except (OSError, ValueError):
        return None
    return note.get("url")


def test_a_server_in_trouble_is_no_refusal(tmp_path: Path) -> None:
    up = Up(tmp_path)
    up.start()
    try:
        up.login()
        up.apply(greet())
    finally:
        up.stop(signal.SIGKILL)
    gone = up.run("flowapps", "list", code=5)
    assert "Connection refused" in gone.stderr
