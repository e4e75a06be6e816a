"""Finds the function that a file or a folder holds."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from headrace.errors import HeadraceError
from headrace.function.definition import Function


class FunctionLoadError(HeadraceError):
    """There is no function to serve at a path, or more than one and no name to choose by."""


def find_module(path: Path) -> Path:
    """Return the Python file to load: `path`, or `main.py`, `function.py` or the only `*.py` of a folder."""
    if path.is_file():
        return path
    if not path.is_dir():
        raise FunctionLoadError(f"{path} does not exist: name a Python file, or the folder that holds it.")
    for name in ("main.py", "function.py"):
        if (path / name).is_file():
            return path / name
    files = sorted(file for file in path.glob("*.py") if not file.name.startswith(("_", "test_", "conftest")))
    if len(files) == 1:
        return files[0]
    found = ", ".join(file.name for file in files) or "no Python file"
    raise FunctionLoadError(f"{path} holds {found}: put the function into main.py, or name the file.")


def load_function(path: Path, name: str | None = None) -> Function:
    """Load the module at `path` and return its function.

    With several functions `name` chooses, else the folder's name does. The module's folder comes first in
    `sys.path`. Raises `FunctionLoadError`; what the module itself raises is not caught.
    """
    file = find_module(path).resolve()
    functions = _functions_of(_load_module(file))
    if not functions:
        raise FunctionLoadError(
            f"{file} defines no function: write `from headrace.function import function` and put `@function` "
            "above the callable."
        )
    if name is None and len(functions) == 1:
        return next(iter(functions.values()))
    wanted = name or file.parent.name
    if wanted in functions:
        return functions[wanted]
    known = ", ".join(sorted(functions))
    if name is not None:
        raise FunctionLoadError(f"{file} defines no function {name!r}; it defines: {known}.")
    raise FunctionLoadError(f"{file} defines {len(functions)} functions ({known}): choose one with --name.")


def _load_module(file: Path) -> ModuleType:
    sys.path.insert(0, str(file.parent))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise FunctionLoadError(f"{file} is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module  # dataclasses and pickle look classes up there
    spec.loader.exec_module(module)
    return module


def _functions_of(module: ModuleType) -> dict[str, Function]:
    found = [value for value in vars(module).values() if isinstance(value, Function)]
    # A function that is imported to be called is not the one to serve, unless there is no other.
    own = [value for value in found if value.target.__module__ == module.__name__]
    return {value.name: value for value in own or found}
