"""Logging in with an OpenID Connect provider: authorization code flow with PKCE.

OpenID Connect Core 1.0, section 3.1; RFC 7636 (PKCE); RFC 9207 (`iss` in the answer). What has to be
remembered between leaving for the provider and coming back travels in a sealed cookie: only the browser
that left can come back, and nothing is kept for those who never do.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from headrace.access.failure import Refused
from headrace.access.key import KeyRing, Unsealable, new_key
from headrace.access.role import RANK, Role
from headrace.access.session import NewSession, SessionKeeper
from headrace.access.settings import ClaimRole, OidcSettings

if TYPE_CHECKING:
    from headrace.access.identity import Provider

COOKIE = "headrace_oidc"
CALLBACK = "/api/v1/session/oidc/callback"
# How long somebody may take to log in at the provider.
AWAY_SECONDS = 600.0
_CONTEXT = b"oidc login"


class _Away(msgspec.Struct, frozen=True):
    """What a browser that is at the provider carries, sealed."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    back_to: str
    left_at: float


class Departure(msgspec.Struct, frozen=True, kw_only=True):
    """Where to send the browser, and the cookie that it takes along."""

    url: str
    cookie: str
    max_age_seconds: int = int(AWAY_SECONDS)


class Oidc:
    """Logs people in with one provider."""

    def __init__(self, settings: OidcSettings, keeper: SessionKeeper, *, now: Callable[[], float]) -> None:
        self.settings = settings
        self._keeper = keeper
        self._now = now
        # Its library takes as long to load as the rest of access: only where there is a provider.
        from headrace.access.identity import ProviderClient

        self._provider = ProviderClient(settings, now=now)
        # Of this process: a restart sends those who are away to the provider once more.
        self._ring = KeyRing([new_key()])

    async def close(self) -> None:
        """Close the connections to the provider."""
        await self._provider.close()

    async def start(self, base_url: str, back_to: str = "/") -> Departure:
        """Return where the browser goes to log in. `base_url` is where it comes back to, `back_to` the page.

        Raises `Refused`: 400 for a page that is not of this server, 502 when the provider does not answer.
        """
        provider = await self._provider.discover()
        away = _Away(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            redirect_uri=base_url.rstrip("/") + CALLBACK,
            back_to=_own_page(back_to),
            left_at=self._now(),
        )
        challenge = base64.urlsafe_b64encode(hashlib.sha256(away.verifier.encode()).digest()).rstrip(b"=")
        query = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": away.redirect_uri,
            "scope": " ".join(self.settings.scopes),
            "state": away.state,
            "nonce": away.nonce,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        endpoint = provider.authorization_endpoint
        url = endpoint + ("&" if urlsplit(endpoint).query else "?") + urlencode(query, quote_via=quote)
        sealed = self._ring.seal(msgspec.json.encode(away), _CONTEXT)
        return Departure(url=url, cookie=base64.urlsafe_b64encode(sealed).decode())

    async def finish(
        self,
        cookie: str | None,
        answer: Mapping[str, str],
        *,
        address: str | None,
        request_id: str | None = None,
    ) -> tuple[NewSession, str]:
        """Begin the session of who comes back from the provider; return it with the page to go to.

        `answer` is the query that they bring. Raises `Refused`: 400 for an answer that does not belong to
        this browser's login, 401 for an identity that does not verify, 403 for somebody without a role,
        502 when the provider does not answer.
        """
        away = self._unsealed(cookie)
        if not hmac.compare_digest(answer.get("state", "").encode(), away.state.encode()):
            raise _not_this_login("its `state` is another")
        if "error" in answer:
            raise Refused(401, "login-failed", f"the provider refused the login: {answer['error'][:100]!r}")
        provider = await self._provider.discover()
        self._check_issuer(answer, provider)
        code = answer.get("code")
        if not code:
            raise _not_this_login("it has no `code`")
        claims = await self._provider.exchange(code, away.verifier, away.redirect_uri, away.nonce)
        roles = roles_of(claims, self.settings.roles)
        name = self._name(claims)
        if not roles:
            raise Refused(
                403,
                "no-role",
                f"{name!r} is known, but has no role here",
                remedy="ask an administrator for a role",
            )
        session = await self._keeper.begin(
            "oidc", str(claims["sub"]), name, roles, address=address, request_id=request_id
        )
        return session, away.back_to

    def _unsealed(self, cookie: str | None) -> _Away:
        try:
            sealed = base64.urlsafe_b64decode((cookie or "").encode("ascii", "replace"))
            away = msgspec.json.decode(self._ring.open(sealed, _CONTEXT), type=_Away)
        except (ValueError, Unsealable) as error:
            raise _not_this_login(
                "this browser has not begun one, or the server was restarted since"
            ) from error
        if not 0 <= self._now() - away.left_at <= AWAY_SECONDS:
            raise _not_this_login("it took too long")
        return away

    def _check_issuer(self, answer: Mapping[str, str], provider: Provider) -> None:
        issuer = answer.get("iss")
        if issuer is None and provider.names_itself:
            raise _not_this_login("the provider does not name itself in it, as it says it does")
        if issuer is not None and issuer != provider.issuer:
            raise _not_this_login("another provider sent it")

    def _name(self, claims: Mapping[str, Any]) -> str:
        for claim in (self.settings.name_claim, "email", "sub"):
            name = claims.get(claim)
            if isinstance(name, str) and name and name.isprintable():
                return name[:128]
        return "(unnamed)"


def roles_of(claims: Mapping[str, Any], rules: tuple[ClaimRole, ...]) -> dict[str, Role]:
    """Return the roles that somebody with these claims has: the highest by namespace.

    The claim `email` counts only where the provider has verified it.
    """
    roles: dict[str, Role] = {}
    for rule in rules:
        if rule.claim == "email" and claims.get("email_verified") is not True:
            continue
        value = _claim(claims, rule.claim)
        values = value if isinstance(value, list) else [value]
        if rule.value not in [each for each in values if isinstance(each, str)]:
            continue
        had = roles.get(rule.namespace)
        if had is None or RANK[had] < RANK[rule.role]:
            roles[rule.namespace] = rule.role
    return roles


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    if name in claims:
        # Names of claims may have dots themselves: `https://example.com/groups`.
        return claims[name]
    value: Any = claims
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _own_page(page: str) -> str:
    # `//host` and `/\host` are other hosts to a browser.
    if not page.startswith("/") or page[1:2] in ("/", "\\") or not page.isprintable():
        raise Refused(
            400, "bad-request", "a login returns to a page of this server, a path", pointer="query:next"
        )
    return page


def _not_this_login(reason: str) -> Refused:
    return Refused(
        400,
        "login-failed",
        f"this answer does not belong to a login of this browser: {reason}",
        remedy="begin to log in again",
    )
