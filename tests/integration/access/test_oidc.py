"""OpenID Connect against a provider: who gets in, and everything that keeps others out."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from headrace.access.access import Access
from headrace.access.failure import Refused
from headrace.access.oidc import AWAY_SECONDS, CALLBACK, Departure, Oidc
from headrace.access.settings import AccessSettings, ClaimRole, OidcSettings
from headrace.runtime.clock import ManualClock
from headrace.store.access import AuditQuery
from integration.access.asking import ADDRESS, administrator, by_cookie
from integration.access.conftest import Open
from integration.access.provider import CLIENT_ID, CLIENT_SECRET, Provider

BASE = "http://localhost:8420"


@pytest.fixture
async def provider(clock: ManualClock) -> AsyncIterator[Provider]:
    made = Provider(clock.now)
    await made.start()
    yield made
    await made.stop()


def settings_of(provider: Provider, **changes: Any) -> OidcSettings:
    settings = OidcSettings(
        issuer=provider.issuer,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        roles=(
            ClaimRole(claim="groups", value="ops", role="operator", namespace="shop"),
            ClaimRole(claim="groups", value="root", role="admin"),
        ),
    )
    return msgspec.structs.replace(settings, **changes)


@pytest.fixture
async def access(open_access: Open, provider: Provider) -> Access:
    return await open_access(settings=AccessSettings(oidc=settings_of(provider)))


@pytest.fixture
def oidc(access: Access) -> Oidc:
    assert access.oidc is not None
    return access.oidc


async def refusal(asking: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        await asking
    return refused.value


async def log_in(oidc: Oidc, provider: Provider, page: str = "/") -> tuple[Any, str]:
    departure = await oidc.start(BASE, page)
    answer = await provider.visit(departure.url)
    return await oidc.finish(departure.cookie, answer, address=ADDRESS)


async def test_who_the_provider_vouches_for_gets_the_roles_of_their_claims(
    access: Access, oidc: Oidc, provider: Provider
) -> None:
    session, page = await log_in(oidc, provider, "/flows?x=1")
    assert page == "/flows?x=1"
    found = await by_cookie(access, session.id)
    assert (found.id, found.name, found.kind) == ("oidc:1234", "ada", "user")
    assert found.roles == {"shop": "operator"}
    provider.claims["groups"] = ["root"]
    other, _ = await log_in(oidc, provider)
    assert (await by_cookie(access, other.id)).roles == {"*": "admin"}
    entries = await access.audit.page(await administrator(access), AuditQuery(principal="oidc:1234"))
    assert [entry.action for entry in entries] == ["session.login"] * 2


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize("alg", ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"])
async def test_signatures_of_several_kinds(oidc: Oidc, provider: Provider, alg: str) -> None:
    key = provider.keys[{"ES256": 1, "EdDSA": 2, "Ed25519": 2}.get(alg, 0)]
    provider.sign = lambda claims: provider.signed(claims, key, alg)
    await log_in(oidc, provider)


async def test_a_key_without_a_name(oidc: Oidc, provider: Provider) -> None:
    from joserfc import jwt

    provider.sign = lambda claims: jwt.encode({"alg": "ES256"}, claims, provider.keys[1])
    await log_in(oidc, provider)


async def test_a_public_client(open_access: Open, provider: Provider) -> None:
    access = await open_access(settings=AccessSettings(oidc=settings_of(provider, client_secret=None)))
    assert access.oidc is not None
    await log_in(access.oidc, provider)


async def test_a_provider_that_takes_the_secret_in_the_body(oidc: Oidc, provider: Provider) -> None:
    provider.configuration = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    await log_in(oidc, provider)


async def test_configuration_and_keys_are_kept(oidc: Oidc, provider: Provider, clock: ManualClock) -> None:
    for _ in range(3):
        await log_in(oidc, provider)
    assert provider.asked.count("configuration") == 1
    assert provider.asked.count("keys") == 1
    clock.advance(3601)
    await log_in(oidc, provider)
    assert provider.asked.count("configuration") == 2
    assert provider.asked.count("keys") == 2


async def test_a_changed_key_is_asked_for_once(oidc: Oidc, provider: Provider, clock: ManualClock) -> None:
    await log_in(oidc, provider)
    provider.keys = [RSAKey.generate_key(2048, {"kid": "new", "use": "sig"})]
    clock.advance(60)
    await log_in(oidc, provider)
    assert provider.asked.count("keys") == 2
    # Forged names of keys do not make us ask the provider every time.
    stranger = RSAKey.generate_key(2048, {"kid": "forged", "use": "sig"})
    provider.sign = lambda claims: provider.signed(claims, stranger)
    for _ in range(3):
        assert (await refusal(log_in(oidc, provider))).status == 401
    assert provider.asked.count("keys") == 2


# ---------------------------------------------------------------- ID tokens that are not good


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "of another login"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": ["another client"]},
        {"aud": []},
        {"aud": None},
        {"aud": [CLIENT_ID, "another client"]},  # without saying for whom
        {"aud": [CLIENT_ID, "another client"], "azp": "another client"},
        {"azp": "another client"},
        {"iss": "http://127.0.0.1:1"},
        {"iss": None},
        {"exp": 0},
        {"exp": None},
        {"exp": "soon"},
        {"exp": float("nan")},
        {"iat": 4_000_000_000},
        {"iat": None},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"sub": 7},
        {"sub": ""},
    ],
    ids=repr,
)
async def test_claims_that_are_not_for_this_login(
    access: Access, oidc: Oidc, provider: Provider, changes: dict[str, Any]
) -> None:
    def change(claims: dict[str, Any]) -> None:
        claims.update(changes)
        for name in [name for name, value in changes.items() if value is None]:
            del claims[name]

    provider.change = change
    refused = await refusal(log_in(oidc, provider))
    assert (refused.status, refused.code) == (401, "login-failed")
    assert await access.sessions.list(await administrator(access)) == []


@pytest.mark.parametrize("claim", ["exp", "iat"])
async def test_clocks_may_differ_by_a_minute_and_no_more(
    oidc: Oidc, provider: Provider, clock: ManualClock, claim: str
) -> None:
    sign = 1 if claim == "iat" else -1

    def change(seconds: int) -> None:
        provider.change = lambda claims: claims.update({claim: int(clock.now()) + sign * seconds})

    change(50)
    await log_in(oidc, provider)
    change(70)
    assert (await refusal(log_in(oidc, provider))).status == 401


async def test_an_audience_of_several_that_says_for_whom(oidc: Oidc, provider: Provider) -> None:
    provider.change = lambda claims: claims.update({"aud": ["another", CLIENT_ID], "azp": CLIENT_ID})
    await log_in(oidc, provider)


@pytest.mark.parametrize(
    "forged", ["none", "public key", "stranger's key", "cut", "changed", "text", "empty"]
)
async def test_signatures_that_are_not_the_providers(oidc: Oidc, provider: Provider, forged: str) -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})

    def changed(claims: dict[str, Any]) -> str:
        head, _, signature = provider.signed(claims).split(".")
        payload = provider.signed({**claims, "groups": ["root"]}).split(".")[1]
        return f"{head}.{payload}.{signature}"

    provider.sign = {
        "none": provider.unsigned,
        "public key": provider.signed_with_public_key,
        "stranger's key": lambda claims: provider.signed(claims, stranger),
        "cut": lambda claims: provider.signed(claims).rpartition(".")[0] + ".",
        "changed": changed,
        "text": lambda claims: "not a token",
        "empty": lambda claims: "",
    }[forged]
    assert (await refusal(log_in(oidc, provider))).status == 401


async def test_a_shared_key_among_the_providers_is_not_used(oidc: Oidc, provider: Provider) -> None:
    shared = OctKey.generate_key(256, {"kid": "shared"})
    provider.published = [
        shared.as_dict(private=True),
        *(key.as_dict(private=False) for key in provider.keys),
    ]
    provider.sign = lambda claims: provider.signed(claims, shared, "HS256")
    assert (await refusal(log_in(oidc, provider))).status == 401


async def test_a_key_for_encryption_signs_nobody_in(oidc: Oidc, provider: Provider) -> None:
    key = ECKey.generate_key("P-256", {"kid": "enc"})
    provider.published = [{**key.as_dict(private=False), "use": "enc"}, {"kty": "odd"}, {"kty": "RSA"}, 7]  # type: ignore[list-item]
    provider.sign = lambda claims: provider.signed(claims, key, "ES256")
    assert (await refusal(log_in(oidc, provider))).status == 401


async def test_nobody_without_a_role_gets_in(access: Access, oidc: Oidc, provider: Provider) -> None:
    provider.claims["groups"] = ["others"]
    refused = await refusal(log_in(oidc, provider))
    assert (refused.status, refused.code) == (403, "no-role")
    assert await access.sessions.list(await administrator(access)) == []


# ---------------------------------------------------------------- answers that are not of this login


async def test_the_answer_to_somebody_elses_login(oidc: Oidc, provider: Provider) -> None:
    mine, theirs = await oidc.start(BASE), await oidc.start(BASE)
    answer = await provider.visit(theirs.url)
    refused = await refusal(oidc.finish(mine.cookie, answer, address=ADDRESS))
    assert (refused.status, refused.code) == (400, "login-failed")
    # With a forged state the code is still bound to the verifier of the other browser.
    mine_answer = await provider.visit(mine.url)
    stolen = {**mine_answer, "code": answer["code"]}
    assert (await refusal(oidc.finish(mine.cookie, stolen, address=ADDRESS))).status == 401


@pytest.mark.parametrize("cookie", [None, "", "wrong", "ä", base64.urlsafe_b64encode(b"x" * 90).decode()])
async def test_an_answer_without_a_login(oidc: Oidc, provider: Provider, cookie: str | None) -> None:
    answer = await provider.visit((await oidc.start(BASE)).url)
    assert (await refusal(oidc.finish(cookie, answer, address=ADDRESS))).status == 400


async def test_an_answer_that_comes_twice(oidc: Oidc, provider: Provider) -> None:
    departure = await oidc.start(BASE)
    answer = await provider.visit(departure.url)
    await oidc.finish(departure.cookie, answer, address=ADDRESS)
    assert (await refusal(oidc.finish(departure.cookie, answer, address=ADDRESS))).status == 401


async def test_an_answer_that_comes_late(oidc: Oidc, provider: Provider, clock: ManualClock) -> None:
    departure = await oidc.start(BASE)
    answer = await provider.visit(departure.url)
    clock.advance(AWAY_SECONDS + 1)
    assert "too long" in (await refusal(oidc.finish(departure.cookie, answer, address=ADDRESS))).detail


@pytest.mark.parametrize(
    "change", [{"iss": "http://evil.example"}, {"iss": None}, {"code": None}, {"state": None}]
)
async def test_an_answer_of_another_provider_or_of_none(
    oidc: Oidc, provider: Provider, change: dict[str, str | None]
) -> None:
    departure = await oidc.start(BASE)
    answer = {**await provider.visit(departure.url), **change}
    kept = {name: value for name, value in answer.items() if value is not None}
    assert (await refusal(oidc.finish(departure.cookie, kept, address=ADDRESS))).status == 400


async def test_a_provider_that_does_not_name_itself(oidc: Oidc, provider: Provider) -> None:
    provider.names_itself = False
    await log_in(oidc, provider)


async def test_a_login_that_the_provider_refuses(oidc: Oidc, provider: Provider) -> None:
    provider.refusal = "access_denied"
    refused = await refusal(log_in(oidc, provider))
    assert refused.status == 401
    assert "access_denied" in refused.detail


@pytest.mark.parametrize("page", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\nb"])
async def test_a_login_returns_to_a_page_of_this_server(oidc: Oidc, page: str) -> None:
    assert (await refusal(oidc.start(BASE, page))).status == 400


# ---------------------------------------------------------------- providers that are not what they should be


@pytest.mark.parametrize(
    "configuration",
    [
        {"issuer": "https://accounts.example"},
        {"token_endpoint": "http://192.0.2.1/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
)
async def test_a_configuration_that_cannot_be_trusted(
    oidc: Oidc, provider: Provider, configuration: dict[str, Any]
) -> None:
    provider.configuration = configuration
    refused = await refusal(oidc.start(BASE))
    assert (refused.status, refused.code) == (502, "provider-unavailable")


async def test_a_provider_over_plain_http_elsewhere_is_not_asked(
    open_access: Open, provider: Provider
) -> None:
    settings = settings_of(provider, issuer="http://accounts.example")
    access = await open_access(settings=AccessSettings(oidc=settings))
    assert access.oidc is not None
    assert "https" in (await refusal(access.oidc.start(BASE))).detail


async def test_a_provider_that_is_away_and_comes_back(access: Access, oidc: Oidc, provider: Provider) -> None:
    await provider.stop()
    assert (await refusal(oidc.start(BASE))).status == 502
    other = Provider(provider.now)
    await other.start()
    settings = settings_of(other)
    again = Oidc(settings, access.sessions, now=provider.now)
    await log_in(again, other)
    await again.close()
    await other.stop()


async def test_what_is_told_holds_no_secret(oidc: Oidc, provider: Provider) -> None:
    departure: Departure = await oidc.start(BASE)
    assert CALLBACK.replace("/", "%2F") in departure.url
    assert CLIENT_SECRET not in departure.url + departure.cookie + repr(oidc.settings)
