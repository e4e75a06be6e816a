"""Sends requests under an authentication policy, whatever its scheme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from headrace.call.auth.credentials import Credentials, basic, bearer
from headrace.call.auth.digest import DigestAuthentication
from headrace.call.auth.oauth2 import TokenAuthentication
from headrace.call.client import HttpClient, Request, Response
from headrace.call.performer import call_error

_SCHEMES = ("basic", "bearer", "digest", "oauth2", "oidc")


class Authenticator:
    """Adds credentials to requests; keeps tokens and challenges for as long as they are good."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client
        self._digest = DigestAuthentication()
        self._tokens = TokenAuthentication(client)

    async def send(
        self,
        request: Request,
        policy: Mapping[str, Any] | None,
        *,
        follow: bool = False,
        timeout_seconds: float | None = None,
    ) -> tuple[Response, Credentials | None]:
        """Send `request` under `policy` and return the response with the credentials that were used.

        A 401 is answered once with renewed credentials, where the scheme can renew them. Raises
        `CallError`: what `HttpClient.send` raises, authentication when no credentials can be had,
        configuration when the policy is not usable.
        """
        scheme, settings = _chosen(policy)
        if scheme is None:
            return await self._client.send(request, follow=follow, timeout_seconds=timeout_seconds), None
        credentials = await self._credentials(scheme, settings, request)
        response = await self._client.send(
            _with(request, credentials), follow=follow, timeout_seconds=timeout_seconds
        )
        if response.status != 401 or scheme not in ("digest", "oauth2", "oidc"):
            return response, credentials
        from pyreqwest.http import Url

        last = response.request
        if Url(last.url).origin_ascii != Url(request.url).origin_ascii:
            return response, credentials  # redirected elsewhere: the credentials are not for there
        if scheme == "digest":
            renewed = self._digest.renewed(settings, response)
        else:
            renewed = await self._tokens.credentials(scheme, settings, refused=credentials)
        response = await self._client.send(
            _with(last, renewed), follow=follow, timeout_seconds=timeout_seconds
        )
        return response, renewed

    async def _credentials(
        self, scheme: str, settings: Mapping[str, Any], request: Request
    ) -> Credentials | None:
        if scheme == "basic":
            return basic(settings)
        if scheme == "bearer":
            return bearer(settings)
        if scheme == "digest":
            return self._digest.credentials(settings, request)
        return await self._tokens.credentials(scheme, settings)


def _chosen(policy: Mapping[str, Any] | None) -> tuple[str | None, Mapping[str, Any]]:
    """Return the scheme of a policy and its settings; `None` when there is no policy."""
    if not policy:
        return None, {}
    if not isinstance(policy, Mapping):
        raise call_error("configuration", "unusable authentication", "a policy is an object, not a text")
    for scheme in _SCHEMES:
        settings = policy.get(scheme)
        if settings is not None:
            if not isinstance(settings, Mapping):
                raise call_error("configuration", f"unusable {scheme} authentication", "it is not an object")
            if set(settings) == {"use"}:
                raise call_error(
                    "configuration",
                    f"unusable {scheme} authentication",
                    f"the secret {settings['use']!r} was not resolved",
                )
            return scheme, settings
    raise call_error(
        "configuration",
        "unusable authentication",
        f"a policy has one of {', '.join(_SCHEMES)}; this one has {', '.join(map(str, policy))}",
    )


def _with(request: Request, credentials: Credentials | None) -> Request:
    if credentials is None:
        return request
    others = [(name, value) for name, value in request.headers if name.lower() != "authorization"]
    return replace(request, headers=[*others, ("authorization", credentials.header)])
