"""Where things are: the flow's file, its project, the store; and what JSON is given on the command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from headrace.errors import HeadraceError

STORE_FOLDER = ".headrace"
STORE_NAME = "headrace.db"
# A command may change the working directory later.
_BEGAN_IN = Path.cwd()

DEFAULT_FILE = Path("config") / "flowapp.yaml"


def find_file(file: Path | None) -> Path:
    """Return the file of the flow: the one that is named, else `config/flowapp.yaml` here or above."""
    if file is not None:
        if file.is_dir():
            return find_file_in(file)
        return file
    for folder in _upward():
        if (folder / DEFAULT_FILE).is_file():
            return _relative(folder / DEFAULT_FILE)
    raise HeadraceError(
        f"no file is named, and there is no {DEFAULT_FILE} here or in a folder above; "
        "name the file of the flow, or begin a project with `headrace init`"
    )


def find_file_in(folder: Path) -> Path:
    """Return the flow's file of a project's folder."""
    if (folder / DEFAULT_FILE).is_file():
        return folder / DEFAULT_FILE
    raise HeadraceError(f"{folder} is a folder without {DEFAULT_FILE}; name the file of the flow")


def project_of(file: Path) -> Path:
    """Return the project of a flow's file: its folder, or the one above where that is `config/`."""
    folder = file.absolute().parent
    return folder.parent if folder.name == "config" else folder


def project_here() -> Path | None:
    """Return the project that the working directory is in, or None."""
    return next((folder for folder in _upward() if (folder / DEFAULT_FILE).is_file()), None)


def store_of_project(project: Path) -> Path:
    """Return the store of a project when no other is named."""
    return project / STORE_FOLDER / STORE_NAME


def project_of_store(store: Path) -> Path | None:
    """Return the project that a store belongs to, or None for one that was put elsewhere."""
    folder = store.absolute().parent
    return folder.parent if folder.name == STORE_FOLDER else None


def choose_store(store: Path | None, project: Path) -> Path:
    """Return the store to write to: the one that is named, else HEADRACE_STORE, else the project's."""
    if store is not None:
        return store.absolute()
    named = os.environ.get("HEADRACE_STORE")
    return Path(named).absolute() if named else store_of_project(project)


def find_store(store: Path | None) -> Path:
    """Return a store that exists: named, by HEADRACE_STORE, or of the project here or in a folder above."""
    named = store or (Path(os.environ["HEADRACE_STORE"]) if os.environ.get("HEADRACE_STORE") else None)
    if named is not None:
        if not named.is_file():
            raise HeadraceError(f"there is no store {named}; `headrace run` makes one")
        return named.absolute()
    here = store_here()
    if here is not None:
        return here
    raise HeadraceError(
        f"there is no {STORE_FOLDER}/{STORE_NAME} here or in a folder above; "
        "go to the project, name the store with --store, or a server with --server"
    )


def store_here() -> Path | None:
    """Return the store that is meant where none is named: HEADRACE_STORE's, else the project's here."""
    if os.environ.get("HEADRACE_STORE"):
        return find_store(None)
    stores = (store_of_project(folder) for folder in _upward())
    return next((store for store in stores if store.is_file()), None)


def folders_to_make(store: Path) -> None:
    """Make the folder of a store, with what keeps it out of git."""
    folder = store.parent
    if folder.name == STORE_FOLDER and not folder.exists():
        folder.mkdir(parents=True)
        (folder / ".gitignore").write_text("*\n")


def read_json(text: str | None, option: str) -> Any:
    """Read JSON that is given as text, as `@file`, or as `-` for stdin. None stands for nothing given."""
    if text is None:
        return None
    if text == "-":
        written, place = sys.stdin.read(), "stdin"
    elif text.startswith("@"):
        place = text[1:]
        written = read_text(Path(place), option)
    else:
        written, place = text, option
    import orjson

    try:
        return orjson.loads(written)
    except orjson.JSONDecodeError as error:
        raise HeadraceError(
            f"{place} is not JSON: {error}; give JSON, @FILE, or - for stdin"
            + (f" (did you mean @{text}?)" if Path(text).is_file() else "")
        ) from error


def read_text(path: Path, what: str) -> str:
    """Read a file that the command line names."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise HeadraceError(f"{what}: {path} cannot be read: {error}") from error


def read_events(path: Path) -> list[dict[str, Any]]:
    """Read CloudEvents: one JSON object, a JSON array, or one object per line."""
    import orjson

    text = sys.stdin.read() if str(path) == "-" else read_text(path, "--events")
    try:
        data = orjson.loads(text)
        events = data if isinstance(data, list) else [data]
    except orjson.JSONDecodeError:
        events = []
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                try:
                    events.append(orjson.loads(line))
                except orjson.JSONDecodeError as error:
                    raise HeadraceError(f"--events: {path}:{number} is not JSON: {error}") from error
    for number, event in enumerate(events, 1):
        if not isinstance(event, dict) or not isinstance(event.get("type"), str):
            raise HeadraceError(f"--events: event {number} of {path} is not a CloudEvent: it needs a `type`")
    return events


def shown(file: str) -> str:
    """Return a file's path as a person would write it in the folder where the command was given."""
    path = Path(file)
    return str(path.relative_to(_BEGAN_IN)) if path.is_relative_to(_BEGAN_IN) else file


def _upward() -> list[Path]:
    here = Path.cwd()
    return [here, *here.parents]


def _relative(path: Path) -> Path:
    """Return a path as a person would write it from here."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return Path(os.path.relpath(path))
