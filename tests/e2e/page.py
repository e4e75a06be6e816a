"""A page of the guide, its commands run in one shell, as a reader would, beside a server that they start."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

from e2e.command import environment
from e2e.test_docs_cli import pattern

Script = list[tuple[str, str]]

TIMEOUT_SECONDS = 240.0  # for a page that does not end


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def run_commands(script: Script, folder: Path, **variables: str) -> list[tuple[str, str]]:
    """Run the commands in order; return what each printed, and the code that it ended with.

    `variables` are added to their environment. What has no line end, as what curl prints, gets one.
    """
    lines = ["exec 2>&1", "trap 'kill $(jobs -p) 2>/dev/null' EXIT"]
    for number, (command, _) in enumerate(script):
        # `$?` on a page is that of the command before.
        lines += [f"echo; echo '@@ {number}'", '(exit "${code:-0}")', command]
        lines += ['code=$?; echo; echo "@@ code $code"']
    # An alias is known from the next line that is read on: the shell reads from a file, line by line.
    text = folder.with_name(f"{folder.name}.sh")
    text.write_text("\n".join(lines))
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        ["bash", str(text)],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=TIMEOUT_SECONDS,
        env=environment(**{"PATH": path, **variables}),
        check=False,
    )
    parts = re.findall(r"\n@@ \d+\n(.*?)\n@@ code (\d+)\n", done.stdout, re.DOTALL)
    assert len(parts) == len(script), done.stdout + _logs(folder)
    return [(_whole(printed), code) for printed, code in parts]


def check_commands(script: Script, folder: Path, **variables: str) -> list[str]:
    """Run (command, output) pairs in order; each must end with 0 and print what the page says.

    Returns what each printed.
    """
    told = run_commands(script, folder, **variables)
    for (command, output), (printed, code) in zip(script, told, strict=True):
        assert code == "0", f"$ {command}\nends with {code}:\n{printed}\n{_logs(folder)}"
        assert pattern(output).fullmatch(printed), f"$ {command}\n{printed}\nis not\n{output}"
    return [printed for printed, _ in told]


def _whole(printed: str) -> str:
    return printed + "\n" if printed and not printed.endswith("\n") else printed


def _logs(folder: Path) -> str:
    return "".join(f"\n{log.name}:\n{log.read_text()}" for log in sorted(folder.glob("*.log")))
