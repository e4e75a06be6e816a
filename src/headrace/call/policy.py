"""Which hosts a call may reach.

Authors of flows choose the addresses that the server connects to. On a shared server that must not open
the machine's own loopback services or a cloud's metadata service (credentials for the asking) to everyone
who may deploy a flow. Names are checked by the address they resolve to, and the connection is made to
exactly the address that was checked: a name that changes its answer in between gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from fnmatch import fnmatchcase

from headrace.call.performer import CallError, call_error

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Metadata services outside of the link-local range: AWS over IPv6, Alibaba Cloud, Azure's wire server.
_METADATA = frozenset(map(ipaddress.ip_address, ("fd00:ec2::254", "100.100.100.200", "168.63.129.16")))
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_THIS_HOST = ipaddress.IPv4Network("0.0.0.0/8")


@dataclass(frozen=True, slots=True)
class HostPolicy:
    """Rules for the hosts of calls; immutable. The default refuses loopback and link-local addresses.

    `allow` and `deny` hold host names (`api.example.com`, `*.example.com`), addresses (`10.1.2.3`) and
    networks (`10.0.0.0/8`). `deny` wins over everything, `allow` over the built-in refusals. With
    `only_allowed`, what `allow` does not name is refused.
    """

    loopback: bool = False  # 127.0.0.0/8, ::1, 0.0.0.0
    link_local: bool = False  # 169.254.0.0/16 and fe80::/10, where clouds keep their metadata services
    private: bool = True  # 10.0.0.0/8 and the like: where most services of a company are
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    only_allowed: bool = False

    @classmethod
    def local(cls) -> HostPolicy:
        """Return the policy of a laptop: everything may be reached."""
        return cls(loopback=True, link_local=True)

    @property
    def unrestricted(self) -> bool:
        """Whether every host may be reached, so that there is nothing to check."""
        return self.loopback and self.link_local and self.private and not self.deny and not self.only_allowed

    def check_address(self, host: str, address: str) -> None:
        """Raise `CallError` (authorization, 403) unless `host` at `address` may be reached."""
        ip = _embedded(ipaddress.ip_address(address.partition("%")[0]))
        if _matches(self.deny, host, ip):
            raise _refused(host, "it is on the deny list")
        if _matches(self.allow, host, ip):
            return
        if self.only_allowed:
            raise _refused(host, "it is not on the allow list")
        if not self.loopback and (
            ip.is_loopback or ip.is_unspecified or (ip.version == 4 and ip in _THIS_HOST)
        ):
            raise _refused(host, "it is a loopback address")
        if not self.link_local and (ip.is_link_local or ip in _METADATA):
            raise _refused(host, "it is a link-local or metadata address")
        if not self.private and ip.is_private and not ip.is_loopback and not ip.is_link_local:
            raise _refused(host, "it is a private address")

    async def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of `host` that may be reached, in the resolver's order, at least one.

        Raises `CallError`: authorization (403) when none may be reached, communication (503, retryable)
        when the name does not resolve.
        """
        host = host.strip("[]")
        try:
            found = [str(ipaddress.ip_address(host))]
        except ValueError:
            found = await _look_up(host, port)
        allowed: list[str] = []
        refusal: CallError | None = None
        for address in found:
            try:
                self.check_address(host, address)
            except CallError as error:
                refusal = error
            else:
                allowed.append(address)
        if not allowed and refusal is not None:
            raise refusal
        return allowed

    async def endpoints(self, host: str, port: int) -> list[tuple[str, int]]:
        """Return `addresses` with the port, as `wire.Resolve` wants them."""
        return [(address, port) for address in await self.addresses(host, port)]


async def _look_up(host: str, port: int) -> list[str]:
    try:
        entries = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise call_error(
            "communication", "host not found", f"{host}: {reason}", status=503, retryable=True
        ) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def _embedded(ip: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, where it is such a one."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return ip.ipv4_mapped
        if ip.sixtofour is not None:
            return ip.sixtofour
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def _matches(entries: tuple[str, ...], host: str, ip: Address) -> bool:
    name = host.lower().rstrip(".")
    for entry in entries:
        try:
            network = ipaddress.ip_network(entry, strict=False)
        except ValueError:
            if fnmatchcase(name, entry.lower()):
                return True
        else:
            if ip.version == network.version and ip in network:
                return True
    return False


def _refused(host: str, reason: str) -> CallError:
    return call_error(
        "authorization",
        "host not allowed",
        f"calls to {host} are refused by the server's host policy: {reason}; "
        "whoever runs the server can allow it there",
    )
