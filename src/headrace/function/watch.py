"""Notices that the files of a folder have changed."""

from __future__ import annotations

import os
from pathlib import Path

# What tools write there is not code; a `node_modules` alone can hold 50,000 files.
_IGNORED = frozenset({"__pycache__", "node_modules", "target", "dist", "build", "venv"})

Snapshot = dict[str, tuple[int, int]]


def snapshot(folder: Path) -> Snapshot:
    """Return modification time (ns) and size of every file below `folder`, hidden ones left out."""
    files: Snapshot = {}
    folders = [str(folder)]
    while folders:
        try:
            entries = list(os.scandir(folders.pop()))
        except OSError:  # it vanished meanwhile: a change, which the files that are missing show
            continue
        for entry in entries:
            if entry.name.startswith(".") or entry.name in _IGNORED or entry.name.endswith((".pyc", "~")):
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    status = entry.stat()
                    files[entry.path] = (status.st_mtime_ns, status.st_size)
            except OSError:
                continue
    return files
