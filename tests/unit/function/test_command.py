"""How functions are run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from headrace.function.command import FunctionCommand, FunctionCommandError, function_command

ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/home/x",
    "LANG": "C.UTF-8",
    "API_TOKEN": "secret",
}


def command(
    project: Path, entry: dict[str, Any] | None = None, files: tuple[str, ...] = (), name: str = "f"
) -> FunctionCommand:
    for file in files:
        path = project / "cmd" / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}" if file.endswith(".json") else "")
    return function_command(project, name, entry or {}, ENVIRONMENT)


@pytest.mark.parametrize("files", [("main.py",), ("function.py", "helper.py"), ("anything.py",)])
def test_python_is_detected(tmp_path: Path, files: tuple[str, ...]) -> None:
    made = command(tmp_path, files=files)
    assert made.arguments == (sys.executable, "-m", "headrace.function", str(tmp_path / "cmd/f"))
    assert made.folder == tmp_path / "cmd" / "f"


@pytest.mark.parametrize(
    ("files", "program"),
    [
        (("index.mjs",), "index.mjs"),
        (("package.json", "index.js"), "index.js"),
        (("main.mjs",), "main.mjs"),
    ],
)
def test_node_is_detected(tmp_path: Path, files: tuple[str, ...], program: str) -> None:
    assert command(tmp_path, files=files).arguments == ("node", program)


def test_main_of_a_package_is_run(tmp_path: Path) -> None:
    command(tmp_path, files=("package.json", "index.js"))
    (tmp_path / "cmd/f/package.json").write_text('{"main": "src/server.js"}')
    assert command(tmp_path).arguments == ("node", "src/server.js")


def test_a_command_runs_anything(tmp_path: Path) -> None:
    (tmp_path / "cmd/f").mkdir(parents=True)
    assert command(tmp_path, {"command": ["cat", "a b"]}).arguments == ("cat", "a b")
    assert command(tmp_path, {"command": "cat x && true"}).arguments == ("/bin/sh", "-c", "cat x && true")


def test_a_command_without_a_folder_runs_in_the_project(tmp_path: Path) -> None:
    assert command(tmp_path, {"command": ["cat"]}).folder == tmp_path


def test_language_and_source_overrule_detection(tmp_path: Path) -> None:
    made = command(tmp_path, {"language": "python"}, files=("main.py", "index.js"))
    assert made.arguments[1:3] == ("-m", "headrace.function")
    made = command(tmp_path, {"source": "cmd/f/index.js"})
    assert made.arguments == ("node", "index.js")
    assert made.folder == tmp_path / "cmd/f"


@pytest.mark.parametrize(
    ("entry", "files", "message"),
    [
        ({}, (), "cmd/f does not exist"),
        ({"source": "cmd/g"}, ("main.py",), "cmd/g does not exist"),
        ({"source": "cmd/g", "command": ["cat"]}, ("main.py",), "cmd/g does not exist"),
        ({}, ("go.mod",), "command: go run"),
        ({}, ("notes.txt",), "Set `command:`"),
        ({}, ("main.py", "index.js"), "Set `language: python`"),
        ({}, ("a.py", "b.py"), "holds a.py, b.py"),
        ({}, ("package.json",), "no `main` in package.json"),
        ({"language": "cobol"}, ("main.cob",), "'cobol'"),
        ({"command": ["no-such-program"]}, ("x",), "'no-such-program' is not installed"),
    ],
)
def test_what_cannot_be_run_says_what_to_do(
    tmp_path: Path, entry: dict[str, Any], files: tuple[str, ...], message: str
) -> None:
    with pytest.raises(FunctionCommandError, match=message) as caught:
        command(tmp_path, entry, files)
    assert "'f'" in str(caught.value)


def test_the_environment_is_clean(tmp_path: Path) -> None:
    made = command(
        tmp_path,
        {"env": {"RATE": 2, "DEBUG": True, "NAME": "x", "LANG": "de"}, "parallelism": 4},
        ("main.py",),
    )
    assert made.environment == {
        "PATH": ENVIRONMENT["PATH"],
        "HOME": "/home/x",
        "LANG": "de",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HEADRACE_FUNCTION": "f",
        "HEADRACE_THREADS": "4",
        "RATE": "2",
        "DEBUG": "true",
        "NAME": "x",
    }
