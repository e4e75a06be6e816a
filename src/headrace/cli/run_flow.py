"""What `headrace run` does: deploy, start, follow, print."""

from __future__ import annotations

import asyncio
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headrace.cli import exit_codes, project
from headrace.cli.ending import ending_lines
from headrace.cli.history_tree import decoded
from headrace.cli.live_view import LiveView
from headrace.cli.output import Format, write
from headrace.cli.session import Following, Interrupted, Interrupts, engine, warm_up
from headrace.cli.terminal import Paint
from headrace.cli.words import count

if TYPE_CHECKING:
    from headrace.main import Headrace
    from headrace.runtime.definitions import Deployed
    from headrace.runtime.results import Result
    from headrace.store.port import ExecutionRow

OPEN_STATUSES = ("pending", "running", "waiting", "suspended")
LISTEN_POLL_SECONDS = 0.02


@dataclass(frozen=True, kw_only=True)
class Request:
    """What the command line asks for."""

    file: Path | None
    input: str | None
    key: str | None
    store: Path | None
    timeout_seconds: float | None
    grace_seconds: float
    follow: bool
    secrets: Path | None
    catalog: Path | None
    events: Path | None
    output: Format
    queue: str | None = None


async def run_flow(request: Request) -> int:
    """Run one flow; return the exit code."""
    interrupts = Interrupts()
    # All paths are read before anything may change the working directory.
    file = project.find_file(request.file)
    absolute = file.absolute()
    data = project.read_json(request.input, "--input")
    published = project.read_events(request.events) if request.events is not None else []
    _check(file)
    home = project.project_of(absolute)
    store = project.choose_store(request.store, home)
    view = LiveView(enabled=request.follow)
    headrace = engine(
        store,
        flow_project=home,
        secrets=request.secrets,
        catalog=request.catalog,
        grace_seconds=request.grace_seconds,
        queue=request.queue,
    )
    go_on = _go_on(request, file)
    try:
        await headrace.start_up(recover=False)
        # The absolute path: an unfinished execution finds its functions from any working directory.
        deployed = await interrupts.first(headrace.deploy(absolute, file=str(absolute)))
        for problem in deployed.problems:
            view.say(str(problem))
        await warm_up(headrace, deployed)
        known = await _started_before(headrace, deployed, request.key)
        headrace.observe(view.on)
        await _recover(headrace, view, known)
        handle = await headrace.start(deployed, data, key=request.key)
        await _tell_start(headrace, view, handle.id, known, request, data)
        following = Following(
            headrace,
            view,
            interrupts,
            timeout_seconds=request.timeout_seconds,
            grace_seconds=request.grace_seconds,
            go_on=go_on,
        )
        work = [_publish(headrace, view, handle.id, published)] if published else []
        result = await following.end(handle.id, *work)
        if result is None:
            return exit_codes.UNFINISHED
        view.close()
        return await tell_result(headrace, result, request.output)
    except Interrupted as interrupted:
        view.close()
        view.say(f"interrupted by {interrupted} before anything was started")
        return exit_codes.UNFINISHED
    finally:
        view.close()
        await headrace.shut_down()


def _check(file: Path) -> None:
    """Refuse a definition with errors before a store is made for it. Raises `InvalidDefinition`."""
    from headrace.runtime.definitions import InvalidDefinition
    from headrace.spec.flowapp import parse_definition

    definition, problems = parse_definition(project.read_text(file, "run"), str(file))
    if definition is None:
        raise InvalidDefinition(problems)


def _go_on(request: Request, file: Path) -> str:
    """Return the command that lets the execution go on."""
    words = ["headrace", "run"]
    if request.key is not None:
        words += [str(file), "--key", request.key]
    else:
        words += ["--resume", *([str(file)] if request.file is not None else [])]
    if request.store is not None:
        words += ["--store", str(request.store)]
    if request.secrets is not None:
        words += ["--secrets", str(request.secrets)]
    if request.queue is not None:
        words += ["--queue", request.queue]
    return shlex.join(words)


async def _started_before(headrace: Headrace, deployed: Deployed, key: str | None) -> ExecutionRow | None:
    """Return the execution that the key stands for already."""
    if key is None:
        return None
    from headrace.store.port import ExecutionQuery

    rows = await headrace.executions(
        ExecutionQuery(namespace=deployed.namespace, name=deployed.name, key=key, limit=1)
    )
    return rows[0] if rows else None


async def _recover(headrace: Headrace, view: LiveView, known: ExecutionRow | None) -> None:
    """Let earlier executions go on, and say so."""
    from headrace.store.port import ExecutionQuery

    rows = await headrace.executions(ExecutionQuery(status=OPEN_STATUSES, limit=1000))
    others = [row for row in rows if known is None or row.id != known.id]
    await headrace.recover()
    if others:
        goes = "it goes" if len(others) == 1 else "they go"
        view.say(
            f"{count(len(others), 'execution')} left unfinished earlier: {goes} on meanwhile "
            "(`headrace run --resume` waits for the end)"
        )


async def _tell_start(
    headrace: Headrace,
    view: LiveView,
    execution_id: str,
    known: ExecutionRow | None,
    request: Request,
    data: Any,
) -> None:
    if known is None:
        if request.follow:
            view.say(f"execution {execution_id}")
        view.follow(execution_id)
        return
    state = f"{known.status} already" if known.ended_at is not None else "unfinished: it goes on"
    view.say(f"execution {execution_id} of key {request.key!r} is {state}")
    if request.input is not None and decoded(known.input) != data:
        view.say("the input given now is not used: the execution has its own")
    view.follow(execution_id, await headrace.history(execution_id))


async def _publish(
    headrace: Headrace, view: LiveView, execution_id: str, published: list[dict[str, Any]]
) -> None:
    """Publish events one after the other, each when the execution listens and took in the one before."""
    import uuid

    for number, event in enumerate(published):
        while not any(each.reason == "event" for each in await headrace.waiting(execution_id)):
            row = await headrace.execution(execution_id)
            if row is None or row.ended_at is not None:
                view.say(f"{count(len(published) - number, 'event')} not published: the execution is over")
                return
            await asyncio.sleep(LISTEN_POLL_SECONDS)
        await headrace.publish({"id": str(uuid.uuid4()), "source": "/headrace/run", **event})
        # Delivered means committed by who listens: only then it may listen for the next one.
        while await headrace.store.undelivered(1):  # noqa: ASYNC110
            await asyncio.sleep(LISTEN_POLL_SECONDS)


async def tell_result(headrace: Headrace, result: Result, form: Format) -> int:
    """Print the output on stdout, or why there is none on stderr; return the exit code."""
    if result.status == "completed":
        write(result.output, form)
        return exit_codes.COMPLETED
    paint = Paint.of(sys.stderr)
    for line in await result_lines(headrace, result, paint):
        print(line, file=sys.stderr)
    return exit_codes.of_status(result.status)


async def result_lines(headrace: Headrace, result: Result, paint: Paint) -> list[str]:
    """Return the lines that explain an execution that did not complete."""
    from headrace.cli.records.local import LocalRecords

    row = await headrace.execution(result.execution_id)
    if row is None:
        return [f"execution {result.execution_id} {result.status}"]
    records = LocalRecords(headrace.store, Path(headrace.sqlite.path))
    return await ending_lines(records, row, paint, hints="")
