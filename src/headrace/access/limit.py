"""The limit on failed logins, per user and per address; it survives a restart."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable

from headrace.access.failure import too_many
from headrace.access.settings import LoginLimits
from headrace.store.access import Sessions

# The part of an IPv6 address that one customer has all of.
_IPV6_PREFIX = 64


class LoginLimit:
    """Counts attempts before they are made, so that many at the same time are not more than one by one."""

    def __init__(self, sessions: Sessions, limits: LoginLimits, *, now: Callable[[], float]) -> None:
        self._sessions = sessions
        self._limits = limits
        self._now = now

    async def take(self, user: str, address: str | None) -> None:
        """Count an attempt. Raises `Refused` 429 when the user or the address has had too many."""
        limits = {_user(user): self._limits.per_user, _address(address): self._limits.per_address}
        wait_seconds = await self._sessions.attempt(limits, self._now(), self._limits.window_seconds)
        if wait_seconds is not None:
            raise too_many("too many logins failed, of this user or from this address", wait_seconds)

    async def succeeded(self, user: str, address: str | None) -> None:
        """Forget the user's failed attempts, and this one of the address."""
        await self._sessions.forgive({_user(user): -1, _address(address): 1})


def _user(name: str) -> str:
    # A hash: people type passwords into the wrong field, and names can be of any length.
    return "user:" + hashlib.sha256(name.strip().lower().encode("utf-8", "surrogateescape")).hexdigest()


def _address(address: str | None) -> str:
    try:
        parsed = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "address:unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return f"address:{parsed.ipv4_mapped}"
        return f"address:{ipaddress.ip_network((parsed, _IPV6_PREFIX), strict=False)}"
    return f"address:{parsed}"
