"""Sessions: a random id in a cookie that scripts cannot read, its hash in the store."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping

import msgspec

from headrace.access.audit import Audit
from headrace.access.failure import missing
from headrace.access.role import EVERYWHERE, Principal, Role, allows
from headrace.access.settings import AccessSettings
from headrace.access.token import hash_of
from headrace.store.access import SessionRow
from headrace.store.access import Sessions as SessionStore

CSRF_HEADER = "x-headrace-csrf"
_COOKIE = "headrace_session"
# Browsers take a cookie with this prefix only over https, for this very host and all its paths: another
# host of the domain cannot set one.
_SECURE_COOKIE = "__Host-headrace_session"


class NewSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session that has begun. `id` goes into the cookie and nowhere else."""

    id: str
    principal: Principal
    expires_at: float
    csrf: str  # what changing requests of the session send in the header `x-headrace-csrf`


def cookie_name(secure: bool) -> str:
    """Return the name of the session's cookie over https, or http."""
    return _SECURE_COOKIE if secure else _COOKIE


def csrf_token(session_id: str) -> str:
    """Return the CSRF token of a session. It tells nothing of the id, and nothing has to be kept for it."""
    return hmac.new(session_id.encode("utf-8", "surrogateescape"), b"csrf", hashlib.sha256).hexdigest()


def principal_of(row: SessionRow, address: str | None) -> Principal:
    """Return who makes requests in a session."""
    kind = "token" if row.kind == "token" else "user"
    return Principal(
        id=f"{row.kind}:{row.subject}",
        name=row.name,
        kind=kind,  # type: ignore[arg-type]
        roles=row.roles or {},  # type: ignore[arg-type]
        address=address,
        session=row.hash.hex(),
    )


class SessionKeeper:
    """Begins and ends sessions. `changed` is called after one was ended."""

    def __init__(
        self,
        sessions: SessionStore,
        audit: Audit,
        settings: AccessSettings,
        *,
        now: Callable[[], float],
        changed: Callable[[], None],
    ) -> None:
        self._sessions = sessions
        self._audit = audit
        self._settings = settings
        self._now = now
        self._changed = changed

    async def begin(
        self,
        kind: str,
        subject: str,
        name: str,
        roles: Mapping[str, Role],
        *,
        address: str | None,
        ends_by: float | None = None,
        request_id: str | None = None,
    ) -> NewSession:
        """Begin a session of a `user`, `token` or `oidc` subject; always under a new id.

        It ends by `ends_by` at the latest, where that is given.
        """
        session_id = secrets.token_urlsafe(32)
        now = self._now()
        expires_at = now + self._settings.session_seconds
        row = SessionRow(
            hash=hash_of(session_id),
            kind=kind,
            subject=subject,
            name=name,
            created_at=now,
            seen_at=now,
            expires_at=expires_at if ends_by is None else min(expires_at, ends_by),
            roles=roles if kind == "oidc" else None,
            address=address,
        )
        principal = msgspec.structs.replace(principal_of(row, address), roles=roles)
        after = {"kind": kind, "roles": roles}
        entry = self._audit.entry(principal, "session.login", name, after=after, request_id=request_id)
        await self._sessions.add_session(row, entry)
        return NewSession(
            id=session_id, principal=principal, expires_at=row.expires_at, csrf=csrf_token(session_id)
        )

    async def list(self, reader: Principal) -> list[SessionRow]:
        """Return the sessions of whom `reader` is, or all to administrators."""
        if allows(reader, "admin", EVERYWHERE):
            return await self._sessions.sessions(None, None, self._now())
        kind, _, subject = reader.id.partition(":")
        return await self._sessions.sessions(kind, subject, self._now())

    async def end(self, by: Principal, hash: bytes, *, request_id: str | None = None) -> None:
        """End one session: one's own, or as an administrator anybody's. Raises `Refused` 404."""
        if by.session != hash.hex() and all(row.hash != hash for row in await self.list(by)):
            raise missing("session", hash.hex())
        entry = self._audit.entry(by, "session.end", hash.hex()[:16], request_id=request_id)
        await self._sessions.end_sessions(entry, hash=hash)
        self._changed()

    async def end_all(self, by: Principal, *, everybody: bool = False, request_id: str | None = None) -> int:
        """End all sessions of whom `by` is, or of everybody; return how many. The caller checks the role."""
        kind, _, subject = by.id.partition(":")
        name = "*" if everybody else by.name
        entry = self._audit.entry(by, "session.end-all", name, request_id=request_id)
        if everybody:
            ended = await self._sessions.end_sessions(entry)
        else:
            ended = await self._sessions.end_sessions(entry, kind=kind, subject=subject)
        self._changed()
        return ended
