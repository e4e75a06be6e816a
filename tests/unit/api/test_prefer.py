"""`Prefer: wait=N` in all its spellings (RFC 7240)."""

from __future__ import annotations

import pytest

from headrace.api.prefer import wait_seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([], None),
        (["wait=5"], 5),
        (["respond-async, wait=10"], 10),
        (["respond-async", "wait=10"], 10),
        (['Wait = "7"'], 7),
        (["wait=5; foo=bar"], 5),
        (["wait=1, wait=2"], 1),
        (["wait=0"], 0),
        (["wait=301"], 300),
        (["wait=" + "9" * 5000], 300),
        (["wait"], None),
        (["wait=-1"], None),
        (["wait=1.5"], None),
        (["wait=\N{ARABIC-INDIC DIGIT FIVE}"], None),
        (['note="a, wait=9", wait=3'], 3),
        (['note="\\", wait=9", wait=3'], 3),
        (["waiting=9"], None),
    ],
)
def test_wait_seconds(headers: list[str], seconds: int | None) -> None:
    assert wait_seconds(headers) == seconds
