"""Where the items of a batch come from: a list, a file, or another queue. Read once, in pieces, in order."""

from __future__ import annotations

import asyncio
import csv
import os
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol

import orjson

from headrace.call.performer import CallError, call_error
from headrace.queue.port import Done, Leased, QueueError, WorkQueue
from headrace.worker.application import text_of

PIECE = 1000

# An item comes again only soon after it was taken: its lease ended before it could be completed.
RECENT = 10 * PIECE

# Lease of the items of another queue, for as long as it takes to write them down.
TAKE_SECONDS = 60.0
WAIT_SECONDS = 1.0


class Item(NamedTuple):
    """One item. `payload` is JSON; None where it could not be read, which `problem` tells."""

    number: int  # from 0
    payload: bytes | None
    problem: str | None = None


class Items(Protocol):
    """The items of a batch."""

    total: int | None  # None: not known yet

    def describe(self) -> dict[str, Any]:
        """Return what tells whether these are still the same items."""
        ...

    def pieces(self) -> AsyncIterator[list[Item]]:
        """Return all items, some at a time. Raises `CallError`."""
        ...


class ListItems:
    """The elements of a list, which is part of the execution."""

    def __init__(self, items: Sequence[Any]) -> None:
        self._items = items
        self.total: int | None = len(items)

    def describe(self) -> dict[str, Any]:
        return {"list": len(self._items)}

    async def pieces(self) -> AsyncIterator[list[Item]]:
        for start in range(0, len(self._items), PIECE):
            piece = self._items[start : start + PIECE]
            yield [Item(start + offset, orjson.dumps(item)) for offset, item in enumerate(piece)]


class FileItems:
    """The lines, JSON values or CSV rows of a file."""

    def __init__(self, path: Path, shown: str, form: str | None) -> None:
        self._path = path
        self._shown = shown
        self._form = form or _form_of(path)
        self.total: int | None = None

    def describe(self) -> dict[str, Any]:
        """Raises `CallError` when the file cannot be read."""
        try:
            found = os.stat(self._path)
        except OSError as error:
            raise self._unreadable(error) from error
        return {
            "file": str(self._path),
            "format": self._form,
            "bytes": found.st_size,
            "modified_ns": found.st_mtime_ns,
        }

    async def pieces(self) -> AsyncIterator[list[Item]]:
        try:
            with self._path.open("rb") as file:
                if self._form != "csv":
                    self.total = await asyncio.to_thread(_count_lines, self._path)
                items = self._items(file)
                while piece := list(islice(items, PIECE)):
                    yield piece
        except OSError as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: OSError) -> CallError:
        return call_error(
            "configuration",
            "the items cannot be read",
            f"{self._shown}: {error.strerror or error}",
        )

    def _items(self, file: BinaryIO) -> Iterator[Item]:
        if self._form == "csv":
            return self._rows(file)
        return self._lines(file)

    def _lines(self, file: BinaryIO) -> Iterator[Item]:
        as_json = self._form == "jsonl"
        index = 0
        for number, raw in enumerate(file, 1):
            line = raw.strip() if as_json else raw.rstrip(b"\r\n")
            if not line:
                continue
            yield _json_item(index, line, number) if as_json else _text_item(index, line, number)
            index += 1

    def _rows(self, file: BinaryIO) -> Iterator[Item]:
        encodings = chain(("utf-8-sig",), repeat("utf-8"))  # spreadsheets begin their files with a mark
        lines = (raw.decode(encoding, "replace") for raw, encoding in zip(file, encodings, strict=False))
        rows = csv.reader(lines)
        names = next(rows, [])
        for index, row in enumerate(filter(None, rows)):
            if len(row) == len(names):
                yield Item(index, orjson.dumps(dict(zip(names, row, strict=True))))
            else:
                problem = f"line {rows.line_num} has {len(row)} fields, and the heading names {len(names)}"
                yield Item(index, None, problem)


def _json_item(index: int, line: bytes, number: int) -> Item:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Item(index, None, f"line {number} is not JSON: {error}")
    return Item(index, line)


