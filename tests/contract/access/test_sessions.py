"""Sessions, and the count of attempts to log in."""

from __future__ import annotations

import asyncio

from contract.access.sample import a_session, a_token, a_user, an_entry
from headrace.access.access import AccessStore
from headrace.store.access import AuditQuery


async def test_a_session_has_the_roles_that_its_user_has_now(access_store: AccessStore) -> None:
    await access_store.add_user(a_user(), an_entry())
    await access_store.add_session(a_session(), an_entry())
    found = await access_store.session(b"s1", 60.0)
    assert found == a_session(roles={"*": "viewer"})
    await access_store.change_user(a_user(roles={"shop": "admin"}), 1, an_entry())
    found = await access_store.session(b"s1", 60.0)
    assert found is not None
    assert found.roles == {"shop": "admin"}


async def test_a_session_ends_with_what_it_was_begun_with(access_store: AccessStore) -> None:
    await access_store.add_user(a_user(disabled=True), an_entry())
    await access_store.add_session(a_session(), an_entry())
    assert await access_store.session(b"s1", 60.0) is None
    await access_store.add_token(a_token(expires_at=90.0), an_entry())
    await access_store.add_session(a_session(b"s2", kind="token", subject="t1"), an_entry())
    assert await access_store.session(b"s2", 60.0) is not None
    assert await access_store.session(b"s2", 90.0) is None
    await access_store.add_session(a_session(b"s3", kind="token", subject="gone"), an_entry())
    assert await access_store.session(b"s3", 60.0) is None


async def test_a_session_of_a_provider_keeps_its_roles(access_store: AccessStore) -> None:
    session = a_session(kind="oidc", subject="123", roles={"shop": "editor"})
    await access_store.add_session(session, an_entry())
    assert await access_store.session(b"s1", 60.0) == session


async def test_a_session_expires_and_is_forgotten(access_store: AccessStore) -> None:
    await access_store.add_user(a_user(), an_entry())
    await access_store.add_session(a_session(), an_entry())
    assert await access_store.session(b"s1", 499.0) is not None
    assert await access_store.session(b"s1", 500.0) is None
    assert await access_store.sessions(None, None, 500.0) == []
    await access_store.add_session(a_session(b"s2", created_at=500.0, expires_at=900.0), an_entry())
    # Forgotten, and not only hidden.
    assert await access_store.session(b"s1", 60.0) is None


async def test_sessions_are_listed_newest_first(access_store: AccessStore) -> None:
    for hash, subject, at in ((b"1", "ada", 10.0), (b"2", "bob", 20.0), (b"3", "ada", 30.0)):
        await access_store.add_session(a_session(hash, subject=subject, created_at=at), an_entry())
    assert [row.hash for row in await access_store.sessions(None, None, 60.0)] == [b"3", b"2", b"1"]
    assert [row.hash for row in await access_store.sessions("user", "ada", 60.0)] == [b"3", b"1"]
    assert await access_store.sessions("token", "ada", 60.0) == []


async def test_seen_only_moves_forward(access_store: AccessStore) -> None:
    await access_store.add_user(a_user(), an_entry())
    await access_store.add_session(a_session(), an_entry())
    await access_store.session_seen(b"s1", 80.0)
    await access_store.session_seen(b"s1", 70.0)
    await access_store.session_seen(b"gone", 70.0)
    found = await access_store.session(b"s1", 90.0)
    assert found is not None
    assert found.seen_at == 80.0


async def test_ending_one_those_of_a_subject_or_all(access_store: AccessStore) -> None:
    for hash, subject in ((b"1", "ada"), (b"2", "ada"), (b"3", "ada"), (b"4", "bob"), (b"5", "cleo")):
        await access_store.add_session(a_session(hash, subject=subject), an_entry("session.login"))
    end = an_entry("session.end")
    assert await access_store.end_sessions(end, hash=b"1") == 1
    assert await access_store.end_sessions(end, hash=b"1") == 0
    assert await access_store.end_sessions(end, kind="user", subject="ada") == 2
    assert await access_store.end_sessions(end, kind="user", subject="nobody") == 0
    assert await access_store.end_sessions(end) == 2
    assert await access_store.end_sessions(end) == 0
    assert len(await access_store.entries(AuditQuery(action="session.end"))) == 3


async def test_attempts_up_to_the_limit(access_store: AccessStore) -> None:
    limits = {"user:ada": 3, "address:1": 5}
    for _ in range(3):
        assert await access_store.attempt(limits, 100.0, 60.0) is None
    assert await access_store.attempt(limits, 110.0, 60.0) == 50.0
    # Another user from the same address still has two, of which a refused one takes none.
    other = {"user:bob": 3, "address:1": 5}
    assert await access_store.attempt(other, 110.0, 60.0) is None
    assert await access_store.attempt(other, 110.0, 60.0) is None
    assert await access_store.attempt({"user:cleo": 3, "address:1": 5}, 130.0, 60.0) == 30.0
    assert await access_store.attempt({"user:cleo": 3, "address:2": 5}, 130.0, 60.0) is None


async def test_attempts_are_forgotten_after_the_window(access_store: AccessStore) -> None:
    limits = {"user:ada": 1}
    assert await access_store.attempt(limits, 100.0, 60.0) is None
    assert await access_store.attempt(limits, 159.0, 60.0) == 1.0
    assert await access_store.attempt(limits, 160.0, 60.0) is None
    # A window of its own has begun.
    assert await access_store.attempt(limits, 170.0, 60.0) == 50.0


async def test_attempts_at_the_same_time_are_not_more(access_store: AccessStore) -> None:
    outcomes = await asyncio.gather(*(access_store.attempt({"user:ada": 3}, 100.0, 60.0) for _ in range(20)))
    assert outcomes.count(None) == 3


async def test_forgiving(access_store: AccessStore) -> None:
    limits = {"user:ada": 2, "address:1": 2}
    for _ in range(2):
        await access_store.attempt(limits, 100.0, 60.0)
    await access_store.forgive({"user:ada": -1, "address:1": 1, "unknown": 1})
    assert await access_store.attempt(limits, 101.0, 60.0) is None
    assert await access_store.attempt({"user:ada": 2}, 101.0, 60.0) is None
    assert await access_store.attempt({"user:ada": 2}, 101.0, 60.0) is not None
    assert await access_store.attempt({"address:1": 2}, 101.0, 60.0) is not None
