"""Where a request comes from."""

from __future__ import annotations

import pytest

from headrace.access.address import Proxies
from headrace.errors import HeadraceError

PROXIES = Proxies(("10.0.0.0/8", "::1"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.1", ["192.0.2.7"], "192.0.2.7"),
        ("::1", ["2001:db8::7"], "2001:db8::7"),
        # The first ones may be made up by the client.
        ("10.0.0.1", ["127.0.0.1, 192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", ["127.0.0.1, 192.0.2.7, 10.0.0.2"], "192.0.2.7"),
        ("10.0.0.1", ["192.0.2.9", "192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", ["made up, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        # Who is no proxy says nothing about others.
        ("192.0.2.1", ["192.0.2.7"], "192.0.2.1"),
        (None, ["192.0.2.7"], None),
    ],
)
def test_the_last_hop_that_is_no_proxy(peer: str | None, forwarded: list[str], client: str | None) -> None:
    headers = [(b"host", b"x"), *((b"x-forwarded-for", value.encode()) for value in forwarded)]
    assert PROXIES.client(peer, headers) == client


def test_without_proxies_nobody_is_believed() -> None:
    assert Proxies(()).client("127.0.0.1", [(b"x-forwarded-for", b"192.0.2.7")]) == "127.0.0.1"


@pytest.mark.parametrize("network", ["", "example.com", "10.0.0.1/8", "10.0.0.0/99"])
def test_what_is_no_network_is_refused(network: str) -> None:
    with pytest.raises(HeadraceError, match="trusted_proxies"):
        Proxies((network,))
