"""The ledger of a batch: a JSON line for each item that has ended, in the order in which they did.

    {"index":17,"key":"9f…","output":{…}}       {"index":18,"key":"03…","error":{…}}

`key` is a digest of the item, by which a rerun knows that it is still the same. The first line says what the
ledger is of. A process that is killed leaves whole lines and perhaps a torn last one, which is cut off.
"""

from __future__ import annotations

import mmap
import os
import re
from array import array
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from headrace.call.performer import CallError, call_error

NONE, COMPLETED, FAILED = 0, 1, 2

_LINE = re.compile(rb'\{"index":(\d+),"key":"([0-9a-f]{16})","(output|error|completed)":')


def key_of(payload: bytes) -> str:
    """Return the digest by which an item is known again: 16 hexadecimal digits."""
    return blake2b(payload, digest_size=8).hexdigest()


class Entry(NamedTuple):
    """Where the line of an item is, and how the item ended."""

    number: int
    key: bytes
    kind: str  # output | completed | error
    start: int
    end: int


def line_of(index: int, key: str, kind: str, value: bytes) -> bytes:
    """Return a line; `value` is JSON."""
    return b'{"index":%d,"key":"%s","%s":%s}\n' % (index, key.encode(), kind.encode(), value)


class Ledger:
    """The ledger of a batch that runs. `states` has a byte per item, as far as items have ended."""

    def __init__(self, path: Path, header: dict[str, Any]) -> None:
        """Open the ledger at `path`, new or of an earlier life of the batch. Raises `CallError`."""
        self.path = path
        self.states = bytearray()
        self.completed = 0
        self.failed = 0
        self.size_bytes = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_APPEND, 0o600)
        except OSError as error:
            raise unwritable(path, error) from error
        try:
            self._take_up(header)
        except BaseException:
            os.close(self._file)
            raise

    def _take_up(self, header: dict[str, Any]) -> None:
        first = orjson.dumps(header) + b"\n"
        size = os.fstat(self._file).st_size
        if size:
            with mmap.mmap(self._file, size, access=mmap.ACCESS_READ) as data:
                whole = data.rfind(b"\n") + 1
                if whole and data[: len(first)] != first:
                    before = data[: data.find(b"\n")].decode()
                    raise call_error(
                        "configuration",
                        "the items have changed while the batch was under way",
                        f"they are {first.decode().strip()} now, and were {before}; "
                        "rerun the task with the new items",
                    )
                for entry in entries(data, whole):
                    self._count(entry.number, FAILED if entry.kind == "error" else COMPLETED)
            if whole < size:
                os.ftruncate(self._file, whole)
            size = whole
        if not size:
            self._write(first)
        self.size_bytes = max(size, len(first))

    def _count(self, index: int, state: int) -> None:
        states = self.states
        if index >= len(states):
            states.extend(bytes(index + 1 - len(states)))
        if states[index] == NONE:
            states[index] = state
            if state == COMPLETED:
                self.completed += 1
            else:
                self.failed += 1

    def has(self, index: int) -> bool:
        """Tell whether an item has ended."""
        return index < len(self.states) and self.states[index] != NONE

    def append(self, lines: Sequence[tuple[int, int, bytes]]) -> None:
        """Write down items that ended: index, state, line. Raises `CallError` when the disk refuses."""
        data = b"".join([line for _, _, line in lines])
        try:
            self._write(data)
        except OSError as error:
            raise unwritable(self.path, error) from error
        for index, state, _ in lines:
            self._count(index, state)
        self.size_bytes += len(data)

    def _write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._file, data) :]

    def sync(self) -> None:
        """Return when all lines are on disk. Raises OSError."""
        os.fsync(self._file)

    def close(self) -> None:
        os.close(self._file)


class Earlier:
    """The ledger of an earlier run, of which a rerun takes over what was completed."""

    def __init__(self, path: Path, *, outputs: bool) -> None:
        """`outputs`: lines without an output are of no use. A ledger that is gone is an empty one."""
        self._keys = array("Q")
        self._starts = array("Q")
        self._data: mmap.mmap | None = None
        try:
            with path.open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):  # ValueError: an empty file
            return
        for entry in entries(self._data, self._data.rfind(b"\n") + 1):
            if entry.kind == "output" or (entry.kind == "completed" and not outputs):
                while len(self._keys) <= entry.number:
                    self._keys.append(0)
                    self._starts.append(0)
                self._keys[entry.number] = int(entry.key, 16)
                self._starts[entry.number] = entry.start

    def line(self, index: int, key: str) -> bytes | None:
        """Return the line of an item that was completed and is the same; None where there is none."""
        if self._data is None or index >= len(self._keys) or not self._starts[index]:
            return None
        if self._keys[index] != int(key, 16):
            return None
        start = self._starts[index]
        return self._data[start : self._data.find(b"\n", start) + 1]

    def close(self) -> None:
        if self._data is not None:
            self._data.close()
            self._data = None


def entries(data: mmap.mmap | bytes, end: int) -> Iterator[Entry]:
    """Return the entries of a ledger up to `end`, which is after a whole line."""
    start = data.find(b"\n") + 1
    while start < end:
        line_end = data.find(b"\n", start)
        match = _LINE.match(data, start, min(line_end, start + 100))
        if match:
            yield Entry(int(match[1]), match[2], match[3].decode(), start, line_end)
        start = line_end + 1


def header_of(path: Path) -> dict[str, Any]:
    """Return the first line of a ledger; empty where there is none."""
    try:
        with path.open("rb") as file:
            found = orjson.loads(file.readline())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def unwritable(path: Path, error: OSError) -> CallError:
    """Return the error of a batch whose ledger cannot be written."""
    return call_error(
        "runtime",
        "the results of the batch cannot be written",
        f"{path}: {error.strerror or error}; make room or give access, and rerun the task: "
        "what was completed is kept",
    )
