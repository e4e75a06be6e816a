"""OAuth 2.0 and OpenID Connect (dsl-reference.md, "OAUTH2", "OpenIdConnect Authentication").

A token is asked for once per policy, kept until shortly before it expires, and asked for anew when a
server refuses it.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from headrace.call.auth.credentials import Credentials, authentication_error, text_of
from headrace.call.client import HttpClient, Request, Response, parse_url, shown
from headrace.call.performer import CallError, call_error

TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_GRANTS = ("client_credentials", "password", "refresh_token", TOKEN_EXCHANGE)
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_DISCOVERY = "/.well-known/openid-configuration"
_DISCOVERY_SECONDS = 3600.0
# How long before its end a token is not used any more: requests take time, and clocks differ.
_SKEW_SECONDS = 30.0
# Of a token that does not say (RFC 6749, section 5.1, leaves `expires_in` out at will).
_UNKNOWN_LIFETIME_SECONDS = 300.0
_KEPT_MAX = 1024


@dataclass(slots=True)
class _Token:
    credentials: Credentials
    good_until: float  # monotonic seconds
    refresh: str | None


@dataclass(slots=True)
class _Entry:
    """What is known for one policy. The lock makes many calls ask for a token only once."""

    lock: asyncio.Lock
    token: _Token | None = None


class TokenAuthentication:
    """Gets tokens by the `oauth2` and `oidc` schemes."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._discovered: OrderedDict[str, tuple[Mapping[str, Any], float]] = OrderedDict()

    async def credentials(
        self, scheme: str, settings: Mapping[str, Any], *, refused: Credentials | None = None
    ) -> Credentials:
        """Return a token for a policy, a kept one unless that is the one that was `refused`.

        Raises `CallError`: configuration for a policy that cannot work, authentication (401) when the
        authority gives no token, and what `HttpClient.send` raises.
        """
        # By digest, so that secrets are not kept as keys.
        digest = hashlib.blake2b(orjson.dumps([scheme, settings], option=orjson.OPT_SORT_KEYS)).digest()
        entry = self._entries.get(digest)
        if entry is None:
            entry = self._entries[digest] = _Entry(asyncio.Lock())
            while len(self._entries) > _KEPT_MAX:
                self._entries.popitem(last=False)
        self._entries.move_to_end(digest)
        token = entry.token
        if token is not None and token.credentials != refused and time.monotonic() < token.good_until:
            return token.credentials
        async with entry.lock:
            token = entry.token
            if token is not None and token.credentials != refused and time.monotonic() < token.good_until:
                return token.credentials
            entry.token = await self._ask(scheme, settings, token)
            return entry.token.credentials

    async def _ask(self, scheme: str, settings: Mapping[str, Any], last: _Token | None) -> _Token:
        grant = text_of(settings, "grant", scheme)
        if grant == "authorization_code":
            raise call_error(
                "configuration",
                "grant authorization_code is not possible",
                "it needs a person who logs in with a browser, and a workflow runs unattended; "
                "use client_credentials, or refresh_token with a token that a person has obtained",
            )
        if grant not in _GRANTS:
            raise call_error(
                "configuration", f"unknown grant {grant!r}", f"it is one of {', '.join(_GRANTS)}"
            )
        endpoint, issuer = await self._endpoint(scheme, settings)
        fields = _grant_fields(grant, settings, scheme, last)
        request = _token_request(endpoint, fields, settings, scheme)
        response = await self._client.send(request)
        return _token_of(response, settings, issuer, last)

    async def _endpoint(self, scheme: str, settings: Mapping[str, Any]) -> tuple[str, str | None]:
        """Return the token endpoint, and the issuer if the authority names it."""
        authority = text_of(settings, "authority", scheme)
        parse_url(authority, "the authority")
        if scheme == "oauth2":
            path = text_of(settings, "endpoints.token", scheme, required=False) or "/oauth2/token"
            if "://" in path:
                return path, None
            # Relative to the authority with its path: `http://host/realms/x` + `/oauth2/token`.
            return authority.rstrip("/") + "/" + path.lstrip("/"), None
        document = await self._discover(authority)
        endpoint, issuer = document.get("token_endpoint"), document.get("issuer")
        if not isinstance(endpoint, str):
            raise authentication_error(
                "the authority's OpenID configuration has no token endpoint", shown(authority)
            )
        return endpoint, issuer if isinstance(issuer, str) else None

    async def _discover(self, authority: str) -> Mapping[str, Any]:
        url = authority if _DISCOVERY in authority else authority.rstrip("/") + _DISCOVERY
        kept = self._discovered.get(url)
        if kept is not None and time.monotonic() < kept[1]:
            return kept[0]
        response = await self._client.send(Request("GET", url, [("accept", _JSON)]), follow=True)
        document = _json_object(response)
        if response.status != 200 or document is None:
            raise authentication_error(
                "the authority's OpenID configuration cannot be read",
                f"{shown(url)} answered {response.status}",
                retryable=response.status >= 500,
            )
        self._discovered[url] = (document, time.monotonic() + _DISCOVERY_SECONDS)
        while len(self._discovered) > _KEPT_MAX:
            self._discovered.popitem(last=False)
        return document


