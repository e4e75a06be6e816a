"""Logging in: passwords, tokens, limits, and nothing to guess from."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from argon2 import PasswordHasher

from headrace.access.access import Access
from headrace.access.failure import Refused
from headrace.access.password import Passwords
from headrace.access.settings import AccessSettings, LoginLimits
from headrace.runtime.clock import ManualClock
from headrace.store.access import AuditQuery
from integration.access.asking import ADDRESS, administrator, by_cookie
from integration.access.conftest import PASSWORD, Open

LIMITS = LoginLimits(per_user=3, per_address=5, window_seconds=600.0)


@pytest.fixture
async def access(open_access: Open) -> Access:
    access = await open_access(settings=AccessSettings(limits=LIMITS))
    await access.users.add(await administrator(access), "Ada", PASSWORD, {"*": "viewer"})
    return access


async def log_in(access: Access, name: str, password: str, address: str = ADDRESS) -> int:
    """Return the status that a login ends in, 201 for a session."""
    try:
        await access.login.by_password(name, password, address=address)
    except Refused as refused:
        return refused.status
    return 201


async def test_names_are_of_any_case(access: Access) -> None:
    for name in ("ada", "ADA", " Ada "):
        session = await access.login.by_password(name, PASSWORD, address=ADDRESS)
        assert session.principal.id == "user:ada"


async def test_each_login_has_an_id_of_its_own(access: Access) -> None:
    sessions = [await access.login.by_password("ada", PASSWORD, address=ADDRESS) for _ in range(3)]
    assert len({session.id for session in sessions}) == 3
    assert len({session.csrf for session in sessions}) == 3
    assert all(len(session.id) >= 43 for session in sessions)


async def test_refusals_are_the_same_and_take_the_same_work(
    access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = await administrator(access)
    await access.users.add(by, "gone", PASSWORD, {"*": "viewer"})
    await access.users.change(by, "gone", disabled=True)
    verified: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, hash: Any, password: Any) -> Any:
        verified.append("$".join(hash.split("$")[:4]))
        return verify(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    refusals = []
    for name, password in (
        ("ada", "wrong password"),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("no name at all!", "x" * 1000),
        ("", ""),
    ):
        with pytest.raises(Refused) as refused:
            await access.login.by_password(name, password, address=f"10.0.0.{len(refusals)}")
        value = refused.value
        refusals.append((value.status, value.code, value.detail, value.remedy, value.pointer, value.headers))
    assert len({repr(each) for each in refusals}) == 1
    # One verification each, with the same parameters, whether there is such a user or not.
    assert len(verified) == 5
    assert len(set(verified)) == 1


async def test_a_user_is_limited_from_all_addresses_together(access: Access, clock: ManualClock) -> None:
    for number in range(LIMITS.per_user):
        assert await log_in(access, "ada", "wrong password", f"10.0.0.{number}") == 401
    assert await log_in(access, "ADA ", PASSWORD, "10.0.0.99") == 429
    clock.advance(LIMITS.window_seconds)
    assert await log_in(access, "ada", PASSWORD, "10.0.0.99") == 201


async def test_a_name_that_nobody_has_is_limited_alike(access: Access) -> None:
    for number in range(LIMITS.per_user):
        assert await log_in(access, "nobody", "wrong password", f"10.0.0.{number}") == 401
    assert await log_in(access, "nobody", "wrong password", "10.0.0.99") == 429


async def test_an_address_is_limited_for_all_users_together(access: Access) -> None:
    for number in range(LIMITS.per_address):
        assert await log_in(access, f"user{number}", "wrong password") == 401
    with pytest.raises(Refused) as refused:
        await access.login.by_password("ada", PASSWORD, address=ADDRESS)
    assert refused.value.status == 429
    assert refused.value.headers["retry-after"] == "600"
    assert await log_in(access, "ada", PASSWORD, "10.9.9.9") == 201


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
    ],
)
async def test_an_ipv6_customer_is_one_address(access: Access, first: str, second: str, same: bool) -> None:
    for number in range(LIMITS.per_address):
        assert await log_in(access, f"user{number}", "wrong password", first) == 401
    assert await log_in(access, "ada", PASSWORD, second) == (429 if same else 201)


async def test_many_at_the_same_time_are_not_more(access: Access) -> None:
    statuses = await asyncio.gather(
        *(log_in(access, "ada", "wrong password", f"10.0.0.{number}") for number in range(12))
    )
    assert sorted(statuses) == [401] * LIMITS.per_user + [429] * (12 - LIMITS.per_user)


async def test_success_forgets_failures(access: Access) -> None:
    for _ in range(4):
        assert await log_in(access, "ada", "wrong password", "10.0.0.1") == 401
        assert await log_in(access, "ada", PASSWORD, "10.0.0.2") == 201


async def test_logins_that_succeed_are_not_limited(access: Access) -> None:
    for _ in range(3 * LIMITS.per_address):
        assert await log_in(access, "ada", PASSWORD) == 201


async def test_the_limit_outlives_a_restart(access: Access, open_access: Open) -> None:
    for number in range(LIMITS.per_user):
        await log_in(access, "ada", "wrong password", f"10.0.0.{number}")
    again = await open_access(settings=AccessSettings(limits=LIMITS))
    assert await log_in(again, "ada", PASSWORD, "10.0.0.99") == 429


async def test_a_token_begins_a_session_that_ends_with_it(access: Access, clock: ManualClock) -> None:
    by = await administrator(access)
    row, token = await access.tokens.create(by, "robot", {"shop": "operator"}, expires_at=clock.now() + 100)
    session = await access.login.by_token(token, address=ADDRESS)
    assert session.expires_at == clock.now() + 100
    assert (await by_cookie(access, session.id)).roles == {"shop": "operator"}
    await access.tokens.revoke(by, row.id)
    with pytest.raises(Refused):
        await by_cookie(access, session.id)
    with pytest.raises(Refused) as refused:
        await access.login.by_token(token, address=ADDRESS)
    assert refused.value.status == 401


async def test_an_expired_token_begins_none(access: Access, clock: ManualClock) -> None:
    by = await administrator(access)
    _, token = await access.tokens.create(by, "robot", {"*": "viewer"}, expires_at=clock.now() + 100)
    clock.advance(100)
    with pytest.raises(Refused):
        await access.login.by_token(token, address=ADDRESS)


async def test_changing_ones_own_password(access: Access) -> None:
    session = await access.login.by_password("ada", PASSWORD, address=ADDRESS)
    me = await by_cookie(access, session.id)
    with pytest.raises(Refused, match="wrong"):
        await access.login.change_password(me, "not mine at all", "another good one")
    with pytest.raises(Refused, match="characters"):
        await access.login.change_password(me, PASSWORD, "short")
    await by_cookie(access, session.id)
    await access.login.change_password(me, PASSWORD, "another good one")
    with pytest.raises(Refused):
        await by_cookie(access, session.id)
    assert await log_in(access, "ada", PASSWORD) == 401
    assert await log_in(access, "ada", "another good one") == 201


async def test_guessing_ones_own_password_is_limited(access: Access) -> None:
    me = (await access.login.by_password("ada", PASSWORD, address=ADDRESS)).principal
    for _ in range(LIMITS.per_user):
        with pytest.raises(Refused) as refused:
            await access.login.change_password(me, "not mine at all", "another good one")
        assert refused.value.status == 401
    with pytest.raises(Refused) as refused:
        await access.login.change_password(me, PASSWORD, "another good one")
    assert refused.value.status == 429


async def test_a_weak_hash_is_made_anew(access: Access, open_access: Open) -> None:
    harder = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    stronger = await open_access(hasher=harder)
    before = await stronger.users.get("ada")
    assert await log_in(stronger, "ada", PASSWORD) == 201
    after = await stronger.users.get("ada")
    assert Passwords(harder).outdated(before.password_hash)
    assert not Passwords(harder).outdated(after.password_hash)
    assert await log_in(stronger, "ada", PASSWORD) == 201


async def test_logins_are_on_record_without_what_was_typed(access: Access) -> None:
    await log_in(access, "ada", "wrong password")
    await log_in(access, "my-secret-password", "x")
    await log_in(access, "ada", PASSWORD)
    entries = await access.audit.page(await administrator(access), AuditQuery(action="session"))
    assert [(entry.action, entry.object, entry.principal) for entry in entries] == [
        ("session.login", "ada", "user:ada"),
        ("session.refused", "(unknown)", "anonymous"),
        ("session.refused", "ada", "anonymous"),
    ]
    assert {entry.address for entry in entries} == {ADDRESS}
