"""Calls of kind `script` (dsl-reference.md, "Script Process"): JavaScript by Node.js, and Python.

A script is a file of its own, run by a fresh interpreter: `process.argv[2]` and `sys.argv[1]` are the
first argument, stdin is free for the script, and JavaScript is an ES module (`import`, top-level `await`).

`arguments` may also be a map (dsl.md, "Creating a Custom Function"): its names are variables of the
script. The same example ends with `return`; what a JavaScript script returns is then the output, as data.
"""

from __future__ import annotations

import asyncio
import keyword
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import orjson

from headrace.call.child import Children, clean_environment
from headrace.call.performer import CallError, call_error, completed, failed, here
from headrace.call.process import (
    Work,
    argument_list,
    awaited,
    definition_of,
    environment_of,
    output_of,
    returned_of,
    stdin_of,
)
from headrace.call.resource import Resources
from headrace.engine.commands import Invoke
from headrace.engine.events import CallCompleted, CallFailed

_JS_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_JS_WORDS = (
    "arguments await break case catch class const continue debugger default delete do else enum eval export "
    "extends false finally for function if implements import in instanceof interface let new null package "
    "private protected public return static super switch this throw true try typeof var void while with yield"
)
_JS_RESERVED = frozenset(_JS_WORDS.split())
_JS_IMPORT = re.compile(
    r"""^[ \t]*import\b(?!\s*[.(])[^'"`;]*?(?:'[^'\n]*'|"[^"\n]*")(?:[ \t]*with[ \t]*\{[^}]*\})?[ \t]*;?""",
    re.MULTILINE,
)
_JS_OPAQUE = re.compile(  # comments and texts: braces in them are no blocks
    r"""//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`""", re.DOTALL
)
_JS_BLOCK_OR_RETURN = re.compile(r"[{}]|(?<![\w$.])return(?![\w$])")

_PYTHON_RUNNER = """\
import json, runpy, sys
with open(sys.argv[1], encoding="utf-8") as file:
    variables = json.load(file)
del sys.argv[:2]
runpy.run_path(sys.argv[0], init_globals=variables, run_name="__main__")
"""


class ScriptPerformer:
    """Performs calls of kind `script`. Scripts run with `base_dir` as their working directory."""

    def __init__(self, children: Children, resources: Resources, base_dir: Path) -> None:
        self._children = children
        self._resources = resources
        self._base_dir = base_dir

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed:
        """Run the script and answer with what `return` asks for, or with what the script returned."""
        try:
            return completed(call, await self._perform(call), worker=here())
        except CallError as failure:
            return failed(call, failure, worker=here())

    async def aclose(self) -> None:
        """Nothing to give back."""

    async def _perform(self, call: Invoke) -> Any:
        script = definition_of(call, "script")
        language = script.get("language")
        if language not in ("js", "python"):
            raise call_error(
                "configuration",
                f"unknown script language {language!r}",
                "it is `js` or `python`; run other languages in a container",
            )
        code = await self._code(script)
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="headrace-script-"))
        try:
            make = _javascript if language == "js" else _python
            work = await asyncio.to_thread(make, folder, code, script)
            if not awaited(call.arguments):
                work = replace(work, when_done=lambda: _remove(folder))
            output = await output_of(self._children, call, work, self._base_dir)
            if awaited(call.arguments) and returned_of(call.arguments) == "stdout":
                returned = await asyncio.to_thread(_returned, folder / "returned.json")
                return output if returned is None else returned[0]
            return output
        except CallError as failure:
            _remove(folder)
            detail = failure.error.detail
            if detail is None or str(folder) not in detail:
                raise
            # `script.mjs:3`, wherever the file was; runs of one script then have one error.
            detail = detail.replace(f"file://{folder}/", "").replace(f"{folder}/", "")
            error = msgspec.structs.replace(failure.error, detail=detail)
            raise CallError(error, retryable=failure.retryable) from failure
        except BaseException:
            _remove(folder)
            raise
        finally:
            if awaited(call.arguments):
                _remove(folder)

    async def _code(self, script: Mapping[str, Any]) -> str:
        code = script.get("code")
        if isinstance(code, str):
            return code
        source = script.get("source")
        if source is None:
            raise call_error("configuration", "incomplete script", "it has neither `code` nor `source`")
        content = await self._resources.fetch_resource(source, "the script's source")
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            raise call_error("configuration", "unusable script source", "it is not UTF-8 text") from error


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _returned(file: Path) -> list[Any] | None:
    try:
        return [orjson.loads(file.read_bytes())]
    except FileNotFoundError:
        return None
    except orjson.JSONDecodeError as error:
        raise call_error("runtime", "what the script returned is not JSON", str(error)) from error


