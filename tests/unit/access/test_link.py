"""Links that are signed, and a limit on how often somebody asks."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from headrace.access.failure import Refused
from headrace.access.link import LinkSigner, link_id_of, link_keys_for, new_link_id
from headrace.access.rate import SUBJECTS_MAX, RateLimit

GIVEN = base64.b64encode(b"k" * 32).decode()


async def test_a_token_is_for_what_it_was_made(tmp_path: Path) -> None:
    signer = LinkSigner(link_keys_for(str(tmp_path / "a.db"), None))
    link_id = new_link_id()
    token = await signer.token(link_id, "this")
    assert link_id_of(token) == link_id
    assert await signer.signed(token, "this")
    assert not await signer.signed(token, "that")
    assert not await signer.signed(token.replace(link_id, new_link_id()), "this")
    for forged in ("", ".", link_id, f"{link_id}.", f"{token}x", token[:-1], "é.\udcff"):
        assert not await signer.signed(forged, "this")


async def test_the_key_is_kept_where_nobody_else_reads_it(tmp_path: Path) -> None:
    store = str(tmp_path / "a.db")
    before = LinkSigner(link_keys_for(store, None))
    assert not await before.signed("lnk_1.x", "this")
    assert not (tmp_path / "a.db.link-key").exists()
    token = await before.token("lnk_1", "this")
    assert (tmp_path / "a.db.link-key").stat().st_mode & 0o777 == 0o600
    assert await LinkSigner(link_keys_for(store, None)).signed(token, "this")
    assert not await LinkSigner(link_keys_for(str(tmp_path / "b.db"), None)).signed(token, "this")


async def test_a_given_key_signs_after_it_was_changed_too(tmp_path: Path) -> None:
    store = str(tmp_path / "a.db")
    token = await LinkSigner(link_keys_for(store, GIVEN)).token("lnk_1", "this")
    newer = base64.b64encode(b"n" * 32).decode()
    assert await LinkSigner(link_keys_for(store, f"{newer},{GIVEN}")).signed(token, "this")
    assert not await LinkSigner(link_keys_for(store, newer)).signed(token, "this")
    assert not list(tmp_path.iterdir())


def test_a_limit_fills_up_again_and_forgets_the_oldest() -> None:
    now = [0.0]
    limit = RateLimit(3, 0.5, now=lambda: now[0])
    for _ in range(3):
        limit.take("a")
    with pytest.raises(Refused) as refused:
        limit.take("a")
    assert (refused.value.status, refused.value.headers["retry-after"]) == (429, "2")
    limit.take("b")
    now[0] = 2.0
    limit.take("a")
    with pytest.raises(Refused):
        limit.take("a")
    for number in range(SUBJECTS_MAX):
        limit.take(str(number))
    for _ in range(3):
        limit.take("a")
