"""Small valid rows of the ports, for tests to vary."""

from __future__ import annotations

from typing import Any

import msgspec

from headrace.store.access import AuditEntry, SecretRow, SessionRow, TokenRow, UserRow


def an_entry(action: str = "user.create", **changes: Any) -> AuditEntry:
    entry = AuditEntry(
        at=100.0, principal="user:root", name="root", kind="user", action=action, object="thing"
    )
    return msgspec.structs.replace(entry, **changes)


def a_user(name: str = "ada", **changes: Any) -> UserRow:
    row = UserRow(
        name=name,
        password_hash="$argon2id$1",
        roles={"*": "viewer"},
        disabled=False,
        created_at=10.0,
        updated_at=10.0,
    )
    return msgspec.structs.replace(row, **changes)


def an_admin(name: str = "root", **changes: Any) -> UserRow:
    return a_user(name, roles={"*": "admin"}, **changes)


def a_token(token_id: str = "t1", **changes: Any) -> TokenRow:
    row = TokenRow(
        id=token_id,
        hash=b"hash-of-" + token_id.encode(),
        name="robot",
        roles={"shop": "operator"},
        created_at=20.0,
        created_by="user:root",
    )
    return msgspec.structs.replace(row, **changes)


def a_session(hash: bytes = b"s1", **changes: Any) -> SessionRow:
    row = SessionRow(
        hash=hash,
        kind="user",
        subject="ada",
        name="ada",
        created_at=50.0,
        seen_at=50.0,
        expires_at=500.0,
        address="10.0.0.1",
    )
    return msgspec.structs.replace(row, **changes)


def a_secret(name: str = "key", namespace: str = "shop", **changes: Any) -> SecretRow:
    row = SecretRow(
        namespace=namespace, name=name, sealed=b"\x01sealed", updated_at=60.0, updated_by="user:ada"
    )
    return msgspec.structs.replace(row, **changes)