def _grant_fields(
    grant: str, settings: Mapping[str, Any], scheme: str, last: _Token | None
) -> dict[str, Any]:
    fields: dict[str, Any] = {"grant_type": grant}
    if scopes := _texts(settings, "scopes"):
        fields["scope"] = " ".join(scopes)
    if audiences := _texts(settings, "audiences"):
        fields["audience"] = audiences
    if grant == "password":
        fields["username"] = text_of(settings, "username", scheme)
        fields["password"] = text_of(settings, "password", scheme)
    elif grant == "refresh_token":
        # The reference has no field for it: the token that stands for a person is `subject`. Servers that
        # rotate tokens give a new one with each answer, and the old one is of no use then.
        fields["refresh_token"] = (
            last.refresh if last is not None and last.refresh else text_of(settings, "subject.token", scheme)
        )
    elif grant == TOKEN_EXCHANGE:
        for party, required in (("subject", True), ("actor", False)):
            if required or settings.get(party) is not None:
                fields[f"{party}_token"] = text_of(settings, f"{party}.token", scheme)
                fields[f"{party}_token_type"] = _token_type(text_of(settings, f"{party}.type", scheme))
    return fields


def _token_type(given: str) -> str:
    """Return a token type of RFC 8693; short names (`access_token`, `jwt`) are completed."""
    return given if ":" in given else f"urn:ietf:params:oauth:token-type:{given}"


def _texts(settings: Mapping[str, Any], name: str) -> list[str]:
    value = settings.get(name)
    if value is None:
        return []
    if isinstance(value, str):
        return value.split()
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) for each in value):
        raise call_error("configuration", f"unusable `{name}`", "it is a list of texts")
    return list(value)


def _token_request(
    endpoint: str, fields: dict[str, Any], settings: Mapping[str, Any], scheme: str
) -> Request:
    headers = [("accept", _JSON)]
    client = settings.get("client") or {}
    method = client.get("authentication") or "client_secret_post"
    client_id = text_of(settings, "client.id", scheme, required=method != "none" and bool(client))
    if method == "client_secret_basic":
        secret = text_of(settings, "client.secret", scheme)
        # RFC 6749, section 2.3.1: both are form-encoded first.
        pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
        headers.append(("authorization", "Basic " + base64.b64encode(pair.encode()).decode("ascii")))
    elif method == "client_secret_post":
        secret = text_of(settings, "client.secret", scheme, required=False)
        if client_id:
            fields["client_id"] = client_id
        if secret:
            fields["client_secret"] = secret
    elif method == "client_secret_jwt":
        fields["client_id"] = client_id
        fields["client_assertion_type"] = _ASSERTION_TYPE
        fields["client_assertion"] = _signed_assertion(
            client_id, text_of(settings, "client.secret", scheme), endpoint
        )
    elif method == "private_key_jwt":
        fields["client_id"] = client_id
        fields["client_assertion_type"] = _ASSERTION_TYPE
        fields["client_assertion"] = text_of(settings, "client.assertion", scheme)
    elif method == "none":
        if client_id:
            fields["client_id"] = client_id
    else:
        raise call_error("configuration", f"unknown client authentication {method!r}")
    encoding = text_of(settings, "request.encoding", scheme, required=False) or _FORM
    if encoding == _JSON:
        audience = fields.get("audience")
        if isinstance(audience, list) and len(audience) == 1:
            fields["audience"] = audience[0]
        body = orjson.dumps(fields)
    elif encoding == _FORM:
        body = urlencode(fields, doseq=True).encode("ascii")
    else:
        raise call_error("configuration", f"unknown request encoding {encoding!r}", f"{_FORM} or {_JSON}")
    headers.append(("content-type", encoding))
    return Request("POST", endpoint, headers, body)


