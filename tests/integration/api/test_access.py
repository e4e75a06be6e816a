"""Users, tokens, sessions and the log of changes over HTTP, as a browser and a program use them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from headrace.main.server import Server
from headrace.runtime.clock import ManualClock
from integration.access.provider import CLIENT_ID, CLIENT_SECRET, Provider
from integration.api.flows import GREET
from integration.api.served import NAMESPACE, TOKEN, Reply, Served, options

PASSWORD = "correct horse battery"
USERS, SESSION = "/api/v1/users", "/api/v1/session"


class Browser:
    """A client with cookies and no token, which follows nothing by itself."""

    def __init__(self, server: Server) -> None:
        self.origin = server.url
        self.session = aiohttp.ClientSession(server.url, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.csrf: str | None = None

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.request(
            method, path, json=body, headers=given, allow_redirects=False
        ) as answer:
            text = await answer.text()
            found = {name.lower(): value for name, value in answer.headers.items()}
            return Reply(
                answer.status,
                found,
                text,
                json.loads(text) if text and "json" in found["content-type"] else None,
            )

    async def log_in(self, **credentials: str) -> Reply:
        reply = await self.ask("POST", SESSION, credentials)
        if reply.status == 201:
            self.csrf = reply.data["csrf"]
        return reply


@pytest.fixture
async def browser(served: Served) -> AsyncIterator[Browser]:
    made = Browser(served.server)
    yield made
    await made.session.close()


async def add_user(served: Served, name: str = "ada", **roles: str) -> None:
    roles = roles or {NAMESPACE: "editor"}
    reply = await served.post(USERS, {"name": name, "password": PASSWORD, "roles": roles})
    assert reply.status == 201, reply.text


# ---------------------------------------------------------------- sessions


async def test_a_person_logs_in_works_and_logs_out(served: Served, browser: Browser) -> None:
    await add_user(served)
    reply = await browser.log_in(name="ada", password=PASSWORD)
    assert reply.status == 201
    assert (reply.data["name"], reply.data["roles"]) == ("ada", {NAMESPACE: "editor"})
    assert reply.headers["cache-control"] == "no-store"
    cookie = reply.headers["set-cookie"].lower()
    assert cookie.startswith("headrace_session=")
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip() for part in cookie.split(";")}
    me = await browser.ask("GET", SESSION)
    assert (me.data["id"], me.data["csrf"]) == ("user:ada", browser.csrf)
    assert browser.csrf is not None
    path = served.path("flowapps")
    refused = await browser.ask("POST", path, {"x": 1})
    assert (refused.status, refused.code) == (403, "csrf")
    assert (await browser.ask("POST", path, {"x": 1}, origin="http://evil.example")).code == "csrf"
    for proof in ({"x_headrace_csrf": browser.csrf}, {"origin": browser.origin}):
        assert (await browser.ask("POST", path, {"x": 1}, **proof)).status == 422
    assert (await browser.ask("DELETE", SESSION)).code == "csrf"
    ended = await browser.ask("DELETE", SESSION, x_headrace_csrf=browser.csrf)
    assert ended.status == 204
    assert "max-age=0" in ended.headers["set-cookie"].lower()
    assert (await browser.ask("GET", SESSION)).status == 401


async def test_the_printed_link_logs_an_administrator_in(served: Served, browser: Browser) -> None:
    reply = await browser.log_in(token=TOKEN)
    assert (reply.status, reply.data["roles"]) == (201, {"*": "admin"})
    assert (await browser.ask("GET", USERS)).status == 200
    assert (await browser.log_in(token="hr_wrong")).code == "login-failed"


async def test_a_login_over_https_has_a_cookie_for_https_alone(tmp_path: Path) -> None:
    settings = tmp_path / "access.yaml"
    settings.write_text("public_url: https://flows.example\n")
    served = Served(options(tmp_path, access=settings))
    await served.start()
    browser = Browser(served.server)
    try:
        cookie = (await browser.log_in(token=TOKEN)).headers["set-cookie"]
        assert cookie.startswith("__Host-headrace_session=")
        assert "secure" in cookie.lower()
        assert "domain" not in cookie.lower()
    finally:
        await browser.session.close()
        await served.stop()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "ada"},
        {"name": "ada", "password": PASSWORD, "token": "x"},
        {"name": 7, "password": PASSWORD},
        {"name": "ada", "password": PASSWORD, "admin": True},
        {"name": "ada", "password": "x" * 5000},
        [],
    ],
)
async def test_what_is_no_login_is_refused_without_repeating_it(browser: Browser, body: Any) -> None:
    reply = await browser.ask("POST", SESSION, body)
    assert reply.status == 400
    assert PASSWORD not in reply.text
    assert "set-cookie" not in reply.headers


async def test_a_page_of_another_server_cannot_log_in(served: Served, browser: Browser) -> None:
    await add_user(served)
    body = {"name": "ada", "password": PASSWORD}
    assert (await browser.ask("POST", SESSION, body, origin="http://evil.example")).status == 403
    # A form of another page can send JSON as text only, which is not taken, wherever it says that it is from.
    for headers in ({"content-type": "text/plain", "origin": "null"}, {"content-type": "text/plain"}):
        async with browser.session.post(SESSION, data=json.dumps(body), headers=headers) as answer:
            assert answer.status == 415
    assert (await browser.ask("POST", SESSION, body, origin="null")).status == 403


async def test_guessing_is_limited_and_tells_nothing(served: Served, browser: Browser) -> None:
    await add_user(served)
    limit = served.server.access.settings.limits.per_user
    for name in ("ada", "nobody"):
        texts = set()
        for _ in range(limit):
            reply = await browser.log_in(name=name, password="wrong password")
            texts.add((reply.status, reply.text))
        assert len(texts) == 1
        assert (await browser.log_in(name=name, password="wrong password")).status == 429
    reply = await browser.log_in(name="ada", password=PASSWORD)
    assert (reply.status, reply.code) == (429, "too-many-requests")
    assert 0 < int(reply.headers["retry-after"]) <= 900


async def test_sessions_are_listed_and_ended(served: Served, browser: Browser) -> None:
    await add_user(served)
    other = Browser(served.server)
    try:
        for each in (browser, other):
            await each.log_in(name="ada", password=PASSWORD)
        assert browser.csrf is not None
        items = (await browser.ask("GET", "/api/v1/sessions")).data["items"]
        assert [item["current"] for item in items].count(True) == 1
        (theirs,) = [item["id"] for item in items if not item["current"]]
        path = f"/api/v1/sessions/{theirs}"
        assert (await browser.ask("DELETE", path, x_headrace_csrf=browser.csrf)).status == 204
        assert (await other.ask("GET", SESSION)).status == 401
        assert (await browser.ask("GET", SESSION)).status == 200
        everybody = "/api/v1/sessions?everybody=true"
        assert (await browser.ask("DELETE", everybody, x_headrace_csrf=browser.csrf)).status == 403
        assert (await served.call("DELETE", everybody)).data == {"sessions": 1}
        assert (await browser.ask("GET", SESSION)).status == 401
        for unknown in ("none", "00", "0" * 64):
            assert (await served.call("DELETE", f"/api/v1/sessions/{unknown}")).status == 404
    finally:
        await other.session.close()


async def test_a_changed_password_ends_sessions(served: Served, browser: Browser) -> None:
    await add_user(served)
    await browser.log_in(name="ada", password=PASSWORD)
    assert browser.csrf is not None
    body = {"old_password": PASSWORD, "new_password": "another good one"}
    path = f"{SESSION}/password"
    wrong = {**body, "old_password": "not the right one"}
    assert (await browser.ask("PUT", path, wrong, x_headrace_csrf=browser.csrf)).status == 401
    assert (await browser.ask("PUT", path, body, x_headrace_csrf=browser.csrf)).status == 204
    assert (await browser.ask("GET", SESSION)).status == 401
    assert (await browser.log_in(name="ada", password=PASSWORD)).status == 401
    assert (await browser.log_in(name="ada", password="another good one")).status == 201
    assert (await served.call("PUT", path, body)).code == "no-password"


# ---------------------------------------------------------------- users and tokens


async def test_a_user_is_changed_as_they_were_read(served: Served) -> None:
    await add_user(served)
    read = await served.get(f"{USERS}/ada")
    tag = read.headers["etag"]
    assert (await served.get(f"{USERS}/ada", headers={"if-none-match": tag})).status == 304
    change = {"roles": {NAMESPACE: "viewer"}}
    changed = await served.call("PATCH", f"{USERS}/ada", change, headers={"if-match": tag})
    assert (changed.status, changed.data["roles"]) == (200, {NAMESPACE: "viewer"})
    assert changed.headers["etag"] != tag
    late = await served.call("PATCH", f"{USERS}/ada", {"disabled": True}, headers={"if-match": tag})
    assert (late.status, late.code) == (412, "changed-meanwhile")
    assert (await served.get(f"{USERS}/ada")).data["disabled"] is False
    assert (await served.call("DELETE", f"{USERS}/ada")).status == 204
    assert (await served.get(f"{USERS}/ada")).code == "not-found"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "a b", "password": PASSWORD}, "/name"),
        ({"name": "ada", "password": "short"}, "/password"),
        ({"name": "ada", "password": "a" * 20}, "/password"),
        ({"name": "ada", "password": PASSWORD, "roles": {"a b": "viewer"}}, "/roles/a b"),
        ({"name": "ada", "password": PASSWORD, "roles": {"shop": "owner"}}, None),
        ({"name": "ada"}, None),
    ],
)
async def test_what_cannot_be_a_user_is_refused_with_its_place(
    served: Served, body: Any, pointer: str | None
) -> None:
    reply = await served.post(USERS, body)
    assert reply.status == 400
    assert pointer is None or reply.data["pointer"] == pointer
    assert (await served.get(USERS)).data["items"] == []


async def test_users_come_in_pages(served: Served) -> None:
    for name in ("cleo", "ada", "bob"):
        await add_user(served, name)
    first = await served.get(USERS, {"limit": 2})
    assert [user["name"] for user in first.data["items"]] == ["ada", "bob"]
    await add_user(served, "abe")
    rest = await served.get(USERS, {"limit": 2, "after": first.data["next"]})
    assert [user["name"] for user in rest.data["items"]] == ["cleo"]
    assert rest.data["next"] is None
    assert "hash" not in first.text
    assert (await served.post(USERS, {"name": "ADA", "password": PASSWORD})).code == "name-taken"


async def test_members_of_a_namespace(served: Served) -> None:
    await add_user(served, "ada", shop="viewer")
    await add_user(served, "boss", **{"*": "operator"})
    assert (await served.call("PUT", "members/ada", {"role": "editor"})).status == 200
    members = (await served.get("members")).data["items"]
    assert [{name: each[name] for name in ("name", "role", "everywhere")} for each in members] == [
        {"name": "ada", "role": "editor", "everywhere": None},
        {"name": "boss", "role": None, "everywhere": "operator"},
    ]
    assert (await served.call("DELETE", "members/ada")).status == 204
    assert (await served.get(f"{USERS}/ada")).data["roles"] == {"shop": "viewer"}


async def test_a_token_is_shown_once_used_and_revoked(served: Served) -> None:
    body = {"name": "robot", "roles": {NAMESPACE: "operator"}, "expires_in_seconds": 3600}
    made = await served.post("/api/v1/tokens", body)
    token, token_id = made.data["token"], made.data["id"]
    assert token.startswith("hr_")
    headers = {"authorization": f"Bearer {token}"}
    assert (await served.get(SESSION, headers=headers)).data["id"] == f"token:{token_id}"
    assert (await served.get("flowapps", headers=headers)).status == 200
    assert (await served.get("flowapps", headers=headers, namespace="bank")).status == 403
    await served.server.access.guard.close()
    listed = await served.get("/api/v1/tokens")
    assert token not in listed.text
    (row,) = [row for row in listed.data["items"] if row["id"] == token_id]
    assert row["last_used_at"] is not None
    assert (await served.call("DELETE", f"/api/v1/tokens/{token_id}")).status == 204
    assert (await served.get("flowapps", headers=headers)).status == 401
    assert (await served.call("DELETE", f"/api/v1/tokens/{token_id}")).status == 404


async def test_an_expired_token_is_refused(tmp_path: Path) -> None:
    clock = ManualClock()
    served = Served(options(tmp_path), clock)
    await served.start()
    try:
        body = {"name": "robot", "roles": {NAMESPACE: "viewer"}, "expires_in_seconds": 60}
        headers = {"authorization": f"Bearer {(await served.post('/api/v1/tokens', body)).data['token']}"}
        assert (await served.get("flowapps", headers=headers)).status == 200
        clock.advance(60)
        reply = await served.get("flowapps", headers=headers)
        assert (reply.status, reply.code) == (401, "unauthenticated")
        assert 'error="invalid_token"' in reply.headers["www-authenticate"]
    finally:
        await served.stop()


async def test_tokens_outlive_a_restart_and_revocations_too(served: Served) -> None:
    body = {"name": "robot", "roles": {NAMESPACE: "viewer"}}
    kept, revoked = [(await served.post("/api/v1/tokens", body)).data for _ in range(2)]
    await served.call("DELETE", f"/api/v1/tokens/{revoked['id']}")
    await served.restart()
    for made, status in ((kept, 200), (revoked, 401)):
        headers = {"authorization": f"Bearer {made['token']}"}
        assert (await served.get("flowapps", headers=headers)).status == status


# ---------------------------------------------------------------- the log of changes


async def test_changes_are_on_record(served: Served, browser: Browser) -> None:
    await add_user(served)
    await browser.log_in(name="ada", password=PASSWORD)
    assert browser.csrf is not None
    async with browser.session.post(
        served.path("flowapps"),
        data=GREET,
        headers={"x-headrace-csrf": browser.csrf, "x-request-id": "of-the-test"},
    ) as answer:
        assert answer.status == 201
    started = await served.post("flowapps/greet/executions", {"name": "x"})
    await served.post("flowapps/greet/pause")
    await served.post("flowapps/greet/resume")
    await served.call("DELETE", f"executions/{started.data['id']}")
    await served.call("PUT", "secrets/key", {"value": "s3cr3t-value"})
    await served.call("DELETE", "secrets/key")
    await served.call("DELETE", "flowapps/greet")
    log = (await served.get("/api/v1/audit", {"namespace": NAMESPACE})).data["items"]
    assert [entry["action"] for entry in reversed(log)] == [
        "flowapp.apply",
        "flowapp.pause",
        "flowapp.resume",
        "execution.delete",
        "secret.create",
        "secret.delete",
        "flowapp.delete",
    ]
    applied = log[-1]
    assert (applied["principal"], applied["name"], applied["kind"]) == ("user:ada", "ada", "user")
    assert (applied["request_id"], applied["address"], applied["object"]) == (
        "of-the-test",
        "127.0.0.1",
        "greet",
    )
    assert applied["after"]["version"] == "1.0.0"


async def test_the_log_is_filtered_and_paged(served: Served) -> None:
    for name in ("ada", "bob", "cleo"):
        await add_user(served, name)
    path = "/api/v1/audit"
    users = {"action": "user"}
    first = (await served.get(path, {**users, "limit": 2})).data
    assert [entry["object"] for entry in first["items"]] == ["cleo", "bob"]
    await add_user(served, "dan")
    rest = (await served.get(path, {**users, "limit": 2, "after": first["next"]})).data
    assert [entry["object"] for entry in rest["items"]] == ["ada"]
    assert rest["next"] is None
    assert len((await served.get(path, {"object": "bob"})).data["items"]) == 1
    assert (await served.get(path, {"by": "user:nobody"})).data["items"] == []
    assert (await served.get(path, {"after": "not-a-cursor"})).code == "bad-cursor"
    assert PASSWORD not in (await served.get(path, {"limit": 500})).text


# ---------------------------------------------------------------- OpenID Connect


async def test_a_browser_logs_in_with_a_provider(tmp_path: Path) -> None:
    clock = ManualClock()
    provider = Provider(clock.now)
    await provider.start()
    settings = tmp_path / "access.yaml"
    settings.write_text(
        json.dumps(
            {
                "oidc": {
                    "issuer": provider.issuer,
                    "client_id": CLIENT_ID,
                    "client_secret": CLIENT_SECRET,
                    "title": "Example accounts",
                    "roles": [
                        {"claim": "groups", "value": "ops", "role": "operator", "namespace": NAMESPACE}
                    ],
                }
            }
        )
    )
    served = Served(options(tmp_path, access=settings), clock)
    await served.start()
    browser = Browser(served.server)
    try:
        methods = (await browser.ask("GET", f"{SESSION}/methods")).data
        assert methods["oidc"]["title"] == "Example accounts"
        away = await browser.ask("GET", methods["oidc"]["path"] + "?next=/flows")
        assert away.status == 302
        cookie = away.headers["set-cookie"].lower()
        assert {"httponly", "samesite=lax"} <= {part.strip() for part in cookie.split(";")}
        query = await provider.visit(away.headers["location"])
        async with browser.session.get(
            f"{SESSION}/oidc/callback", params=query, allow_redirects=False
        ) as back:
            assert back.status == 303, await back.text()
            assert back.headers["location"] == "/flows"
        me = await browser.ask("GET", SESSION)
        assert (me.data["id"], me.data["roles"]) == ("oidc:1234", {NAMESPACE: "operator"})
        # Again with the same answer, and with an answer that nobody asked for.
        async with browser.session.get(f"{SESSION}/oidc/callback", params=query) as again:
            assert again.status == 400
        assert (await browser.ask("GET", f"{SESSION}/oidc/start?next=//evil.example")).status == 400
    finally:
        await browser.session.close()
        await served.stop()
        await provider.stop()


async def test_without_a_provider_there_is_no_such_login(browser: Browser) -> None:
    assert (await browser.ask("GET", f"{SESSION}/methods")).data["oidc"] is None
    for path in ("start", "callback"):
        assert (await browser.ask("GET", f"{SESSION}/oidc/{path}")).status == 404


async def test_a_visitor_is_told_without_an_error(served: Served, browser: Browser) -> None:
    """What the dashboard asks first, of whoever opens it; a 401 would stand in the browser's console."""
    nobody = await browser.ask("GET", f"{SESSION}/visitor")
    assert (nobody.status, nobody.data["me"]) == (200, None)
    assert nobody.data["login"] == (await browser.ask("GET", f"{SESSION}/methods")).data
    wrong = await browser.ask("GET", f"{SESSION}/visitor", authorization="Bearer hr_unknown")
    assert (wrong.status, wrong.data["me"]) == (200, None)
    await add_user(served)
    begun = await browser.log_in(name="ada", password=PASSWORD)
    known = await browser.ask("GET", f"{SESSION}/visitor")
    assert known.status == 200 and known.headers["cache-control"] == "no-store"
    assert known.data["me"] == (await browser.ask("GET", SESSION)).data
    assert (known.data["me"]["name"], known.data["me"]["csrf"]) == ("ada", begun.data["csrf"])
    ended = await browser.ask("DELETE", SESSION, x_headrace_csrf=str(browser.csrf))
    assert ended.status == 204
    assert (await browser.ask("GET", f"{SESSION}/visitor")).data["me"] is None
