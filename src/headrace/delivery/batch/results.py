"""What comes of a batch: its output, or the error that too many items failed."""

from __future__ import annotations

import mmap
import os
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import orjson

from headrace.call.performer import CallError, call_error
from headrace.delivery.batch.ledger import Entry, Ledger, entries, unwritable
from headrace.delivery.batch.progress import Progress
from headrace.delivery.batch.request import LIST_BYTES_MAX, LIST_ITEMS_MAX, BatchRequest
from headrace.errors import WorkflowError

FIRST = 10  # failures that are told in the output and in the error


def check_list(request: BatchRequest, total: int | None) -> None:
    """Refuse, before anything is done, to collect more results in a list than it may have."""
    if request.collect.as_ == "list" and total is not None and total > LIST_ITEMS_MAX:
        raise _too_much(f"the batch has {total:,} items, and a list takes {LIST_ITEMS_MAX:,}")


def output_of(request: BatchRequest, ledger: Ledger, progress: Progress, path: Path | None) -> dict[str, Any]:
    """Return the output of a batch whose items have all ended; write its file where it names one.

    Raises `CallError`: too many failed, or the results do not fit where they should go.
    """
    total = len(ledger.states)
    with _mapped(ledger.path) as data:
        failures = [_failure(data, entry) for entry in _first_failures(data)]
        tolerated = request.tolerated(total)
        if ledger.failed > tolerated:
            raise _too_many_failed(ledger, total, tolerated, failures)
        output: dict[str, Any] = {
            "total": total,
            "completed": ledger.completed,
            "failed": ledger.failed,
            "reused": progress.reused,
        }
        if failures:
            output["failures"] = failures
        if request.collect.as_ == "list":
            output["results"] = _listed(data, total)
        elif path is not None:
            _write_in_order(data, total, path)
            output["file"] = str(path)
        else:
            output["file"] = str(ledger.path)
    return output


class _mapped:
    """A ledger's content."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> mmap.mmap:
        with self._path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return self._data

    def __exit__(self, *_: object) -> None:
        self._data.close()


def _first_failures(data: mmap.mmap) -> list[Entry]:
    found = []
    for entry in entries(data, len(data)):
        if entry.kind == "error":
            found.append(entry)
            if len(found) == FIRST:
                break
    return found


def _failure(data: mmap.mmap, entry: Entry) -> dict[str, Any]:
    line = orjson.loads(data[entry.start : entry.end])
    return {"index": entry.number, "error": line["error"]}


def _too_many_failed(ledger: Ledger, total: int, tolerated: int, failures: list[dict[str, Any]]) -> CallError:
    shown = "; ".join(f"item {each['index']}: {_words(each['error'])}" for each in failures[:3])
    more = "" if ledger.failed <= 3 else f"; and {ledger.failed - 3:,} more"
    error = WorkflowError.standard(
        "runtime",
        title="Too many items of the batch failed",
        detail=f"{ledger.failed:,} of {total:,} items failed, and {tolerated:,} may: {shown}{more}. "
        "A rerun from this task runs only these again",
    )
    extensions = {
        "total": total,
        "completed": ledger.completed,
        "failed": ledger.failed,
        "failures": failures,
        "file": str(ledger.path),
    }
    return CallError(msgspec.structs.replace(error, extensions=extensions))


def _words(error: dict[str, Any]) -> str:
    return str(error.get("detail") or error.get("title") or error.get("type"))[:200]


def _listed(data: mmap.mmap, total: int) -> list[Any]:
    """Return the outputs in the order of the items; null for one that failed."""
    if total > LIST_ITEMS_MAX:
        raise _too_much(f"the batch has {total:,} items, and a list takes {LIST_ITEMS_MAX:,}")
    if len(data) > LIST_BYTES_MAX:
        raise _too_much(f"the results are {len(data):,} bytes, and a list takes {LIST_BYTES_MAX:,}")
    results: list[Any] = [None] * total
    for entry in entries(data, len(data)):
        if entry.kind == "output":
            results[entry.number] = orjson.loads(data[entry.start : entry.end])["output"]
    return results


def _too_much(reason: str) -> CallError:
    return call_error(
        "configuration", "too much for a list of results", f"{reason}; write `collect: file`", status=413
    )


def _write_in_order(data: mmap.mmap, total: int, path: Path) -> None:
    """Write the results in the order of the items. The file is there as a whole, or as it was."""
    starts = array("Q", bytes(8 * total))
    for entry in entries(data, len(data)):
        starts[entry.number] = entry.start
    new = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("wb") as file:
            file.writelines(_in_order(data, starts))
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error


def _in_order(data: mmap.mmap, starts: array[int]) -> Iterator[bytes]:
    for start in starts:
        if start:
            yield data[start : data.find(b"\n", start) + 1]
