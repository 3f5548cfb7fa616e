"""How much a file may hold, and say that it holds, before anything foreign reads it: a count is cheap, and the
SDK's time and memory are not bounded by anything else.

Source: JUMBF (ISO/IEC 19566-5); CBOR (RFC 8949), 3.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from post.errors import SourceError
from provenance.formats.bmff import check_count
from provenance.formats.manifest_store import BOXED, CHUNKED, Chunked, chunks, stores_in

# Measured: 8 microseconds each in the SDK. A picture has dozens, an hour of AVI some thousand lists.
MAX_CHUNKS = 50_000
# The SDK makes room for a text or a list as long as it says it is, before it reads it: a fuzzed byte string of
# 1.6 GB in 12 KB took 1.7 GB and 6 s. What declares no more than this beyond its end is left to the SDK.
MAX_MISSING = 4 << 20
# Boxes and CBOR items of one manifest store; the largest public one has some thousand.
MAX_PARTS = 500_000
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}  # of a head's number, by its low five bits
_COUNTED = range(2, 6)  # byte strings, texts, arrays, maps
_TEXTS = (2, 3)


def check(source: BinaryIO, kind: str) -> None:
    """Raises SourceError where a file of a media type has more boxes or chunks than any real one, or a
    manifest in it declares far more than it holds."""
    if kind in BOXED:
        check_count(source)
    elif kind in CHUNKED:
        _check_chunks(source, CHUNKED[kind])
    _check_manifests(source, kind)
    source.seek(0)


def _check_manifests(source: BinaryIO, kind: str) -> None:
    try:
        found = stores_in(source, kind)
    except SourceError:
        return  # what cannot be taken out here, the SDK may read or refuse
    for store in found:
        check_store(store)


def check_store(store: bytes) -> None:
    """Raises SourceError where a manifest store declares far more than it holds, or has too many parts."""
    budget = _Budget(MAX_PARTS)
    for start, stop in _content(store, budget):
        _check_declared(store[start:stop], budget)


@dataclass(slots=True)
class _Budget:
    left: int

    def take(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise SourceError("too many parts for a real manifest", expected=f"at most {MAX_PARTS}")


def _content(store: bytes, budget: _Budget) -> Iterator[tuple[int, int]]:
    """Where the CBOR of a store lies, box by box; what runs past its parent ends with it."""
    waiting = [(0, len(store))]
    while waiting:
        at, stop = waiting.pop()
        while stop - at >= 8:
            budget.take()
            size, kind = struct.unpack_from(">I4s", store, at)
            head = 16 if size == 1 else 8
            if size == 1 and stop - at >= 16:
                (size,) = struct.unpack_from(">Q", store, at + 8)
            end = min(stop, at + size) if size else stop
            if end < at + head:
                break
            if kind == b"jumb":
                waiting.append((at + head, end))
            elif kind == b"cbor":
                yield at + head, end
            at = end


def _check_declared(cbor: bytes, budget: _Budget) -> None:
    """Raises SourceError where an item says that it holds far more than there is. One pass over the heads:
    nothing is nested, nothing is kept."""
    at = 0
    while at < len(cbor):
        budget.take()
        major, low = cbor[at] >> 5, cbor[at] & 31
        width = _WIDTHS.get(low, 0)
        count = int.from_bytes(cbor[at + 1 : at + 1 + width], "big") if width else low
        at += 1 + width
        if low > 27 or major not in _COUNTED:
            continue
        if count > len(cbor) - at + MAX_MISSING:
            raise SourceError(
                "a manifest declares far more than it holds",
                expected=f"at most {len(cbor) - at} bytes behind an item's head",
                got=count,
            )
        at += count if major in _TEXTS else 0


def _check_chunks(source: BinaryIO, form: Chunked) -> None:
    if sum(1 for _ in islice(chunks(source, form), MAX_CHUNKS)) == MAX_CHUNKS:
        raise SourceError("too many chunks for a real file", expected=f"at most {MAX_CHUNKS}")
