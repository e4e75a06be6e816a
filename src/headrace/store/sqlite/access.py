"""The access ports on the store's SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from headrace.store.access import (
    Accounts,
    AuditEntry,
    AuditLog,
    AuditQuery,
    LastAdministrator,
    NameTaken,
    RevisionConflict,
    SecretRow,
    SessionRow,
    Sessions,
    TokenRow,
    UserRow,
    Vault,
)
from headrace.store.port import StoreError
from headrace.store.sqlite.queries import load
from headrace.store.sqlite.tables import Tables

ACCESS = load("access.sql")

_ENTRY_COLUMNS = (
    "at", "principal", "name", "kind", "address", "action", "namespace", "object", "before", "after",
    "request_id",
)  # fmt: skip
_Result = TypeVar("_Result")


class SqliteAccess(Accounts, Sessions, AuditLog, Vault):
    """All four ports, as tables of a store file."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    # ------------------------------------------------------------ users

    async def user(self, name: str) -> UserRow | None:
        return await self._tables.read(_one, "select_user", (name,), _user)

    async def users(self, after: str, limit: int) -> list[UserRow]:
        return await self._tables.read(_all, "select_users", (after, limit), _user)

    async def add_user(self, user: UserRow, entry: AuditEntry) -> UserRow:
        administrator = _administers(user.roles) and not user.disabled
        values = (
            user.name, user.password_hash, _text(user.roles), administrator, user.disabled,
            user.created_at, user.updated_at,
        )  # fmt: skip

        def job(cursor: sqlite3.Cursor) -> bool:
            cursor.execute(ACCESS["insert_user"], values)
            added = cursor.rowcount == 1
            if added:
                write_entry(cursor, entry)
            return added

        if not await self._tables.write(job):
            raise NameTaken(f"there is a user {user.name!r} already; change that one, or choose another name")
        return msgspec.structs.replace(user, revision=1)

    async def change_user(self, user: UserRow, expected_revision: int, entry: AuditEntry) -> UserRow | None:
        administrator = _administers(user.roles) and not user.disabled
        values = (
            user.password_hash, _text(user.roles), administrator, user.disabled, user.updated_at, user.name
        )  # fmt: skip

        def job(cursor: sqlite3.Cursor) -> UserRow | StoreError | None:
            found = cursor.execute(ACCESS["select_user"], (user.name,)).fetchone()
            if found is None:
                return None
            before = _user(found)
            if before.revision != expected_revision:
                return RevisionConflict(
                    f"the user {user.name!r} was changed meanwhile; read it again, then repeat the change",
                    before.revision,
                )
            if not administrator and _is_last_administrator(cursor, user=user.name):
                return _last_administrator(user.name)
            cursor.execute(ACCESS["update_user"], values)
            if user.disabled or user.password_hash != before.password_hash:
                cursor.execute(ACCESS["delete_sessions_of"], ("user", user.name))
            write_entry(cursor, entry)
            return msgspec.structs.replace(user, revision=before.revision + 1)

        return _or_raise(await self._tables.write(job))

    async def delete_user(self, name: str, entry: AuditEntry) -> bool:
        def job(cursor: sqlite3.Cursor) -> bool | StoreError:
            if _is_last_administrator(cursor, user=name):
                return _last_administrator(name)
            cursor.execute(ACCESS["delete_user"], (name,))
            if cursor.rowcount == 0:
                return False
            cursor.execute(ACCESS["delete_sessions_of"], ("user", name))
            write_entry(cursor, entry)
            return True

        return _or_raise(await self._tables.write(job))

    # ------------------------------------------------------------ tokens

    async def token(self, hash: bytes) -> TokenRow | None:
        return await self._tables.read(_one, "select_token", (hash,), _token)

    async def tokens(self, after: str, limit: int) -> list[TokenRow]:
        return await self._tables.read(_all, "select_tokens", (after, limit), _token)

    async def add_token(self, token: TokenRow, entry: AuditEntry, *, lasting: bool = True) -> None:
        administrator = _administers(token.roles) and token.expires_at is None and lasting
        values = (
            token.id, token.hash, token.name, _text(token.roles), administrator, token.created_at,
            token.created_by, token.expires_at, token.last_used_at,
        )  # fmt: skip

        def job(cursor: sqlite3.Cursor) -> None:
            cursor.execute(ACCESS["insert_token"], values)
            write_entry(cursor, entry)

        await self._tables.write(job)

    async def delete_token(self, token_id: str, entry: AuditEntry) -> bool:
        def job(cursor: sqlite3.Cursor) -> bool | StoreError:
            if _is_last_administrator(cursor, token=token_id):
                return _last_administrator(token_id)
            cursor.execute(ACCESS["delete_token"], (token_id,))
            if cursor.rowcount == 0:
                return False
            cursor.execute(ACCESS["delete_sessions_of"], ("token", token_id))
            write_entry(cursor, entry)
            return True

        return _or_raise(await self._tables.write(job))

    async def token_used(self, token_id: str, at: float) -> None:
        await self._tables.write(lambda cursor: _execute(cursor, "update_token_used", (token_id, at)))

    async def administered(self) -> bool:
        return await self._tables.read(_holds, "is_administered")

    # ------------------------------------------------------------ sessions

    async def session(self, hash: bytes, now: float) -> SessionRow | None:
        found = await self._tables.read(_one, "select_session", (hash, now), _session)
        return None if found is None or found.roles is None else found

    async def sessions(self, kind: str | None, subject: str | None, now: float) -> list[SessionRow]:
        if kind is None:
            return await self._tables.read(_all, "select_sessions", (now,), _session)
        return await self._tables.read(_all, "select_sessions_of", (now, kind, subject), _session)

    async def add_session(self, session: SessionRow, entry: AuditEntry) -> None:
        values = (
            session.hash, session.kind, session.subject, session.name, session.created_at, session.seen_at,
            session.expires_at, None if session.roles is None else _text(session.roles), session.address,
        )  # fmt: skip

        def job(cursor: sqlite3.Cursor) -> None:
            cursor.execute(ACCESS["delete_expired_sessions"], (session.created_at,))
            cursor.execute(ACCESS["insert_session"], values)
            write_entry(cursor, entry)

        await self._tables.write(job)

    async def session_seen(self, hash: bytes, at: float) -> None:
        await self._tables.write(lambda cursor: _execute(cursor, "update_session_seen", (hash, at)))

    async def end_sessions(
        self,
        entry: AuditEntry,
        *,
        hash: bytes | None = None,
        kind: str | None = None,
        subject: str | None = None,
    ) -> int:
        if hash is not None:
            statement, values = "delete_session", (hash,)
        elif kind is not None:
            statement, values = "delete_sessions_of", (kind, subject)  # type: ignore[assignment]
        else:
            statement, values = "delete_sessions", ()  # type: ignore[assignment]

        def job(cursor: sqlite3.Cursor) -> int:
            ended = _execute(cursor, statement, values)
            if ended:
                write_entry(cursor, entry)
            return ended

        return await self._tables.write(job)

    async def attempt(self, limits: Mapping[str, int], now: float, window_seconds: float) -> float | None:
        cutoff = now - window_seconds

        def job(cursor: sqlite3.Cursor) -> float | None:
            wait_seconds: float | None = None
            for subject, limit in limits.items():
                found = cursor.execute(ACCESS["select_attempts"], (subject, cutoff)).fetchone()
                if found is not None and found[0] >= limit:
                    wait_seconds = max(wait_seconds or 0.0, found[1] + window_seconds - now)
            if wait_seconds is not None:
                return wait_seconds
            cursor.execute(ACCESS["delete_old_attempts"], (cutoff,))
            for subject in limits:
                cursor.execute(ACCESS["count_attempt"], (subject, now, cutoff))
            return None

        return await self._tables.write(job)

    async def forgive(self, subjects: Mapping[str, int]) -> None:
        def job(cursor: sqlite3.Cursor) -> None:
            for subject, count in subjects.items():
                if count < 0:
                    cursor.execute(ACCESS["delete_attempts"], (subject,))
                else:
                    cursor.execute(ACCESS["forgive_attempts"], (subject, count))

        await self._tables.write(job)

    # ------------------------------------------------------------ the log of changes

    async def append(self, entry: AuditEntry) -> None:
        await self._tables.write(lambda cursor: write_entry(cursor, entry))

    async def entries(self, query: AuditQuery) -> list[AuditEntry]:
        if query.namespaces is not None and not query.namespaces:
            return []
        return await self._tables.read(_entries, query)

    # ------------------------------------------------------------ secrets

    async def all(self) -> list[SecretRow]:
        return await self._tables.read(_all, "select_secrets", (), _secret)

    async def put(self, secret: SecretRow, entry: AuditEntry) -> None:
        values = (secret.namespace, secret.name, secret.sealed, secret.updated_at, secret.updated_by)

        def job(cursor: sqlite3.Cursor) -> None:
            cursor.execute(ACCESS["upsert_secret"], values)
            write_entry(cursor, entry)

        await self._tables.write(job)

    async def delete(self, namespace: str, name: str, entry: AuditEntry) -> bool:
        def job(cursor: sqlite3.Cursor) -> bool:
            deleted = _execute(cursor, "delete_secret", (namespace, name)) == 1
            if deleted:
                write_entry(cursor, entry)
            return deleted

        return await self._tables.write(job)

    async def reseal(self, sealed: Sequence[tuple[SecretRow, bytes]], entry: AuditEntry) -> None:
        rows = [(row.namespace, row.name, row.sealed, new) for row, new in sealed]

        def job(cursor: sqlite3.Cursor) -> None:
            cursor.executemany(ACCESS["reseal_secret"], rows)
            write_entry(cursor, entry)

        await self._tables.write(job)


