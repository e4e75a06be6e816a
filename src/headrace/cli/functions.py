"""`headrace functions`."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from headrace.cli import exit_codes, project
from headrace.cli.lazy import LazyGroup, Part
from headrace.cli.terminal import Paint, one_line

if TYPE_CHECKING:
    from headrace.function.host import FunctionHost, FunctionLog

POLL_SECONDS = 0.1


class Functions(LazyGroup):
    """The group."""

    parts: ClassVar[dict[str, Part]] = {
        "serve": Part("headrace.cli.functions:serve", "Serve a project's functions over HTTP, with reload."),
        "list": Part("headrace.cli.functions_at_server:list_functions", "List a server's, and how they are."),
        "restart": Part("headrace.cli.functions_at_server:restart", "Start a server's process of one anew."),
    }


def serve(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="The flow's file. Default: config/flowapp.yaml."),
    ] = None,
) -> None:
    """Serve the functions of a project, each in a process of its own, until Ctrl-C.

    Changed code is taken up at once. Addresses and the lines that functions write are printed; an invocation
    is a POST of JSON: `curl ADDRESS -d '{"id": 7}'`.
    """
    from headrace.cli.session import run_async

    run_async(_serve(project.find_file(file)))


async def _serve(file: Path) -> int:
    from headrace.cli.session import Interrupted, Interrupts
    from headrace.errors import HeadraceError
    from headrace.function.host import FunctionHost
    from headrace.spec.flowapp import parse_definition

    definition, problems = parse_definition(project.read_text(file, "functions serve"), str(file))
    if definition is None:
        raise HeadraceError("\n".join(str(problem) for problem in problems))
    if not definition.functions:
        raise HeadraceError(f"{file} has no `functions`; name them there, with their code in cmd/<name>/")
    interrupts = Interrupts()
    paint = Paint.of(sys.stdout)
    home = project.project_of(file)
    async with FunctionHost(
        home, definition.functions, on_log=lambda line: _print_line(line, paint), reload=True
    ) as host:
        await host.start()
        try:
            await interrupts.first(_report(host, paint))
        except Interrupted:
            print("stopping", file=sys.stderr, flush=True)
    return exit_codes.COMPLETED


async def _report(host: FunctionHost, paint: Paint) -> None:
    """Print the address of a function whenever it is another one."""
    known: dict[str, Any] = {}
    while True:
        for name, status in host.status().items():
            if status.state == "ready" and known.get(name) != status.address:
                known[name] = status.address
                print(f"{paint(name, 'bold')}  {paint('ready', 'green')}  {status.address}", flush=True)
        await asyncio.sleep(POLL_SECONDS)


def _print_line(line: FunctionLog, paint: Paint) -> None:
    at = time.strftime("%H:%M:%S", time.gmtime(line.at))
    text = line.text if line.stream == "host" else one_line(line.text)
    colour = {"stderr": "yellow", "host": "cyan"}.get(line.stream, "")
    print(f"{paint(at, 'dim')} {paint(line.function, 'bold')} {paint(text, colour)}", flush=True)
