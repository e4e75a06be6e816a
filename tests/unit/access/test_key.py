"""Keys: sealing, opening, and where keys are kept."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from headrace.access.key import (
    GivenKeys,
    KeyFile,
    KeyRing,
    MemoryKeys,
    Unsealable,
    keys_for,
    new_key,
)
from headrace.errors import HeadraceError

FIRST, SECOND = new_key(), new_key()


def text_of(*keys: bytes) -> str:
    return ",".join(base64.b64encode(key).decode() for key in keys)


def test_what_is_sealed_is_opened_in_its_place_only() -> None:
    ring = KeyRing([FIRST])
    sealed = ring.seal(b"value", b"shop/a")
    assert b"value" not in sealed
    assert ring.open(sealed, b"shop/a") == b"value"
    with pytest.raises(Unsealable, match="moved"):
        ring.open(sealed, b"bank/a")


@pytest.mark.parametrize("position", [0, 1, 9, 21, -1])
def test_what_was_changed_is_not_opened(position: int) -> None:
    ring = KeyRing([FIRST])
    sealed = bytearray(ring.seal(b"value", b"c"))
    sealed[position] ^= 1
    with pytest.raises(Unsealable):
        ring.open(bytes(sealed), b"c")


@pytest.mark.parametrize("data", [b"", b"\x01", b"plain text that nobody has sealed"])
def test_what_was_never_sealed_is_not_opened(data: bytes) -> None:
    with pytest.raises(Unsealable):
        KeyRing([FIRST]).open(data, b"c")


def test_sealing_twice_looks_different() -> None:
    ring = KeyRing([FIRST])
    assert ring.seal(b"value", b"c") != ring.seal(b"value", b"c")


def test_the_newest_key_seals_and_older_ones_open() -> None:
    old = KeyRing([FIRST]).seal(b"value", b"c")
    both = KeyRing([SECOND, FIRST])
    assert both.open(old, b"c") == b"value"
    assert not both.is_newest(old)
    new = both.seal(b"value", b"c")
    assert both.is_newest(new)
    with pytest.raises(Unsealable, match="not here"):
        KeyRing([FIRST]).open(new, b"c")


def test_given_keys() -> None:
    assert GivenKeys(text_of(SECOND, FIRST)).read().keys == (SECOND, FIRST)
    with pytest.raises(HeadraceError, match="start again"):
        GivenKeys(text_of(FIRST)).replace([SECOND])


@pytest.mark.parametrize(
    "text",
    ["short", text_of(b"x" * 31), "ä" * 44, text_of(FIRST) + ","],
    ids=["short", "31 bytes", "no ASCII", "an empty second one"],
)
def test_a_given_key_that_is_none_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(HeadraceError, match="openssl rand") as refused:
        GivenKeys(text)
    assert text not in str(refused.value)


def test_a_key_file_is_made_when_it_is_needed_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    keys = keys_for(str(store), None)
    assert keys.read().keys == ()
    assert list(tmp_path.iterdir()) == []
    assert keys.replace([SECOND, FIRST]).keys == (SECOND, FIRST)
    (file,) = tmp_path.iterdir()
    assert file.name == "store.db.secret-key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert KeyFile(file).read().keys == (SECOND, FIRST)


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "key")
    keys.replace([FIRST])
    os.chmod(tmp_path / "key", 0o640)
    with pytest.raises(HeadraceError, match="chmod 600"):
        keys.read()


def test_a_key_file_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(HeadraceError, match="HEADRACE_SECRET_KEY"):
        KeyFile(tmp_path / "missing" / "key").replace([FIRST])


def test_a_file_that_holds_no_key_is_refused(tmp_path: Path) -> None:
    KeyFile(tmp_path / "key").replace([FIRST])
    (tmp_path / "key").write_text("not a key\n")
    with pytest.raises(HeadraceError, match="base64"):
        KeyFile(tmp_path / "key").read()


def test_where_keys_are() -> None:
    assert isinstance(keys_for("a.db", text_of(FIRST)), GivenKeys)
    assert isinstance(keys_for(":memory:", None), MemoryKeys)
    assert isinstance(keys_for("a.db", ""), KeyFile)
