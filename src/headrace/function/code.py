"""Where the code of a function is, and what to begin with where there is none yet."""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Mapping
from keyword import iskeyword
from pathlib import Path
from typing import Any, NamedTuple

from headrace.errors import HeadraceError
from headrace.function.command import FunctionCommandError, detect, function_folder, node_file
from headrace.function.load import FunctionLoadError, find_module

CODE_BYTES_MAX = 1024 * 1024

_SUFFIXES = {".py": "python", ".js": "node", ".mjs": "node", ".cjs": "node"}
_LANGUAGES = {"python": "python", "node": "node", "nodejs": "node", "node.js": "node", "javascript": "node"}
_FIRST_FILES = {"python": "main.py", "node": "index.mjs"}

_PYTHON = '''\
"""@NAME@: say here what it does."""

from headrace.function import Context, function


@function
def @CALLABLE@(data: dict, context: Context) -> dict:
    # `data` is what `with:` of the step says, or the step's input. What is returned is the step's output.
    # What is printed or logged shows beside the step. An exception makes the step fail.
    context.logger.info("@NAME@ got %s", data)
    return data
'''

_NODE = """\
// @NAME@: say here what it does. A function is an HTTP server that takes JSON on POST / and answers JSON.
import { createServer } from "node:http";

// `data` is what `with:` of the step says, or the step's input. What is returned is the step's output.
const perform = (data) => data;

const server = createServer(async (request, response) => {
  const answer = (status, type, body) => {
    response.writeHead(status, { "content-type": type });
    response.end(JSON.stringify(body));
  };
  if (request.method === "GET") return answer(200, "application/json", { status: "ok" }); // /healthz
  try {
    let body = "";
    for await (const part of request.setEncoding("utf8")) body += part;
    answer(200, "application/json", await perform(JSON.parse(body)));
  } catch (error) {
    answer(500, "application/problem+json", { status: 500, title: error.name, detail: error.message });
  }
});

server.listen(Number(process.env.PORT ?? 8080), process.env.HOST ?? "127.0.0.1");
process.on("SIGTERM", () => server.close(() => process.exit(0)));
"""


class FunctionCodeError(HeadraceError):
    """The code of a function cannot be edited as one file; the message says where it is."""


class CodeFile(NamedTuple):
    """The file of a function's code. `text` is None while it is not there."""

    path: Path
    language: str  # python or node
    text: str | None


class CodeProblem(NamedTuple):
    """Why a text is no code. Line and column count from 1."""

    line: int
    column: int
    message: str


def code_file(project_dir: Path, name: str, entry: Mapping[str, Any]) -> CodeFile:
    """Return the file with the code of a function, or the one to begin with.

    Raises `FunctionCodeError` where there is no such file: it is outside of the project, in another language,
    or there are several and none is the first.
    """
    source = project_dir / str(entry.get("source") or f"cmd/{name}")
    language = _LANGUAGES.get(str(entry.get("language") or "").lower())
    if source.suffix in _SUFFIXES and not source.is_dir():
        file, language = source, _SUFFIXES[source.suffix]
    else:
        file, language = _file_in(function_folder(project_dir, name, entry), name, entry, language)
    if not file.resolve().is_relative_to(project_dir.resolve()):
        raise FunctionCodeError(f"{file} is outside of the project {project_dir}: edit it there")
    return CodeFile(file, language, _read(file))


def _file_in(folder: Path, name: str, entry: Mapping[str, Any], language: str | None) -> tuple[Path, str]:
    if folder.is_dir() and any(not child.name.startswith(".") for child in folder.iterdir()):
        try:
            found = language or _LANGUAGES[detect(folder, name)]
            return (find_module(folder) if found == "python" else folder / node_file(folder, name)), found
        except (FunctionCommandError, FunctionLoadError) as error:
            raise FunctionCodeError(f"the code is in {folder}: edit it there ({error})") from error
    if entry.get("command") or (entry.get("language") and language is None):
        raise FunctionCodeError(
            f"{name!r} is started by a command of its own: put the program where that finds it, in {folder}"
        )
    begun = language or "python"
    return folder / _FIRST_FILES[begun], begun


def _read(file: Path) -> str | None:
    try:
        if file.stat().st_size > CODE_BYTES_MAX:
            raise FunctionCodeError(f"{file} has more than {CODE_BYTES_MAX} bytes: edit it there")
        return file.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise FunctionCodeError(f"{file} cannot be read: {error}") from error


def scaffold(name: str, language: str) -> str:
    """Return code to begin with: it gives back what it gets."""
    template = _NODE if language == "node" else _PYTHON
    return template.replace("@CALLABLE@", _identifier(name)).replace("@NAME@", name)


def _identifier(name: str) -> str:
    word = re.sub(r"\W", "_", name, flags=re.ASCII)
    if not word or word[0].isdigit() or iskeyword(word) or word in ("function", "Context"):
        return f"do_{word}"
    return word


def check_code(text: str, language: str) -> CodeProblem | None:
    """Return why a text is no code of a language, where that can be told without running it."""
    if language != "python":
        return None
    try:
        with warnings.catch_warnings(action="ignore"):
            ast.parse(text)
    except SyntaxError as error:
        return CodeProblem(max(error.lineno or 1, 1), max(error.offset or 1, 1), error.msg)
    except (ValueError, RecursionError, MemoryError) as error:  # NUL bytes; nested too deep
        return CodeProblem(1, 1, str(error) or "it is nested too deep")
    return None


def write_code(file: Path, text: str) -> None:
    """Write a file of code, and the folders that it is in. It is replaced whole.

    Raises `FunctionCodeError`.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Hidden: the folder is watched, and half a file must not be taken up.
        fresh = file.with_name(f".{file.name}.{os.getpid()}")
        fresh.write_text(text, "utf-8")
        if file.exists():
            fresh.chmod(file.stat().st_mode)
        os.replace(fresh, file.resolve())
    except OSError as error:
        raise FunctionCodeError(f"{file} cannot be written: {error}") from error
