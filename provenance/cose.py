"""What a claim's signature carries besides the signature, and nothing vouches for.

A COSE signature has a header that is not signed. Signers reserve room in it ("pad", some 10 KB of
zeros): whatever is written there later, every reader still says the file is sound.
Source: RFC 9052, 3 and 4.2; RFC 8949, 3 (CBOR); C2PA 2.4, 13.2; ISO/IEC 19566-5 (JUMBF).
"""

from __future__ import annotations

from typing import Any, BinaryIO

from post.errors import SourceError
from provenance.boxes import Box, inside, payload

SIGNATURE = "c2pa.signature"
_LIMIT = 1 << 20
_MAX_DEPTH = 8
_MAX_ITEMS = 10_000
_PADDING = ("pad", "pad2")
# Chains and time-stamps are validated by themselves; 33 is x5chain (RFC 9360, 2).
_VALIDATED = (33, "x5chain", "sigTst", "sigTst2", "rVals")


def unsigned_bytes(source: BinaryIO, store: Box) -> int:
    """Bytes in the header of the active manifest's signature that mean nothing to any check: padding
    that is not zero, and entries nobody reads.

    store: the JUMBF superbox of the manifest store. Raises SourceError where it cannot be walked.
    """
    manifests = [box for box in inside(source, store) if box.kind == "jumb"]
    if not manifests:
        return 0
    for box in inside(source, manifests[-1]):  # the active manifest is the last (C2PA 2.4, 11.1.4.2)
        if box.kind == "jumb" and _label(source, box) == SIGNATURE:
            return sum(
                _loose(payload(source, part, _LIMIT)) for part in inside(source, box) if part.kind == "cbor"
            )
    return 0


def _label(source: BinaryIO, box: Box) -> str:
    """A superbox's name: after its type (16 bytes) and toggles (1), up to a zero."""
    first = next(inside(source, box), None)
    if first is None or first.kind != "jumd":
        return ""
    return payload(source, first, _LIMIT)[17:].split(b"\0")[0].decode("utf-8", "replace")


def _loose(data: bytes) -> int:
    signed = _Cbor(data).item()
    header = signed[1] if isinstance(signed, list) and len(signed) == 4 else None
    if not isinstance(header, list):
        raise SourceError("a signature is no COSE_Sign1", where=SIGNATURE)
    return sum(_loose_entry(key, value) for key, value in header)


def _loose_entry(key: Any, value: Any) -> int:
    if key in _PADDING and isinstance(value, bytes):
        return len(value) - value.count(0)
    return 0 if key in _VALIDATED else 1


class _Cbor:
    """Reads one CBOR item, with bounds. Maps come as lists of pairs, tags as what they tag."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._items = data, 0, 0

    def item(self, depth: int = 0) -> Any:
        self._items += 1
        if depth > _MAX_DEPTH or self._items > _MAX_ITEMS:
            raise SourceError("a signature holds too much", where=SIGNATURE)
        major, detail = divmod(self._take(1)[0], 32)
        if major == 7:
            return self._take(_WIDTHS.get(detail, 0))
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
        return int.from_bytes(self._take(_WIDTHS[detail]), "big")

    def _sane(self, count: int) -> int:
        if count > _MAX_ITEMS:
            raise SourceError("a signature holds too much", where=SIGNATURE)
        return count

    def _take(self, count: int) -> bytes:
        data = self._data[self._at : self._at + count]
        if len(data) < count:
            raise SourceError("a signature is cut short", where=SIGNATURE)
        self._at += count
        return data


# How many bytes follow an initial byte whose detail is one of these (RFC 8949, 3).
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}
