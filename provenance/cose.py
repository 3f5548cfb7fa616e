"""What a claim's signature carries besides the signature, and nothing vouches for.

A COSE signature has a header that is not signed. Signers reserve room in it ("pad", some 10 KB of
zeros): whatever is written there later, every reader still says the file is sound.
Source: RFC 9052, 3 and 4.2; RFC 8949, 3 (CBOR); C2PA 2.4, 13.2.
"""

from __future__ import annotations

from typing import Any

from post.errors import SourceError

SIGNATURE = "c2pa.signature"
_MAX_DEPTH = 8
_MAX_ITEMS = 10_000
_PADDING = ("pad", "pad2")
_CHAIN = (33, "x5chain")  # RFC 9360, 2
# Time-stamps and stapled revocation answers are judged by themselves.
_JUDGED = ("sigTst", "sigTst2", "rVals")
_NULL = 22


class Simple(int):
    """A simple value of CBOR, by its number: null is 22."""


def unsigned_bytes(data: bytes) -> int:
    """Bytes of a COSE_Sign1 that mean nothing to any check: padding that is not zero, header entries
    nobody reads, lengths written longer than they need be, a payload where none belongs, and what
    follows it all.

    Raises SourceError where it is no COSE_Sign1.
    """
    reader = _Cbor(data)
    signed = reader.item()
    header = signed[1] if isinstance(signed, list) and len(signed) == 4 else None
    if not isinstance(header, list):
        raise SourceError("a signature is no COSE_Sign1", where=SIGNATURE)
    # C2PA signs what lies elsewhere: the payload is null (13.2).
    stray = 0 if isinstance(signed[2], Simple) and signed[2] == _NULL else 1
    chained = _has_chain(signed[0])
    entries = sum(_loose_entry(key, value, chained) for key, value in header)
    return entries + stray + reader.wasted + len(data) - reader.at


def _has_chain(protected: Any) -> bool:
    """Whether the signed header has the certificates: then any beside it are not the signer's."""
    if not isinstance(protected, bytes) or not protected:
        return False
    found = _Cbor(protected).item()
    return isinstance(found, list) and any(key in _CHAIN for key, _ in found if isinstance(key, (int, str)))


def _loose_entry(key: Any, value: Any, chained: bool) -> int:
    if key in _PADDING and isinstance(value, bytes):
        return len(value) - value.count(0)
    if key in _CHAIN and not chained:
        return 0
    return sum(map(_behind, _octets(value))) if key in _JUDGED else 1


def _octets(value: Any) -> list[bytes]:
    """The byte strings in an item, whatever it is."""
    found, waiting = [], [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, bytes):
            found.append(item)
        elif isinstance(item, (list, tuple)):
            waiting += item
    return found


def _behind(der: bytes) -> int:
    """How many bytes follow a DER item that fills a byte string (X.690, 8.1.3); all, where it is none."""
    if len(der) < 2 or der[0] != 0x30:
        return len(der)
    wide = der[1] & 0x7F if der[1] & 0x80 else 0
    length = int.from_bytes(der[2 : 2 + wide], "big") if wide else der[1]
    return abs(len(der) - (2 + wide + length))


class _Cbor:
    """Reads one CBOR item, with bounds. Maps come as lists of pairs, tags as what they tag. wasted: bytes
    of lengths longer than they need be."""

    def __init__(self, data: bytes) -> None:
        self._data, self.at, self._items, self.wasted = data, 0, 0, 0

    def item(self, depth: int = 0) -> Any:
        self._items += 1
        if depth > _MAX_DEPTH or self._items > _MAX_ITEMS:
            raise SourceError("a signature holds too much", where=SIGNATURE)
        major, detail = divmod(self._take(1)[0], 32)
        if major == 7:
            return Simple(detail) if detail < 24 else self._take(_WIDTHS.get(detail, 0))
        count = self._count(detail)
        if major in (2, 3):
            data = self._take(count)
            return data if major == 2 else data.decode("utf-8", "replace")
        if major == 4:
            return [self.item(depth + 1) for _ in range(self._sane(count))]
        if major == 5:
            return [(self.item(depth + 1), self.item(depth + 1)) for _ in range(self._sane(count))]
        return self.item(depth + 1) if major == 6 else (count if major == 0 else -1 - count)

    def _count(self, detail: int) -> int:
        if detail < 24:
            return detail
        if detail not in _WIDTHS:
            raise SourceError("a signature of no stated length", where=SIGNATURE)
        count = int.from_bytes(self._take(_WIDTHS[detail]), "big")
        if count < _LEAST[detail]:
            self.wasted += _WIDTHS[detail]
        return count

    def _sane(self, count: int) -> int:
        if count > _MAX_ITEMS:
            raise SourceError("a signature holds too much", where=SIGNATURE)
        return count

    def _take(self, count: int) -> bytes:
        data = self._data[self.at : self.at + count]
        if len(data) < count:
            raise SourceError("a signature is cut short", where=SIGNATURE)
        self.at += count
        return data


# How many bytes follow an initial byte whose detail is one of these (RFC 8949, 3), and the least number
# that needs them.
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}
_LEAST = {24: 24, 25: 1 << 8, 26: 1 << 16, 27: 1 << 32}
