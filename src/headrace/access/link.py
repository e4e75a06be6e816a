"""Links that let somebody without an account do one thing: an id, and a signature by a key of the server.

The signature is HMAC-SHA256 over the id and what the link is for. Whoever has the store alone can sign
nothing: the key is in a file beside it, or comes from the key that is given for secrets.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import secrets

from headrace.access.key import GivenKeys, KeyFile, Keys, MemoryKeys, new_key

_PURPOSE = b"headrace link\n"
_ID_BYTES = 12


class LinkSigner:
    """Signs links and tells its own from others. The key is made with the first link."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._known: tuple[bytes, ...] = ()
        self._reading = asyncio.Lock()

    async def token(self, link_id: str, what: str) -> str:
        """Return the token of a link. Raises `HeadraceError` where no key can be read or made."""
        keys = await self._all()
        if not keys:
            async with self._reading:
                ring = await asyncio.to_thread(self._keys.read)
                if not ring.keys:
                    ring = await asyncio.to_thread(self._keys.replace, [new_key()])
                keys = self._known = ring.keys
        return f"{link_id}.{_signature(keys[0], link_id, what)}"

    async def signed(self, token: str, what: str) -> bool:
        """Tell whether a token is of this server, for this."""
        link_id, _, signature = token.partition(".")
        given = signature.encode("utf-8", "replace")
        good = False
        for key in await self._all():
            good |= hmac.compare_digest(_signature(key, link_id, what).encode(), given)
        return good

    async def _all(self) -> tuple[bytes, ...]:
        if not self._known:
            async with self._reading:
                self._known = (await asyncio.to_thread(self._keys.read)).keys
        return self._known


def new_link_id() -> str:
    """Return the id of a new link."""
    return "lnk_" + secrets.token_hex(_ID_BYTES)


def link_id_of(token: str) -> str:
    """Return the id that a token names; it says nothing of whether the token is good."""
    return token.partition(".")[0]


def link_keys_for(store: str, given: str | None) -> Keys:
    """Return where the keys for links of a store are: as given, in a file beside it, or in memory.

    Raises `HeadraceError` for a given key that is none.
    """
    if given:
        return GivenKeys(given)
    return MemoryKeys() if store == ":memory:" else KeyFile(f"{os.path.realpath(store)}.link-key")


def _signature(key: bytes, link_id: str, what: str) -> str:
    # Of a key for this alone: the given one seals secrets, too.
    own = hmac.digest(key, _PURPOSE, hashlib.sha256)
    digest = hmac.digest(own, f"{link_id}\n{what}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