# ---------------------------------------------------------------- on the store's threads


def _one(connection: sqlite3.Connection, statement: str, values: tuple[Any, ...], make: Any) -> Any:
    found = connection.execute(ACCESS[statement], values).fetchone()
    return None if found is None else make(found)


def _all(connection: sqlite3.Connection, statement: str, values: tuple[Any, ...], make: Any) -> Any:
    return [make(row) for row in connection.execute(ACCESS[statement], values).fetchall()]


def _holds(connection: sqlite3.Connection, statement: str) -> bool:
    return bool(connection.execute(ACCESS[statement]).fetchone()[0])


def _execute(cursor: sqlite3.Cursor, statement: str, values: tuple[Any, ...]) -> int:
    cursor.execute(ACCESS[statement], values)
    return cursor.rowcount


def write_entry(cursor: sqlite3.Cursor, entry: AuditEntry) -> None:
    cursor.execute(ACCESS["insert_entry"], tuple(getattr(entry, name) for name in _ENTRY_COLUMNS))


def audit_statement(query: AuditQuery) -> tuple[str, list[Any]]:
    """Return the SELECT of a page of the log, and its values."""
    conditions: list[str] = []
    values: list[Any] = []
    if query.namespaces is not None:
        conditions.append(f"namespace IN ({', '.join('?' * len(query.namespaces))})")
        values += query.namespaces
    for column in ("principal", "object", "request_id"):
        if (wanted := getattr(query, column)) is not None:
            conditions.append(f"{column} = ?")
            values.append(wanted)
    if query.action is not None:
        if "." in query.action:
            conditions.append("action = ?")
            values.append(query.action)
        else:
            # All actions of a noun: "/" is the sign after ".".
            conditions.append("action > ? AND action < ?")
            values += (f"{query.action}.", f"{query.action}/")
    bounds = (("at >= ?", query.since), ("at < ?", query.until), ("sequence < ?", query.before))
    for condition, bound in bounds:
        if bound is not None:
            conditions.append(condition)
            values.append(bound)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    columns = ", ".join(_ENTRY_COLUMNS)
    sql = f"SELECT {columns}, sequence FROM audit{where} ORDER BY sequence DESC LIMIT ?"
    return sql, [*values, query.limit]


