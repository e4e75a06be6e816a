"""The `console` blocks of docs/cli.md: the commands are run, their output is compared.

`$ ` begins a command, `> ` goes on with it. In the output, `…` stands for anything within a line, and a line
that is `…` alone for any number of lines.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from e2e.command import environment

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
SERVER_PAGE = PAGE.with_name("server.md")
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
# One shell per command; where it is and how the last one ended is handed on.
WRAPPED = '(exit "$LAST_CODE")\n{command}\ncode=$?\npwd >&3\nexit $code'


def steps(page: str) -> list[tuple[str, str]]:
    """Return the commands with the output that each is said to have."""
    found: list[tuple[str, str]] = []
    for block in BLOCK.findall(page):
        command, output = "", ""
        for line in [*block.splitlines(), "$ "]:
            if line.startswith("$ "):
                if command:
                    found.append((command, output))
                command, output = line[2:], ""
            elif line.startswith("> "):
                command += "\n" + line[2:]
            else:
                output += line + "\n"
    return found


def pattern(output: str) -> re.Pattern[str]:
    """Return what matches an output as it is written on the page; what takes `… ms` may take seconds."""
    lines = [
        r"(?:.*\n)*?" if line == "…" else ".*?".join(map(re.escape, line.split("…"))) + r"\n"
        for line in output.splitlines()
    ]
    return re.compile(re.sub(r"\.\*\?\\ ms\b", r".*?\\ (?:ms|s)", "".join(lines)))


def test_a_step_may_take_longer_than_on_the_page() -> None:
    page = pattern("✘ quote … ms 404 no gold\nrun … faulted after … ms\n")
    assert page.fullmatch("✘ quote 1.3 s 404 no gold\nrun 01m faulted after 20 ms\n")
    assert not page.fullmatch("✘ quote 1.3 h 404 no gold\nrun 01m faulted after 20 ms\n")
    assert not page.fullmatch("✘ quote 1.3 s 404 no golds\nrun 01m faulted after 20 ms\n")


def test_every_command_of_the_page(tmp_path: Path) -> None:
    folder, code = tmp_path, 0
    script = steps(PAGE.read_text())
    assert len(script) > 30
    for number, (command, output) in enumerate(script):
        reader, writer = os.pipe()
        done = subprocess.run(
            ["bash", "-c", WRAPPED.format(command=command).replace(">&3", f">&{writer}")],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            env=environment(
                PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", LAST_CODE=str(code)
            ),
            pass_fds=(writer,),
            check=False,
        )
        os.close(writer)
        with os.fdopen(reader) as where:
            folder = Path(where.read().strip() or folder)
        code = done.returncode
        assert pattern(output).fullmatch(done.stdout), f"$ {command}\n{done.stdout}\nis not\n{output}"
        told = number + 1 < len(script) and script[number + 1][0] == "echo $?"
        shown_unfinished = "--timeout" in command and code == 4
        assert code == 0 or told or shown_unfinished, f"$ {command}\nends with {code}:\n{done.stdout}"


# Needs a flow that goes on (see test_interrupted.py), or undoes what the page goes on with.
NOT_RUN = (
    "executions resume",
    "executions suspend",
    "flowapps delete",
    "functions restart",
    "context use",
    "users delete",
    "tokens revoke",
    "secrets delete",
)


def test_every_command_is_on_the_page() -> None:
    from headrace.cli.app import Root

    page = PAGE.read_text()
    commands = [command for text in (page, SERVER_PAGE.read_text()) for command, _ in steps(text)]
    root = Root("headrace", "")
    groups = {name: root.get_command(None, name) for name in Root.parts}
    queues = PAGE.with_name("queue.md").read_text()
    for name in Root.parts:
        if name in ("queue", "worker"):  # they have a page of their own
            assert f"headrace {name}" in queues
            continue
        parts = getattr(groups[name], "parts", None)
        for each in [name] if parts is None else [f"{name} {part}" for part in parts]:
            if each not in NOT_RUN:
                assert any(f"headrace {each}" in command for command in commands), each
            assert f"headrace {name}" in page, each
            assert each.split()[-1] in page, each
