"""Contexts: servers that commands go to, by name, in a file of the user's; each token in a file of its own.

`$XDG_CONFIG_HOME/headrace/contexts.json` has names, addresses and namespaces, `tokens/<name>` beside it the
token of one, which nobody else may read. No token is ever an argument of a command: every user of a machine
can list those.
"""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from headrace.errors import HeadraceError

LOCAL = "local"  # the name that stands for this machine's stores
DEFAULT_NAMESPACE = "default"
TOKEN_CHARACTERS_MAX = 4096

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,62}")
_TOKEN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class Context:
    """A server and the namespace that is meant there."""

    name: str
    server: str
    namespace: str = DEFAULT_NAMESPACE
    certificates: str | None = None  # a PEM file with certificates that are trusted besides the system's


@dataclass
class Contexts:
    """What the file has. `current` is the context that commands go to where nothing else is named."""

    folder: Path
    current: str | None = None
    known: dict[str, Context] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path | None = None) -> Contexts:
        """Read the user's contexts; none where there is no file. Raises `HeadraceError`."""
        contexts = cls(folder or config_folder())
        try:
            data = json.loads(contexts.file.read_text("utf-8"))
            contexts.known = {name: _context(name, each) for name, each in data["contexts"].items()}
            current = data.get("current")
        except FileNotFoundError:
            return contexts
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise HeadraceError(
                f"{contexts.file} cannot be read: {error}; mend it, or delete it and log in again"
            ) from error
        contexts.current = current if current in contexts.known else None
        return contexts

    @property
    def file(self) -> Path:
        """The file with the contexts."""
        return self.folder / "contexts.json"

    def token_file(self, name: str) -> Path:
        """Return the file with a context's token."""
        return self.folder / "tokens" / name

    def get(self, name: str) -> Context:
        """Return a context. Raises `HeadraceError` for one that is not known."""
        if name not in self.known:
            there = f"there are {', '.join(self.known)}" if self.known else "there is none yet"
            raise HeadraceError(f"there is no context {name!r}; {there}; `headrace login URL` makes one")
        return self.known[name]

    def at(self, server: str) -> Context | None:
        """Return a context of this server: the current one first."""
        names = sorted(self.known, key=lambda name: (name != self.current, name))
        return next((self.known[name] for name in names if self.known[name].server == server), None)

    def put(self, context: Context, token: str, *, current: bool) -> None:
        """Keep a context and its token; an earlier one of the name goes."""
        check_name(context.name)
        write_token(self.token_file(context.name), token)
        self.known[context.name] = context
        if current:
            self.current = context.name
        self.write()

    def change(self, name: str, namespace: str) -> None:
        """Let a context mean another namespace."""
        self.known[name] = replace(self.get(name), namespace=namespace)
        self.write()

    def delete(self, name: str) -> None:
        """Forget a context and its token."""
        self.get(name)
        self.token_file(name).unlink(missing_ok=True)
        del self.known[name]
        if self.current == name:
            self.current = None
        self.write()

    def write(self) -> None:
        """Write the file, whole or not at all."""
        contexts = {
            each.name: {
                "server": each.server,
                "namespace": each.namespace,
                **({} if each.certificates is None else {"certificates": each.certificates}),
            }
            for each in self.known.values()
        }
        data = {"current": self.current, "contexts": contexts}
        _write_private(self.file, json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def config_folder() -> Path:
    """Return the folder of the user's settings: `headrace` in XDG_CONFIG_HOME, by default `~/.config`."""
    named = os.environ.get("XDG_CONFIG_HOME")
    # The specification of XDG: a path that is not absolute is ignored.
    base = Path(named) if named and Path(named).is_absolute() else Path.home() / ".config"
    return base / "headrace"


def check_name(name: str) -> None:
    """Refuse names of contexts that are no file names, or mean something else. Raises `HeadraceError`."""
    if name == LOCAL:
        raise HeadraceError(f"{LOCAL!r} stands for the stores of this machine; choose another --name")
    if not _NAME.fullmatch(name):
        raise HeadraceError(
            f"{name!r} is no name for a context: letters, digits, '.', '_', ':' and '-', 63 at most"
        )


def read_token(file: Path, *, private: bool = True) -> str:
    """Return the token in a file. Raises `HeadraceError`: it is not there, is none, or others can read it."""
    try:
        with file.open("rb") as opened:
            # Of the opened file: what its name leads to may be another one by then.
            mode = os.fstat(opened.fileno()).st_mode
            if private and stat.S_ISREG(mode) and mode & 0o077:
                raise HeadraceError(
                    f"others can read the token in {file} (mode {stat.S_IMODE(mode):04o}), so it is not "
                    f"used; `chmod 600 {file}`, and revoke the token if somebody may have read it"
                )
            text = opened.read(TOKEN_CHARACTERS_MAX + 2).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise HeadraceError(f"the token file {file} cannot be read: {reason}") from error
    return checked_token(text, str(file))


def checked_token(text: str, where: str) -> str:
    """Return a token without the space around it. Raises `HeadraceError`; the text is not in the message."""
    token = text.strip()
    if not token:
        raise HeadraceError(f"{where} has no token")
    if len(token) > TOKEN_CHARACTERS_MAX or not _TOKEN.fullmatch(token):
        raise HeadraceError(f"what is in {where} is no token: one word of visible ASCII characters is")
    return token


def write_token(file: Path, token: str) -> None:
    """Write a token to a file that nobody else can read, at no moment."""
    _write_private(file, token + "\n")


def _write_private(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = file.with_name(f".{file.name}.{os.getpid()}")
        fresh.unlink(missing_ok=True)
        opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(fresh, file)
    except OSError as error:
        raise HeadraceError(f"{file} cannot be written: {error.strerror}") from error


def _context(name: str, data: Any) -> Context:
    certificates = data.get("certificates")
    return Context(
        name=name,
        server=str(data["server"]),
        namespace=str(data.get("namespace") or DEFAULT_NAMESPACE),
        certificates=None if certificates is None else str(certificates),
    )
