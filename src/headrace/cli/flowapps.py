"""`headrace flowapps`: what is deployed at a server."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from headrace.cli.lazy import LazyGroup, Part
from headrace.cli.options import OutputOption
from headrace.cli.output import Format, stdout_paint, write
from headrace.cli.where import Where, on_server

if TYPE_CHECKING:
    from headrace.cli.client.client import Client

_HERE = "headrace.cli.flowapps"

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The FlowApp's name.")]


class FlowApps(LazyGroup):
    """The group."""

    parts: ClassVar[dict[str, Part]] = {
        "list": Part(f"{_HERE}:list_flowapps", "List the FlowApps of a namespace."),
        "show": Part(f"{_HERE}:show", "Show one: version, triggers, functions, and its text."),
        "versions": Part(f"{_HERE}:versions", "List the contents that one had, newest first."),
        "diff": Part(f"{_HERE}:diff", "Show what differs between two contents of one."),
        "pause": Part(f"{_HERE}:pause", "Let nothing start one; what runs goes on."),
        "resume": Part(f"{_HERE}:resume", "Let one be started again."),
        "delete": Part(f"{_HERE}:delete", "Undeploy one; its history stays."),
    }


@on_server
def list_flowapps(
    where: Where,
    search: Annotated[str, typer.Option("--search", metavar="TEXT", help="Only with this in the name.")] = "",
    output: OutputOption = Format.table,
) -> None:
    """List the FlowApps of a namespace, by name."""
    from headrace.cli.at_server import at_server, show_list
    from headrace.cli.words import distance

    async def work(client: Client) -> None:
        items = await client.pages(client.path("flowapps"), {"search": search or None})
        now = time.time()
        show_list(
            items,
            output,
            ("NAME", "VERSION", "GENERATION", "UPDATED", "BY", ""),
            lambda each: (
                each["name"],
                each["version"],
                str(each["generation"]),
                distance(each["updated_at"], now),
                each["updated_by"],
                "paused" if each["paused"] else "",
            ),
            f"no FlowApps in namespace {client.server.namespace}; `headrace apply -f FILE` deploys one",
        )

    at_server(where, work)


@on_server
def show(
    where: Where,
    name: NameArgument,
    text: Annotated[bool, typer.Option("--text", help="Only the definition, as it was written.")] = False,
    output: OutputOption = Format.table,
) -> None:
    """Show a FlowApp: its version, triggers and functions, and its definition as it was written."""
    from headrace.cli.at_server import at_server, readable

    async def work(client: Client) -> None:
        found = await client.get(client.path("flowapps", name))
        if text:
            sys.stdout.write(found["text"])
        else:
            write(readable(found), output, lambda: _lines(found))

    at_server(where, work)


def _lines(found: dict[str, Any]) -> list[str]:
    from headrace.cli.words import distance

    paint = stdout_paint()
    lines = [
        f"{paint(found['namespace'] + '/' + found['name'], 'bold')} {found['version']}"
        + (f"  {paint('paused', 'yellow')}" if found["paused"] else ""),
        f"generation {found['generation']}, of {found['updated_by']}, "
        f"{distance(found['updated_at'], time.time())}",
    ]
    triggers = ", ".join(f"{each['name']} ({each['kind']})" for each in found["triggers"])
    for title, value in (("triggers", triggers), ("functions", ", ".join(found["functions"]))):
        if value:
            lines.append(f"{paint(title, 'bold')}  {value}")
    lines += [
        f"{paint(problem['severity'], 'yellow')}: {problem['message']}" for problem in found["problems"]
    ]
    return [*lines, "", *found["text"].rstrip("\n").split("\n")]


@on_server
def versions(where: Where, name: NameArgument, output: OutputOption = Format.table) -> None:
    """List the contents that a FlowApp had, newest first. `diff` takes their generations."""
    from headrace.cli.at_server import at_server, show_list
    from headrace.cli.words import distance

    async def work(client: Client) -> None:
        items = await client.pages(client.path("flowapps", name, "versions"))
        now = time.time()
        show_list(
            items,
            output,
            ("GENERATION", "VERSION", "APPLIED", "BY", "MESSAGE"),
            lambda each: (
                str(each["generation"]),
                each["version"],
                distance(each["applied_at"], now),
                each["applied_by"],
                each["message"],
            ),
            "no versions",
        )

    at_server(where, work)


@on_server
def diff(
    where: Where,
    name: NameArgument,
    since: Annotated[
        int | None, typer.Option("--from", metavar="GENERATION", min=1, help="Default: the one before.")
    ] = None,
    to: Annotated[
        int | None, typer.Option("--to", metavar="GENERATION", min=1, help="Default: the current one.")
    ] = None,
    output: OutputOption = Format.table,
) -> None:
    """Show what differs between two contents of a FlowApp, as text; `-o json`: by meaning, too."""
    from headrace.cli.at_server import at_server

    async def work(client: Client) -> None:
        found = await client.get(client.path("flowapps", name, "diff"), {"from": since, "to": to})
        write(found, output, lambda: _coloured(found["text"]))

    at_server(where, work)


def _coloured(text: str) -> list[str]:
    paint = stdout_paint()
    colours = {"+": "green", "-": "red", "@": "cyan"}
    return [paint(line, colours.get(line[:1], "")) for line in text.splitlines()]


@on_server
def pause(where: Where, name: NameArgument) -> None:
    """Let neither triggers nor people start a FlowApp, until `resume`. What runs goes on."""
    _pause(where, name, "pause")


@on_server
def resume(where: Where, name: NameArgument) -> None:
    """Let a FlowApp be started again."""
    _pause(where, name, "resume")


def _pause(where: Where, name: str, verb: str) -> None:
    from headrace.cli.at_server import at_server

    async def work(client: Client) -> None:
        row = await client.post(client.path("flowapps", name, verb), repeatable=True)
        print(f"{row['namespace']}/{row['name']} {'is paused' if row['paused'] else 'can be started'}")

    at_server(where, work)


@on_server
def delete(
    where: Where,
    name: NameArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Undeploy a FlowApp: nothing starts any more, what runs goes on, history stays."""
    from headrace.cli.at_server import at_server, confirm

    confirm(f"Undeploy {name}?", yes=yes)

    async def work(client: Client) -> None:
        await client.send("DELETE", client.path("flowapps", name))
        print(f"{client.server.namespace}/{name} is undeployed")

    at_server(where, work)
