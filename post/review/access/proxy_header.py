"""Sign-in by a reverse proxy that names the person in a header."""

from __future__ import annotations

from ipaddress import ip_address

from post.review.access.identity import ProvenIdentity
from post.review.settings import ReviewSettings


def named_by_proxy(settings: ReviewSettings, headers: dict[str, str], peer: str) -> ProvenIdentity | None:
    """Returns whom the proxy names; None without one, from another address, or where nobody is named.

    headers: by names in small letters; peer: the address of the connection, not one that a header tells.
    """
    proxy = settings.proxy
    if proxy is None or not _is_trusted(peer, settings):
        return None
    named = headers.get(proxy.header.lower(), "").strip()
    if not named or "," in named or not named.isprintable() or len(named) > 200:
        return None
    return settings.identify(named, named, "proxy")


def _is_trusted(peer: str, settings: ReviewSettings) -> bool:
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return settings.proxy is not None and any(mapped in network for network in settings.proxy.networks)
