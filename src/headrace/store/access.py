"""The access ports: users, tokens and sessions, the log of changes, and sealed secrets.

Beside `headrace.store.port`, and as narrow: a backend keeps rows, what they mean is said in
`headrace.access`. What changes something takes the entry of the audit log that tells about it, and writes
both in one transaction: no change without its record, no record without its change.

All times are epoch seconds (float, UTC). No row holds a password, a token or the id of a session, only
hashes of them, and secrets are sealed before they come here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from headrace.store.port import StoreError


class LastAdministrator(StoreError):
    """The change would leave nobody who is administrator everywhere."""


class NameTaken(StoreError):
    """There is a user of this name already."""


class RevisionConflict(StoreError):
    """The user was changed since it was read; `revision` is the one that is kept."""

    def __init__(self, message: str, revision: int) -> None:
        super().__init__(message)
        self.revision = revision


class AuditEntry(msgspec.Struct, kw_only=True):
    """One change (or login): when, who, from where, what it did to which object, before and after."""

    at: float
    principal: str  # the id of who did it, `user:ada`
    name: str  # their name, as people know it
    kind: str  # user | token | anonymous | system
    action: str  # `<noun>.<verb>`: flowapp.apply, user.update, session.login
    object: str  # which one: a name or an id
    address: str | None = None
    namespace: str | None = None
    before: bytes | None = None  # JSON, without secrets, bounded
    after: bytes | None = None  # JSON, without secrets, bounded
    request_id: str | None = None
    sequence: int = 0  # given by the store: the order of the log


class AuditQuery(msgspec.Struct, kw_only=True):
    """Filters, all optional; newest first; `before` is the sequence of the last entry of the last page."""

    namespaces: Sequence[str] | None = None  # only entries of these; None: all, those of none too
    principal: str | None = None
    action: str | None = None  # an action, or the noun of several
    object: str | None = None
    request_id: str | None = None
    since: float | None = None
    until: float | None = None
    before: int | None = None
    limit: int = 50


class UserRow(msgspec.Struct, kw_only=True):
    name: str
    password_hash: str
    roles: Mapping[str, str]  # by namespace, or `*`
    disabled: bool
    created_at: float
    updated_at: float
    revision: int = 0  # counted by the store, from 1


class TokenRow(msgspec.Struct, kw_only=True):
    id: str
    hash: bytes  # SHA-256 of the token
    name: str
    roles: Mapping[str, str]
    created_at: float
    created_by: str  # a principal's id
    expires_at: float | None = None  # None: never
    last_used_at: float | None = None  # to within minutes


class SessionRow(msgspec.Struct, kw_only=True):
    """A session. Of `kind` user and token it has the roles that its subject has now, not a copy."""

    hash: bytes  # SHA-256 of the id in the cookie
    kind: str  # user | token | oidc
    subject: str  # the user's name, the token's id, the provider's `sub`
    name: str
    created_at: float
    seen_at: float  # to within a minute or so
    expires_at: float
    roles: Mapping[str, str] | None = None  # kept for oidc; for the others filled in when it is read
    address: str | None = None


class SecretRow(msgspec.Struct, kw_only=True):
    namespace: str
    name: str
    sealed: bytes
    updated_at: float
    updated_by: str  # a principal's id


class Accounts(Protocol):
    """Users and tokens. Contract tests in `tests/contract/access/` hold every backend to these ports."""

    async def user(self, name: str) -> UserRow | None:
        """Return a user."""

    async def users(self, after: str, limit: int) -> list[UserRow]:
        """Return users with a name > `after`, in order of names."""

    async def add_user(self, user: UserRow, entry: AuditEntry) -> UserRow:
        """Keep a new user and return it with its revision. Raises `NameTaken`."""

    async def change_user(self, user: UserRow, expected_revision: int, entry: AuditEntry) -> UserRow | None:
        """Replace a user, if its revision is the expected one; None if there is no such user.

        Another password, or being disabled, ends the user's sessions. Raises `RevisionConflict`,
        `LastAdministrator`.
        """

    async def delete_user(self, name: str, entry: AuditEntry) -> bool:
        """Delete a user and end their sessions; False if there is none. Raises `LastAdministrator`."""

    async def token(self, hash: bytes) -> TokenRow | None:
        """Return the token with this hash, expired or not."""

    async def tokens(self, after: str, limit: int) -> list[TokenRow]:
        """Return tokens with an id > `after`, in order of ids."""

    async def add_token(self, token: TokenRow, entry: AuditEntry, *, lasting: bool = True) -> None:
        """Keep a new token. One that expires or is not `lasting` makes nobody an administrator for good."""

    async def delete_token(self, token_id: str, entry: AuditEntry) -> bool:
        """Delete a token and end sessions begun with it; False if there is none.

        Raises `LastAdministrator`.
        """

    async def token_used(self, token_id: str, at: float) -> None:
        """Note when a token was used; nothing happens if it is gone."""

    async def administered(self) -> bool:
        """Return whether anybody is administrator everywhere for good."""


class Sessions(Protocol):
    """Who is logged in, and who tries to."""

    async def session(self, hash: bytes, now: float) -> SessionRow | None:
        """Return a session with its roles; None if it expired, or its user or token is gone or disabled."""

    async def sessions(self, kind: str | None, subject: str | None, now: float) -> list[SessionRow]:
        """Return up to 1,000 sessions that have not expired, of one subject or of all, newest first."""

    async def add_session(self, session: SessionRow, entry: AuditEntry) -> None:
        """Keep a new session, and forget some that expired before it began."""

    async def session_seen(self, hash: bytes, at: float) -> None:
        """Note when a session was used; nothing happens if it is gone."""

    async def end_sessions(
        self,
        entry: AuditEntry,
        *,
        hash: bytes | None = None,
        kind: str | None = None,
        subject: str | None = None,
    ) -> int:
        """End one session, those of a subject, or all; return how many. None ended is no entry."""

    async def attempt(self, limits: Mapping[str, int], now: float, window_seconds: float) -> float | None:
        """Count an attempt for each subject, unless one has reached its limit within the window.

        `limits` is attempts by subject. Returns None where it may be made, or else in how many seconds it
        may be: then nothing was counted. Counting comes before trying, so that many at once are no more.
        """

    async def forgive(self, subjects: Mapping[str, int]) -> None:
        """Take back so many attempts of each subject; -1 takes back all."""


class AuditLog(Protocol):
    """The log of changes: entries are added and read, never changed."""

    async def append(self, entry: AuditEntry) -> None:
        """Add an entry, durably."""

    async def entries(self, query: AuditQuery) -> list[AuditEntry]:
        """Return a page of entries, newest first."""


class Vault(Protocol):
    """Sealed secrets."""

    async def all(self) -> list[SecretRow]:
        """Return all secrets."""

    async def put(self, secret: SecretRow, entry: AuditEntry) -> None:
        """Keep a secret in place of the one of its name."""

    async def delete(self, namespace: str, name: str, entry: AuditEntry) -> bool:
        """Delete a secret; False if there is none."""

    async def reseal(self, sealed: Sequence[tuple[SecretRow, bytes]], entry: AuditEntry) -> None:
        """Replace what is sealed in rows that have not changed since, all together."""
