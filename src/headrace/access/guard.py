"""Who makes a request: from its headers to a principal, or a refusal.

A plain function of method, headers and address, for raw ASGI and for the framework. What a token or a
session is good for is remembered for a few seconds, so that most requests ask nothing of the store.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

import msgspec

from headrace.access.failure import Refused, unauthenticated
from headrace.access.role import Principal
from headrace.access.session import CSRF_HEADER, cookie_name, csrf_token, principal_of
from headrace.access.settings import AccessSettings
from headrace.access.token import hash_of
from headrace.errors import HeadraceError
from headrace.store.access import Accounts, Sessions

# In this process a revocation works at once; what another process revokes, after this time.
CACHE_SECONDS = 5.0
CACHED_MAX = 10_000
# How exact "last used" and "seen" are: each costs a write.
TOKEN_USED_SECONDS = 300.0
SESSION_SEEN_SECONDS = 60.0

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})  # RFC 9110, section 9.2.1, those that we answer
_CREDENTIAL_CHARACTERS_MAX = 512
_CSRF_HEADER = CSRF_HEADER.encode()

_log = logging.getLogger(__name__)


class Guard:
    """Identifies. `forget` drops what is remembered, `close` waits for what is being noted."""

    def __init__(
        self, accounts: Accounts, sessions: Sessions, settings: AccessSettings, *, now: Callable[[], float]
    ) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._settings = settings
        self._now = now
        self._known: OrderedDict[bytes, tuple[Principal, float]] = OrderedDict()
        self._forgotten = 0
        self._noting: set[asyncio.Task[None]] = set()
        self._origins = {origin.rstrip("/").lower() for origin in settings.trusted_origins}
        if settings.public_url is not None:
            self._origins.add("/".join(settings.public_url.split("/", 3)[:3]).lower())

    async def identify(
        self,
        method: str,
        headers: Iterable[tuple[bytes, bytes]],
        address: str | None,
        *,
        scheme: str = "http",
    ) -> Principal:
        """Return who makes a request. `headers` are ASGI's: names in lower case.

        A token in `Authorization` wins over a session's cookie. A changing request in a session must prove
        that one of our own pages made it: by the header `x-headrace-csrf`, or by its `Origin`.

        Raises `Refused`: 401 for no, or no valid, credentials, 403 for a changing request without proof.
        """
        authorization = cookie = origin = host = csrf = None
        for name, value in headers:
            if name == b"authorization":
                authorization = value
            elif name == b"cookie":
                # HTTP/2 may send it in several pieces (RFC 9113, section 8.2.3).
                cookie = value if cookie is None else cookie + b"; " + value
            elif name == b"origin":
                origin = value
            elif name == b"host":
                host = value
            elif name == _CSRF_HEADER:
                csrf = value
        if authorization is not None:
            return await self._by_token(authorization, address)
        session_id = None if cookie is None else self._session_id(cookie, scheme)
        if session_id is None:
            raise unauthenticated("this needs a token or a session")
        principal = await self._by_session(session_id, address)
        if method not in SAFE_METHODS:
            self._check_origin(session_id, csrf, origin, host, scheme)
        return principal

    def forget(self) -> None:
        """Drop all that is remembered, after something was taken away from somebody."""
        self._forgotten += 1
        self._known.clear()

    async def close(self) -> None:
        """Wait until what is being noted is written."""
        await asyncio.gather(*self._noting, return_exceptions=True)

    def csrf_of(self, headers: Iterable[tuple[bytes, bytes]], scheme: str = "http") -> str | None:
        """Return the CSRF token of the session that a request has the cookie of; None without one."""
        for name, value in headers:
            if name == b"cookie" and (session_id := self._session_id(value, scheme)) is not None:
                return csrf_token(session_id)
        return None

    def check_page(self, headers: Iterable[tuple[bytes, bytes]], scheme: str = "http") -> None:
        """Raise `Refused` 403 for a login that a page of another server makes: it would be theirs."""
        found = dict(headers)
        if (origin := found.get(b"origin")) is not None and not self._is_ours(
            origin, found.get(b"host"), scheme
        ):
            raise Refused(403, "csrf", "a page of another server cannot log anybody in here")

    def secure(self, scheme: str) -> bool:
        """Return whether browsers reach the server over https."""
        return scheme == "https" or (self._settings.public_url or "").startswith("https:")

    # ------------------------------------------------------------ tokens

    async def _by_token(self, authorization: bytes, address: str | None) -> Principal:
        kind, _, text = authorization.decode("latin-1").partition(" ")
        text = text.strip()
        if kind.lower() != "bearer" or not text or len(text) > _CREDENTIAL_CHARACTERS_MAX:
            raise unauthenticated("the header `Authorization` is not `Bearer <token>`", invalid=True)
        hash = hash_of(text)
        key = b"token" + hash
        known = self._known.get(key)
        now = self._now()
        if known is not None and now < known[1]:
            return _at(known[0], address)
        forgotten = self._forgotten
        row = await self._accounts.token(hash)
        if row is None:
            raise unauthenticated("the token is not valid: unknown or revoked", invalid=True)
        if row.expires_at is not None and row.expires_at <= now:
            raise unauthenticated("the token has expired", invalid=True)
        principal = Principal(
            id=f"token:{row.id}",
            name=row.name,
            kind="token",
            roles=row.roles,  # type: ignore[arg-type]
            address=address,
        )
        if row.last_used_at is None or row.last_used_at < now - TOKEN_USED_SECONDS:
            self._note(self._accounts.token_used(row.id, now))
        until = now + CACHE_SECONDS
        if row.expires_at is not None:
            until = min(until, row.expires_at)
        self._remember(key, principal, until, forgotten)
        return principal

    # ------------------------------------------------------------ sessions

    async def _by_session(self, session_id: str, address: str | None) -> Principal:
        hash = hash_of(session_id)
        key = b"session" + hash
        known = self._known.get(key)
        now = self._now()
        if known is not None and now < known[1]:
            return _at(known[0], address)
        forgotten = self._forgotten
        row = await self._sessions.session(hash, now)
        # Seen is noted late; what is noted is never more than that behind.
        if row is None or now > row.seen_at + self._settings.idle_seconds + SESSION_SEEN_SECONDS:
            raise unauthenticated("the session is over; log in again")
        if row.seen_at < now - SESSION_SEEN_SECONDS:
            self._note(self._sessions.session_seen(hash, now))
        principal = principal_of(row, address)
        self._remember(key, principal, min(now + CACHE_SECONDS, row.expires_at), forgotten)
        return principal

    def _session_id(self, cookie: bytes, scheme: str) -> str | None:
        name = cookie_name(self.secure(scheme))
        for part in cookie.decode("latin-1").split(";"):
            key, separator, value = part.strip().partition("=")
            if key == name and separator and 0 < len(value) <= _CREDENTIAL_CHARACTERS_MAX:
                return value
        return None

    def _check_origin(
        self, session_id: str, csrf: bytes | None, origin: bytes | None, host: bytes | None, scheme: str
    ) -> None:
        if csrf is not None and hmac.compare_digest(csrf, csrf_token(session_id).encode()):
            return
        if origin is not None and csrf is None and self._is_ours(origin, host, scheme):
            return
        raise Refused(
            403,
            "csrf",
            "a changing request in a session has to prove that a page of this server makes it",
            remedy=f"send the session's `csrf` in the header `{CSRF_HEADER}`, or use a token",
        )

    def _is_ours(self, origin: bytes, host: bytes | None, scheme: str) -> bool:
        page = origin.decode("latin-1").lower()
        ours = None if host is None else f"{scheme}://{host.decode('latin-1').lower()}"
        return page == ours or page in self._origins

    # ------------------------------------------------------------ remembering

    def _remember(self, key: bytes, principal: Principal, until: float, forgotten: int) -> None:
        # What was revoked while we asked must not come back.
        if forgotten == self._forgotten:
            self._known[key] = (principal, until)
            while len(self._known) > CACHED_MAX:
                self._known.popitem(last=False)

    def _note(self, writing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._written(writing))
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)

    async def _written(self, writing: Coroutine[Any, Any, None]) -> None:
        try:
            await writing
        except HeadraceError as error:
            # Whoever is let in need not suffer from a full disk.
            _log.warning("the time of a token's or session's use could not be noted: %s", error)


def _at(principal: Principal, address: str | None) -> Principal:
    if principal.address == address:
        return principal
    return msgspec.structs.replace(principal, address=address)
