"""The OpenID Connect provider as we ask it: its configuration, its keys, and whom it vouches for."""

from __future__ import annotations

import base64
import ipaddress
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key
from joserfc.jws import extract_compact

from headrace.access.failure import Refused
from headrace.access.settings import OidcSettings
from headrace.call import HostPolicy, HttpOptions
from headrace.call.client import HttpClient, Request, Response
from headrace.call.performer import CallError

_DISCOVERY = "/.well-known/openid-configuration"
_KEPT_SECONDS = 3600.0
# Keys are asked for again when one is missing, but not for every forged token.
_KEYS_AGAIN_SECONDS = 30.0
# How far the provider's clock may be from ours.
_LEEWAY_SECONDS = 60
_ANSWER_BYTES_MAX = 1024 * 1024
_ANSWER_SECONDS = 10.0
_ID_TOKEN_CHARACTERS_MAX = 64 * 1024

_log = logging.getLogger(__name__)


class Provider(msgspec.Struct, frozen=True):
    """A provider's configuration (OpenID Connect Discovery 1.0, section 3), what we use of it."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    names_itself: bool = msgspec.field(name="authorization_response_iss_parameter_supported", default=False)


class ProviderClient:
    """Asks one provider. Its configuration and keys are kept for an hour."""

    def __init__(self, settings: OidcSettings, *, now: Callable[[], float]) -> None:
        self._settings = settings
        self._now = now
        # The one who runs the server chose the provider; it may well be in their own network.
        self._client = HttpClient(
            HttpOptions(
                policy=HostPolicy.local(),
                max_response_bytes=_ANSWER_BYTES_MAX,
                timeout_seconds=_ANSWER_SECONDS,
            )
        )
        self._provider: tuple[Provider, float] | None = None
        self._keys: tuple[list[Key], float] | None = None

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def discover(self) -> Provider:
        """Return the provider's configuration. Raises `Refused` 502."""
        if self._provider is not None and self._now() < self._provider[1]:
            return self._provider[0]
        url = self._settings.issuer.rstrip("/") + _DISCOVERY
        _check_safe(url)
        response = await self._send(Request("GET", url, [("accept", "application/json")]))
        try:
            provider = msgspec.json.decode(response.body, type=Provider)
        except (msgspec.MsgspecError, ValueError) as error:
            raise _no_use(f"its configuration cannot be read: {error}") from error
        if provider.issuer != self._settings.issuer:
            # Section 4.3: otherwise one provider could speak for another.
            raise _no_use(f"it calls itself {provider.issuer!r}, not {self._settings.issuer!r}")
        for endpoint in (provider.authorization_endpoint, provider.token_endpoint, provider.jwks_uri):
            _check_safe(endpoint)
        self._provider = (provider, self._now() + _KEPT_SECONDS)
        return provider

    async def exchange(self, code: str, verifier: str, redirect_uri: str, nonce: str) -> Mapping[str, Any]:
        """Return the verified claims of whom a code stands for.

        Raises `Refused`: 401 for a code that is not good or an ID token that does not verify, 502.
        """
        provider = await self.discover()
        settings = self._settings
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")]
        if settings.client_secret is None:
            fields["client_id"] = settings.client_id
        elif "client_secret_basic" in provider.token_endpoint_auth_methods_supported:
            # RFC 6749, section 2.3.1: both are form-encoded first.
            pair = f"{quote(settings.client_id, safe='')}:{quote(settings.client_secret, safe='')}"
            headers.append(("authorization", "Basic " + base64.b64encode(pair.encode()).decode("ascii")))
        else:
            fields |= {"client_id": settings.client_id, "client_secret": settings.client_secret}
        request = Request("POST", provider.token_endpoint, headers, urlencode(fields).encode("ascii"))
        response = await self._send(request, refusable=True)
        if response.status != 200:
            raise _refused("the provider does not accept the code")
        try:
            answer = msgspec.json.decode(response.body, type=dict[str, Any])
        except (msgspec.MsgspecError, ValueError) as error:
            raise _no_use("its answer to the code is not a JSON object") from error
        id_token = answer.get("id_token")
        if not isinstance(id_token, str) or len(id_token) > _ID_TOKEN_CHARACTERS_MAX:
            raise _refused("the provider gave no ID token")
        return await self._verified(id_token, provider, nonce)

    async def _verified(self, id_token: str, provider: Provider, nonce: str) -> Mapping[str, Any]:
        """Return the claims of an ID token (OpenID Connect Core, section 3.1.3.7)."""
        try:
            header = extract_compact(id_token.encode("ascii")).headers()
        except (JoseError, ValueError) as error:
            raise _refused("the ID token cannot be read") from error
        algorithm = header.get("alg")
        if algorithm not in self._settings.algorithms:
            # Before any key is looked at: `none` and the symmetric ones must not even be tried.
            raise _refused("the ID token is signed in a way that is not accepted")
        kid = header.get("kid")
        claims = _signed(id_token, algorithm, _of_kid(await self._provider_keys(provider), kid))
        if claims is None:
            keys = await self._provider_keys(provider, again=True)
            claims = _signed(id_token, algorithm, _of_kid(keys, kid))
        if claims is None:
            raise _refused("the ID token's signature is not the provider's")
        registry = jwt.JWTClaimsRegistry(
            now=int(self._now()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            registry.validate(claims)
        except JoseError as error:
            _log.warning("an ID token of %s was refused: %s", provider.issuer, error)
            raise _refused("the ID token is not for this login, or has expired") from error
        party = claims.get("azp")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (party is not None or several) and party != self._settings.client_id:
            raise _refused("the ID token was given to another party")
        return claims

    async def _provider_keys(self, provider: Provider, *, again: bool = False) -> list[Key]:
        now = self._now()
        if self._keys is not None:
            age_seconds = now - self._keys[1]
            if age_seconds < (_KEYS_AGAIN_SECONDS if again else _KEPT_SECONDS):
                return self._keys[0]
        response = await self._send(Request("GET", provider.jwks_uri, [("accept", "application/json")]))
        try:
            document = msgspec.json.decode(response.body, type=dict[str, Any])
        except (msgspec.MsgspecError, ValueError) as error:
            raise _no_use("its keys are not a JSON object") from error
        entries = document.get("keys")
        keys = list(_imported(entries if isinstance(entries, list) else []))
        self._keys = (keys, now)
        return keys

    async def _send(self, request: Request, *, refusable: bool = False) -> Response:
        try:
            response = await self._client.send(request, follow=request.method == "GET")
        except CallError as error:
            raise _no_use(f"it does not answer: {error}") from error
        if response.status != 200 and not (refusable and 400 <= response.status < 500):
            raise _no_use(f"it answered {response.status}")
        return response


def _imported(entries: Iterable[Any]) -> Iterable[Key]:
    for entry in entries:
        # A provider may have keys for other purposes, and of kinds that are not known here.
        if isinstance(entry, dict) and entry.get("use", "sig") == "sig" and entry.get("kty") != "oct":
            try:
                yield JWKRegistry.import_key(entry)
            except (JoseError, ValueError, TypeError):
                _log.debug("a key of the provider cannot be used: kty %r", entry.get("kty"))


def _of_kid(keys: list[Key], kid: Any) -> list[Key]:
    return keys if kid is None else [key for key in keys if key.kid == kid]


def _signed(id_token: str, algorithm: str, keys: list[Key]) -> dict[str, Any] | None:
    """Return the claims if one of the keys has signed them."""
    for key in keys:
        try:
            return dict(jwt.decode(id_token, key, algorithms=[algorithm]).claims)
        except (JoseError, ValueError):
            continue
    return None


def _check_safe(url: str) -> None:
    """Refuse addresses that are not https, except on this machine: keys and codes are read from them."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise _no_use(f"{parts.scheme}://{host} is not https")


def _refused(detail: str) -> Refused:
    return Refused(401, "login-failed", detail, remedy="begin to log in again")


def _no_use(detail: str) -> Refused:
    return Refused(
        502,
        "provider-unavailable",
        f"the OpenID Connect provider cannot be used: {detail}",
        remedy="try again later, or log in with a password or a token",
    )
