"""How to run a function: from its FlowApp entry and its folder to a command line."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from headrace.errors import HeadraceError
from headrace.function.load import FunctionLoadError, find_module

# Of the host's environment a function sees these only: no secret of the server can leak.
INHERITED = ("PATH", "HOME", "LANG")
_DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin"

_NODE_FILES = ("index.mjs", "index.js", "index.cjs", "main.mjs", "main.js", "main.cjs")
# Languages that are compiled or need a build tool: what `command:` could be.
_HINTS = {
    "go.mod": "go run .",
    "pom.xml": "mvn -q exec:java",
    "build.gradle": "gradle -q run",
    "Cargo.toml": "cargo run -q",
    "deno.json": "deno run -A main.ts",
    "Gemfile": "bundle exec ruby main.rb",
}


class FunctionCommandError(HeadraceError):
    """It is not clear how to run a function; the message says what to write into the FlowApp."""


class FunctionCommand(NamedTuple):
    """What to run, where, and with which environment."""

    arguments: tuple[str, ...]
    folder: Path
    environment: dict[str, str]


def function_folder(project_dir: Path, name: str, entry: Mapping[str, Any]) -> Path:
    """Return the folder of a function; a `source` that is a file stands for the folder it is in."""
    source = project_dir / str(entry.get("source") or f"cmd/{name}")
    return source.parent if source.is_file() else source


def function_command(
    project_dir: Path, name: str, entry: Mapping[str, Any], environment: Mapping[str, str]
) -> FunctionCommand:
    """Return how to run the function `name` of a project from its FlowApp entry.

    `environment` is the host's own: `INHERITED` is taken from it, then `env` of the entry is added.
    The language comes from `command`, else `language`, else the files of the folder.
    Raises `FunctionCommandError`.
    """
    folder = function_folder(project_dir, name, entry)
    variables = {key: environment[key] for key in INHERITED if key in environment}
    variables.setdefault("PATH", _DEFAULT_PATH)
    variables["PYTHONUNBUFFERED"] = "1"  # a program that we start some other way prints to a pipe
    # Bytecode is told from its source by second and size only: code changed at once would stay the old.
    variables["PYTHONDONTWRITEBYTECODE"] = "1"
    variables["HEADRACE_FUNCTION"] = name
    if entry.get("parallelism"):
        variables["HEADRACE_THREADS"] = str(entry["parallelism"])
    variables.update((str(key), _variable(value)) for key, value in (entry.get("env") or {}).items())
    if not folder.is_dir():
        if not entry.get("command") or entry.get("source"):
            raise FunctionCommandError(
                f"Function {name!r}: the folder {folder} does not exist. Create it, or set `source:` of the "
                "function in the FlowApp to where its code is."
            )
        folder = project_dir
    arguments = _arguments(project_dir, folder, name, entry)
    program = shutil.which(arguments[0], path=variables["PATH"])
    if program is None and not (folder / arguments[0]).is_file():
        raise FunctionCommandError(
            f"Function {name!r}: {arguments[0]!r} is not installed (searched {variables['PATH']}). "
            "Install it, or set `command:` of the function in the FlowApp to how it is run here."
        )
    return FunctionCommand(arguments, folder.resolve(), variables)


def _variable(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def _arguments(project_dir: Path, folder: Path, name: str, entry: Mapping[str, Any]) -> tuple[str, ...]:
    command = entry.get("command")
    if command:
        if isinstance(command, str):
            return ("/bin/sh", "-c", command)
        return tuple(str(part) for part in command)
    source = project_dir / str(entry.get("source") or folder)
    language = str(entry.get("language") or detect(source if source.is_file() else folder, name)).lower()
    if language == "python":
        return _python(source.resolve() if source.is_file() else folder.resolve(), name)
    if language in ("node", "nodejs", "node.js", "javascript"):
        return ("node", source.name if source.is_file() else node_file(folder, name))
    raise FunctionCommandError(
        f"Function {name!r}: how {language!r} is run is not known. Set `command:` of the function in the "
        "FlowApp."
    )


def detect(source: Path, name: str) -> str:
    """Return the language of a file or folder. Raises `FunctionCommandError` where it is not clear."""
    if source.is_file():
        if source.suffix == ".py":
            return "python"
        if source.suffix in (".js", ".mjs", ".cjs"):
            return "node"
        raise FunctionCommandError(f"Function {name!r}: set `command:` to how {source.name} is run.")
    files = {file.name for file in source.iterdir()}
    node = "package.json" in files or not files.isdisjoint(_NODE_FILES)
    python = any(file.endswith(".py") for file in files)
    if node and python:
        raise FunctionCommandError(
            f"Function {name!r}: {source} holds both Python and Node.js files. Set `language: python` or "
            "`language: node` of the function in the FlowApp."
        )
    if node:
        return "node"
    if python:
        return "python"
    hint = next((command for file, command in _HINTS.items() if file in files), "./my-program")
    raise FunctionCommandError(
        f"Function {name!r}: {source} holds neither Python nor Node.js code. Set `command:` of the "
        f"function in the FlowApp to what starts it, e.g. `command: {hint}`; "
        "the program listens on HOST and PORT of its environment."
    )


def _python(source: Path, name: str) -> tuple[str, ...]:
    try:
        find_module(source)
    except FunctionLoadError as error:
        raise FunctionCommandError(f"Function {name!r}: {error}") from error
    return (sys.executable, "-m", "headrace.function", str(source))


def node_file(folder: Path, name: str) -> str:
    """Return the name of the file that Node.js runs. Raises `FunctionCommandError` where there is none."""
    package = folder / "package.json"
    if package.is_file():
        try:
            main = json.loads(package.read_text("utf-8")).get("main")
        except (ValueError, AttributeError) as error:
            raise FunctionCommandError(
                f"Function {name!r}: {package} is not a JSON object: {error}"
            ) from error
        if isinstance(main, str) and main:
            return main
    for file in _NODE_FILES:
        if (folder / file).is_file():
            return file
    raise FunctionCommandError(
        f"Function {name!r}: {folder} holds none of {', '.join(_NODE_FILES)}, and no `main` in package.json."
    )
