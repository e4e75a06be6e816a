"""Secrets of a notification: what a template used is in no error."""

from __future__ import annotations

from typing import Any

import pytest

from headrace.alert.webhook import Secrets, covered

DATA = {"keys": ["the first key", {"second": "the second key"}], "port": 8080, "user": "ada"}


def secret(namespace: str, name: str) -> Any:
    """Give the one secret that there is."""
    return DATA if (namespace, name) == ("default", "relay") else None


@pytest.mark.parametrize("text", ["the first key", "the second key"])
def test_texts_of_a_used_secret_are_masked_at_any_depth(text: str) -> None:
    """An answer may quote them; one of three letters hides nothing else."""
    secrets = Secrets("default", secret)
    assert secrets.masked(f"401: {text} is not known") == f"401: {text} is not known"
    assert secrets["relay"] == DATA
    assert secrets.masked(f"401: {text} is not known to ada") == "401: *** is not known to ada"


def test_a_covered_secret_shows_its_members_and_nothing_of_them() -> None:
    """What would be sent is shown so."""
    shown = covered(secret)("default", "relay")
    assert shown == {"keys": "***", "port": "***", "user": "***"}
