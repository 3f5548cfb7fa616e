"""Sign-in by a reverse proxy that names the person in a header."""

from __future__ import annotations

from ipaddress import ip_address

from post.review.access.identified import identify
from post.review.access.identity import ProvenIdentity
from post.review.open_review import OpenReview
from post.review.settings import ProxySignIn


def named_by_proxy(review: OpenReview, headers: dict[str, str], peer: str) -> ProvenIdentity | None:
    """Returns whom the proxy names; None without one, from another address, or where nobody is named.

    headers: by names in small letters; peer: the address of the connection, not one that a header tells.
    """
    proxy = review.settings.proxy
    if proxy is None or not _is_trusted(peer, proxy):
        return None
    named = headers.get(proxy.header.lower(), "").strip()
    if not named or "," in named or not named.isprintable() or len(named) > 200:
        return None
    return identify(review, named, named, "proxy")


def _is_trusted(peer: str, proxy: ProxySignIn) -> bool:
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return any(mapped in network for network in proxy.networks)
