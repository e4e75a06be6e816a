"""Where the files of batches are: those that authors name, and those that the engine keeps."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from headrace.call.performer import call_error

# <execution>.<run>.<attempt>.jsonl and its like; the id of a child execution has dots of its own.
_KEPT = re.compile(r"(.+)\.\d+\.\d+(?:\.items\.jsonl|\.jsonl|\.progress\.(?:json|new))\Z")

_TOLD = re.compile(r"(.+)\.(\d+)\.(\d+)\.progress\.json\Z")


class BatchId(NamedTuple):
    """Which batch it is: an attempt of a task run. Batches of newer executions are the greater ones."""

    execution_id: str
    run_id: int
    attempt: int

    @property
    def invocation_id(self) -> str:
        """The id of the call that makes the batch."""
        return f"{self.execution_id}.{self.run_id}.{self.attempt}"


class BatchFiles:
    """`folder` holds ledgers and progress; None: a temporary one, as long as the engine lives.

    Paths of authors are relative to `base_dir`, and stay in it. `files_anywhere` lifts that, for an engine
    whose flows are its owner's.
    """

    def __init__(self, folder: Path | None, base_dir: Path, *, files_anywhere: bool = False) -> None:
        self._temporary = folder is None
        self._made: Path | None = folder
        self._base_dir = base_dir
        self._files_anywhere = files_anywhere

    @property
    def _folder(self) -> Path:
        if self._made is None:
            self._made = Path(tempfile.mkdtemp(prefix="headrace-batches-"))
        return self._made

    def close(self) -> None:
        """Remove the folder, where it is a temporary one."""
        if self._temporary and self._made is not None:
            shutil.rmtree(self._made, ignore_errors=True)
            self._made = None

    def check_address(self, address: str) -> None:
        """Raise `CallError` (authorization) where flows may not say which server or file queues are in."""
        if not self._files_anywhere:
            raise call_error(
                "authorization",
                "queue address not allowed",
                "this server does not let flows choose where queues are; "
                "leave `queue.address` out, or have its items put on a queue of this server",
            )

    def ledger(self, invocation_id: str) -> Path:
        """Return the ledger of a batch."""
        return self._folder / f"{invocation_id}.jsonl"

    def progress(self, invocation_id: str) -> Path:
        """Return the file that tells how far a batch is."""
        return self._folder / f"{invocation_id}.progress.json"

    def taken(self, invocation_id: str) -> Path:
        """Return the file of what a batch took off another queue."""
        return self._folder / f"{invocation_id}.items.jsonl"

    def kept(self) -> dict[str, list[Path]]:
        """Return the files that are kept, by execution."""
        found: dict[str, list[Path]] = {}
        if self._made is not None and self._made.is_dir():
            for path in self._made.iterdir():
                match = _KEPT.match(path.name)
                if match:
                    found.setdefault(match[1], []).append(path)
        return found

    def batches(self) -> list[BatchId]:
        """Return the batches of which is kept how far they are, newest execution first."""
        if self._made is None or not self._made.is_dir():
            return []
        matches = (_TOLD.match(path.name) for path in self._made.iterdir())
        found = (BatchId(match[1], int(match[2]), int(match[3])) for match in matches if match)
        return sorted(found, reverse=True)

    def of_author(self, written: str) -> Path:
        """Return the path that an author wrote. Raises `CallError` (configuration)."""
        parts = urlsplit(written)
        name = unquote(parts.path) if parts.scheme == "file" else written
        if parts.scheme not in ("", "file") and "://" in written:
            raise call_error(
                "configuration",
                "unusable path",
                f"{parts.scheme}:// is not read; fetch it to a file first, with a task before this one",
            )
        if "\0" in name:
            raise call_error("configuration", "unusable path", "it holds a NUL character")
        base = self._base_dir.resolve()
        path = (base / name).resolve()
        if not self._files_anywhere and not path.is_relative_to(base):
            raise call_error(
                "configuration",
                "file outside of the base directory",
                f"{written} is not in the directory that files are read from and written to",
            )
        return path