def _work(argv: list[str], script: Mapping[str, Any]) -> Work:
    return Work(
        argv, stdin_of(script.get("stdin")), clean_environment(environment_of(script.get("environment")))
    )


def _javascript(folder: Path, code: str, script: Mapping[str, Any]) -> Work:
    node = shutil.which("node")
    if node is None:
        raise call_error(
            "configuration", "no Node.js for a `js` script", "install Node.js 20 or later as `node` in PATH"
        )
    arguments = script.get("arguments")
    variables = arguments if isinstance(arguments, Mapping) else {}
    for name in variables:
        if not _JS_NAME.fullmatch(name) or name in _JS_RESERVED:
            raise call_error("configuration", "unusable `arguments`", f"{name!r} is no JavaScript name")
    if isinstance(arguments, Mapping) or returns_at_top(code):
        code = _as_function(code, variables, folder / "returned.json")
    file = folder / "script.mjs"
    file.write_text(code, encoding="utf-8")
    return _work(
        [node, str(file), *argument_list([] if isinstance(arguments, Mapping) else arguments)], script
    )


def returns_at_top(code: str) -> bool:
    """Tell whether JavaScript has a `return` outside of all blocks, which no module may have.

    An approximation: texts and comments are left out, regular expressions are not understood.
    """
    code = _JS_OPAQUE.sub(" ", code)
    depth = 0
    for match in _JS_BLOCK_OR_RETURN.finditer(code):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
        elif depth <= 0:
            return True
    # `if (x) { return 1 }` is in a block but in no function.
    returns = re.search(r"(?<![\w$.])return(?![\w$])", code) is not None
    return returns and "function" not in code and "=>" not in code


def _as_function(code: str, variables: Mapping[str, Any], returned: Path) -> str:
    """Wrap a script into a function of its variables, and write what it returns to a file.

    Everything that is added stands on the first line, so that lines in error messages are the author's.
    """
    imports: list[str] = []

    def take(match: re.Match[str]) -> str:
        imports.append(re.sub(r"\s*\n\s*", " ", match[0].strip()).rstrip(";") + ";")
        return "\n" * match[0].count("\n")

    body = _JS_IMPORT.sub(take, code)
    values = ", ".join(_js_literal(value) for value in variables.values())
    return (
        f"{' '.join(imports)} import {{ writeFileSync as __write }} from 'node:fs'; "
        f"const __returned = await (async ({', '.join(variables)}) => {{ {{ {body}\n}} }})({values});\n"
        f"if (__returned !== undefined) __write({_js_literal(str(returned))}, "
        "JSON.stringify(__returned) ?? 'null');\n"
    )


def _js_literal(value: Any) -> str:
    return orjson.dumps(value).decode()


def _python(folder: Path, code: str, script: Mapping[str, Any]) -> Work:
    file = folder / "script.py"
    file.write_text(code, encoding="utf-8")
    # Not isolated (`-I`): the environment is clean already, and a task may set PYTHONPATH on purpose.
    command = [sys.executable, "-X", "utf8"]
    arguments = script.get("arguments")
    if not isinstance(arguments, Mapping):
        return _work([*command, str(file), *argument_list(arguments)], script)
    for name in arguments:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise call_error("configuration", "unusable `arguments`", f"{name!r} is no Python name")
    variables = folder / "variables.json"  # a file, because command lines can be seen by everyone
    variables.write_bytes(orjson.dumps(dict(arguments)))
    return _work([*command, "-c", _PYTHON_RUNNER, str(variables), str(file)], script)
