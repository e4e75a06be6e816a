"""Users and tokens: what may be given, by whom, and what is on record."""

from __future__ import annotations

import json
from typing import Any

import pytest

from headrace.access.access import Access
from headrace.access.failure import Refused
from headrace.access.role import Principal
from headrace.runtime.clock import ManualClock
from headrace.store.access import AuditQuery, LastAdministrator, NameTaken, RevisionConflict
from integration.access.asking import ADDRESS, administrator, by_cookie, by_token
from integration.access.conftest import PASSWORD


@pytest.fixture
async def root(access: Access) -> Principal:
    return await administrator(access)


@pytest.fixture
async def shopkeeper(access: Access, root: Principal) -> Principal:
    """An administrator of one namespace, who can read another."""
    await access.users.add(root, "keeper", PASSWORD, {"shop": "admin", "bank": "viewer"})
    return (await access.login.by_password("keeper", PASSWORD, address=ADDRESS)).principal


async def refusal(asking: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        await asking
    return refused.value


@pytest.mark.parametrize("name", ["", " ", "-ada", "a b", "ada\nb", "ada/x", "x" * 129, "ädä", "*"])
async def test_what_cannot_be_a_name_is_refused(access: Access, root: Principal, name: str) -> None:
    refused = await refusal(access.users.add(root, name, PASSWORD, {}))
    assert (refused.status, refused.pointer) == (400, "/name")


async def test_a_user_is_added_once(access: Access, root: Principal) -> None:
    row = await access.users.add(root, "Ada@Example.com", PASSWORD, {"shop": "viewer"})
    assert (row.name, row.roles, row.revision) == ("ada@example.com", {"shop": "viewer"}, 1)
    assert PASSWORD not in row.password_hash
    with pytest.raises(NameTaken):
        await access.users.add(root, "ada@example.com", PASSWORD, {})


async def test_a_refused_change_changes_nothing(access: Access, root: Principal) -> None:
    before = await access.users.add(root, "ada", PASSWORD, {"shop": "viewer"})
    for change in (
        {"roles": {"shop": "owner"}},
        {"password": "short"},
        {"roles": {"shop": "admin"}, "password": "short"},
    ):
        await refusal(access.users.change(root, "ada", **change))  # type: ignore[arg-type]
    with pytest.raises(RevisionConflict):
        await access.users.change(root, "ada", disabled=True, expected_revision=7)
    assert await access.users.get("ada") == before


async def test_only_an_administrator_of_everything_changes_users(
    access: Access, root: Principal, shopkeeper: Principal
) -> None:
    await access.users.add(root, "ada", PASSWORD, {"shop": "viewer", "bank": "editor"})
    # With her password they would have her role in the bank.
    for change in ({"password": "another good one"}, {"disabled": True}, {"roles": {"shop": "admin"}}):
        assert (await refusal(access.users.change(shopkeeper, "ada", **change))).status == 403  # type: ignore[arg-type]
    assert (await refusal(access.users.delete(shopkeeper, "ada"))).status == 403
    assert (await refusal(access.users.add(shopkeeper, "eve", PASSWORD, {"*": "admin"}))).status == 403
    assert (await refusal(access.users.add(shopkeeper, "eve", PASSWORD, {"bank": "viewer"}))).status == 403


async def test_a_namespaces_administrator_gives_roles_there(
    access: Access, root: Principal, shopkeeper: Principal
) -> None:
    await access.users.add(root, "ada", PASSWORD, {"bank": "editor"})
    row = await access.users.set_member(shopkeeper, "shop", "ada", "operator")
    assert row.roles == {"bank": "editor", "shop": "operator"}
    assert [member.name for member in await access.users.members("shop")] == ["ada", "keeper"]
    row = await access.users.set_member(shopkeeper, "shop", "ada", None)
    assert row.roles == {"bank": "editor"}
    for namespace in ("bank", "*", "other"):
        asking = access.users.set_member(shopkeeper, namespace, "ada", "viewer")
        assert (await refusal(asking)).status == 403
        assert (await refusal(access.users.set_member(shopkeeper, namespace, "ada", None))).status == 403
    # The log that they may read says nothing of other namespaces.
    entries = await access.audit.page(shopkeeper, AuditQuery(action="user.member"))
    assert len(entries) == 2
    assert b"bank" not in b"".join((entry.before or b"") + (entry.after or b"") for entry in entries)


async def test_a_disabled_user_is_out_at_once(access: Access, root: Principal) -> None:
    await access.users.add(root, "ada", PASSWORD, {"shop": "viewer"})
    session = await access.login.by_password("ada", PASSWORD, address=ADDRESS)
    await by_cookie(access, session.id)
    await access.users.change(root, "ada", disabled=True)
    await refusal(by_cookie(access, session.id))
    await refusal(access.login.by_password("ada", PASSWORD, address=ADDRESS))
    await access.users.change(root, "ada", disabled=False)
    await access.login.by_password("ada", PASSWORD, address=ADDRESS)
    # What was ended stays so.
    await refusal(by_cookie(access, session.id))


async def test_the_last_administrator_stays(access: Access, root: Principal) -> None:
    token_id = root.id.partition(":")[2]
    with pytest.raises(LastAdministrator):
        await access.tokens.revoke(root, token_id)
    await access.users.add(root, "boss", PASSWORD, {"*": "admin"})
    await access.tokens.revoke(root, token_id)
    boss = (await access.login.by_password("boss", PASSWORD, address=ADDRESS)).principal
    with pytest.raises(LastAdministrator):
        await access.users.change(boss, "boss", roles={"*": "editor"})
    with pytest.raises(LastAdministrator):
        await access.users.delete(boss, "boss")


# ---------------------------------------------------------------- tokens


@pytest.mark.parametrize(
    ("name", "roles", "pointer"),
    [
        ("", {"*": "viewer"}, "/name"),
        ("x" * 101, {"*": "viewer"}, "/name"),
        ("two\nlines", {"*": "viewer"}, "/name"),
        ("robot", {}, "/roles"),
        ("robot", {"*": "root"}, "/roles/*"),
    ],
)
async def test_what_cannot_be_a_token_is_refused(
    access: Access, root: Principal, name: str, roles: dict[str, str], pointer: str
) -> None:
    refused = await refusal(access.tokens.create(root, name, roles))
    assert (refused.status, refused.pointer) == (400, pointer)
    assert len(await access.tokens.list(root)) == 1


async def test_a_token_that_would_have_expired_is_refused(
    access: Access, root: Principal, clock: ManualClock
) -> None:
    asking = access.tokens.create(root, "robot", {"*": "viewer"}, expires_at=clock.now())
    assert (await refusal(asking)).pointer == "/expires_at"


async def test_a_namespaces_administrator_has_tokens_of_it_alone(
    access: Access, root: Principal, shopkeeper: Principal
) -> None:
    both, both_text = await access.tokens.create(root, "both", {"shop": "viewer", "bank": "viewer"})
    mine, _ = await access.tokens.create(shopkeeper, "mine", {"shop": "editor"})
    assert [row.id for row in await access.tokens.list(shopkeeper)] == [mine.id]
    assert len(await access.tokens.list(root)) == 3
    for roles in ({"*": "viewer"}, {"bank": "viewer"}, {"shop": "viewer", "bank": "viewer"}):
        assert (await refusal(access.tokens.create(shopkeeper, "more", roles))).status == 403
    # One of another namespace is as if it were not there.
    assert (await refusal(access.tokens.revoke(shopkeeper, both.id))).status == 404
    await by_token(access, both_text)
    await access.tokens.revoke(shopkeeper, mine.id)
    assert (await refusal(access.tokens.revoke(shopkeeper, mine.id))).status == 404


# ---------------------------------------------------------------- sessions of others


async def test_who_may_see_and_end_sessions(access: Access, root: Principal, shopkeeper: Principal) -> None:
    await access.users.add(root, "ada", PASSWORD, {"shop": "viewer"})
    first = await access.login.by_password("ada", PASSWORD, address=ADDRESS)
    second = await access.login.by_password("ada", PASSWORD, address=ADDRESS)
    ada = await by_cookie(access, first.id)
    assert {row.name for row in await access.sessions.list(ada)} == {"ada"}
    assert {row.name for row in await access.sessions.list(root)} == {"ada", "keeper"}
    assert ada.session is not None
    assert (await refusal(access.sessions.end(shopkeeper, bytes.fromhex(ada.session)))).status == 404
    other = await by_cookie(access, second.id)
    assert other.session is not None
    await access.sessions.end(ada, bytes.fromhex(other.session))
    await refusal(by_cookie(access, second.id))
    await access.sessions.end(root, bytes.fromhex(ada.session))
    await refusal(by_cookie(access, first.id))


async def test_ending_all_of_ones_own_or_everybodys(
    access: Access, root: Principal, shopkeeper: Principal
) -> None:
    await access.users.add(root, "ada", PASSWORD, {"shop": "viewer"})
    sessions = [await access.login.by_password("ada", PASSWORD, address=ADDRESS) for _ in range(2)]
    ada = await by_cookie(access, sessions[0].id)
    assert await access.sessions.end_all(ada) == 2
    for session in sessions:
        await refusal(by_cookie(access, session.id))
    assert len(await access.sessions.list(root)) == 1
    assert await access.sessions.end_all(root, everybody=True) == 1


# ---------------------------------------------------------------- the log


async def test_every_change_is_on_record(access: Access, root: Principal, clock: ManualClock) -> None:
    await access.users.add(root, "ada", PASSWORD, {"shop": "viewer"}, request_id="r1")
    clock.advance(5)
    await access.users.change(root, "ada", roles={"shop": "editor"}, password="another good one")
    await access.users.delete(root, "ada")
    row, text = await access.tokens.create(root, "robot", {"*": "viewer"})
    await access.tokens.revoke(root, row.id)
    entries = list(reversed(await access.audit.page(root, AuditQuery())))
    assert [entry.action for entry in entries] == [
        "token.create",
        "user.create",
        "user.update",
        "user.delete",
        "token.create",
        "token.revoke",
    ]
    created, updated, deleted = entries[1:4]
    assert (created.principal, created.name, created.kind) == (root.id, "administrator", "token")
    assert (created.address, created.request_id, created.object) == (ADDRESS, "r1", "ada")
    assert updated.at == created.at + 5
    assert created.before is None
    assert json.loads(updated.before or b"") == {
        "name": "ada",
        "roles": {"shop": "viewer"},
        "disabled": False,
    }
    assert json.loads(updated.after or b"") == {
        "name": "ada",
        "roles": {"shop": "editor"},
        "disabled": False,
        "changed": ["password"],
    }
    assert deleted.after is None
    everything = repr(entries)
    for secret in (PASSWORD, "another good one", text, "argon2"):
        assert secret not in everything


async def test_the_log_shows_administrators_their_namespaces(
    access: Access, root: Principal, shopkeeper: Principal
) -> None:
    for namespace in ("shop", "bank"):
        await access.audit.record(root, "flowapp.apply", "orders", namespace=namespace)
    assert {entry.namespace for entry in await access.audit.page(shopkeeper, AuditQuery())} == {"shop"}
    assert await access.audit.page(shopkeeper, AuditQuery(namespaces=["bank"])) == []
    viewer = Principal(id="user:v", name="v", kind="user", roles={"shop": "editor"})
    assert await access.audit.page(viewer, AuditQuery()) == []


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "UPDATE audit SET name = 'somebody else'"])
async def test_the_log_cannot_be_changed_in_the_store_either(
    access: Access, root: Principal, statement: str, store: Any
) -> None:
    from headrace.store.port import StoreError

    with pytest.raises(StoreError, match="only added to"):
        await store.write(lambda cursor: cursor.execute(statement))
    assert len(await access.audit.page(root, AuditQuery())) == 1
