"""Users: people with a password, and their roles."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from headrace.access.audit import Audit
from headrace.access.failure import bad, missing
from headrace.access.password import Passwords, check_password
from headrace.access.role import EVERYWHERE, Principal, Role, check_grant, checked_roles
from headrace.store.access import Accounts, AuditEntry, RevisionConflict, UserRow

PAGE = 500
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,127}\Z")


def normal_name(name: str) -> str | None:
    """Return a user's name as it is kept, in lower case; None for what cannot be one."""
    name = name.strip().lower()
    return name if _NAME.match(name) else None


class Users:
    """Adds, changes and deletes users. `changed` is called after what may take something away."""

    def __init__(
        self,
        accounts: Accounts,
        audit: Audit,
        passwords: Passwords,
        *,
        now: Callable[[], float],
        changed: Callable[[], None],
    ) -> None:
        self._accounts = accounts
        self._audit = audit
        self._passwords = passwords
        self._now = now
        self._changed = changed

    async def get(self, name: str) -> UserRow:
        """Return a user. Raises `Refused` 404."""
        normal = normal_name(name)
        found = None if normal is None else await self._accounts.user(normal)
        if found is None:
            raise missing("user", name)
        return found

    async def page(self, after: str, limit: int) -> list[UserRow]:
        """Return users with a name after `after`, in order."""
        return await self._accounts.users(after, limit)

    async def members(self, namespace: str) -> list[UserRow]:
        """Return the users who have a role in a namespace, or everywhere."""
        found: list[UserRow] = []
        after = ""
        while True:
            page = await self._accounts.users(after, PAGE)
            found += [row for row in page if namespace in row.roles or EVERYWHERE in row.roles]
            if len(page) < PAGE:
                return found
            after = page[-1].name

    async def add(
        self,
        by: Principal,
        name: str,
        password: str,
        roles: Mapping[str, str],
        *,
        request_id: str | None = None,
    ) -> UserRow:
        """Add a user.

        Raises `Refused`: 400 for a name, password or roles that cannot be, 403 for roles that `by` cannot
        give; `NameTaken`.
        """
        normal = normal_name(name)
        if normal is None:
            raise bad(
                f"{name!r} cannot be a user's name",
                "/name",
                "use up to 128 letters, digits and `._@+-`, beginning with a letter or digit",
            )
        checked = checked_roles(roles)
        check_grant(by, checked)
        check_password(password, normal)
        now = self._now()
        row = UserRow(
            name=normal,
            password_hash=await self._passwords.hash(password),
            roles=checked,
            disabled=False,
            created_at=now,
            updated_at=now,
        )
        return await self._accounts.add_user(row, self._entry(by, "user.create", None, row, request_id))

    async def change(
        self,
        by: Principal,
        name: str,
        *,
        roles: Mapping[str, str] | None = None,
        disabled: bool | None = None,
        password: str | None = None,
        expected_revision: int | None = None,
        request_id: str | None = None,
    ) -> UserRow:
        """Change what is given of a user. Another password, or being disabled, ends their sessions.

        Raises `Refused` as `add` does, and 404; `RevisionConflict` when the user is not at the expected
        revision; `LastAdministrator`.
        """
        before = await self.get(name)
        _expect(before, expected_revision)
        # Also what they have: who may change a user's password can be that user.
        check_grant(by, dict(before.roles))  # type: ignore[arg-type]
        row = msgspec.structs.replace(before, updated_at=self._now())
        if roles is not None:
            checked = checked_roles(roles)
            check_grant(by, checked)
            row.roles = checked
        if disabled is not None:
            row.disabled = disabled
        if password is not None:
            check_password(password, before.name)
            row.password_hash = await self._passwords.hash(password)
        return await self._change(before, row, self._entry(by, "user.update", before, row, request_id))

    async def change_own_password(
        self, by: Principal, name: str, password: str, *, request_id: str | None = None
    ) -> UserRow:
        """Give a user another password, which ends all their sessions. The old one was verified before."""
        before = await self.get(name)
        check_password(password, before.name, "/new_password")
        row = msgspec.structs.replace(
            before, updated_at=self._now(), password_hash=await self._passwords.hash(password)
        )
        return await self._change(before, row, self._entry(by, "user.password", before, row, request_id))

    async def set_member(
        self,
        by: Principal,
        namespace: str,
        name: str,
        role: str | None,
        *,
        expected_revision: int | None = None,
        request_id: str | None = None,
    ) -> UserRow:
        """Give a user a role in one namespace, or take it away (None).

        Raises `Refused`: 403 unless `by` administers the namespace, 404; `RevisionConflict` when the user is
        not at the expected revision.
        """
        wanted: dict[str, Role] = {} if role is None else checked_roles({namespace: role}, "")
        check_grant(by, {namespace: "viewer"}, "/role")
        while True:
            before = await self.get(name)
            _expect(before, expected_revision)
            roles = {**before.roles, **wanted}
            if role is None:
                roles.pop(namespace, None)
            row = msgspec.structs.replace(before, roles=roles, updated_at=self._now())
            entry = self._entry(by, "user.member", before, row, request_id, namespace)
            try:
                return await self._change(before, row, entry)
            except RevisionConflict:
                # Another namespace's administrator was faster; this change does not touch theirs.
                continue

    async def delete(
        self,
        by: Principal,
        name: str,
        *,
        expected_revision: int | None = None,
        request_id: str | None = None,
    ) -> None:
        """Delete a user and end their sessions. Tokens that they made stay: other programs use those.

        Raises `Refused`: 403 for a user with roles that `by` cannot take, 404; `RevisionConflict` when the
        user is not at the expected revision; `LastAdministrator`.
        """
        before = await self.get(name)
        _expect(before, expected_revision)
        check_grant(by, dict(before.roles))  # type: ignore[arg-type]
        entry = self._entry(by, "user.delete", before, None, request_id)
        deleted = await self._accounts.delete_user(before.name, entry)
        self._changed()
        if not deleted:
            raise missing("user", name)

    async def _change(self, before: UserRow, row: UserRow, entry: AuditEntry) -> UserRow:
        changed = await self._accounts.change_user(row, before.revision, entry)
        self._changed()
        if changed is None:
            raise missing("user", before.name)
        return changed

    def _entry(
        self,
        by: Principal,
        action: str,
        before: UserRow | None,
        after: UserRow | None,
        request_id: str | None,
        namespace: str | None = None,
    ) -> AuditEntry:
        row = after or before
        assert row is not None
        new_hash = before is not None and after is not None and before.password_hash != after.password_hash
        return self._audit.entry(
            by,
            action,
            row.name,
            namespace=namespace,
            before=_told(before, namespace),
            after=_told(after, namespace, changed=new_hash),
            request_id=request_id,
        )


def _expect(row: UserRow, revision: int | None) -> None:
    if revision not in (None, row.revision):
        raise RevisionConflict(f"the user {row.name!r} was changed meanwhile", row.revision)


def _told(row: UserRow | None, namespace: str | None, *, changed: bool = False) -> dict[str, Any] | None:
    """Return what the log says of a user; to a namespace's administrators, nothing of other namespaces."""
    if row is None:
        return None
    roles = {space: role for space, role in row.roles.items() if namespace in (None, space)}
    told: dict[str, Any] = {"name": row.name, "roles": roles, "disabled": row.disabled}
    if changed:
        told["changed"] = ["password"]
    return told
