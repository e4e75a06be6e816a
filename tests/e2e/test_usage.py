"""Help, mistakes and their exit codes, validation, events, functions, completion."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from e2e.command import DEADLINE_SECONDS, HEADRACE, begin, environment, headrace
from headrace.cli.app import Root

ROOT = Root("headrace", "")


def commands() -> list[tuple[str, ...]]:
    """Return all commands and groups."""
    found: list[tuple[str, ...]] = [()]
    for name in Root.parts:
        found += [(name,), *((name, part) for part in getattr(ROOT.get_command(None, name), "parts", ()))]
    return found


COMMANDS = commands()

FIVE_MISTAKES = """\
document: {dsl: 1.0.3, namespace: test, name: five, version: 1.0.0}
do:
  - first:
      call: nosuch
  - second:
      set: {a: "${ .b | }"}
      then: nowhere
  - third:
      wait: {secnds: 5}
  - fourth:
      set: {a: 1}
      raise: {error: {type: x, status: 400}}
"""

LISTENING = """\
document: {dsl: 1.0.3, namespace: test, name: listening, version: 1.0.0}
do:
  - order:
      listen: {to: {one: {with: {type: com.example.order}}}}
  - payment:
      listen: {to: {one: {with: {type: com.example.payment}}}}
"""


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        ROOT.main([*command, "--help"], prog_name="headrace")
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"Usage: {' '.join(('headrace', *command))} ")


def test_help_loads_neither_the_engine_nor_rich(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "headrace.cli", "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "headrace.cli.app" in loaded
    unwanted = (
        "rich",
        "asyncio",
        "yaml",
        "msgspec",
        "sqlite3",
        "headrace.main",
        "headrace.engine",
        "headrace.spec",
    )
    assert not [name for name in loaded if name in unwanted or name.startswith("headrace.engine")]


def test_help_is_quick(tmp_path: Path) -> None:
    def seconds() -> float:
        began = time.perf_counter()
        headrace("--help", cwd=tmp_path)
        return time.perf_counter() - began

    # 0.11 s on an idle core; the best of some, with room for a machine that does other things too.
    assert min(seconds() for _ in range(5)) < 0.4


def test_version(tmp_path: Path) -> None:
    assert headrace("version", cwd=tmp_path).stdout.startswith("headrace ")
    assert headrace("--version", cwd=tmp_path).stdout.startswith("headrace ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rum",), "did you mean 'run'?"),
        (("executions", "lst"), "did you mean 'list'?"),
        (("run", "--nosuch"), "--nosuch"),
        (("run",), "headrace init"),
        (("run", "nosuch.yaml"), "nosuch.yaml cannot be read"),
        (("run", "flow.yaml", "-i", "{"), "--input is not JSON"),
        (("run", "flow.yaml", "-i", "flow.yaml"), "did you mean @flow.yaml?"),
        (("run", "flow.yaml", "-i", "@nosuch.json"), "nosuch.json cannot be read"),
        (("run", "--resume", "--key", "k"), "--resume starts nothing"),
        (("run", "five.yaml"), "five.yaml:4:"),
        (("run", "flow.yaml", "--catalog", "nosuch", "--timeout", "x"), "--timeout"),
        (("validate", "nosuch.yaml"), "nosuch.yaml cannot be read"),
        (("executions", "list"), "there is no .headrace/headrace.db"),
        (("executions", "list", "--store", "nosuch.db"), "there is no store nosuch.db"),
        (("functions", "serve", "flow.yaml"), "has no `functions`"),
    ],
)
def test_mistakes_end_with_2_and_help(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text(LISTENING)
    (tmp_path / "five.yaml").write_text(FIVE_MISTAKES)
    done = headrace(*arguments, cwd=tmp_path, code=2)
    assert said in done.stderr, done.stderr
    assert done.stdout == ""


def test_a_file_that_is_no_store_ends_with_5(tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text(LISTENING)
    (tmp_path / "not.db").write_text("this is not a database, whatever its name says " * 10)
    done = headrace("run", "flow.yaml", "--store", "not.db", cwd=tmp_path, code=5)
    assert "not.db" in done.stderr
    headrace("executions", "list", "--store", "not.db", cwd=tmp_path, code=5)


def test_five_mistakes_are_five_places(tmp_path: Path) -> None:
    (tmp_path / "five.yaml").write_text(FIVE_MISTAKES)
    done = headrace("validate", "five.yaml", cwd=tmp_path, code=1)
    lines = done.stdout.splitlines()
    places = [tuple(map(int, line.split(":")[1:3])) for line in lines]
    assert [line for line, _ in places] == sorted(line for line, _ in places)
    assert {4, 6, 7, 9} <= {line for line, _ in places}
    assert len(lines) == 5, lines
    assert all(line.startswith("five.yaml:") and ": error: " in line and line.endswith("]") for line in lines)
    assert done.stderr == "1 file: 5 errors\n"
    data = json.loads(headrace("validate", "five.yaml", "-o", "json", cwd=tmp_path, code=1).stdout)
    assert [(each["line"], each["column"]) for each in data] == places


def test_warnings_fail_only_when_strict(tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(
        "document: {dsl: 1.0.3, namespace: test, name: w, version: 1.0.0}\ndo:\n  - a: {wait: P1M}\n"
    )
    done = headrace("validate", "w.yaml", cwd=tmp_path)
    assert ": warning: " in done.stdout
    headrace("validate", "w.yaml", "--strict", cwd=tmp_path, code=1)


def on_terminal(*arguments: str, cwd: Path, **variables: str) -> tuple[int, str]:
    """Run a command on a terminal of its own; return its code and what was on it."""
    main, side = pty.openpty()
    process = subprocess.Popen(
        [*HEADRACE, *arguments],
        cwd=cwd,
        stdin=side,
        stdout=side,
        stderr=side,
        env=environment(TERM="xterm", **variables),
    )
    os.close(side)
    seen = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:  # Linux: the other side is closed
            break
        if not part:
            break
        seen += part
    os.close(main)
    return process.wait(DEADLINE_SECONDS), seen.decode()


def test_on_a_terminal_the_place_is_shown(tmp_path: Path) -> None:
    (tmp_path / "five.yaml").write_text(FIVE_MISTAKES)
    code, seen = on_terminal("validate", "five.yaml", cwd=tmp_path)
    assert code == 1
    assert "\x1b[31merror:\x1b[0m" in seen
    assert "call: nosuch" in seen and "^" in seen
    _, plain = on_terminal("validate", "five.yaml", cwd=tmp_path, NO_COLOR="1")
    assert "\x1b[3" not in plain and "^" in plain


def test_on_a_terminal_the_tree_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(
        "document: {dsl: 1.0.3, namespace: test, name: t, version: 1.0.0}\ndo:\n"
        "  - loop:\n      for: {each: i, in: '${ [range(3)] }'}\n      do:\n"
        "        - nap: {wait: {milliseconds: 20}}\n"
    )
    code, seen = on_terminal("run", "t.yaml", cwd=tmp_path, NO_COLOR="1")
    assert code == 0
    final = seen[seen.rindex("✔ loop") :]
    assert "3 iterations" in final
    assert "✔ nap  × 3" in final


def test_events_are_published_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text(LISTENING)
    (tmp_path / "events.jsonl").write_text(
        '{"type": "com.example.order", "data": {"id": 1}}\n'
        '{"type": "com.example.payment", "data": {"paid": true}}\n'
    )
    done = headrace("run", "flow.yaml", "--events", "events.jsonl", cwd=tmp_path)
    assert json.loads(done.stdout) == [{"paid": True}]
    (tmp_path / "bad.json").write_text('[{"id": "1"}]')
    done = headrace("run", "flow.yaml", "--events", "bad.json", cwd=tmp_path, code=2)
    assert "event 1 of bad.json is not a CloudEvent" in done.stderr


def test_what_waits_for_events_says_so(tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text(LISTENING)
    headrace("run", "flow.yaml", "--timeout", "0.1", cwd=tmp_path, code=4)
    shown = headrace("executions", "show", cwd=tmp_path).stdout
    assert "order waits for an event of type com.example.order, since" in shown


def test_secrets_come_from_a_file_and_stay_secret(tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text(
        "document: {dsl: 1.0.3, namespace: test, name: s, version: 1.0.0}\nuse: {secrets: [password]}\n"
        "do:\n  - a:\n      input: {from: '${ {password: $secrets.password} }'}\n"
        "      set: {length: '${ .password | length }', text: '${ .password }'}\n"
    )
    (tmp_path / "secrets.yaml").write_text("password: correct-horse\n")
    done = headrace("run", "flow.yaml", "--secrets", "secrets.yaml", cwd=tmp_path)
    assert json.loads(done.stdout)["length"] == 13
    assert "correct-horse" not in headrace("history", "export", cwd=tmp_path).stdout


def test_functions_are_served_and_reloaded(tmp_path: Path) -> None:
    headrace("init", cwd=tmp_path)
    process = begin("functions", "serve", cwd=tmp_path)
    assert process.stdout is not None

    def address_of_discount() -> str:
        assert process.stdout is not None
        while True:
            line = process.stdout.readline()
            assert line, process.stderr.read() if process.stderr else ""
            if line.startswith("discount  ready"):
                return line.split()[-1]

    def total(address: str) -> float:
        request = urllib.request.Request(address, b'{"total": 100}', {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as response:
            return float(json.loads(response.read())["total"])

    try:
        assert total(address_of_discount()) == 90.0
        code = tmp_path / "cmd" / "discount" / "main.py"
        # Of another length: Python tells apart files by size and whole seconds, and this one is that new.
        code.write_text(code.read_text().replace("0.9", "0.80"))
        assert total(address_of_discount()) == 80.0
        process.terminate()
        assert process.wait(DEADLINE_SECONDS) == 0
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str, tmp_path: Path) -> None:
    assert "_HEADRACE_COMPLETE" in headrace("completion", shell, cwd=tmp_path).stdout


def test_completion_answers(tmp_path: Path) -> None:
    done = headrace(
        cwd=tmp_path, _HEADRACE_COMPLETE="complete_bash", COMP_WORDS="headrace executions s", COMP_CWORD="2"
    )
    assert done.stdout.split() == ["show", "save-test", "suspend"]


def test_defects_are_short_unless_asked_for(tmp_path: Path) -> None:
    program = (
        "import sys, headrace.cli.version as v\n"
        "def broken(): raise KeyError('oops')\n"
        "v.version = broken\n"
        "sys.argv = ['headrace', 'version']\n"
        "from headrace.cli import main; main()\n"
    )

    def run(**variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            env=environment(**variables),
            check=False,
        )

    short = run()
    assert short.returncode == 70
    assert "Traceback" not in short.stderr and "HEADRACE_DEBUG=1" in short.stderr
    assert "Traceback" in run(HEADRACE_DEBUG="1").stderr


def test_bad_input_makes_no_store(tmp_path: Path) -> None:
    (tmp_path / "five.yaml").write_text(FIVE_MISTAKES)
    (tmp_path / "flow.yaml").write_text(LISTENING)
    headrace("run", "five.yaml", cwd=tmp_path, code=2)
    headrace("run", "flow.yaml", "-i", "{", cwd=tmp_path, code=2)
    assert not (tmp_path / ".headrace").exists()


def test_child_executions_are_named(tmp_path: Path) -> None:
    (tmp_path / "child.yaml").write_text(
        "document: {dsl: 1.0.3, namespace: test, name: child, version: 1.0.0}\ndo:\n  - a: {set: {b: 1}}\n"
    )
    (tmp_path / "parent.yaml").write_text(
        "document: {dsl: 1.0.3, namespace: test, name: parent, version: 1.0.0}\ndo:\n"
        "  - a: {run: {workflow: {namespace: test, name: child, version: 1.0.0}}}\n"
    )
    headrace("run", "child.yaml", cwd=tmp_path)
    assert json.loads(headrace("run", "parent.yaml", cwd=tmp_path).stdout) == {"b": 1}
    rows = json.loads(headrace("executions", "list", "--flow", "parent", "-o", "json", cwd=tmp_path).stdout)
    shown = headrace("executions", "show", rows[0]["id"], cwd=tmp_path).stdout
    assert "its task run 1 started 01" in shown and "child completed" in shown


def test_a_child_finds_its_functions_in_a_later_process(tmp_path: Path) -> None:
    headrace("init", "--name", "shop", cwd=tmp_path)
    (tmp_path / "config" / "parent.yaml").write_text(
        "document: {dsl: 1.0.3, namespace: test, name: parent, version: 1.0.0}\ndo:\n"
        "  - a: {run: {workflow: {namespace: default, name: shop, version: 0.1.0}}}\n"
    )
    headrace("run", cwd=tmp_path)
    assert json.loads(headrace("run", "config/parent.yaml", cwd=tmp_path).stdout)["total"] == 29.0
