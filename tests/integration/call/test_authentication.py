"""Authentication against servers that check it: aiohttp's own digest code is not used, only the RFC."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
from typing import Any
from urllib.parse import unquote_plus

import pytest
from aiohttp import web

from headrace.engine.events import CallCompleted, CallFailed
from headrace.errors import STANDARD_ERROR_BASE


@pytest.fixture
def get(make_calls, invoke):
    """GET a URL under an authentication policy."""
    calls = make_calls()

    async def get(url: str, policy: dict[str, Any], method: str = "get") -> CallCompleted | CallFailed:
        endpoint = {"uri": url, "authentication": policy}
        return await calls.perform(invoke("http", {"method": method, "endpoint": endpoint}))

    return get


# --- digest ---------------------------------------------------------------------------------------------


class DigestServer:
    """Checks digest answers as RFC 7616 says, and counts what it saw."""

    def __init__(self, algorithm: str | None = "SHA-256", qop: str | None = "auth, auth-int") -> None:
        self.algorithm = algorithm
        self.qop = qop
        self.nonce = 'n0nce, with=\\"comma'
        self.counts: list[str] = []
        self.challenged = 0

    def challenge(self) -> web.Response:
        self.challenged += 1
        parts = [f'Digest realm="shop, \\"the\\" realm", nonce="{self.nonce}", opaque="0paque"']
        if self.qop:
            parts.append(f'qop="{self.qop}"')
        if self.algorithm:
            parts.append(f"algorithm={self.algorithm}")
        response = web.Response(status=401, text="no")
        response.headers.add("www-authenticate", 'Negotiate, Basic realm="x", ' + ", ".join(parts))
        return response

    async def handle(self, request: web.Request) -> web.Response:
        header = request.headers.get("authorization", "")
        if not header.startswith("Digest "):
            return self.challenge()
        sent = {
            name: quoted or plain
            for name, quoted, plain in re.findall(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))', header)
        }
        if sent["nonce"] != self.nonce:
            return self.challenge()
        name = (self.algorithm or "MD5").removesuffix("-sess").replace("-", "").lower()

        def h(text: str) -> str:
            return hashlib.new(name, text.encode()).hexdigest()

        a1 = h('mary:shop, "the" realm:p:w')
        nonce = 'n0nce, with="comma'
        if (self.algorithm or "").endswith("-sess"):
            a1 = h(f"{a1}:{nonce}:{sent['cnonce']}")
        a2 = h(f"{request.method}:{request.raw_path}")
        if self.qop:
            expected = h(f"{a1}:{nonce}:{sent['nc']}:{sent['cnonce']}:auth:{a2}")
            self.counts.append(sent["nc"])
        else:
            expected = h(f"{a1}:{nonce}:{a2}")
        assert sent["uri"] == request.raw_path
        assert sent["opaque"] == "0paque"
        return web.json_response("in") if sent["response"] == expected else self.challenge()


MARY = {"digest": {"username": "mary", "password": "p:w"}}


@pytest.mark.parametrize("algorithm", [None, "MD5", "MD5-sess", "SHA-256", "SHA-256-sess"])
@pytest.mark.parametrize("qop", ["auth", "auth,auth-int", None])
async def test_digest(get, serve, algorithm, qop):
    server = DigestServer(algorithm, qop)
    async with serve([web.route("*", "/{path:.*}", server.handle)]) as url:
        result = await get(url + "/a%20b?x=1&y=2", MARY, "post")
    assert result.output == "in"
    assert result.authorization["scheme"] == "Digest"
    assert "p:w" not in result.authorization["parameter"]


async def test_digest_answers_ahead_and_counts(get, serve):
    server = DigestServer()
    async with serve([web.get("/{path:.*}", server.handle)]) as url:
        for path in ("/1", "/2", "/3"):
            assert (await get(url + path, MARY)).output == "in"
        assert server.counts == ["00000001", "00000002", "00000003"]
        assert server.challenged == 1


async def test_a_wrong_digest_password_is_tried_once(get, serve):
    server = DigestServer()
    async with serve([web.get("/", server.handle)]) as url:
        result = await get(url, {"digest": {"username": "mary", "password": "s3cret"}})
    assert (result.error.status, result.retryable, server.challenged) == (401, False, 2)
    assert "s3cret" not in str(result.error)


@pytest.mark.parametrize(("algorithm", "qop"), [("SHA-3", "auth"), ("MD5", "auth-int")])
async def test_an_unknown_digest_is_an_authentication_error(get, serve, algorithm, qop):
    server = DigestServer(algorithm, qop)
    async with serve([web.get("/", server.handle)]) as url:
        result = await get(url, MARY)
    assert result.error.type == STANDARD_ERROR_BASE + "authentication"
    assert algorithm in result.error.detail


# --- oauth2 and oidc ------------------------------------------------------------------------------------


def jwt(**claims: Any) -> str:
    def part(data: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none'})}.{part(claims)}.c2ln"


class Authority:
    """An authority that gives numbered tokens, and an API that takes the newest."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.answer: dict[str, Any] = {"token_type": "bearer", "expires_in": 3600}
        self.status = 200
        self.revoked: set[str] = set()
        self.discoveries = 0
        self.url = ""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/realm/oauth2/token", self.token),
            web.post("/realm/custom", self.token),
            web.get("/realm/.well-known/openid-configuration", self.discovery),
            web.get("/api", self.api),
        ]

    async def token(self, request: web.Request) -> web.Response:
        text = await request.text()
        fields: dict[str, Any] = {}
        if request.content_type == "application/json":
            fields = json.loads(text)
        else:
            for name, value in (pair.split("=", 1) for pair in text.split("&")):
                value = unquote_plus(value)
                fields[name] = [*fields[name], value] if name in fields and name == "audience" else value
                if name == "audience" and isinstance(fields[name], str):
                    fields[name] = [value]
        self.requests.append((request.path, dict(request.headers), fields))
        if self.status != 200:
            return web.json_response(self.answer, status=self.status)
        return web.json_response({"access_token": f"token-{len(self.requests)}", **self.answer})

    async def discovery(self, request: web.Request) -> web.Response:
        self.discoveries += 1
        return web.json_response(
            {"issuer": f"{self.url}/realm", "token_endpoint": f"{self.url}/realm/custom"}
        )

    async def api(self, request: web.Request) -> web.Response:
        scheme, _, token = request.headers["authorization"].partition(" ")
        if token in self.revoked:
            return web.Response(status=401)
        return web.json_response(f"{scheme} {token}")


