"""`headrace triggers`: what starts executions at a server."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from headrace.cli.lazy import LazyGroup, Part
from headrace.cli.options import OutputOption
from headrace.cli.output import Format, stdout_limit, stdout_paint, write
from headrace.cli.where import Where, on_server

if TYPE_CHECKING:
    from headrace.cli.client.client import Client

_HERE = "headrace.cli.triggers"

TriggerArgument = Annotated[
    str, typer.Argument(metavar="FLOWAPP/TRIGGER", help="The trigger, as `list` names it.")
]


class Triggers(LazyGroup):
    """The group."""

    parts: ClassVar[dict[str, Part]] = {
        "list": Part(f"{_HERE}:list_triggers", "List triggers: what each did last, and when it fires next."),
        "show": Part(f"{_HERE}:show", "Show one, with its last firings."),
        "pause": Part(f"{_HERE}:pause", "Let one start nothing until it is resumed."),
        "resume": Part(f"{_HERE}:resume", "Let one start executions again."),
        "fire": Part(f"{_HERE}:fire", "Fire one by hand."),
    }


@on_server
def list_triggers(
    where: Where,
    flow: Annotated[str | None, typer.Option("--flow", metavar="NAME", help="Only of this FlowApp.")] = None,
    output: OutputOption = Format.table,
) -> None:
    """List the triggers of a namespace: what each did last, and when it fires next."""
    from headrace.cli.at_server import at_server, readable, show_list

    async def work(client: Client) -> None:
        items = (await client.get(client.path("triggers"), {"flow": flow}))["items"]
        now = time.time()
        if output is not Format.table:
            items = [_nested(each, readable) for each in items]
        show_list(
            items,
            output,
            ("TRIGGER", "KIND", "STATE", "LAST", "NEXT", "WHERE"),
            lambda each: (
                f"{each['flow']}/{each['name']}",
                each["kind"],
                _state(each),
                _last(each["last"], now),
                _next(each, now),
                " ".join(word for word in (each["method"], each["url"]) if word),
            ),
            f"no triggers in namespace {client.server.namespace}",
        )

    at_server(where, work)


def _nested(trigger: dict[str, Any], readable: Any) -> dict[str, Any]:
    last = trigger["last"]
    return {**trigger, "last": None if last is None else readable(last)}


def _state(trigger: dict[str, Any]) -> str:
    if trigger["error"]:
        return f"in trouble: {trigger['error']}"
    if trigger["flow_paused"]:
        return "paused with its FlowApp"
    return "paused" if trigger["paused"] else "running"


def _last(firing: dict[str, Any] | None, now: float) -> str:
    from headrace.cli.words import distance

    return "" if firing is None else f"{firing['outcome']} {distance(firing['at'], now)}"


def _next(trigger: dict[str, Any], now: float) -> str:
    from headrace.cli.words import distance

    at = trigger["next_at"]
    return "" if at is None or trigger["paused"] or trigger["flow_paused"] else distance(at, now)


@on_server
def show(
    where: Where,
    trigger: TriggerArgument,
    limit: Annotated[int, typer.Option("--limit", "-l", min=1, help="So many firings at most.")] = 20,
    output: OutputOption = Format.table,
) -> None:
    """Show a trigger, with its last firings, the newest first."""
    from headrace.cli.at_server import at_server, readable

    path = _parts(trigger)

    async def work(client: Client) -> None:
        found = await client.get(client.path(*path))
        firings = await client.pages(client.path(*path, "firings"), limit=limit)
        data = {**readable(_nested(found, readable)), "firings": [readable(each) for each in firings]}
        write(data, output, lambda: _lines(found, firings))

    at_server(where, work)


def _lines(found: dict[str, Any], firings: list[dict[str, Any]]) -> list[str]:
    from headrace.cli.terminal import columns
    from headrace.cli.words import moment

    paint = stdout_paint()
    now = time.time()
    lines = [f"{paint(found['flow'] + '/' + found['name'], 'bold')}  {found['kind']}  {_state(found)}"]
    facts = {
        "where": " ".join(word for word in (found["method"], found["url"]) if word),
        "next": _next(found, now),
        "open": "" if found["open"] is None else f"{found['open']} of {found['max_open'] or 'any number'}",
        "since start": ", ".join(
            f"{number} {outcome}" for outcome, number in found["counts"].items() if number
        ),
    }
    lines += [f"{paint(name, 'dim')}  {value}" for name, value in facts.items() if value]
    rows = [
        (
            moment(each["at"]),
            each["outcome"],
            each["execution"] or "",
            each["status"] or "",
            each["reason"] or each["key"] or "",
        )
        for each in firings
    ]
    if rows:
        header = ("AT", "OUTCOME", "EXECUTION", "STATUS", "REASON, OR KEY")
        lines += ["", *columns(header, rows, paint=paint, coloured=3, limit=stdout_limit())]
    return lines


@on_server
def pause(where: Where, trigger: TriggerArgument) -> None:
    """Let a trigger start nothing until it is resumed, also after a restart of the server."""
    _pause(where, trigger, "pause")


@on_server
def resume(where: Where, trigger: TriggerArgument) -> None:
    """Let a trigger start executions again."""
    _pause(where, trigger, "resume")


def _pause(where: Where, trigger: str, verb: str) -> None:
    from headrace.cli.at_server import at_server

    path = _parts(trigger)

    async def work(client: Client) -> None:
        found = await client.post(client.path(*path, verb), repeatable=True)
        print(f"{found['flow']}/{found['name']} {_state(found)}")

    at_server(where, work)


@on_server
def fire(
    where: Where,
    trigger: TriggerArgument,
    payload: Annotated[
        str | None,
        typer.Option(
            "--payload", "-p", metavar="JSON|@FILE|-", help="What would have come: body, event or item."
        ),
    ] = None,
    output: OutputOption = Format.table,
) -> None:
    """Fire a trigger by hand, also while it is paused; each time starts a new execution. Prints its id.

    \b
    Exit codes: 0 started, 1 nothing was started, 2 usage, 5 the server cannot be reached.
    """
    from headrace.cli import exit_codes
    from headrace.cli.at_server import at_server
    from headrace.cli.project import read_json

    path, data = _parts(trigger), read_json(payload, "--payload")

    async def work(client: Client) -> None:
        fired = await client.post(client.path(*path, "fire"), {"payload": data})
        said = fired["execution"] or f"{fired['outcome']}: {fired['detail'] or 'nothing was started'}"
        write(fired, output, lambda: [said])
        if fired["execution"] is None:
            raise SystemExit(exit_codes.FAULTED)

    at_server(where, work)


def _parts(trigger: str) -> tuple[str, str, str, str]:
    flow, separator, name = trigger.partition("/")
    if not separator or not flow or not name or "/" in name:
        raise typer.BadParameter(f"{trigger!r} is not FLOWAPP/TRIGGER; `headrace triggers list` shows them")
    return ("flowapps", flow, "triggers", name)
