"""Users and tokens: kept, changed by revision, and never without an administrator."""

from __future__ import annotations

import msgspec
import pytest

from contract.access.sample import a_session, a_token, a_user, an_admin, an_entry
from headrace.access.access import AccessStore
from headrace.store.access import AuditQuery, LastAdministrator, NameTaken, RevisionConflict


async def actions(store: AccessStore) -> list[str]:
    return [entry.action for entry in await store.entries(AuditQuery())]


async def test_users_are_kept_in_order(access_store: AccessStore) -> None:
    for name in ("cleo", "ada", "bob"):
        kept = await access_store.add_user(a_user(name), an_entry())
        assert kept == a_user(name, revision=1)
    assert [row.name for row in await access_store.users("", 2)] == ["ada", "bob"]
    assert [row.name for row in await access_store.users("bob", 2)] == ["cleo"]
    assert await access_store.user("bob") == a_user("bob", revision=1)
    assert await access_store.user("dan") is None


async def test_a_name_is_taken_once(access_store: AccessStore) -> None:
    await access_store.add_user(a_user(), an_entry())
    with pytest.raises(NameTaken, match="'ada'"):
        await access_store.add_user(a_user(password_hash="other"), an_entry("again"))
    assert await access_store.user("ada") == a_user(revision=1)
    assert await actions(access_store) == ["user.create"]


async def test_a_change_is_made_to_the_revision_that_was_read(access_store: AccessStore) -> None:
    await access_store.add_user(a_user(), an_entry())
    changed = await access_store.change_user(a_user(roles={"shop": "editor"}), 1, an_entry("first"))
    assert changed == a_user(roles={"shop": "editor"}, revision=2)
    with pytest.raises(RevisionConflict) as conflict:
        await access_store.change_user(a_user(roles={}), 1, an_entry("second"))
    assert conflict.value.revision == 2
    assert await access_store.user("ada") == changed
    assert await access_store.change_user(a_user("nobody"), 1, an_entry("third")) is None
    assert await actions(access_store) == ["first", "user.create"]


async def test_the_last_administrator_stays(access_store: AccessStore) -> None:
    await access_store.add_user(an_admin(), an_entry())
    for change in ({"roles": {"*": "editor"}}, {"roles": {"shop": "admin"}}, {"disabled": True}):
        with pytest.raises(LastAdministrator, match="'root'"):
            await access_store.change_user(
                msgspec.structs.replace(an_admin(), **change), 1, an_entry("refused")
            )
    with pytest.raises(LastAdministrator):
        await access_store.delete_user("root", an_entry("refused"))
    assert await access_store.user("root") == an_admin(revision=1)
    assert await actions(access_store) == ["user.create"]
    # Any other change is no matter.
    assert await access_store.change_user(an_admin(password_hash="new"), 1, an_entry("changed")) is not None


async def test_another_administrator_may_be_a_user_or_a_lasting_token(access_store: AccessStore) -> None:
    await access_store.add_user(an_admin(), an_entry())
    await access_store.add_token(a_token("short", roles={"*": "admin"}, expires_at=1e12), an_entry())
    await access_store.add_user(an_admin("disabled", disabled=True), an_entry())
    with pytest.raises(LastAdministrator):
        await access_store.delete_user("root", an_entry())
    await access_store.add_token(a_token("lasting", roles={"*": "admin"}), an_entry())
    assert await access_store.delete_user("root", an_entry())
    with pytest.raises(LastAdministrator):
        await access_store.delete_token("lasting", an_entry())
    assert await access_store.delete_token("short", an_entry())


async def test_no_administrator_at_all_hinders_nothing(access_store: AccessStore) -> None:
    await access_store.add_user(a_user(), an_entry())
    assert not await access_store.administered()
    assert await access_store.delete_user("ada", an_entry())
    assert not await access_store.delete_user("ada", an_entry("again"))
    assert "again" not in await actions(access_store)


async def test_administered(access_store: AccessStore) -> None:
    await access_store.add_user(a_user(), an_entry())
    await access_store.add_token(a_token(), an_entry())
    assert not await access_store.administered()
    await access_store.add_token(a_token("t2", roles={"*": "admin"}), an_entry(), lasting=False)
    await access_store.add_token(a_token("t3", roles={"*": "admin"}, expires_at=1e12), an_entry())
    assert not await access_store.administered()
    assert await access_store.delete_token("t2", an_entry())
    await access_store.add_token(a_token("t4", roles={"*": "admin"}), an_entry())
    assert await access_store.administered()


async def test_tokens(access_store: AccessStore) -> None:
    first = a_token()
    second = a_token("t2", expires_at=99.0)
    for token in (first, second):
        await access_store.add_token(token, an_entry("token.create"))
    assert await access_store.token(first.hash) == first
    assert await access_store.token(b"unknown") is None
    assert await access_store.tokens("", 10) == [first, second]
    assert await access_store.tokens("t1", 10) == [second]
    await access_store.token_used("t1", 30.0)
    await access_store.token_used("t1", 25.0)
    await access_store.token_used("gone", 25.0)
    kept = await access_store.token(first.hash)
    assert kept is not None
    assert kept.last_used_at == 30.0
    assert await access_store.delete_token("t1", an_entry("token.revoke"))
    assert not await access_store.delete_token("t1", an_entry("token.revoke"))
    assert await access_store.token(first.hash) is None
    assert await actions(access_store) == ["token.revoke", "token.create", "token.create"]


async def test_what_is_deleted_or_changed_ends_sessions(access_store: AccessStore) -> None:
    await access_store.add_user(a_user(), an_entry())
    await access_store.add_token(a_token(), an_entry())
    of_token = a_session(b"of-token", kind="token", subject="t1")

    async def begin() -> None:
        await access_store.add_session(a_session(), an_entry())

    await access_store.add_session(of_token, an_entry())
    await begin()
    await access_store.change_user(a_user(roles={"shop": "viewer"}), 1, an_entry())
    assert await access_store.session(b"s1", 60.0) is not None
    await access_store.change_user(a_user(password_hash="new"), 2, an_entry())
    assert await access_store.session(b"s1", 60.0) is None
    await begin()
    await access_store.change_user(a_user(password_hash="new", disabled=True), 3, an_entry())
    assert await access_store.sessions("user", "ada", 60.0) == []
    await begin()
    await access_store.delete_user("ada", an_entry())
    assert await access_store.sessions("user", "ada", 60.0) == []
    assert await access_store.session(b"of-token", 60.0) is not None
    await access_store.delete_token("t1", an_entry())
    assert await access_store.session(b"of-token", 60.0) is None