@pytest.fixture
async def authority(serve):
    authority = Authority()
    async with serve(authority.routes()) as url:
        authority.url = url
        yield authority


@pytest.fixture
def api(get, authority):
    async def api(scheme: str = "oauth2", **settings: Any) -> CallCompleted | CallFailed:
        given = {
            "authority": authority.url + "/realm",
            "grant": "client_credentials",
            "client": {"id": "shop", "secret": "s3cret"},
            **settings,
        }
        return await get(authority.url + "/api", {scheme: given})

    return api


async def test_client_credentials_by_default_in_a_form(api, authority):
    result = await api(scopes=["a", "b"], audiences=["x", "y"])
    assert result.output == "Bearer token-1"
    assert result.authorization == {"scheme": "Bearer", "parameter": "token-1"}
    path, headers, fields = authority.requests[0]
    assert path == "/realm/oauth2/token"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert fields == {
        "grant_type": "client_credentials",
        "scope": "a b",
        "audience": ["x", "y"],
        "client_id": "shop",
        "client_secret": "s3cret",
    }


async def test_the_token_is_kept_and_asked_for_once_by_many(api, authority):
    results = await asyncio.gather(*[api() for _ in range(20)])
    assert {result.output for result in results} == {"Bearer token-1"}
    assert (await api()).output == "Bearer token-1"
    assert len(authority.requests) == 1
    assert (await api(scopes=["other"])).output == "Bearer token-2"