def _signed_assertion(client_id: str, secret: str, endpoint: str) -> str:
    """Return a JWT signed with the client's secret, HS256 (OpenID Connect Core, section 9)."""
    now = int(time.time())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": endpoint,
        "jti": secrets.token_hex(16),
        "iat": now,
        "exp": now + 120,
    }
    signed = f"{_base64url(orjson.dumps({'alg': 'HS256', 'typ': 'JWT'}))}.{_base64url(orjson.dumps(claims))}"
    signature = hmac.new(secret.encode(), signed.encode("ascii"), hashlib.sha256).digest()
    return f"{signed}.{_base64url(signature)}"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _token_of(
    response: Response, settings: Mapping[str, Any], issuer: str | None, last: _Token | None
) -> _Token:
    document = _json_object(response)
    if not 200 <= response.status < 300 or document is None:
        raise _refusal(response, document)
    token = document.get("access_token") or document.get("id_token")
    if not isinstance(token, str) or not token:
        raise authentication_error("the authority answered without a token", shown(response.request.url))
    _check_issuer(document, token, _texts(settings, "issuers"), issuer)
    given_type = document.get("token_type")
    kind = given_type if isinstance(given_type, str) and given_type.lower() not in ("bearer", "n_a") else ""
    try:
        lifetime = float(document["expires_in"])
    except (KeyError, TypeError, ValueError):
        lifetime = _UNKNOWN_LIFETIME_SECONDS
    refresh = document.get("refresh_token")
    return _Token(
        Credentials(kind or "Bearer", token),
        time.monotonic() + max(lifetime - min(_SKEW_SECONDS, lifetime / 2), 0.0),
        refresh if isinstance(refresh, str) else (last.refresh if last is not None else None),
    )


def _refusal(response: Response, document: Mapping[str, Any] | None) -> CallError:
    where = shown(response.request.url)
    detail = f"{where} answered {response.status}"
    # RFC 6749, section 5.2: the code and its description. The rest of the body could repeat what was sent.
    if document is not None and isinstance(document.get("error"), str):
        detail += f": {document['error'][:100]}"
        if isinstance(document.get("error_description"), str):
            detail += f" ({document['error_description'][:300]})"
    elif 200 <= response.status < 300:
        detail += " with something that is not a JSON object"
    retryable = response.status >= 500 or response.status in (408, 429)
    return authentication_error("the authority gives no token", detail, retryable=retryable)


def _check_issuer(
    document: Mapping[str, Any], token: str, issuers: list[str], discovered: str | None
) -> None:
    """Check who issued the tokens, as far as they say: an opaque access token does not.

    With `issuers` the access token's issuer must be one of them. Without, an ID token's issuer must be the
    discovered one (OpenID Connect Core, section 3.1.3.7). Signatures are for the service that is called.
    """
    found = _claim_issuer(token)
    if issuers:
        if found is None:
            found = _claim_issuer(document.get("id_token"))
        if found is None or found not in issuers:
            named = "it names none" if found is None else f"it is {found}"
            raise authentication_error(
                "the token's issuer is not valid", f"{named}, which is none of the policy's `issuers`"
            )
        return
    identity = _claim_issuer(document.get("id_token"))
    if discovered is not None and identity is not None and identity != discovered:
        raise authentication_error(
            "the token's issuer is not valid", f"{identity} is not the authority's {discovered}"
        )


def _claim_issuer(token: Any) -> str | None:
    parts = token.split(".") if isinstance(token, str) else []
    if len(parts) != 3:
        return None
    try:
        claims = orjson.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    issuer = claims.get("iss") if isinstance(claims, dict) else None
    return issuer if isinstance(issuer, str) else None


def _json_object(response: Response) -> Mapping[str, Any] | None:
    try:
        document = orjson.loads(response.body)
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) else None
