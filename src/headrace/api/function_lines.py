"""What functions write: the last lines of each, and following them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Annotated, Any, Protocol

import msgspec
import orjson
from litestar.params import PathParameter, QueryParameter

from headrace.api.live import RETRY_MS
from headrace.api.page import Page
from headrace.api.platform import Platform
from headrace.api.problem import not_found
from headrace.api.reader import Reader, Topic
from headrace.api.route import get
from headrace.api.rule import rule
from headrace.api.streams import UNCOMPRESSED, EventStream, LastEventId, LastId, hub_of, of_events

Namespace = Annotated[str, PathParameter(max_length=253, description="A namespace.")]
Flow = Annotated[str, PathParameter(max_length=253, description="A FlowApp's name.")]
Function = Annotated[str, PathParameter(max_length=253, description="The function's name.")]

# Numbers are of this process: an id from another one says nothing.
_EPOCH = secrets.token_hex(5)


class FunctionLine(msgspec.Struct, kw_only=True):
    """A line that a function wrote. `stream`: stdout, stderr, or host (what is said of its process).

    `execution` and `run_id` are null where it belongs to no call, or to one of several at the same time.
    """

    number: int
    at: float
    stream: str
    text: str
    execution: str | None
    run_id: int | None


class Line(Protocol):
    """A line as it is kept (`headrace.main.function_lines`)."""

    @property
    def number(self) -> int: ...
    @property
    def at(self) -> float: ...
    @property
    def stream(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def execution_id(self) -> str | None: ...
    @property
    def run_id(self) -> int | None: ...


@get(
    "/flowapps/{flow:str}/functions/{function:str}/lines",
    rule("viewer"),
    tag="Functions",
    id="listFunctionLines",
)
async def list_lines(
    platform: Platform,
    namespace: Namespace,
    flow: Flow,
    function: Function,
    after: Annotated[int, QueryParameter(ge=0, description="Only lines after this number.")] = 0,
) -> Page[FunctionLine]:
    """Return the last lines of a function, oldest first: at most 1,000, of this process of the server."""
    lines = await _known(platform, namespace, flow, function)
    return Page(items=[_line(each) for each in lines.kept(f"{namespace}/{flow}", function, after)])


@get(
    "/flowapps/{flow:str}/functions/{function:str}/stream",
    rule("viewer") | UNCOMPRESSED,
    tag="Functions",
    id="streamFunctionLines",
    responses=of_events(),
    description="Server-sent events: `ready` (or `reset`: forget what came before), then a `log` for each "
    "line that is kept, and for each that comes.",
)
async def stream_lines(
    platform: Platform,
    namespace: Namespace,
    flow: Flow,
    function: Function,
    last_event_id: LastEventId = None,
    last_id: LastId = None,
) -> EventStream:
    """Follow what a function writes, beginning with its last lines."""
    lines = await _known(platform, namespace, flow, function)
    hub = hub_of(platform)
    following = _Following(lines, f"{namespace}/{flow}", function, hub.alive_seconds)
    last = last_event_id or last_id or None
    return EventStream(hub, lambda wake: following.begin(namespace, wake, last), following.end)


class _Following:
    """One reader of a function's lines."""

    def __init__(self, lines: Any, flow: str, function: str, alive_seconds: float) -> None:
        self._lines = lines
        self._flow = flow
        self._function = function
        self._alive_seconds = alive_seconds
        self._unfollow: Callable[[], None] | None = None
        self._alive: asyncio.TimerHandle | None = None

    def begin(self, namespace: str, wake: Callable[[], None], last_id: str | None) -> Reader:
        reader = Reader(Topic(namespace), False, wake, logs=True)
        after = _number(last_id)
        if after is None:
            word = b"ready" if last_id is None else b"reset"
            reader.push(b"retry: %d\nevent: %s\ndata: {}\n\n" % (RETRY_MS, word), bounded=False)
        for line in self._lines.kept(self._flow, self._function, after or 0):
            reader.push(_frame(line), bounded=False)
        self._unfollow = self._lines.follow(
            self._flow, self._function, lambda line: reader.push(_frame(line))
        )
        self._stay_alive(reader)
        return reader

    def end(self, reader: Reader) -> None:
        if self._unfollow is not None:
            self._unfollow()
        if self._alive is not None:
            self._alive.cancel()

    def _stay_alive(self, reader: Reader) -> None:
        """Say something now and then, so that what is between keeps the connection."""

        def say() -> None:
            reader.push(b": alive\n\n")
            self._stay_alive(reader)

        self._alive = asyncio.get_running_loop().call_later(self._alive_seconds, say)


async def _known(platform: Platform, namespace: str, flow: str, function: str) -> Any:
    """Return the lines that are kept; 404 for a function that the FlowApp does not have."""
    _, deployed = await platform.deploying.current(namespace, flow)
    if function not in deployed.definition.functions:
        raise not_found("function", function)
    return platform.hosts.lines


def _number(last_id: str | None) -> int | None:
    """Return the number of the last line that came; None where that is not one of this process."""
    epoch, _, number = (last_id or "").strip().rpartition("-")
    known = epoch == _EPOCH and number.isascii() and number.isdigit() and len(number) <= 18
    return int(number) if known else None


def _line(line: Line) -> FunctionLine:
    return FunctionLine(
        number=line.number,
        at=line.at,
        stream=line.stream,
        text=line.text,
        execution=line.execution_id,
        run_id=line.run_id,
    )


def _frame(line: Line) -> bytes:
    data = orjson.dumps(msgspec.to_builtins(_line(line)))
    return b"id: %s-%d\nevent: log\ndata: %s\n\n" % (_EPOCH.encode(), line.number, data)


NAMESPACED = (list_lines, stream_lines)
