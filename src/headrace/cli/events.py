"""`headrace events`: CloudEvents to a server."""

from __future__ import annotations

import sys
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from headrace.cli import project
from headrace.cli.lazy import LazyGroup, Part
from headrace.cli.options import OutputOption
from headrace.cli.output import Format, cell, write
from headrace.cli.where import Where, on_server
from headrace.errors import HeadraceError

if TYPE_CHECKING:
    from headrace.cli.client.client import Client

BATCH = "application/cloudevents-batch+json"
EVENTS_PER_REQUEST, BYTES_PER_REQUEST = 1000, 4 << 20
SOURCE = "/headrace/cli"


class Events(LazyGroup):
    """The group."""

    parts: ClassVar[dict[str, Part]] = {
        "send": Part("headrace.cli.events:send", "Send events: of options, a file, or stdin."),
        "list": Part("headrace.cli.events:list_events", "List published events, newest first."),
    }


@on_server
def send(
    where: Where,
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE|-]", help="CloudEvents: a JSON object, an array of them, or one per line."
        ),
    ] = None,
    type: Annotated[str | None, typer.Option("--type", metavar="TYPE", help="The event's type.")] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="URI", help=f"Where it comes from. Default: {SOURCE}.")
    ] = None,
    id: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="The same source and id again is a duplicate. Default: new."),
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="TEXT", help="What it is about.")
    ] = None,
    data: Annotated[
        str | None, typer.Option("--data", "-d", metavar="JSON|@FILE|-", help="The event's data.")
    ] = None,
    attribute: Annotated[
        list[str] | None,
        typer.Option("--attribute", "-a", metavar="NAME=VALUE", help="Any other attribute or extension."),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="ID", help="To this execution alone (one event), if it listens for it."),
    ] = None,
    output: OutputOption = Format.table,
) -> None:
    """Send CloudEvents to a namespace: to its triggers, and to executions that listen. Prints their ids.

    They are durable when this ends. Files go in batches of 1,000, each as a whole or not at all.

    \b
    Exit codes: 0 taken (again: a duplicate), 2 usage, or no event, 5 the server cannot be reached.
    """
    from headrace.cli.at_server import at_server

    options = (source, id, subject, data, attribute)
    if (file is None) == (type is None):
        raise typer.BadParameter("give a FILE (- is stdin), or --type and what else the event has")
    if file is not None and any(each is not None for each in options):
        raise typer.BadParameter(
            "--source, --id, --subject, --data and --attribute are for an event of --type"
        )
    if file is not None:
        events = [_whole(event) for event in project.read_events(Path(file))]
    else:
        attributes = dict(_attribute(text) for text in attribute or ())
        given = {"id": id, "source": source, "type": type, "subject": subject}
        event = {**attributes, **{name: value for name, value in given.items() if value is not None}}
        if data is not None:
            event["data"] = project.read_json(data, "--data")
            event.setdefault("datacontenttype", "application/json")
        events = [_whole(event)]
    if to is not None and len(events) != 1:
        raise HeadraceError(f"--to takes one event, and here are {len(events)}")

    async def work(client: Client) -> None:
        if to is not None:
            await _signal(client, to, events[0], output)
        else:
            await _send(client, events, output)

    at_server(where, work)


def _whole(event: dict[str, Any]) -> dict[str, Any]:
    return {"specversion": "1.0", "id": str(uuid.uuid4()), "source": SOURCE, **event}


def _attribute(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise typer.BadParameter(f"--attribute {text!r} is not NAME=VALUE")
    return name, value


async def _send(client: Client, events: list[dict[str, Any]], output: Format) -> None:
    import orjson

    taken: list[dict[str, Any]] = []
    batch: list[bytes] = []
    size = 0
    try:
        for number, event in enumerate(events, 1):
            batch.append(orjson.dumps(event))
            size += len(batch[-1])
            if number == len(events) or len(batch) == EVENTS_PER_REQUEST or size >= BYTES_PER_REQUEST:
                # Source and id make an event one event: sending it twice does no harm.
                answer = await client.send(
                    "POST",
                    client.path("events"),
                    content=b"[" + b",".join(batch) + b"]",
                    content_type=BATCH,
                    repeatable=True,
                )
                taken += answer.data["events"]
                batch, size = [], 0
    except HeadraceError as error:
        if taken:
            raise HeadraceError(
                f"{len(taken)} events were taken, those after are not sent: {error}"
            ) from error
        raise
    write(
        taken,
        output,
        lambda: [f"{each['id']}{'  (was there)' if each['duplicate'] else ''}" for each in taken],
    )


async def _signal(client: Client, to: str, event: dict[str, Any], output: Format) -> None:
    from headrace.cli.identify import identify
    from headrace.cli.records.server import ServerRecords

    execution_id = await identify(ServerRecords(client), to)
    taken = await client.post(
        client.path("executions", execution_id, "signal"),
        event,
        content_type="application/cloudevents+json",
        repeatable=True,
    )
    write(taken, output, lambda: [f"{taken['id']}{'  (was there)' if taken['duplicate'] else ''}"])
    if not taken["listening"]:
        print(f"execution {execution_id} does not listen for events now", file=sys.stderr)


@on_server
def list_events(
    where: Where,
    limit: Annotated[int, typer.Option("--limit", "-l", min=1, help="So many at most.")] = 20,
    output: OutputOption = Format.table,
) -> None:
    """List published events of a namespace, those of its executions too, the newest first."""
    from headrace.cli.at_server import at_server, show_list
    from headrace.cli.words import distance

    async def work(client: Client) -> None:
        items = await client.pages(client.path("events"), limit=limit)
        now = time.time()
        show_list(
            items,
            output,
            ("PUBLISHED", "TYPE", "SOURCE", "ID", "DELIVERED", "DATA"),
            lambda each: (
                distance(each["published_at"], now),
                str(each["event"].get("type")),
                str(each["event"].get("source")),
                str(each["event"].get("id")),
                "yes" if each["delivered"] else "",
                cell(each["event"].get("data")),
            ),
            "no events",
        )

    at_server(where, work)
