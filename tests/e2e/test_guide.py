"""The commands and programs of the guide, run as they are written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str) -> list[str]:
    """Return the fenced blocks of a page in one language."""
    found = BLOCK.findall((ROOT / page).read_text())
    return [text for kind, text in found if kind == language]


def shell(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script as a reader would, who has the program on the path."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
    }
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_first_flow_of_the_readme(tmp_path: Path) -> None:
    first, again = blocks("README.md", "sh")[1:3]
    assert first.startswith("pip install .\n")
    script = first.removeprefix("pip install .\n") + again
    done = shell(script, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "12 x tea" in done.stdout
    assert "completed" in done.stdout


def test_getting_started(tmp_path: Path) -> None:
    done = shell("".join(blocks("docs/getting-started.md", "sh")), tmp_path)
    assert done.returncode == 0, done.stderr
    text = done.stdout + done.stderr
    assert "unknown property `cal`" in text
    assert "did you mean" in text
    assert "out of discounts" in text
    assert "exit code 1" in text
    assert "exit code 2" in text or text.count("exit code 1") == 2


def test_functions_page_commands(tmp_path: Path) -> None:
    for script in blocks("docs/functions.md", "sh"):
        done = shell(script, tmp_path)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("number", range(2))
def test_programs_of_the_library_page(number: int, tmp_path: Path) -> None:
    program = blocks("docs/library.md", "python")[number]
    (tmp_path / "program.py").write_text(program)
    done = shell("python program.py", tmp_path)
    assert done.returncode == 0, done.stderr
    if number == 0:
        assert done.stdout.splitlines()[:2] == [
            "{'text': 'HELLO ADA'}",
            "completed {'text': 'HELLO GRACE'}",
        ]


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if "://" not in link:
                assert (page.parent / link).exists(), f"{page.name}: {link}"
