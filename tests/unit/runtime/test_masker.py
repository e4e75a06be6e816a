"""What is written down has no secrets, and what is read back has them again."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.runtime.secrets import Masker

SECRETS = {
    "api": {"key": 'k"ey\\with\nsigns', "user": "ada-lovelace"},
    "login": {"username": "grace", "password": "h0pper!"},
    "part": "k3y-part",
    "whole": "whole-k3y-part-of",
    "short": "abc",
}


def json_values() -> st.SearchStrategy[Any]:
    text = st.one_of(st.text(), st.sampled_from(["\x00secret:api.key\x00", "\\u0000secret:part\\u0000"]))
    return st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | text,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
        max_leaves=8,
    )


@pytest.mark.parametrize(
    "text",
    [
        "the key is " + SECRETS["api"]["key"],  # type: ignore[index]
        "ada-lovelace",
        "whole-k3y-part-of and k3y-part",
        "Basic " + base64.b64encode(b"grace:h0pper!").decode(),
    ],
)
def test_hides_and_shows_again(text: str) -> None:
    masker = Masker(SECRETS)
    data = {"text": text, "list": [text, 1, None]}
    written = masker.encode(data)
    for secret in ("signs", "lovelace", "k3y", "Z3JhY2U6"):
        assert secret.encode() not in written
    assert masker.decode(written) == data
    masked = masker.mask(written)
    assert b"***" in masked
    assert b"secret:" not in masked


def test_text_shorter_than_the_limit_stays() -> None:
    masker = Masker(SECRETS)
    assert masker.encode({"n": "abc"}) == b'{"n":"abc"}'


def test_without_the_secret_it_stays_masked() -> None:
    written = Masker(SECRETS).encode(["ada-lovelace"])
    assert Masker({"other": "something"}).decode(written) == ["***"]


def test_masks_log_lines() -> None:
    assert Masker(SECRETS).mask_text("user ada-lovelace logged in") == "user *** logged in"


@given(json_values())
def test_data_that_imitates_references_gets_no_secret(data: Any) -> None:
    masker = Masker(SECRETS)
    back = masker.decode(masker.encode(data))
    shown = repr(back)
    for secret in ("signs", "lovelace", "k3y-part", "h0pper"):
        if secret not in repr(data):
            assert secret not in shown