@pytest.mark.parametrize("lifetime", [0, -5])
async def test_a_token_past_its_time_is_asked_for_anew(api, authority, lifetime):
    authority.answer["expires_in"] = lifetime
    assert [(await api()).output for _ in range(2)] == ["Bearer token-1", "Bearer token-2"]


async def test_a_refused_token_is_renewed_once(api, authority):
    await api()
    authority.revoked = {"token-1"}
    results = await asyncio.gather(*[api() for _ in range(5)])
    assert {result.output for result in results} == {"Bearer token-2"}
    assert len(authority.requests) == 2
    authority.revoked = {"token-2", "token-3"}
    result = await api()
    assert (result.error.status, result.retryable) == (401, False)


async def test_client_secret_basic(api, authority):
    await api(client={"id": "sh:op", "secret": "s3 cret", "authentication": "client_secret_basic"})
    _, headers, fields = authority.requests[0]
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"sh%3Aop:s3%20cret").decode()
    assert fields == {"grant_type": "client_credentials"}


async def test_client_secret_jwt(api, authority):
    await api(client={"id": "shop", "secret": "s3cret", "authentication": "client_secret_jwt"})
    fields = authority.requests[0][2]
    assert fields["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    signed, _, signature = fields["client_assertion"].rpartition(".")
    expected = hmac.new(b"s3cret", signed.encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(signature + "=") == expected
    claims = json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))
    assert (claims["iss"], claims["sub"]) == ("shop", "shop")
    assert claims["aud"] == authority.url + "/realm/oauth2/token"
    assert "client_secret" not in fields


async def test_private_key_jwt_and_none(api, authority):
    await api(client={"id": "shop", "assertion": "a.b.c", "authentication": "private_key_jwt"})
    await api(client={"id": "shop", "authentication": "none"})
    assert authority.requests[0][2]["client_assertion"] == "a.b.c"
    assert authority.requests[1][2] == {"grant_type": "client_credentials", "client_id": "shop"}


async def test_json_encoding_and_endpoint(api, authority):
    await api(
        request={"encoding": "application/json"},
        audiences=["x"],
        endpoints={"token": "/custom"},
        scopes="a b",
    )
    path, headers, fields = authority.requests[0]
    assert path == "/realm/custom"
    assert headers["Content-Type"] == "application/json"
    assert (fields["audience"], fields["scope"]) == ("x", "a b")


async def test_password_grant(api, authority):
    await api(grant="password", username="mary", password="p&w", client={"authentication": "none"})
    assert authority.requests[0][2] == {"grant_type": "password", "username": "mary", "password": "p&w"}


async def test_refresh_token_grant_follows_rotation(api, authority):
    authority.answer |= {"refresh_token": "second", "expires_in": 0}
    settings = {"grant": "refresh_token", "subject": {"token": "first", "type": "refresh_token"}}
    await api(**settings)
    await api(**settings)
    assert [fields["refresh_token"] for _, _, fields in authority.requests] == ["first", "second"]


async def test_token_exchange(api, authority):
    grant = "urn:ietf:params:oauth:grant-type:token-exchange"
    await api(
        grant=grant,
        subject={"token": "s", "type": "urn:ietf:params:oauth:token-type:jwt"},
        actor={"token": "a", "type": "access_token"},
    )
    fields = authority.requests[0][2]
    assert fields["subject_token"] == "s"
    assert fields["subject_token_type"] == "urn:ietf:params:oauth:token-type:jwt"
    assert fields["actor_token_type"] == "urn:ietf:params:oauth:token-type:access_token"


