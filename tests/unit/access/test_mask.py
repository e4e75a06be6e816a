"""What the log of changes keeps of before and after."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from headrace.access.mask import PAYLOAD_BYTES_MAX, masked


def kept(value: Any, *texts: str) -> Any:
    data = masked(value, texts)
    return None if data is None else json.loads(data)


def test_nothing_stays_nothing() -> None:
    assert masked(None) is None


@pytest.mark.parametrize(
    "name", ["password", "newPassword", "client_secret", "API-Key", "accessToken", "Authorization", "Cookie"]
)
def test_members_that_are_secret_by_name_lose_their_value(name: str) -> None:
    assert kept({name: "x", "other": "y"}) == {name: "***", "other": "y"}
    assert kept({"deep": [{name: {"inner": ["x", 7], "on": True}}]}) == {
        "deep": [{name: {"inner": ["***", "***"], "on": True}}]
    }


def test_secret_texts_are_masked_wherever_they_stand() -> None:
    value = {"url": "https://host/?k=s3cr3t-value", "list": ["s3cr3t-value"], "s3cr3t-value": 1}
    assert "s3cr3t" not in json.dumps(kept(value, "s3cr3t-value"))
    assert kept({"a": 'with "quotes" in'}, '"quotes"') == {"a": "with *** in"}
    # The longer one of two, whole.
    assert kept({"a": "secret-and-more"}, "secret", "secret-and-more") == {"a": "***"}
    # Too short to be told from other text.
    assert kept({"a": "abc"}, "abc") == {"a": "abc"}


def test_long_values_are_kept_as_their_beginning() -> None:
    value = {"text": "é" * PAYLOAD_BYTES_MAX}
    found = kept(value)
    whole = masked({"text": "é"})
    assert whole is not None
    data = whole.replace("é".encode(), "é".encode() * PAYLOAD_BYTES_MAX)
    assert found["truncated"] is True
    assert found["bytes"] == len(data)
    assert found["sha256"] == hashlib.sha256(data).hexdigest()
    assert data.decode().startswith(found["begins"])
    stored = masked(value)
    assert stored is not None
    assert len(stored) < PAYLOAD_BYTES_MAX


def test_a_secret_is_masked_before_it_is_cut() -> None:
    value = {"a": "x" * 1_990 + "s3cr3t-value" + "y" * PAYLOAD_BYTES_MAX}
    assert "s3cr3t" not in json.dumps(kept(value, "s3cr3t-value"))