def _entries(connection: sqlite3.Connection, query: AuditQuery) -> list[AuditEntry]:
    names = (*_ENTRY_COLUMNS, "sequence")
    rows = connection.execute(*audit_statement(query)).fetchall()
    return [AuditEntry(**dict(zip(names, row, strict=True))) for row in rows]


def _is_last_administrator(cursor: sqlite3.Cursor, *, user: str = "", token: str = "") -> bool:
    (is_one,) = cursor.execute(ACCESS["is_administrator"], (user, token)).fetchone()
    if not is_one:
        return False
    (others,) = cursor.execute(ACCESS["other_administrators"], (user, token)).fetchone()
    return not others


def _last_administrator(name: str) -> LastAdministrator:
    return LastAdministrator(
        f"{name!r} is the last administrator; give another user, or a token that does not expire, the role "
        "admin in '*' first"
    )


def _or_raise(outcome: _Result | StoreError) -> _Result:
    if isinstance(outcome, StoreError):
        raise outcome
    return outcome


# ---------------------------------------------------------------- rows


def _text(roles: Mapping[str, str]) -> str:
    return msgspec.json.encode(dict(roles)).decode()


def _administers(roles: Mapping[str, str]) -> bool:
    return roles.get("*") == "admin"


def _user(row: tuple[Any, ...]) -> UserRow:
    name, password_hash, roles, disabled, created_at, updated_at, revision = row
    return UserRow(
        name=name,
        password_hash=password_hash,
        roles=msgspec.json.decode(roles),
        disabled=disabled != 0,
        created_at=created_at,
        updated_at=updated_at,
        revision=revision,
    )


def _token(row: tuple[Any, ...]) -> TokenRow:
    token_id, hash, name, roles, created_at, created_by, expires_at, last_used_at = row
    return TokenRow(
        id=token_id,
        hash=hash,
        name=name,
        roles=msgspec.json.decode(roles),
        created_at=created_at,
        created_by=created_by,
        expires_at=expires_at,
        last_used_at=last_used_at,
    )


def _session(row: tuple[Any, ...]) -> SessionRow:
    hash, kind, subject, name, created_at, seen_at, expires_at, roles, address = row
    return SessionRow(
        hash=hash,
        kind=kind,
        subject=subject,
        name=name,
        created_at=created_at,
        seen_at=seen_at,
        expires_at=expires_at,
        roles=None if roles is None else msgspec.json.decode(roles),
        address=address,
    )


def _secret(row: tuple[Any, ...]) -> SecretRow:
    namespace, name, sealed, updated_at, updated_by = row
    return SecretRow(
        namespace=namespace, name=name, sealed=sealed, updated_at=updated_at, updated_by=updated_by
    )
