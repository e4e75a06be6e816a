"""Logging in with a password or a token."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import msgspec

from headrace.access.audit import Audit
from headrace.access.failure import Refused
from headrace.access.limit import LoginLimit
from headrace.access.password import Passwords
from headrace.access.role import Principal
from headrace.access.session import NewSession, SessionKeeper
from headrace.access.token import hash_of
from headrace.access.user import Users, normal_name
from headrace.store.access import Accounts, RevisionConflict, UserRow

# What is written for who is not known: what they typed may be a password.
UNKNOWN = "(unknown)"


class Login:
    """Lets people in. Every refusal of a password has the same text and takes the same time."""

    def __init__(
        self,
        accounts: Accounts,
        users: Users,
        passwords: Passwords,
        limit: LoginLimit,
        keeper: SessionKeeper,
        audit: Audit,
        *,
        now: Callable[[], float],
    ) -> None:
        self._accounts = accounts
        self._users = users
        self._passwords = passwords
        self._limit = limit
        self._keeper = keeper
        self._audit = audit
        self._now = now

    async def by_password(
        self, name: str, password: str, *, address: str | None, request_id: str | None = None
    ) -> NewSession:
        """Begin a session of a user.

        Raises `Refused`: 401 for a wrong name or password, or a disabled user, 429 after too many of these,
        503 when too many log in at the same time.
        """
        user = await self._verified(name, password, address, request_id)
        return await self._keeper.begin(
            "user",
            user.name,
            user.name,
            dict(user.roles),  # type: ignore[arg-type]
            address=address,
            request_id=request_id,
        )

    async def by_token(self, token: str, *, address: str | None, request_id: str | None = None) -> NewSession:
        """Begin a session with the roles of a token, which ends with it. Raises `Refused` 401."""
        row = await self._accounts.token(hash_of(token))
        if row is None or (row.expires_at is not None and row.expires_at <= self._now()):
            await self._failed(UNKNOWN, address, request_id)
            raise Refused(401, "login-failed", "the token is not valid: unknown, revoked or expired")
        return await self._keeper.begin(
            "token",
            row.id,
            row.name,
            dict(row.roles),  # type: ignore[arg-type]
            address=address,
            ends_by=row.expires_at,
            request_id=request_id,
        )

    async def change_password(
        self, by: Principal, old: str, new: str, *, request_id: str | None = None
    ) -> None:
        """Change the password of who asks, which ends their sessions. Raises `Refused` as `by_password`."""
        kind, _, name = by.id.partition(":")
        if kind != "user":
            raise Refused(409, "no-password", f"{by.name!r} does not log in with a password")
        user = await self._verified(name, old, by.address, request_id)
        await self._users.change_own_password(by, user.name, new, request_id=request_id)

    async def _verified(
        self, name: str, password: str, address: str | None, request_id: str | None
    ) -> UserRow:
        await self._limit.take(name, address)
        normal = normal_name(name)
        # Looked up whatever it is, so that a name that cannot be one takes no less time.
        user = await self._accounts.user(normal or "")
        active = None if user is None or user.disabled else user
        right = await self._passwords.verify(None if active is None else active.password_hash, password)
        if active is None or not right:
            await self._failed(UNKNOWN if user is None else user.name, address, request_id)
            raise Refused(401, "login-failed", "the user's name or the password is wrong")
        await self._limit.succeeded(name, address)
        if self._passwords.outdated(active.password_hash):
            await self._hash_anew(active, password)
        return active

    async def _hash_anew(self, user: UserRow, password: str) -> None:
        row = msgspec.structs.replace(user, password_hash=await self._passwords.hash(password))
        by = Principal(id=f"user:{user.name}", name=user.name, kind="user", roles={})
        entry = self._audit.entry(by, "user.rehash", user.name)
        # Whoever changes the user at the same time wins; the next login tries again.
        with contextlib.suppress(RevisionConflict):
            await self._accounts.change_user(row, user.revision, entry)

    async def _failed(self, name: str, address: str | None, request_id: str | None) -> None:
        nobody = Principal(id="anonymous", name="anonymous", kind="anonymous", roles={}, address=address)
        await self._audit.record(nobody, "session.refused", name, request_id=request_id)
