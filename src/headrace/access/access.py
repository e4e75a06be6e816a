"""Access to one platform: everything of this package, put together on the ports of a store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from argon2 import PasswordHasher

from headrace.access.address import Proxies
from headrace.access.audit import Audit
from headrace.access.failure import Refused
from headrace.access.guard import Guard
from headrace.access.key import Keys
from headrace.access.limit import LoginLimit
from headrace.access.login import Login
from headrace.access.oidc import Oidc
from headrace.access.password import Passwords
from headrace.access.role import SYSTEM
from headrace.access.secret import StoredSecrets
from headrace.access.session import SessionKeeper
from headrace.access.settings import AccessSettings
from headrace.access.token import GIVEN_ID, GIVEN_LENGTH_MIN, Tokens, hash_of
from headrace.access.user import Users
from headrace.errors import HeadraceError
from headrace.store.access import Accounts, AuditLog, Sessions, Vault


class AccessStore(Accounts, Sessions, AuditLog, Vault, Protocol):
    """All the ports that access is kept behind."""


class Access:
    """Who may do what on one platform. Make it with `open`, end it with `close`.

    `first_token` is the administrator's token where this start has made one: it is shown once and cannot be
    had again.
    """

    def __init__(
        self,
        store: AccessStore,
        secrets: StoredSecrets,
        *,
        settings: AccessSettings,
        now: Callable[[], float],
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._store = store
        self.settings = settings
        self.first_token: str | None = None
        self.proxies = Proxies(settings.trusted_proxies)
        self.secrets = secrets
        self.audit = Audit(store, now=now, secret_texts=secrets.texts)
        self.guard = Guard(store, store, settings, now=now)
        changed = self.guard.forget
        self._passwords = Passwords(hasher)
        self.users = Users(store, self.audit, self._passwords, now=now, changed=changed)
        self.tokens = Tokens(store, self.audit, now=now, changed=changed)
        self.sessions = SessionKeeper(store, self.audit, settings, now=now, changed=changed)
        limit = LoginLimit(store, settings.limits, now=now)
        self.login = Login(store, self.users, self._passwords, limit, self.sessions, self.audit, now=now)
        self.oidc = None if settings.oidc is None else Oidc(settings.oidc, self.sessions, now=now)

    @classmethod
    async def open(
        cls,
        store: AccessStore,
        keys: Keys,
        *,
        now: Callable[[], float],
        settings: AccessSettings | None = None,
        given_token: str | None = None,
        hasher: PasswordHasher | None = None,
    ) -> Access:
        """Open access on a store, and see to it that somebody can administer it.

        `given_token` is an administrator's token for as long as it is given at each start. Without it, and
        without any administrator in the store, one is made: `first_token`.

        Raises `HeadraceError` for a given token that is too short, and for keys that cannot be read.
        """
        secrets = StoredSecrets(store, keys, now=now)
        access = cls(store, secrets, settings=settings or AccessSettings(), now=now, hasher=hasher)
        try:
            await secrets.load(access.audit)
            await access._take_given(given_token)
            if given_token is None and not await store.administered():
                _, access.first_token = await access.tokens.create(SYSTEM, "administrator", {"*": "admin"})
        except BaseException:
            await access.close()
            raise
        return access

    async def _take_given(self, given: str | None) -> None:
        """Let in who has the token that was given at this start, and no more who had an earlier one."""
        if given is not None and (len(given) < GIVEN_LENGTH_MIN or not given.isascii() or " " in given):
            raise HeadraceError(
                f"the given token is not {GIVEN_LENGTH_MIN} ASCII characters or more without spaces; "
                "make one with `openssl rand -hex 32`"
            )
        kept = None if given is None else await self._store.token(hash_of(given))
        if kept is not None and kept.roles.get("*") == "admin" and kept.expires_at is None:
            return
        if kept is not None and kept.id != GIVEN_ID:
            raise Refused(
                409,
                "token-taken",
                f"the given token is the API token {kept.name!r} ({kept.id}), which is no administrator's",
                remedy="give another token",
            )
        entry = self.audit.entry(SYSTEM, "token.revoke", GIVEN_ID)
        await self._store.delete_token(GIVEN_ID, entry)
        if given is not None:
            await self.tokens.create(
                SYSTEM, "administrator (given)", {"*": "admin"}, token_id=GIVEN_ID, text=given
            )

    async def close(self) -> None:
        """Write what is being noted, and end threads and connections."""
        await self.guard.close()
        self._passwords.close()
        if self.oidc is not None:
            await self.oidc.close()
