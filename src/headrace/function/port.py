"""Free ports of the loopback interface, for programs that bind them a little later.

A port that the kernel picks (`bind` to 0, then `close`) may be the source of somebody's outgoing connection
before the program binds it. So ports are taken from below that range, and between hosts on one machine an
abstract Unix socket per port, which vanishes with its owner, says that the port is taken.
"""

from __future__ import annotations

import random
import socket
import sys

from headrace.errors import HeadraceError

_FIRST, _LAST = 20_000, 29_999
LOOPBACK = "127.0.0.1"


class PortLease:
    """A port that no other host on this machine takes until `release`."""

    def __init__(self, port: int, claim: socket.socket | None) -> None:
        self.port = port
        self._claim = claim

    def release(self) -> None:
        """Give the port back; doing it twice is harmless."""
        if self._claim is not None:
            self._claim.close()
            self._claim = None
        _leased.discard(self.port)


_leased: set[int] = set()  # by this process


def lease_port() -> PortLease:
    """Return a port that nobody listens on. Raises `HeadraceError` when all are taken."""
    start = random.randint(_FIRST, _LAST)
    for port in (*range(start, _LAST + 1), *range(_FIRST, start)):
        if port in _leased:
            continue
        try:
            claim = _claim(port)
        except OSError:  # another host has it
            continue
        if _is_free(port):
            _leased.add(port)
            return PortLease(port, claim)
        if claim is not None:
            claim.close()
    raise HeadraceError(f"No free port from {_FIRST} to {_LAST} on {LOOPBACK}: stop something that listens.")


def _claim(port: int) -> socket.socket | None:
    """Bind the socket that stands for the port; `None` where there are no abstract sockets."""
    if sys.platform != "linux":
        return None
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        claim.bind(f"\0headrace-port-{port}")
    except OSError:
        claim.close()
        raise
    return claim


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
