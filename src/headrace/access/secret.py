"""Secrets that are written over the API and never read back, sealed in the store.

A provider of secrets (`headrace.runtime.secrets`) that knows namespaces: flows get the secrets of their own.
What was put is for the next execution.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from headrace.access.audit import Audit
from headrace.access.failure import Refused, bad, missing
from headrace.access.key import KeyRing, Keys, Unsealable, new_key, unique
from headrace.access.role import SYSTEM, Principal
from headrace.errors import HeadraceError
from headrace.spec.masking import long_texts_in
from headrace.spec.text_rules import NAME
from headrace.store.access import SecretRow, Vault

VALUE_BYTES_MAX = 64 * 1024
_SECRET_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\Z")

_log = logging.getLogger(__name__)


class SecretInfo(msgspec.Struct, kw_only=True):
    """What may be known of a secret. Not `readable`: its key is missing, put it again.

    `revision` is another one each time that it is put, or sealed anew; it says nothing of what it holds.
    """

    name: str
    updated_at: float
    updated_by: str
    readable: bool
    revision: str


# Looks at what is there (None: nothing), and raises where a change is not meant for it.
Require = Callable[[SecretInfo | None], None]


class StoredSecrets:
    """The secrets of a store. `load` comes first; one per process that writes the store."""

    def __init__(self, vault: Vault, keys: Keys, *, now: Callable[[], float]) -> None:
        self._vault = vault
        self._keys = keys
        self._now = now
        self._ring = KeyRing(())
        # As sealed: what is open is in memory only while it is used.
        self._rows: dict[tuple[str, str], SecretRow] = {}
        self._changing = asyncio.Lock()
        self._audit: Audit | None = None

    async def load(self, audit: Audit) -> None:
        """Read what is kept, and seal with the newest key what an older one has sealed.

        Secrets that cannot be opened are reported, and are not provided. Raises `HeadraceError` for keys
        that cannot be read.
        """
        self._audit = audit
        self._ring = await asyncio.to_thread(self._keys.read)
        self._rows = {(row.namespace, row.name): row for row in await self._vault.all()}
        lost = [
            f"{namespace}/{name}" for namespace, name in self._rows if not self._readable(namespace, name)
        ]
        if lost:
            _log.error(
                "%d secrets cannot be opened with the keys that are here (%s): give the former key, or put "
                "them again",
                len(lost),
                ", ".join(lost[:10]),
            )
        old = [row for row in self._rows.values() if self._is_old(row)]
        if old:
            async with self._changing:
                await self._reseal(old, SYSTEM, None)

    # ------------------------------------------------------------ for executions

    def secret(self, name: str, namespace: str = "default") -> Any | None:
        """Return the data of a secret of a namespace, or None if there is none that can be opened."""
        row = self._rows.get((namespace, name))
        if row is None:
            return None
        try:
            return msgspec.json.decode(self._ring.open(row.sealed, _context(namespace, name)))
        except Unsealable as error:
            _log.error("the secret %s/%s cannot be opened: %s", namespace, name, error)
            return None

    def texts(self, namespace: str | None) -> list[str]:
        """Return the texts that secrets of a namespace (None: of all) consist of, to be masked."""
        found: list[str] = []
        for space, name in self._rows:
            if namespace in (None, space):
                found += long_texts_in(self.secret(name, space))
        return found

    # ------------------------------------------------------------ for the API

    def names(self, namespace: str) -> list[SecretInfo]:
        """Return what may be known of the secrets of a namespace, in order of names."""
        return [
            self._info(row)
            for row in sorted(self._rows.values(), key=lambda row: row.name)
            if row.namespace == namespace
        ]

    def _info(self, row: SecretRow) -> SecretInfo:
        return SecretInfo(
            name=row.name,
            updated_at=row.updated_at,
            updated_by=row.updated_by,
            readable=self._readable(row.namespace, row.name),
            revision=blake2b(row.sealed, digest_size=10).hexdigest(),
        )

    def _require(self, require: Require | None, namespace: str, name: str) -> None:
        if require is not None:
            row = self._rows.get((namespace, name))
            require(None if row is None else self._info(row))

    async def put(
        self,
        by: Principal,
        namespace: str,
        name: str,
        value: Any,
        *,
        require: Require | None = None,
        request_id: str | None = None,
    ) -> SecretInfo:
        """Keep a secret, a text or an object, in place of the one of its name, as far as `require` lets.

        Raises `Refused` 400 for a name or value that cannot be one; `HeadraceError` when there is no key and
        none can be made.
        """
        if not _SECRET_NAME.match(name) or not NAME.match(namespace):
            raise bad(f"{name!r} cannot be a secret's name", "", "use up to 128 letters, digits and `._-`")
        data = msgspec.json.encode(_checked(value))
        if len(data) > VALUE_BYTES_MAX:
            raise bad(f"a secret has at most {VALUE_BYTES_MAX} bytes of JSON, not {len(data)}", "/value")
        assert self._audit is not None
        async with self._changing:
            self._require(require, namespace, name)
            if not self._ring.keys:
                if self._rows:
                    raise Refused(
                        409,
                        "key-missing",
                        f"the key that {len(self._rows)} secrets were sealed with is missing",
                        remedy="restore it and start again, or delete those secrets; then put this one",
                    )
                self._ring = await asyncio.to_thread(self._keys.replace, [new_key()])
            row = SecretRow(
                namespace=namespace,
                name=name,
                sealed=self._ring.seal(data, _context(namespace, name)),
                updated_at=self._now(),
                updated_by=by.id,
            )
            before = self._rows.get((namespace, name))
            entry = self._audit.entry(
                by,
                "secret.create" if before is None else "secret.update",
                name,
                namespace=namespace,
                before=_told(before),
                after=_told(row),
                request_id=request_id,
            )
            await self._vault.put(row, entry)
            self._rows[namespace, name] = row
        return self._info(row)

    async def delete(
        self,
        by: Principal,
        namespace: str,
        name: str,
        *,
        require: Require | None = None,
        request_id: str | None = None,
    ) -> None:
        """Delete a secret, as far as `require` lets. Raises `Refused` 404."""
        assert self._audit is not None
        async with self._changing:
            self._require(require, namespace, name)
            entry = self._audit.entry(
                by,
                "secret.delete",
                name,
                namespace=namespace,
                before=_told(self._rows.get((namespace, name))),
                request_id=request_id,
            )
            deleted = await self._vault.delete(namespace, name, entry)
            self._rows.pop((namespace, name), None)
        if not deleted:
            raise missing("secret", name)

    async def rotate(self, by: Principal, *, request_id: str | None = None) -> int:
        """Make a new key and seal all secrets with it; return how many.

        At every moment the keys that are kept open everything that is kept. Raises `Refused` 409 when the
        key is given from outside, and must be changed there.
        """
        async with self._changing:
            try:
                self._ring = await asyncio.to_thread(
                    self._keys.replace, unique([new_key(), *self._ring.keys])
                )
            except HeadraceError as error:
                raise Refused(409, "key-not-kept-here", str(error)) from error
            old = [row for row in self._rows.values() if self._is_old(row)]
            await self._reseal(old, by, request_id)
            if all(self._ring.is_newest(row.sealed) for row in self._rows.values()):
                self._ring = await asyncio.to_thread(self._keys.replace, self._ring.keys[:1])
            return len(old)

    # ------------------------------------------------------------ keys

    async def _reseal(self, rows: list[SecretRow], by: Principal, request_id: str | None) -> None:
        assert self._audit is not None
        resealed = []
        for row in rows:
            context = _context(row.namespace, row.name)
            resealed.append((row, self._ring.seal(self._ring.open(row.sealed, context), context)))
        after = {"resealed": len(rows)}
        entry = self._audit.entry(by, "secret-key.rotate", "*", after=after, request_id=request_id)
        await self._vault.reseal(resealed, entry)
        for row, sealed in resealed:
            self._rows[row.namespace, row.name] = msgspec.structs.replace(row, sealed=sealed)

    def _is_old(self, row: SecretRow) -> bool:
        return not self._ring.is_newest(row.sealed) and self._readable(row.namespace, row.name)

    def _readable(self, namespace: str, name: str) -> bool:
        try:
            self._ring.open(self._rows[namespace, name].sealed, _context(namespace, name))
        except Unsealable:
            return False
        return True


def _told(row: SecretRow | None) -> dict[str, Any] | None:
    """Return what the log of changes says of a secret: never what it holds."""
    return None if row is None else {"updated_at": row.updated_at, "updated_by": row.updated_by}


def _context(namespace: str, name: str) -> bytes:
    # Neither may hold a slash.
    return f"secret {namespace}/{name}".encode()


def _checked(value: Any) -> Any:
    """Return a value that can be a secret: a text, or an object whose members are texts or objects."""
    if isinstance(value, str) and value:
        return value
    if isinstance(value, Mapping) and value and all(isinstance(name, str) for name in value):
        return {name: _checked_member(member, f"/value/{name}") for name, member in value.items()}
    raise bad("a secret is a text or an object with members, and not empty", "/value")


def _checked_member(value: Any, pointer: str) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _checked_member(member, f"{pointer}/{name}") for name, member in value.items()}
    if isinstance(value, list):
        return [_checked_member(member, f"{pointer}/{index}") for index, member in enumerate(value)]
    if value is None or isinstance(value, str | int | float):
        return value
    raise bad("a secret holds texts, numbers, lists and objects", pointer)
