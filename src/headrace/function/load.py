"""Finds the function that a file or a folder holds."""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
)
from pathlib import Path
from types import CodeType, ModuleType

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


class _FromSource(SourceFileLoader):
    """Compiles what the file says now.

    Compiled files are told apart by the second in which the source was written and by its size: of two edits
    within a second, of the same size, the second one would not be seen.
    """

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def _read_from_source(folder: Path) -> None:
    """Let modules of a folder be compiled anew; installed packages within it keep their compiled files."""
    find = FileFinder.path_hook((ExtensionFileLoader, EXTENSION_SUFFIXES), (_FromSource, SOURCE_SUFFIXES))

    def hook(path: str) -> FileFinder:
        if not Path(path).is_relative_to(folder) or "site-packages" in Path(path).parts:
            raise ImportError
        finder = find(path)
        assert isinstance(finder, FileFinder)
        return finder

    sys.path_hooks.insert(0, hook)
    for known in [path for path in sys.path_importer_cache if Path(path).is_relative_to(folder)]:
        del sys.path_importer_cache[known]


def _load_module(file: Path) -> ModuleType:
    sys.path.insert(0, str(file.parent))
    _read_from_source(file.parent)
    loader = _FromSource(file.stem, str(file))
    spec = importlib.util.spec_from_file_location(file.stem, file, loader=loader)
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
