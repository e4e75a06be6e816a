"""The log of changes: who did what, when, from where, to what, before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from headrace.access.mask import masked
from headrace.access.role import EVERYWHERE, Principal, allows
from headrace.store.access import AuditEntry, AuditLog, AuditQuery

# What a caller wrote as its request's id is kept to this length.
REQUEST_ID_CHARACTERS = 100
OBJECT_CHARACTERS = 300

# Gives the texts of the secrets of a namespace (None: of all), which no entry may hold.
SecretTexts = Callable[[str | None], Iterable[str]]


class Audit:
    """Writes and reads the log. Entries cannot be changed or deleted, not even by administrators."""

    def __init__(self, log: AuditLog, *, now: Callable[[], float], secret_texts: SecretTexts) -> None:
        self._log = log
        self._now = now
        self._secret_texts = secret_texts

    def entry(
        self,
        principal: Principal,
        action: str,
        object: str,
        *,
        namespace: str | None = None,
        before: Any = None,
        after: Any = None,
        request_id: str | None = None,
    ) -> AuditEntry:
        """Return the entry of a change, without secrets; `before` and `after` are JSON data.

        `action` is `<noun>.<verb>`. For changes that are written together with their entry.
        """
        texts = [] if before is None and after is None else list(self._secret_texts(namespace))
        return AuditEntry(
            at=self._now(),
            principal=principal.id,
            name=principal.name,
            kind=principal.kind,
            address=principal.address,
            action=action,
            namespace=namespace,
            object=object[:OBJECT_CHARACTERS],
            before=masked(before, texts),
            after=masked(after, texts),
            request_id=None if request_id is None else request_id[:REQUEST_ID_CHARACTERS],
        )

    async def record(
        self,
        principal: Principal,
        action: str,
        object: str,
        *,
        namespace: str | None = None,
        before: Any = None,
        after: Any = None,
        request_id: str | None = None,
    ) -> None:
        """Write the entry of a change that was made elsewhere; it is durable when this returns.

        Raises `StoreUnavailable`: then the change stands without a record, and the caller should say so.
        """
        await self._log.append(
            self.entry(
                principal,
                action,
                object,
                namespace=namespace,
                before=before,
                after=after,
                request_id=request_id,
            )
        )

    async def page(self, reader: Principal, query: AuditQuery) -> list[AuditEntry]:
        """Return entries that `reader` may see: those of the namespaces that they administer, or all."""
        if not allows(reader, "admin", EVERYWHERE):
            theirs = [space for space in reader.roles if allows(reader, "admin", space)]
            wanted = theirs if query.namespaces is None else [n for n in query.namespaces if n in theirs]
            query.namespaces = wanted
        return await self._log.entries(query)