@pytest.mark.parametrize(
    "settings",
    [
        {"grant": "authorization_code"},
        {"grant": "implicit"},
        {"grant": None},
        {"grant": "password"},
        {"grant": "refresh_token"},
        {"authority": "nonsense"},
        {"client": {"id": "shop", "authentication": "private_key_jwt"}},
        {"client": {"id": "shop", "authentication": "tls_client_auth"}},
        {"client": {"secret": "s3cret"}},
        {"request": {"encoding": "application/xml"}},
        {"scopes": 5},
    ],
)
async def test_what_cannot_work_is_a_configuration_error(api, authority, settings):
    result = await api(**settings)
    assert result.error.type == STANDARD_ERROR_BASE + "configuration"
    assert "s3cret" not in str(result.error)
    assert authority.requests == []


@pytest.mark.parametrize(("status", "retryable"), [(400, False), (401, False), (503, True)])
async def test_a_refusal_of_the_authority_is_an_authentication_error(api, authority, status, retryable):
    authority.status = status
    authority.answer = {"error": "invalid_client", "error_description": "who?", "echo": "s3cret"}
    result = await api()
    assert (result.error.type, result.error.status) == (STANDARD_ERROR_BASE + "authentication", 401)
    assert result.retryable is retryable
    assert "invalid_client (who?)" in result.error.detail
    assert "s3cret" not in str(result.error)


@pytest.mark.parametrize("answer", [{"access_token": None}, {"access_token": ["x"]}])
async def test_an_answer_without_a_token_is_an_authentication_error(api, authority, answer):
    authority.answer = answer
    assert (await api()).error.status == 401


async def test_issuers_are_checked(api, authority):
    authority.answer["access_token"] = jwt(iss="https://good.test")
    assert isinstance(await api(issuers=["https://good.test"]), CallCompleted)
    result = await api(issuers=["https://other.test"])
    assert result.error.type == STANDARD_ERROR_BASE + "authentication"
    assert "https://good.test" in result.error.detail
    authority.answer["access_token"] = "opaque"
    assert "names none" in (await api(issuers=["https://good.test", "x"])).error.detail


@pytest.mark.parametrize("suffix", ["", "/", "/.well-known/openid-configuration"])
async def test_oidc_discovers_its_endpoint(api, authority, suffix):
    authority.answer["id_token"] = jwt(iss=authority.url + "/realm")
    result = await api("oidc", authority=authority.url + "/realm" + suffix)
    assert result.output == "Bearer token-1"
    assert authority.requests[0][0] == "/realm/custom"
    await api("oidc", authority=authority.url + "/realm" + suffix, scopes=["openid"])
    assert authority.discoveries == 1


async def test_an_id_token_of_another_issuer_is_refused(api, authority):
    authority.answer["id_token"] = jwt(iss="https://evil.test")
    assert (await api("oidc")).error.type == STANDARD_ERROR_BASE + "authentication"


async def test_a_missing_discovery_document_is_an_authentication_error(api, authority):
    result = await api("oidc", authority=authority.url + "/nowhere")
    assert result.error.type == STANDARD_ERROR_BASE + "authentication"
    assert "404" in result.error.detail


# --- policies -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "policy",
    [
        {"basic": {"username": "u"}},
        {"basic": {"username": "a:b", "password": "p"}},
        {"basic": "u:p"},
        {"basic": {"use": "mySecret"}},
        {"bearer": {}},
        {"bearer": {"token": ["t"]}},
        {"magic": {}},
        {"bearer": {"token": "t\r\nx-other: 1"}},
        "mySecret",
    ],
)
async def test_an_unusable_policy_is_a_configuration_error(get, policy):
    result = await get("http://127.0.0.1:9/", policy)
    assert result.error.type == STANDARD_ERROR_BASE + "configuration"


async def test_an_unquoted_number_is_a_password(get, serve):
    async def api(request: web.Request) -> web.Response:
        return web.json_response(request.headers["authorization"])

    async with serve([web.get("/", api)]) as url:
        result = await get(url, {"basic": {"username": "admin", "password": 1234}})
    assert result.output == "Basic " + base64.b64encode(b"admin:1234").decode()
