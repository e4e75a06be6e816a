"""Projects on disk: found in folders, deployed, and deployed again when their definition changes."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from headrace.errors import HeadraceError

DEFINITION = Path("config") / "flowapp.yaml"
POLL_SECONDS = 0.5

_log = logging.getLogger(__name__)

# Deploys the definition at a path.
Deploy = Callable[[Path], Awaitable[None]]


def find_projects(paths: Sequence[Path]) -> list[Path]:
    """Return the projects among folders and right below them, in order, each once.

    Raises `HeadraceError` for a path that does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        folder = path.absolute()
        if not folder.is_dir():
            raise HeadraceError(f"there is no folder {path}; name projects, or folders that have some")
        if (folder / DEFINITION).is_file():
            found[folder] = None
            continue
        below = sorted(child for child in folder.iterdir() if (child / DEFINITION).is_file())
        found.update(dict.fromkeys(below))
    return list(found)


def new_project(roots: Sequence[Path], namespace: str, name: str) -> Path | None:
    """Return the folder for the project of a FlowApp that came over the API; it need not be there yet.

    It is in the first folder of projects, and beside the first project where all are projects themselves. A
    folder with the definition of another FlowApp is left alone. None where nothing can be written.
    """
    folders = [root.absolute() for root in roots]
    parent = next((folder for folder in folders if not (folder / DEFINITION).is_file()), None)
    if parent is None and folders:
        parent = folders[0].parent
    if parent is None or not os.access(parent, os.W_OK | os.X_OK):
        return None
    # No name has a dot in it, so no two FlowApps mean the same folder.
    own = name if namespace == "default" else f"{namespace}.{name}"
    numbered = (parent / (own if number == 1 else f"{own}.{number}") for number in itertools.count(1))
    return next(folder for folder in numbered if not (folder / DEFINITION).exists())


class ProjectWatch:
    """Looks at the definitions of projects and deploys what is new or changed."""

    def __init__(self, roots: Sequence[Path], deploy: Deploy) -> None:
        self._roots = list(roots)
        self._deploy = deploy
        self._seen: dict[Path, tuple[int, int]] = {}
        self._task: asyncio.Task[None] | None = None

    async def deploy_all(self) -> list[tuple[Path, HeadraceError]]:
        """Deploy everything that is there; return what could not be, with the reasons."""
        failed: list[tuple[Path, HeadraceError]] = []
        for project in find_projects(self._roots):
            self._seen[project] = _stamp(project)
            try:
                await self._deploy(project)
            except HeadraceError as error:
                failed.append((project, error))
        return failed

    def start(self) -> None:
        """Begin to watch."""
        self._task = asyncio.get_running_loop().create_task(self._watch())

    async def stop(self) -> None:
        """Watch no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                changed = await asyncio.to_thread(self._changed)
            except (OSError, HeadraceError):  # a folder is being moved: look again
                continue
            for project in changed:
                try:
                    await self._deploy(project)
                except HeadraceError as error:
                    _log.error("%s is not deployed; what ran before goes on:\n%s", project.name, error)

    def _changed(self) -> list[Path]:
        changed = []
        for project in find_projects(self._roots):
            stamp = _stamp(project)
            if self._seen.get(project) != stamp:
                self._seen[project] = stamp
                changed.append(project)
        return changed


def _stamp(project: Path) -> tuple[int, int]:
    status = (project / DEFINITION).stat()
    return status.st_mtime_ns, status.st_size
