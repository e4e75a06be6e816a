"""`headrace context`: the servers that one is logged in to."""

from __future__ import annotations

from typing import Annotated, ClassVar

import typer

from headrace.cli.contexts import LOCAL, Contexts
from headrace.cli.lazy import LazyGroup, Part
from headrace.cli.options import OutputOption
from headrace.cli.output import Format, stdout_paint, write
from headrace.cli.terminal import columns

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The context's name.")]


class ContextGroup(LazyGroup):
    """The group."""

    parts: ClassVar[dict[str, Part]] = {
        "list": Part("headrace.cli.context:list_contexts", "List contexts; * is the current one."),
        "use": Part("headrace.cli.context:use", "Make one the current one, or `local` none."),
        "delete": Part("headrace.cli.context:delete", "Forget one, and its token."),
    }


def list_contexts(output: OutputOption = Format.table) -> None:
    """List contexts. The current one is meant where no store or server is named, and no project is here."""
    contexts = Contexts.read()
    data = [
        {
            "name": each.name,
            "server": each.server,
            "namespace": each.namespace,
            "current": each.name == contexts.current,
        }
        for each in contexts.known.values()
    ]

    def table() -> list[str]:
        if not data:
            return ["no contexts; `headrace login URL` makes one"]
        rows = [
            ("*" if each["current"] else "", str(each["name"]), str(each["server"]), str(each["namespace"]))
            for each in data
        ]
        return columns(("", "NAME", "SERVER", "NAMESPACE"), rows, paint=stdout_paint())

    write(data, output, table)


def use(
    name: NameArgument,
    namespace: Annotated[
        str | None, typer.Option("--namespace", "-n", metavar="NAME", help="To mean there from now on.")
    ] = None,
) -> None:
    """Make a context the current one; `local`: none, so that commands mean the stores of this machine."""
    contexts = Contexts.read()
    if name == LOCAL:
        if namespace is not None:
            raise typer.BadParameter("--namespace is for the context of a server")
        contexts.current = None
        contexts.write()
        print("no context is the current one")
        return
    contexts.get(name)
    contexts.current = name
    if namespace is not None:
        contexts.change(name, namespace)
    contexts.write()
    context = contexts.get(name)
    print(f"{name}: {context.server}, namespace {context.namespace}")


def delete(name: NameArgument) -> None:
    """Forget a context, and delete its token from this machine. The server takes it still: revoke it."""
    Contexts.read().delete(name)
    print(f"{name} forgotten; `headrace tokens revoke` ends a token")
