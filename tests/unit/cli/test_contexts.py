"""Contexts and tokens: what is kept where, and who may read it."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from headrace.cli.contexts import Context, Contexts, check_name, checked_token, config_folder, read_token
from headrace.errors import HeadraceError

TOKEN = "hr_a-token-of-the-tests"


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


@pytest.fixture
def contexts(tmp_path: Path) -> Contexts:
    return Contexts.read(tmp_path / "headrace")


def test_what_is_put_is_read_again(contexts: Contexts) -> None:
    contexts.put(Context("prod", "https://flows.example.com", "shop"), TOKEN, current=True)
    contexts.put(Context("mine", "http://127.0.0.1:8420"), "hr_other", current=False)
    again = Contexts.read(contexts.folder)
    assert again.current == "prod"
    assert again.known == contexts.known
    assert again.get("prod").namespace == "shop"
    assert again.get("mine").namespace == "default"
    assert read_token(again.token_file("prod")) == TOKEN
    assert read_token(again.token_file("mine")) == "hr_other"
    assert again.at("http://127.0.0.1:8420") == again.get("mine")
    assert again.at("http://127.0.0.1:8421") is None


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_nobody_else_can_read_what_is_kept(contexts: Contexts, umask: int) -> None:
    before = os.umask(umask)
    try:
        contexts.put(Context("prod", "https://flows.example.com"), TOKEN, current=True)
    finally:
        os.umask(before)
    assert mode(contexts.token_file("prod")) == 0o600
    assert mode(contexts.file) == 0o600
    assert mode(contexts.token_file("prod").parent) & 0o077 == 0
    assert TOKEN not in contexts.file.read_text()


def test_of_two_contexts_of_a_server_the_current_one_is_meant(contexts: Contexts) -> None:
    for name in ("a", "b", "c"):
        contexts.put(Context(name, "https://flows.example.com"), TOKEN, current=name == "b")
    found = contexts.at("https://flows.example.com")
    assert found is not None and found.name == "b"


def test_deleting_takes_the_token_along(contexts: Contexts) -> None:
    contexts.put(Context("prod", "https://flows.example.com"), TOKEN, current=True)
    contexts.delete("prod")
    assert not contexts.token_file("prod").exists()
    again = Contexts.read(contexts.folder)
    assert (again.known, again.current) == ({}, None)
    with pytest.raises(HeadraceError, match="headrace login"):
        again.get("prod")


@pytest.mark.parametrize("permissions", [0o640, 0o604, 0o644, 0o620, 0o601])
def test_a_token_that_others_can_reach_is_refused(tmp_path: Path, permissions: int) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(permissions)
    with pytest.raises(HeadraceError, match=rf"mode {permissions:04o}.*chmod 600") as raised:
        read_token(file)
    assert TOKEN not in str(raised.value)
    file.chmod(0o600)
    assert read_token(file) == TOKEN


def test_a_link_to_an_open_file_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "open").write_text(TOKEN)
    (tmp_path / "open").chmod(0o644)
    (tmp_path / "token").symlink_to(tmp_path / "open")
    with pytest.raises(HeadraceError, match="others can read"):
        read_token(tmp_path / "token")


@pytest.mark.parametrize("text", ["", "  \n", "two words", "two\nlines", "tökén", "x" * 5000, "a\x00b"])
def test_what_is_no_token_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(HeadraceError) as raised:
        checked_token(text, "stdin")
    assert text.strip() == "" or text not in str(raised.value)


def test_a_token_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(HeadraceError, match="No such file"):
        read_token(tmp_path / "token")


@pytest.mark.parametrize("name", ["local", "", ".", "..", "a/b", "../x", "-x", "x" * 64, "a b"])
def test_names_that_are_refused(name: str) -> None:
    with pytest.raises(HeadraceError):
        check_name(name)


@pytest.mark.parametrize("name", ["prod", "127.0.0.1:8420", "a.b-c_d"])
def test_names_that_are_taken(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"contexts": 1}', '{"contexts": {"a": {}}}', '{"contexts": {"a": 1}}']
)
def test_a_broken_file_is_named(contexts: Contexts, text: str) -> None:
    contexts.folder.mkdir(parents=True)
    contexts.file.write_text(text)
    with pytest.raises(HeadraceError, match=r"contexts\.json"):
        Contexts.read(contexts.folder)


def test_a_current_context_that_is_gone_is_none(contexts: Contexts) -> None:
    contexts.folder.mkdir(parents=True)
    contexts.file.write_text(json.dumps({"current": "gone", "contexts": {}}))
    assert Contexts.read(contexts.folder).current is None


def test_the_folder_is_xdgs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert config_folder() == tmp_path / "config" / "headrace"
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    assert config_folder() == tmp_path / ".config" / "headrace"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert config_folder() == tmp_path / ".config" / "headrace"
