"""The first start makes an administrator's token; a given one is good while it is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from headrace.access.failure import Refused
from headrace.access.token import PREFIX
from headrace.errors import HeadraceError
from integration.access.asking import administrator, by_token
from integration.access.conftest import PASSWORD, Open

GIVEN, OTHER = "0123456789abcdef", "fedcba9876543210"


async def test_the_first_start_makes_a_token_and_the_next_ones_do_not(
    open_access: Open, tmp_path: Path
) -> None:
    first = await open_access()
    assert first.first_token is not None
    assert first.first_token.startswith(PREFIX)
    assert len(first.first_token) >= len(PREFIX) + 43  # 256 bits in base64
    principal = await administrator(first)
    assert (principal.kind, principal.roles) == ("token", {"*": "admin"})
    second = await open_access()
    assert second.first_token is None
    assert (await by_token(second, first.first_token)).id == principal.id
    for file in tmp_path.iterdir():
        assert first.first_token.encode() not in file.read_bytes()


async def test_a_given_token_is_good_while_it_is_given(open_access: Open) -> None:
    access = await open_access(given_token=GIVEN)
    assert access.first_token is None
    assert (await by_token(access, GIVEN)).roles == {"*": "admin"}
    again = await open_access(given_token=GIVEN)
    assert (await by_token(again, GIVEN)).roles == {"*": "admin"}
    changed = await open_access(given_token=OTHER)
    assert (await by_token(changed, OTHER)).roles == {"*": "admin"}
    with pytest.raises(Refused):
        await by_token(changed, GIVEN)
    without = await open_access()
    for token in (GIVEN, OTHER):
        with pytest.raises(Refused):
            await by_token(without, token)
    # Somebody must be able to go on.
    assert without.first_token is not None


async def test_a_given_token_makes_nobody_the_last_administrator(open_access: Open) -> None:
    access = await open_access(given_token=GIVEN)
    by = await by_token(access, GIVEN)
    await access.users.add(by, "root", PASSWORD, {"*": "admin"})
    with pytest.raises(HeadraceError, match="last administrator"):
        await access.users.delete(by, "root")


@pytest.mark.parametrize("token", ["", "short", "fifteen-letters", "with some spaces", "ümlaut-ümlaut-ü"])
async def test_a_given_token_that_is_too_easy_is_refused(open_access: Open, token: str) -> None:
    with pytest.raises(HeadraceError, match="openssl rand") as refused:
        await open_access(given_token=token)
    assert not token or token not in str(refused.value)


async def test_the_given_token_may_be_an_administrators_and_no_other(open_access: Open) -> None:
    access = await open_access()
    assert access.first_token is not None
    by = await administrator(access)
    again = await open_access(given_token=access.first_token)
    assert (await by_token(again, access.first_token)).id == by.id
    _, weak = await access.tokens.create(by, "robot", {"shop": "viewer"})
    with pytest.raises(HeadraceError, match="'robot'"):
        await open_access(given_token=weak)
    assert (await by_token(access, weak)).roles == {"shop": "viewer"}
