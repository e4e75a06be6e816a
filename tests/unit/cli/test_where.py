"""Where a command works: the whole table of options, variables, the project here and the current context."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from headrace.cli.contexts import Context, Contexts
from headrace.cli.queue_address import queue_server
from headrace.cli.where import (
    Server,
    Where,
    is_loopback,
    normal_url,
    place_of,
    running_server,
    server_at,
    server_of,
)
from headrace.errors import HeadraceError

PROD, MINE = "https://flows.example.com", "http://127.0.0.1:8420"
VARIABLES = ("SERVER", "CONTEXT", "NAMESPACE", "TOKEN", "STORE", "QUEUE")


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder that is no project, a user without settings."""
    for name in VARIABLES:
        monkeypatch.delenv(f"HEADRACE_{name}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def contexts() -> Contexts:
    """Two contexts; `prod` is the current one."""
    known = Contexts.read()
    known.put(Context("mine", MINE), "token-of-mine", current=False)
    known.put(Context("prod", PROD, "shop"), "token-of-prod", current=True)
    return known


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store of a project, whose folder is the working directory."""
    file = tmp_path / "project" / ".headrace" / "headrace.db"
    file.parent.mkdir(parents=True)
    file.touch()
    monkeypatch.chdir(tmp_path / "project")
    return file


def owned(store: Path, url: str | None, *, pid: int | None = None, host: str | None = None) -> None:
    """Write an owner's note beside a store, as if this process were the owner."""
    note = {
        "pid": pid or os.getpid(),
        "host": host or socket.gethostname(),
        "started_at": "2026-01-31T10:00:00.000+00:00",
        "command": "headrace up",
        "url": url,
    }
    Path(f"{store}.owner").write_text(json.dumps(note))


def server(place: object) -> tuple[str, str, str]:
    assert isinstance(place, Server)
    return place.url, place.token, place.namespace


def test_the_store_here_comes_before_the_current_context(contexts: Contexts, store: Path) -> None:
    assert place_of(Where()) == store


def test_elsewhere_the_current_context_is_meant(contexts: Contexts) -> None:
    assert server(place_of(Where())) == (PROD, "token-of-prod", "shop")
    assert server(server_of(Where())) == (PROD, "token-of-prod", "shop")


def test_what_is_named_comes_first(
    contexts: Contexts, store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    other.touch()
    assert place_of(Where(store=other)) == other
    assert server(place_of(Where(context="mine"))) == (MINE, "token-of-mine", "default")
    assert server(place_of(Where(server="127.0.0.1:8420"))) == (MINE, "token-of-mine", "default")
    monkeypatch.setenv("HEADRACE_CONTEXT", "prod")
    assert server(place_of(Where()))[0] == PROD
    assert place_of(Where(store=other)) == other
    assert server(place_of(Where(context="mine")))[0] == MINE
    monkeypatch.setenv("HEADRACE_SERVER", MINE)
    assert server(place_of(Where()))[0] == MINE
    assert place_of(Where(context="local")) == store


def test_local_is_no_server(contexts: Contexts, store: Path, elsewhere: Path) -> None:
    assert place_of(Where(context="local")) == store
    os.chdir(elsewhere)
    with pytest.raises(HeadraceError, match="there is no"):
        place_of(Where(context="local"))
    with pytest.raises(HeadraceError, match="headrace login"):
        server_of(Where(context="local"))


def test_nothing_at_all() -> None:
    with pytest.raises(HeadraceError, match=r"--store.*--server"):
        place_of(Where())
    with pytest.raises(HeadraceError, match="headrace login URL"):
        server_of(Where())


def test_two_places_are_refused(contexts: Contexts, store: Path) -> None:
    with pytest.raises(HeadraceError, match="--store and a server"):
        place_of(Where(store=store, server=MINE))
    with pytest.raises(HeadraceError, match="--server and --context"):
        place_of(Where(server=MINE, context="prod"))


def test_a_token_goes_to_its_own_server_only(
    contexts: Contexts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(HeadraceError, match=r"there is no token for https://other\.example\.com"):
        server_of(Where(server="https://other.example.com"))
    monkeypatch.setenv("HEADRACE_TOKEN", "token-of-the-variable")
    assert server(server_of(Where(server="https://other.example.com")))[1] == "token-of-the-variable"
    # A context has its own: the variable is for a server that is named by its address.
    assert server(server_of(Where(context="prod")))[1] == "token-of-prod"
    assert server(server_of(Where()))[1] == "token-of-prod"
    file = tmp_path / "token"
    file.write_text("token-of-the-file\n")
    file.chmod(0o600)
    assert server(server_of(Where(context="prod", token_file=file)))[1] == "token-of-the-file"
    assert server(server_of(Where(server=MINE, token_file=file)))[1] == "token-of-the-file"


def test_a_token_is_not_in_what_is_printed(contexts: Contexts) -> None:
    assert "token-of-prod" not in repr(server_of(Where()))


def test_namespaces(contexts: Contexts, monkeypatch: pytest.MonkeyPatch) -> None:
    assert server(server_of(Where(namespace="a")))[2] == "a"
    monkeypatch.setenv("HEADRACE_NAMESPACE", "b")
    assert server(server_of(Where()))[2] == "b"
    assert server(server_of(Where(namespace="a")))[2] == "a"


def test_the_server_that_runs_the_store_here(contexts: Contexts, store: Path) -> None:
    owned(store, MINE)
    assert running_server(store) == MINE
    assert place_of(Where()) == store
    assert server(server_of(Where())) == (MINE, "token-of-mine", "default")
    owned(store, None)
    assert running_server(store) is None
    assert server(server_of(Where()))[0] == PROD


def test_a_server_that_is_gone_or_elsewhere_runs_nothing(store: Path) -> None:
    gone = os.fork()
    if gone == 0:
        os._exit(0)
    os.waitpid(gone, 0)
    owned(store, MINE, pid=gone)
    assert running_server(store) is None
    owned(store, MINE, host="another.example.com")
    assert running_server(store) is None
    Path(f"{store}.owner").write_text("{")
    assert running_server(store) is None


def test_a_file_beside_a_store_gets_no_token_out_of_this_machine(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEADRACE_TOKEN", "token-of-the-variable")
    owned(store, MINE)
    assert server(server_of(Where()))[1] == "token-of-the-variable"
    owned(store, "https://flows.example.net")
    with pytest.raises(HeadraceError, match="there is no token"):
        server_of(Where())
    assert server_at("https://flows.example.net", Where()).token == "token-of-the-variable"


def test_queues(contexts: Contexts, elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert server(queue_server(None, Where()))[0] == PROD
    assert queue_server("queue.db", Where()) is None
    assert queue_server(None, Where(context="local")) is None
    (elsewhere / ".headrace").mkdir()
    (elsewhere / ".headrace" / "queue.db").touch()
    assert queue_server(None, Where()) is None
    assert server(queue_server(None, Where(context="mine")))[0] == MINE
    monkeypatch.setenv("HEADRACE_SERVER", MINE)
    assert server(queue_server(None, Where()))[0] == MINE
    monkeypatch.setenv("HEADRACE_QUEUE", "queue.db")
    assert queue_server(None, Where()) is None
    assert server(queue_server(None, Where(context="prod")))[0] == PROD
    with pytest.raises(HeadraceError, match="--queue and a server"):
        queue_server("queue.db", Where(server=MINE))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("127.0.0.1:8420", "http://127.0.0.1:8420"),
        ("localhost", "http://localhost"),
        ("http://127.0.0.1:8420/", "http://127.0.0.1:8420"),
        (" HTTP://Flows.Example.COM/base/ ", "http://flows.example.com/base"),
        ("flows.example.com", "https://flows.example.com"),
        ("https://flows.example.com:443", "https://flows.example.com:443"),
        ("http://[::1]:8420", "http://[::1]:8420"),
    ],
)
def test_addresses(given: str, kept: str) -> None:
    assert normal_url(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "ftp://flows.example.com",
        "http://",
        "http://user:password@flows.example.com",
        "http://flows.example.com:port",
        "http://127.0.0.1:8420/?x=1",
    ],
)
def test_what_is_no_address(given: str) -> None:
    with pytest.raises(HeadraceError):
        normal_url(given)


def test_the_link_for_browsers_is_not_taken_and_not_repeated() -> None:
    with pytest.raises(HeadraceError, match="for browsers") as raised:
        normal_url("http://127.0.0.1:8420/login#token=hr_secret")
    assert "hr_secret" not in str(raised.value)


def test_loopback() -> None:
    assert all(map(is_loopback, ("http://127.0.0.1:1", "127.9.9.9", "localhost:8420", "http://[::1]:1")))
    assert not any(map(is_loopback, ("http://10.0.0.1", "flows.example.com", "http://[fe80::1]:1")))
