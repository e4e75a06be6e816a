"""The code of a function that this server runs: read it, write it. It is a file of the flow's project."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.params import JSONBody, PathParameter

from headrace.api.platform import Platform, RunningPlatform
from headrace.api.problem import Problem, conflict, not_found
from headrace.api.route import get, put
from headrace.api.rule import rule
from headrace.function.code import (
    CODE_BYTES_MAX,
    CodeFile,
    FunctionCodeError,
    check_code,
    code_file,
    scaffold,
    write_code,
)


class CodePlace(msgspec.Struct, kw_only=True):
    """Where a text is no code. Line and column count from 1."""

    line: int
    column: int
    message: str


class FunctionCode(msgspec.Struct, kw_only=True):
    """The code of a function. `file` is where it is on the server, `path` the same in its `project`.

    `exists` is false while nobody has written it: then `text` is what to begin with. `reason` says why it
    cannot be edited here, in which case there is no `text`. `problem` is where it cannot be read as code.
    """

    flow: str
    function: str
    project: str | None = None
    path: str | None = None
    file: str | None = None
    language: str | None = None
    exists: bool = False
    text: str | None = None
    problem: CodePlace | None = None
    reason: str | None = None


class NewCode(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The code to write."""

    text: Annotated[str, msgspec.Meta(max_length=CODE_BYTES_MAX)]


Namespace = Annotated[str, PathParameter(max_length=253, description="A namespace.")]
Flow = Annotated[str, PathParameter(max_length=253, description="A FlowApp's name.")]
Function = Annotated[str, PathParameter(max_length=253, description="The function's name.")]


@get(
    "/flowapps/{flow:str}/functions/{function:str}/code",
    rule("editor"),
    tag="Functions",
    id="getFunctionCode",
)
async def get_function_code(
    platform: Platform, namespace: Namespace, flow: Flow, function: Function
) -> Response[FunctionCode]:
    """Return the code of a function, or what to begin with, and an ETag for changing it."""
    return _answer(await _code(platform, namespace, flow, function))


@put(
    "/flowapps/{flow:str}/functions/{function:str}/code",
    rule("editor"),
    tag="Functions",
    id="putFunctionCode",
    problems=(409, 412),
    description="Write the code of a function into its project; it is taken up at once. "
    "If-Match: the ETag that was read; If-None-Match: * to make a new file only.",
)
async def put_function_code(
    request: Request[Any, Any, Any],
    platform: Platform,
    namespace: Namespace,
    flow: Flow,
    function: Function,
    data: JSONBody[NewCode],
) -> Response[FunctionCode]:
    """Write the code of a function into its project; it is taken up at once."""
    found = await _code(platform, namespace, flow, function)
    if found.file is None:
        raise conflict("not-here", found.reason or "the code is not on this server")
    _check_tag(request, found)
    if len(data.text.encode()) > CODE_BYTES_MAX:
        raise Problem(413, "too-large", f"the code has more than {CODE_BYTES_MAX} bytes")
    try:
        await asyncio.to_thread(write_code, Path(found.file), data.text)
    except FunctionCodeError as error:
        raise conflict("cannot-write", str(error)) from error
    host = platform.hosts.host_of(f"{namespace}/{flow}", function)
    if host is not None:
        # Also where files are not watched: who saves code here wants it to run, and to see whether it starts.
        host.restart(function)
        host.wake(function)
    await platform.record(
        request,
        "function.code",
        f"{flow}/{function}",
        before={"digest": _digest(found.text)} if found.exists else None,
        after={"digest": _digest(data.text), "file": found.path},
    )
    return _answer(await _code(platform, namespace, flow, function))


async def _code(platform: RunningPlatform, namespace: str, flow: str, function: str) -> FunctionCode:
    row, deployed = await platform.deploying.current(namespace, flow)
    entry = deployed.definition.functions.get(function, ...)
    if entry is ...:
        raise not_found("function", function, "add it to `functions` of the FlowApp, and save that")
    view = FunctionCode(flow=flow, function=function, project=row.project)
    if (entry or {}).get("url"):
        view.reason = f"it is not run here, but answers at {entry['url']}"
    elif platform.hosts is None or platform.hosts.host_of(f"{namespace}/{flow}", function) is None:
        view.reason = "it is a callable of the program that runs this server"
    elif row.project is None:
        view.reason = (
            "this server has no folder for the code of this flow: start it with one (`headrace up FOLDER`), "
            "and save the flow again"
        )
    else:
        project = Path(row.project)
        try:
            found = await asyncio.to_thread(code_file, project, function, entry or {})
        except FunctionCodeError as error:
            view.reason = str(error)
        else:
            _show(view, found, project)
    return view


def _show(view: FunctionCode, found: CodeFile, project: Path) -> None:
    view.file = str(found.path)
    view.path = str(found.path.relative_to(project))
    view.language = found.language
    view.exists = found.text is not None
    view.text = scaffold(view.function, found.language) if found.text is None else found.text
    problem = check_code(view.text, found.language)
    view.problem = None if problem is None else CodePlace(**problem._asdict())


def _answer(view: FunctionCode) -> Response[FunctionCode]:
    headers = {"etag": _tag(view)} if view.exists else {}
    return Response(view, headers=headers)


def _check_tag(request: Request[Any, Any, Any], found: FunctionCode) -> None:
    """Refuse to write over what the caller has not read. Raises `Problem` 412."""
    new_only = request.headers.get("if-none-match", "").strip() == "*"
    wanted = request.headers.get("if-match", "").strip()
    changed = wanted not in ("", "*") and (not found.exists or wanted.removeprefix("W/") != _tag(found))
    if changed or (new_only and found.exists):
        raise Problem(
            412,
            "changed-meanwhile",
            f"{found.path} was changed meanwhile, here or on disk",
            remedy="read it again, put the changes together, and send it with its new ETag",
        )


def _tag(view: FunctionCode) -> str:
    return f'"{_digest(view.text)[:32]}"'


def _digest(text: str | None) -> str:
    return hashlib.sha256((text or "").encode()).hexdigest()


NAMESPACED = (get_function_code, put_function_code)
