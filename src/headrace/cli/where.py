"""Where a command works: on a store of this machine, or on a server; and how that is said.

What is named comes first (`--store`, `--server`, `--context`, or their variables), then the store of the
project that one is in, then the current context. `tests/unit/cli/test_where.py` has the whole table.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from headrace.cli import options, project
from headrace.cli.contexts import DEFAULT_NAMESPACE, LOCAL, Context, Contexts, checked_token, read_token
from headrace.errors import HeadraceError

SERVER, CONTEXT, NAMESPACE, TOKEN = (
    "HEADRACE_SERVER",
    "HEADRACE_CONTEXT",
    "HEADRACE_NAMESPACE",
    "HEADRACE_TOKEN",
)


@dataclass(frozen=True, kw_only=True)
class Where:
    """What the command line says about where to work."""

    store: Path | None = None
    server: str | None = None
    context: str | None = None
    namespace: str | None = None
    token_file: Path | None = None

    @property
    def names_server(self) -> bool:
        """Whether a server is meant by an option."""
        return self.server is not None or self.context not in (None, LOCAL)


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server, how to be let in, and the namespace that is meant there."""

    url: str
    token: str
    namespace: str = DEFAULT_NAMESPACE
    context: str | None = None
    certificates: Path | None = None
    here: bool = False  # it runs the store that commands mean here anyway

    def __repr__(self) -> str:
        return f"Server({self.url!r}, namespace={self.namespace!r})"  # without the token

    @property
    def arguments(self) -> str:
        """What makes another command go to the same place, for hints; with a space before it."""
        if self.here:
            return ""
        place = f" --server {self.url}" if self.context is None else f" --context {self.context}"
        return place if self.namespace == DEFAULT_NAMESPACE else f"{place} -n {self.namespace}"


def placed(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command options that say where: a store or a server. It gets them as `where`."""
    return _with(command, {"store": options.StoreOption, **_SERVER_OPTIONS})


def on_server(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command options that name a server. It gets them as `where`."""
    return _with(command, _SERVER_OPTIONS)


_SERVER_OPTIONS: dict[str, Any] = {
    "server": options.ServerOption,
    "context": options.ContextOption,
    "namespace": options.NamespaceOption,
    "token_file": options.TokenFileOption,
}


def _with(command: Callable[..., Any], more: dict[str, Any]) -> Callable[..., Any]:
    # What typer reads is the signature: these options are written once, and not in each command.
    signature = inspect.signature(command, eval_str=True)
    own = [each for each in signature.parameters.values() if each.name != "where"]
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in more.items()
    ]

    def run(**given: Any) -> Any:
        where = Where(**{name: given.pop(name) for name in more})
        return command(**given, where=where)

    parameters = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own] + added
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    run.__doc__, run.__name__, run.__module__ = command.__doc__, command.__name__, command.__module__
    return run


def place_of(where: Where) -> Path | Server:
    """Return the store file or the server that a command works on. Raises `HeadraceError` for neither."""
    if where.store is not None:
        if where.names_server:
            raise HeadraceError("--store and a server are both named; name one of them")
        return project.find_store(where.store)
    named = named_server(where)
    if named is not None:
        return named
    if _context_of(where) == LOCAL:
        return project.find_store(None)
    here = project.store_here()
    if here is not None:
        return here
    current = _current(where)
    return project.find_store(None) if current is None else current


def server_of(where: Where) -> Server:
    """Return the server that a command is for, which has no meaning without one.

    Without one that is named it is the server that runs the store here, then the current context. Raises
    `HeadraceError` where there is none.
    """
    named = named_server(where)
    if named is not None:
        return named
    if _context_of(where) != LOCAL:
        here = project.store_here()
        url = None if here is None else running_server(here)
        if url is not None:
            return server_at(url, where, noted=True)
        current = _current(where)
        if current is not None:
            return current
    raise HeadraceError(
        "this is asked of a server, and none is named: log in to one with `headrace login URL`, "
        f"or give --server, --context or {SERVER}; `headrace up` starts one"
    )


