"""Decides which addresses may be connected to where a file of a stranger names the host.

A stranger's file could otherwise make this machine ask services that only it can reach: its own (127.0.0.1), those
of its network (10.0.0.0/8), a cloud's metadata (169.254.169.254).
Source: IANA's registries of special-purpose addresses; RFC 4291, 2.4 (IPv6), RFC 6052, 2.1 (NAT64).
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# Returns the addresses of a host, as text. Raises OSError if there are none.
Resolve = Callable[[str, int], Sequence[str]]

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# Older releases of Python take most of it for public.
_PROTOCOLS = IPv4Network("192.0.0.0/24")


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Returns the addresses of a host by this machine's resolver. Raises OSError if it knows none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as exc:
        raise OSError(f"{host!r} cannot be a host's name") from exc
    return tuple(dict.fromkeys(str(row[4][0]) for row in found))


@dataclass(frozen=True, slots=True)
class HostPolicy:
    """Which hosts may be connected to: any at a public address, and those that the user named.

    named: hosts that may have any address, as they stand in a URL, without a port; resolve: looks hosts up.
    """

    named: tuple[str, ...] = ()
    resolve: Resolve = resolve

    def is_named(self, host: str) -> bool:
        """Returns whether the user named a host. Letter case does not count."""
        return host.casefold() in {each.casefold().strip("[]") for each in self.named}

    def find_addresses(self, host: str, port: int) -> tuple[str, ...]:
        """Returns the addresses of a host that may be connected to; () where it has none but others.

        Raises OSError if the host has no address at all.
        """
        found = self.resolve(host, port)
        return tuple(each for each in found if self.is_named(host) or is_public(each))


PUBLIC_HOSTS = HostPolicy()


def is_public(address: str) -> bool:
    """Returns whether an address is one host's on the public internet. An IPv6 address with an IPv4 address in it is
    judged by that one."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = _inner_address(found)
        if inner is None:
            return found in _GLOBAL_UNICAST and found.is_global
        found = inner
    odd = found.is_multicast or found.is_reserved or found in _PROTOCOLS
    return found.is_global and not odd


def _inner_address(found: IPv6Address) -> IPv4Address | None:
    """Returns the IPv4 address that an IPv6 address leads to: mapped, by NAT64, by 6to4 or by Teredo."""
    if found in _NAT64:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    teredo = found.teredo
    return found.ipv4_mapped or found.sixtofour or (teredo[1] if teredo else None)
