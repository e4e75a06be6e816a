"""Where a request comes from, also behind proxies that are trusted to say so."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

from headrace.errors import HeadraceError

_FORWARDED = b"x-forwarded-for"


class Proxies:
    """The networks of trusted proxies. Without any, an address is that of the connection.

    Raises `HeadraceError` for what is no network.
    """

    def __init__(self, networks: Sequence[str]) -> None:
        try:
            self._networks = [ipaddress.ip_network(network) for network in networks]
        except ValueError as error:
            raise HeadraceError(
                f"`trusted_proxies` of the access settings: {error}; write networks, such as `10.0.0.0/8`"
            ) from error

    def client(self, peer: str | None, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
        """Return the address of the client, from the connection's and the headers that proxies add to.

        It is the last one in `X-Forwarded-For` that no trusted proxy has: what stands before that one can be
        written by anybody.
        """
        if not self._networks or not self._trusted(peer):
            return peer
        text = b",".join(value for name, value in headers if name == _FORWARDED).decode("latin-1")
        client = peer
        for hop in reversed([part.strip() for part in text.split(",")]):
            try:
                client = str(ipaddress.ip_address(hop))
            except ValueError:
                return client
            if not self._trusted(client):
                return client
        return client

    def _trusted(self, address: str | None) -> bool:
        try:
            parsed = ipaddress.ip_address(address or "")
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)
