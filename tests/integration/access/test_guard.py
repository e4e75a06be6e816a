"""Who makes a request: tokens, sessions, CSRF, and what is remembered."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from headrace.access.access import Access
from headrace.access.failure import Refused
from headrace.access.guard import CACHE_SECONDS, CACHED_MAX, SESSION_SEEN_SECONDS, TOKEN_USED_SECONDS
from headrace.access.session import NewSession
from headrace.access.settings import AccessSettings
from headrace.runtime.clock import ManualClock
from headrace.store.sqlite import SqliteStore
from headrace.store.sqlite.access import SqliteAccess
from integration.access.asking import ADDRESS, administrator, by_cookie, by_token
from integration.access.conftest import PASSWORD, Open


@pytest.fixture
async def session(access: Access) -> NewSession:
    by = await administrator(access)
    await access.users.add(by, "ada", PASSWORD, {"shop": "editor"})
    return await access.login.by_password("ada", PASSWORD, address=ADDRESS)


async def refusal(asking: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        await asking
    return refused.value


# ---------------------------------------------------------------- tokens


async def test_a_token_tells_who_it_is(access: Access) -> None:
    by = await administrator(access)
    row, token = await access.tokens.create(by, "robot", {"shop": "operator"})
    for method in ("GET", "POST"):
        found = await by_token(access, token, method, "10.1.1.1")
        assert (found.id, found.name, found.kind) == (f"token:{row.id}", "robot", "token")
        assert (found.roles, found.address, found.session) == ({"shop": "operator"}, "10.1.1.1", None)
    assert (await by_token(access, token, address="10.2.2.2")).address == "10.2.2.2"


@pytest.mark.parametrize(
    "value",
    [b"", b"Bearer", b"Bearer ", b"Basic YWRhOmFkYQ==", b"Bearer unknown", b"Token x", b"Bearer \xff\xfe",
     b"Bearer " + b"x" * 10_000],
)  # fmt: skip
async def test_what_is_no_token_is_refused(access: Access, value: bytes) -> None:
    refused = await refusal(access.guard.identify("GET", [(b"authorization", value)], ADDRESS))
    assert (refused.status, refused.code) == (401, "unauthenticated")
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]


async def test_nothing_is_refused_with_a_challenge(access: Access) -> None:
    refused = await refusal(access.guard.identify("GET", [], ADDRESS))
    assert refused.status == 401
    assert refused.headers["www-authenticate"] == 'Bearer realm="headrace"'


async def test_a_wrong_token_is_not_made_good_by_a_session(access: Access, session: NewSession) -> None:
    assert (await refusal(by_cookie(access, session.id, authorization="Bearer wrong"))).status == 401


async def test_a_token_expires_even_while_it_is_remembered(access: Access, clock: ManualClock) -> None:
    by = await administrator(access)
    _, token = await access.tokens.create(by, "robot", {"*": "viewer"}, expires_at=clock.now() + 2)
    await by_token(access, token)
    clock.advance(1.9)
    await by_token(access, token)
    clock.advance(0.1)
    assert "expired" in (await refusal(by_token(access, token))).detail


async def test_a_revoked_token_is_refused_at_once(access: Access) -> None:
    by = await administrator(access)
    row, token = await access.tokens.create(by, "robot", {"*": "viewer"})
    await by_token(access, token)
    await access.tokens.revoke(by, row.id)
    assert (await refusal(by_token(access, token))).status == 401


async def test_what_another_process_revoked_is_refused_soon(
    access: Access, clock: ManualClock, open_access: Open
) -> None:
    by = await administrator(access)
    row, token = await access.tokens.create(by, "robot", {"*": "viewer"})
    await by_token(access, token)
    other = await open_access()
    await other.tokens.revoke(by, row.id)
    clock.advance(CACHE_SECONDS)
    assert (await refusal(by_token(access, token))).status == 401


async def test_a_revocation_while_the_store_is_asked_wins(
    access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = await administrator(access)
    row, token = await access.tokens.create(by, "robot", {"*": "viewer"})
    asked, go_on = asyncio.Event(), asyncio.Event()
    ask = SqliteAccess.token

    async def slow(self: SqliteAccess, hash: bytes) -> Any:
        found = await ask(self, hash)
        asked.set()
        await go_on.wait()
        return found

    monkeypatch.setattr(SqliteAccess, "token", slow)
    asking = asyncio.ensure_future(by_token(access, token))
    await asked.wait()
    await access.tokens.revoke(by, row.id)
    go_on.set()
    await asking  # it was good when it was asked
    assert (await refusal(by_token(access, token))).status == 401


async def test_what_is_remembered_asks_nothing_of_the_store(
    access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = await administrator(access)
    _, token = await access.tokens.create(by, "robot", {"*": "viewer"})
    await by_token(access, token)
    monkeypatch.delattr(SqliteAccess, "token")
    for _ in range(3):
        await by_token(access, token)


async def test_what_is_remembered_is_bounded(access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    by = await administrator(access)
    monkeypatch.setattr("headrace.access.guard.CACHED_MAX", 3)
    assert CACHED_MAX >= 1_000
    for number in range(5):
        _, token = await access.tokens.create(by, f"robot {number}", {"*": "viewer"})
        await by_token(access, token)
    assert len(access.guard._known) == 3


async def test_use_is_noted_now_and_then(
    access: Access, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = await administrator(access)
    row, token = await access.tokens.create(by, "robot", {"*": "viewer"})
    noted: list[float] = []
    note = SqliteAccess.token_used

    async def noting(self: SqliteAccess, token_id: str, at: float) -> None:
        noted.append(at)
        await note(self, token_id, at)

    monkeypatch.setattr(SqliteAccess, "token_used", noting)
    began = clock.now()
    for _ in range(int(TOKEN_USED_SECONDS / CACHE_SECONDS) + 2):
        await by_token(access, token)
        await access.guard.close()
        clock.advance(CACHE_SECONDS)
    assert noted == [began, began + TOKEN_USED_SECONDS + CACHE_SECONDS]
    (listed,) = [each for each in await access.tokens.list(by) if each.id == row.id]
    assert listed.last_used_at == noted[-1]


async def test_a_full_disk_keeps_nobody_out(
    access: Access, store: SqliteStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from headrace.store.port import StoreUnavailable

    async def full(self: SqliteAccess, token_id: str, at: float) -> None:
        raise StoreUnavailable("the disk is full")

    by = await administrator(access)
    await access.guard.close()
    _, token = await access.tokens.create(by, "robot", {"*": "viewer"})
    monkeypatch.setattr(SqliteAccess, "token_used", full)
    with caplog.at_level(logging.WARNING):
        await by_token(access, token)
        await access.guard.close()
    assert "the disk is full" in caplog.text
    assert token not in caplog.text


# ---------------------------------------------------------------- sessions


async def test_a_session_tells_who_it_is(access: Access, session: NewSession) -> None:
    found = await by_cookie(access, session.id)
    assert (found.id, found.name, found.kind) == ("user:ada", "ada", "user")
    assert found.roles == {"shop": "editor"}
    assert found.session is not None
    assert session.id not in found.session
    assert session.principal == found


async def test_a_session_has_the_roles_that_the_user_has_now(access: Access, session: NewSession) -> None:
    await by_cookie(access, session.id)
    await access.users.change(await administrator(access), "ada", roles={"bank": "viewer"})
    assert (await by_cookie(access, session.id)).roles == {"bank": "viewer"}


async def test_a_session_that_is_not_used_is_over(
    access: Access, session: NewSession, clock: ManualClock
) -> None:
    idle = access.settings.idle_seconds
    clock.advance(idle - 1)
    await by_cookie(access, session.id)
    await access.guard.close()
    clock.advance(idle - 1)
    await by_cookie(access, session.id)
    await access.guard.close()
    clock.advance(idle + SESSION_SEEN_SECONDS + 1)
    assert (await refusal(by_cookie(access, session.id))).status == 401


async def test_a_session_ends_in_any_case(access: Access, session: NewSession, clock: ManualClock) -> None:
    step = access.settings.idle_seconds / 2
    while clock.now() + step < session.expires_at:
        clock.advance(step)
        await by_cookie(access, session.id)
        await access.guard.close()
    clock.advance(session.expires_at - clock.now())
    assert (await refusal(by_cookie(access, session.id))).status == 401


@pytest.mark.parametrize("session_id", ["", "wrong", "x" * 10_000, "ä"])
async def test_what_is_no_session_is_refused(access: Access, session_id: str) -> None:
    assert (await refusal(by_cookie(access, session_id))).status == 401


async def test_a_token_is_no_session_id(access: Access) -> None:
    assert access.first_token is not None
    await by_token(access, access.first_token)
    assert (await refusal(by_cookie(access, access.first_token))).status == 401


async def test_the_cookie_of_http_is_none_over_https(access: Access, session: NewSession) -> None:
    headers = [(b"host", b"headrace.example"), (b"cookie", f"headrace_session={session.id}".encode())]
    assert (await access.guard.identify("GET", headers, ADDRESS)).name == "ada"
    await refusal(access.guard.identify("GET", headers, ADDRESS, scheme="https"))
    headers[1] = (b"cookie", f"__Host-headrace_session={session.id}".encode())
    assert (await access.guard.identify("GET", headers, ADDRESS, scheme="https")).name == "ada"


# ---------------------------------------------------------------- CSRF


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"])
async def test_a_changing_request_in_a_session_needs_proof(
    access: Access, session: NewSession, method: str
) -> None:
    refused = await refusal(by_cookie(access, session.id, method))
    assert (refused.status, refused.code) == (403, "csrf")
    await by_cookie(access, session.id, method, x_headrace_csrf=session.csrf)
    await by_cookie(access, session.id, method, origin="http://localhost:8420")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_a_reading_request_needs_none(access: Access, session: NewSession, method: str) -> None:
    await by_cookie(access, session.id, method, origin="http://evil.example")


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "https://localhost:8420", "http://localhost:9999", "http://localhost", "null", "",
     "http://localhost:8420.evil.example", "http://localhost:8420/"],
)  # fmt: skip
async def test_a_page_of_another_origin_changes_nothing(
    access: Access, session: NewSession, origin: str
) -> None:
    assert (await refusal(by_cookie(access, session.id, "POST", origin=origin))).code == "csrf"


async def test_a_wrong_csrf_token_is_not_made_good_by_an_origin(access: Access, session: NewSession) -> None:
    other = await access.login.by_password("ada", PASSWORD, address=ADDRESS)
    for wrong in ("", "wrong", other.csrf, session.id):
        asking = by_cookie(access, session.id, "POST", origin="http://localhost:8420", x_headrace_csrf=wrong)
        assert (await refusal(asking)).code == "csrf"


async def test_the_public_url_and_trusted_origins_are_ours(open_access: Open) -> None:
    settings = AccessSettings(
        public_url="https://flows.example/headrace/", trusted_origins=("https://Dash.example",)
    )
    access = await open_access(settings=settings)
    await access.users.add(await administrator(access), "ada", PASSWORD, {"*": "editor"})
    session = await access.login.by_password("ada", PASSWORD, address=ADDRESS)
    for origin in ("https://flows.example", "https://dash.example"):
        await by_cookie(access, session.id, "POST", origin=origin, host="internal:80")
    for origin in ("http://flows.example", "https://flows.example/headrace", "https://evil.example"):
        await refusal(by_cookie(access, session.id, "POST", origin=origin, host="internal:80"))


async def test_a_page_of_another_server_cannot_log_in(access: Access) -> None:
    host = (b"host", b"localhost:8420")
    access.guard.check_page([host])
    access.guard.check_page([host, (b"origin", b"http://localhost:8420")])
    with pytest.raises(Refused):
        access.guard.check_page([host, (b"origin", b"http://evil.example")])
