"""API tokens: 256 random bits behind a prefix, kept as their SHA-256, with roles of their own."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping

from headrace.access.audit import Audit
from headrace.access.failure import bad, missing
from headrace.access.role import EVERYWHERE, Principal, allows, check_grant, checked_roles
from headrace.store.access import Accounts, TokenRow

PREFIX = "hr_"
NAME_CHARACTERS_MAX = 100
GIVEN_LENGTH_MIN = 16
PAGE = 500

# The token that the one who starts the server chose. It lasts as long as they go on giving it.
GIVEN_ID = "given"


def new_token() -> str:
    """Return a new token. A fast hash is enough for it: nobody guesses 256 bits."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """Return what is kept of a token, or of the id of a session."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


class Tokens:
    """Makes, lists and revokes tokens. `changed` is called after a revocation."""

    def __init__(
        self, accounts: Accounts, audit: Audit, *, now: Callable[[], float], changed: Callable[[], None]
    ) -> None:
        self._accounts = accounts
        self._audit = audit
        self._now = now
        self._changed = changed

    async def create(
        self,
        by: Principal,
        name: str,
        roles: Mapping[str, str],
        *,
        expires_at: float | None = None,
        request_id: str | None = None,
        token_id: str | None = None,
        text: str | None = None,
    ) -> tuple[TokenRow, str]:
        """Keep a new token and return it with its text, which cannot be had again.

        Raises `Refused`: 400 for roles, a name or a time that cannot be, 403 for roles that `by` cannot give.
        """
        checked = checked_roles(roles)
        if not checked:
            raise bad("a token without a role can do nothing", "/roles", "give it one, by namespace or `*`")
        if not name.strip() or len(name) > NAME_CHARACTERS_MAX or not name.isprintable():
            raise bad(f"a token's name is 1 to {NAME_CHARACTERS_MAX} printable characters", "/name")
        if expires_at is not None and expires_at <= self._now():
            raise bad("the token would have expired already", "/expires_at", "choose a time to come")
        check_grant(by, checked)
        text = text or new_token()
        row = TokenRow(
            id=token_id or secrets.token_hex(8),
            hash=hash_of(text),
            name=name,
            roles=checked,
            created_at=self._now(),
            created_by=by.id,
            expires_at=expires_at,
        )
        after = {"name": name, "roles": checked, "expires_at": expires_at}
        entry = self._audit.entry(by, "token.create", row.id, after=after, request_id=request_id)
        await self._accounts.add_token(row, entry, lasting=row.id != GIVEN_ID)
        return row, text

    async def list(self, reader: Principal) -> list[TokenRow]:
        """Return the tokens that `reader` administers: those with roles in their namespaces alone."""
        found: list[TokenRow] = []
        after = ""
        while True:
            page = await self._accounts.tokens(after, PAGE)
            found += [row for row in page if _administers(reader, row)]
            if len(page) < PAGE:
                return sorted(found, key=lambda row: (row.created_at, row.id))
            after = page[-1].id

    async def revoke(self, by: Principal, token_id: str, *, request_id: str | None = None) -> None:
        """Delete a token; it is refused from now on, and so are sessions that were begun with it.

        Raises `Refused` 404 for one that `by` does not administer, and `LastAdministrator`.
        """
        row = next((row for row in await self.list(by) if row.id == token_id), None)
        if row is None:
            raise missing("token", token_id)
        before = {"name": row.name, "roles": row.roles, "expires_at": row.expires_at}
        entry = self._audit.entry(by, "token.revoke", token_id, before=before, request_id=request_id)
        deleted = await self._accounts.delete_token(token_id, entry)
        self._changed()
        if not deleted:
            raise missing("token", token_id)


def _administers(reader: Principal, row: TokenRow) -> bool:
    return allows(reader, "admin", EVERYWHERE) or all(allows(reader, "admin", space) for space in row.roles)
