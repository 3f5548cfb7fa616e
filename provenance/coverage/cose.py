"""Counts the bytes of a claim's signature that nothing covers.

A COSE signature has a header that is not signed. Signers reserve room in it ("pad", some 10 KB of zeros).
Whatever is written there later, every reader still reports that the file is intact.
Source: RFC 9052, 3 and 4.2; C2PA 2.4, 13.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from post.errors import SourceError
from provenance.formats import cbor

SIGNATURE = "c2pa.signature"
_PADDING = ("pad", "pad2")
_CHAIN = (33, "x5chain")  # RFC 9360, 2
# Time-stamps and stapled revocation answers are checked elsewhere.
_CHECKED = ("sigTst", "sigTst2", "rVals")
_IN_CHECKED = ("tstTokens", "val", "ocspVals")


def count_unsigned_bytes(data: bytes) -> int:
    """Counts the bytes of a COSE_Sign1 that no check looks at.

    These are padding other than zeros, header entries that nobody reads, lengths in a longer form than needed,
    a payload (there should be none), and bytes behind the signature.
    Raises SourceError if the data is no COSE_Sign1.
    """
    found = cbor.decode_measured(data)
    match found.item:
        case [protected, dict(header), payload, _]:
            pass
        case _:
            raise SourceError("a signature is not a COSE_Sign1", where=SIGNATURE)
    # C2PA signs a claim that is stored elsewhere: the payload is null (13.2).
    stray = 0 if payload is None else 1
    chained = _has_chain(protected)
    entries = sum(_unread_bytes(key, value, chained) for key, value in header.items())
    return entries + stray + found.wasted + len(data) - found.bytes


def _has_chain(protected: Any) -> bool:
    """Says whether the signed header holds the certificates: then any others are not the signer's."""
    if not isinstance(protected, bytes) or not protected:
        return False
    found = cbor.decode(protected)
    return isinstance(found, dict) and any(key in found for key in _CHAIN)


def _unread_bytes(key: Any, value: Any, chained: bool) -> int:
    if key in _PADDING and isinstance(value, bytes):
        return len(value) - value.count(0)
    if key in _CHAIN and not chained:
        return 0
    return sum(_unread_in(value)) if key in _CHECKED else 1


def _unread_in(value: Any) -> Iterator[int]:
    """Yields how many bytes of a checked entry follow its DER, and how many other entries are beside it."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, bytes):
            yield _behind(item)
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            waiting += item.values()
            yield sum(key not in _IN_CHECKED for key in item)
        else:
            yield 1


def _behind(der: bytes) -> int:
    """Counts the bytes behind the DER item in a byte string (X.690, 8.1.3); all of them, where there is none."""
    if len(der) < 2 or der[0] != 0x30:
        return len(der)
    wide = der[1] & 0x7F if der[1] & 0x80 else 0
    length = int.from_bytes(der[2 : 2 + wide], "big") if wide else der[1]
    return abs(len(der) - (2 + wide + length))