def _text_item(index: int, line: bytes, number: int) -> Item:
    try:
        return Item(index, orjson.dumps(line.decode()))
    except UnicodeDecodeError:
        return Item(index, None, f"line {number} is not UTF-8 text")


def _form_of(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        return "jsonl"
    return "csv" if suffix == ".csv" else "lines"


def _count_lines(path: Path) -> int:
    """Count the lines that are not empty."""
    with path.open("rb") as file:
        return sum(1 for line in file if not line.isspace())


class QueueItems:
    """The items of another queue, until it is drained.

    They are written down before they are completed there: what was taken is never lost, and a rerun finds
    it. The file's lines are `{"id": …, "item": …}`; one that comes again after a crash is known by its id.
    """

    def __init__(self, queue: WorkQueue, path: Path) -> None:
        self._queue = queue
        self._path = path
        self.total: int | None = None

    def describe(self) -> dict[str, Any]:
        return {"queue": self._queue.name, "taken": str(self._path)}

    async def pieces(self) -> AsyncIterator[list[Item]]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a+b") as file:
                _cut_torn_line(file)
                file.seek(0)
                recent: deque[str] = deque(maxlen=RECENT)
                count = 0
                while lines := list(islice(file, PIECE)):
                    taken = [orjson.loads(line) for line in lines]
                    recent.extend(each["id"] for each in taken)
                    yield [Item(count + n, orjson.dumps(each["item"])) for n, each in enumerate(taken)]
                    count += len(taken)
                async for piece in self._take(file, recent, count):
                    yield piece
        except OSError as error:
            raise call_error(
                "runtime", "what was taken off the queue cannot be written", f"{self._path}: {error.strerror}"
            ) from error

    async def _take(self, file: BinaryIO, recent: deque[str], count: int) -> AsyncIterator[list[Item]]:
        queue = self._queue
        while True:
            try:
                leased = await queue.lease(PIECE, TAKE_SECONDS, wait_seconds=WAIT_SECONDS)
                if not leased and (await queue.stats()).drained:
                    return
                known = set(recent)
                fresh = [item for item in leased if item.id not in known]
                values = [_value(item) for item in fresh]
                file.writelines(map(_taken_line, fresh, values))
                file.flush()
                await queue.complete([Done(item.id, item.token) for item in leased])
            except QueueError as error:
                raise call_error(
                    "communication", f"queue {queue.name} cannot be read", str(error), retryable=True
                ) from error
            recent.extend(item.id for item in fresh)
            if values:
                yield [Item(count + n, orjson.dumps(value)) for n, value in enumerate(values)]
                count += len(values)


class TakenItems:
    """What an earlier run took off a queue."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.total: int | None = None

    def describe(self) -> dict[str, Any]:
        return {"taken": str(self._path)}

    async def pieces(self) -> AsyncIterator[list[Item]]:
        try:
            with self._path.open("rb") as file:
                self.total = await asyncio.to_thread(_count_lines, self._path)
                index = 0
                while lines := list(islice(file, PIECE)):
                    values = [orjson.loads(line)["item"] for line in lines]
                    yield [Item(index + n, orjson.dumps(value)) for n, value in enumerate(values)]
                    index += len(values)
        except OSError as error:
            raise call_error(
                "configuration",
                "what the earlier run took off its queue is gone",
                f"{self._path}: {error.strerror}",
            ) from error


def _value(item: Leased) -> Any:
    """Return an item as data: JSON where it is JSON, else text. Bytes that are neither lose what is none."""
    try:
        return orjson.loads(item.payload)
    except orjson.JSONDecodeError:
        text = text_of(item.payload)
        return item.payload.decode("utf-8", "replace") if text is None else text


def _taken_line(item: Leased, value: Any) -> bytes:
    return orjson.dumps({"id": item.id, "item": value}) + b"\n"


def _cut_torn_line(file: BinaryIO) -> None:
    size = file.seek(0, os.SEEK_END)
    step = 1 << 16
    at = size
    while at > 0:
        start = max(0, at - step)
        file.seek(start)
        found = file.read(at - start).rfind(b"\n")
        if found >= 0:
            file.truncate(start + found + 1)
            return
        at = start
    file.truncate(0)
