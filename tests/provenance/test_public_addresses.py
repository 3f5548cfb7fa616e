"""Which addresses count as public: by IANA's registries, address by address."""

from __future__ import annotations

import pytest

from provenance.public_addresses import is_public

PUBLIC = ["8.8.8.8", "100.63.255.255", "100.128.0.0", "172.32.0.1", "2606:4700::1111"]
# An IPv4 address in an IPv6 one: mapped, by NAT64, by 6to4.
PUBLIC += ["::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"]
INNER = {
    "loopback": ["127.0.0.1", "127.255.255.254", "::1"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "fc00::1", "fd12::1"],
    "link-local": ["169.254.169.254", "fe80::1", "fe80::1%eth0"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
    "unspecified": ["0.0.0.0", "0.1.2.3", "::"],
    "shared by a carrier": ["100.64.0.0", "100.127.255.255"],
    "reserved": ["240.0.0.1", "255.255.255.255", "192.0.0.8", "4000::1"],
    "for examples and tests": ["192.0.2.1", "198.18.0.1", "203.0.113.1", "2001:db8::1"],
    "IPv4 in IPv6": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::"],
    "IPv4 by Teredo": ["2001:0:808:808::80ff:fffe"],
    "of a site": ["fec0::1"],
    "no address": ["", "localhost", "127.1", "300.1.1.1"],
}


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("kind", INNER)
def test_any_other_address_is_not(kind: str) -> None:
    assert [each for each in INNER[kind] if is_public(each)] == []