def only_current(where: Where) -> Server | None:
    """Return the server of the current context, unless `--context local` says that none is meant."""
    return None if _context_of(where) == LOCAL else _current(where)


def named_server(where: Where) -> Server | None:
    """Return the server that options or variables name; None where they name none."""
    if where.server is not None and where.context is not None:
        raise HeadraceError("--server and --context are both given; give one of them")
    if where.server is not None:
        return server_at(where.server, where)
    context = _context_of(where)
    if context == LOCAL:
        return None
    if where.context is None and os.environ.get(SERVER):
        return server_at(os.environ[SERVER], where)
    if context is not None:
        contexts = Contexts.read()
        return _of_context(contexts, contexts.get(context), where)
    return None


def server_at(url: str, where: Where, *, noted: bool = False) -> Server:
    """Return the server at an address, with the token that is meant for it. Raises `HeadraceError`.

    HEADRACE_TOKEN is for a server that is named by its address; that of a context has its own, and goes to
    no other server. `noted`: nobody named the address, it is in a file beside a store, which may be
    anybody's; the variable's token then stays on this machine.
    """
    address = normal_url(url)
    contexts = Contexts.read()
    context = contexts.at(address)
    variable = os.environ.get(TOKEN) if not noted or is_loopback(address) else None
    if where.token_file is not None:
        token = read_token(where.token_file)
    elif variable:
        token = checked_token(variable, TOKEN)
    elif context is not None:
        return _of_context(contexts, context, where)
    else:
        raise HeadraceError(
            f"there is no token for {address}; `headrace login {address}` asks for one, "
            f"or give --token-file FILE or {TOKEN}"
        )
    certificates = None if context is None else context.certificates
    return Server(
        url=address,
        token=token,
        namespace=_namespace(where, context),
        certificates=None if certificates is None else Path(certificates),
    )


def running_server(store: Path) -> str | None:
    """Return the address of the server that runs a store now; None where none does."""
    from headrace.cli.reading import is_owned, owner_of

    url = owner_of(store).get("url")
    return str(url) if url and is_owned(store) else None


def normal_url(url: str) -> str:
    """Return a server's address as contexts keep it. Raises `HeadraceError` for what is none."""
    text = url.strip()
    if "://" not in text:
        text = f"{'http' if is_loopback(text) else 'https'}://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise HeadraceError(f"{url!r} is no address of a server: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise HeadraceError(f"{url!r} is no address of a server; write http://127.0.0.1:8420 or https://HOST")
    if parts.fragment or parts.query:
        raise HeadraceError(
            "the address of a server has neither `?` nor `#`: the link with a token is for browsers; "
            f"give {parts.scheme}://{parts.netloc} alone, and the token is asked for"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{parts.path.rstrip('/')}"


def is_loopback(url: str) -> bool:
    """Return whether an address, with or without a scheme, is of this machine alone."""
    host = urlsplit(url if "://" in url else f"//{url}").hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def _context_of(where: Where) -> str | None:
    return where.context or os.environ.get(CONTEXT) or None


def _current(where: Where) -> Server | None:
    contexts = Contexts.read()
    return None if contexts.current is None else _of_context(contexts, contexts.get(contexts.current), where)


def _of_context(contexts: Contexts, context: Context, where: Where) -> Server:
    if where.token_file is not None:
        token = read_token(where.token_file)
    else:
        token = read_token(contexts.token_file(context.name))
    return Server(
        url=context.server,
        token=token,
        namespace=_namespace(where, context),
        context=context.name,
        certificates=None if context.certificates is None else Path(context.certificates),
    )


def _namespace(where: Where, context: Context | None) -> str:
    named = where.namespace or os.environ.get(NAMESPACE)
    return named or (DEFAULT_NAMESPACE if context is None else context.namespace)
