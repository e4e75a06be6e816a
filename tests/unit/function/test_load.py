"""Which function of a file or folder is served."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from headrace.function.load import FunctionLoadError, load_function

ONE = "from headrace.function import function\n@function\ndef only(data): return data\n"
TWO = ONE + "@function\ndef other_one(data): return data\n"


@pytest.fixture(autouse=True)
def _imports_are_undone() -> Iterator[None]:
    path, hooks, modules = list(sys.path), list(sys.path_hooks), set(sys.modules)
    yield
    sys.path[:] = path
    sys.path_hooks[:] = hooks
    for name in set(sys.modules) - modules:
        del sys.modules[name]


def test_the_only_function_is_served_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(ONE)
    assert load_function(tmp_path).name == "only"
    assert load_function(tmp_path / "main.py").name == "only"


def test_several_need_a_name_or_the_folders(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(TWO)
    with pytest.raises(FunctionLoadError, match=r"2 functions \(only, other-one\): choose one with --name"):
        load_function(tmp_path)
    assert load_function(tmp_path, "only").name == "only"
    with pytest.raises(FunctionLoadError, match="no function 'x'; it defines: only, other-one"):
        load_function(tmp_path, "x")
    folder = tmp_path / "other-one"
    folder.mkdir()
    (folder / "main.py").write_text(TWO)
    assert load_function(folder).name == "other-one"


def test_imported_functions_are_not_served(tmp_path: Path) -> None:
    (tmp_path / "main_lib.py").write_text(ONE)
    text = "from main_lib import only\nfrom headrace.function import function\n"
    (tmp_path / "main.py").write_text(text + "@function\ndef mine(data): return only(data)\n")
    assert load_function(tmp_path).name == "mine"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no Python file"),
        ({"a.py": ONE, "b.py": ONE}, "a.py, b.py"),
        ({"main.py": "x = 1"}, "defines no function"),
    ],
)
def test_what_cannot_be_served_says_why(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(FunctionLoadError, match=message):
        load_function(tmp_path)


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(FunctionLoadError, match="does not exist"):
        load_function(tmp_path / "nowhere")


_SHOW = "from headrace.function.load import load_function; import sys; print(load_function(sys.argv[1]).name)"


def test_an_edit_of_the_same_size_within_a_second_is_seen(tmp_path: Path) -> None:
    # In processes of their own, as the host does it, with compiled files allowed.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    program = _SHOW.replace("sys.argv[1]", "__import__('pathlib').Path(sys.argv[1])")
    (tmp_path / "main.py").write_text(
        "from headrace.function import function\nfrom inner.names import NAME\n\n\n"
        "@function(name=NAME)\ndef work(data):\n    return data\n"
    )
    names = tmp_path / "inner" / "names.py"
    names.parent.mkdir()
    (names.parent / "__init__.py").touch()
    for name in ("one", "two"):
        names.write_text(f"NAME = {name!r}\n")
        os.utime(names, (1_700_000_000, 1_700_000_000))
        argv = [sys.executable, "-c", program, str(tmp_path)]
        done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == name
