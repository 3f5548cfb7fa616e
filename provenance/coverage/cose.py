"""What a claim's signature carries besides the signature, and nothing vouches for.

A COSE signature has a header that is not signed. Signers reserve room in it ("pad", some 10 KB of
zeros): whatever is written there later, every reader still says the file is sound.
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
# Time-stamps and stapled revocation answers are judged by themselves.
_JUDGED = ("sigTst", "sigTst2", "rVals")
_IN_JUDGED = ("tstTokens", "val", "ocspVals")


def unsigned_bytes(data: bytes) -> int:
    """Bytes of a COSE_Sign1 that mean nothing to any check: padding that is not zero, header entries
    nobody reads, lengths written longer than they need be, a payload where none belongs, and what
    follows it all.

    Raises SourceError where it is no COSE_Sign1.
    """
    found = cbor.measure(data)
    match found.item:
        case [protected, dict(header), payload, _]:
            pass
        case _:
            raise SourceError("a signature is no COSE_Sign1", where=SIGNATURE)
    # C2PA signs what lies elsewhere: the payload is null (13.2).
    stray = 0 if payload is None else 1
    chained = _has_chain(protected)
    entries = sum(_loose_entry(key, value, chained) for key, value in header.items())
    return entries + stray + found.wasted + len(data) - found.bytes


def _has_chain(protected: Any) -> bool:
    """Whether the signed header has the certificates: then any beside it are not the signer's."""
    if not isinstance(protected, bytes) or not protected:
        return False
    found = cbor.read(protected)
    return isinstance(found, dict) and any(key in found for key in _CHAIN)


def _loose_entry(key: Any, value: Any, chained: bool) -> int:
    if key in _PADDING and isinstance(value, bytes):
        return len(value) - value.count(0)
    if key in _CHAIN and not chained:
        return 0
    return sum(_loose_in(value)) if key in _JUDGED else 1


def _loose_in(value: Any) -> Iterator[int]:
    """Of an entry that is judged: what lies behind its DER, and whatever else stands beside it."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, bytes):
            yield _behind(item)
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            waiting += item.values()
            yield sum(key not in _IN_JUDGED for key in item)
        else:
            yield 1


def _behind(der: bytes) -> int:
    """How many bytes follow a DER item that fills a byte string (X.690, 8.1.3); all, where it is none."""
    if len(der) < 2 or der[0] != 0x30:
        return len(der)
    wide = der[1] & 0x7F if der[1] & 0x80 else 0
    length = int.from_bytes(der[2 : 2 + wide], "big") if wide else der[1]
    return abs(len(der) - (2 + wide + length))
