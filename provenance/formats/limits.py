"""Checks how much a file holds, and claims to hold, before a foreign library parses it.

Counting is cheap, and nothing else bounds the SDK's time and memory.
Source: JUMBF (ISO/IEC 19566-5); CBOR (RFC 8949), 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from post.errors import SourceError
from provenance.formats.bmff import check_box_count
from provenance.formats.jumbf import MAX_DEPTH, iterate_boxes
from provenance.formats.manifest_store import CHUNKED, ChunkFormat, find_stores, iterate_chunks
from provenance.formats.media_type import BMFF_TYPES

# Measured: 8 microseconds each in the SDK. A picture has dozens, an hour of AVI some thousand lists.
MAX_CHUNKS = 50_000
# The SDK allocates the length that a text or a list declares before it reads it: a fuzzed byte string that
# declared 1.6 GB in a file of 12 KB took 1.7 GB and 6 s. Up to this much beyond its end is left to the SDK.
MAX_MISSING = 4 << 20
# Boxes and CBOR items of one manifest store; the largest public one has some thousand.
MAX_PARTS = 500_000
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}  # bytes of the number behind a head, by the head's low five bits
_COUNTED = range(2, 6)  # byte strings, texts, arrays, maps
_TEXTS = (2, 3)


def check_limits(source: BinaryIO, kind: str) -> None:
    """Raises SourceError if a file has more boxes or chunks than any real one, or holds a manifest that
    nests too deep or declares far more than it holds. Leaves the file at its beginning.

    kind: the media type of the file.
    """
    if kind in BMFF_TYPES:
        check_box_count(source)
    elif kind in CHUNKED:
        _check_chunks(source, CHUNKED[kind])
    _check_manifests(source, kind)
    source.seek(0)


def check_store_limits(store: bytes) -> None:
    """Raises SourceError if a manifest store declares far more than it holds, nests too deep, or has too many
    parts."""
    budget = _Budget(MAX_PARTS)
    for start, stop in _cbor_spans(store, budget):
        _check_declared(store[start:stop], budget)


def _check_manifests(source: BinaryIO, kind: str) -> None:
    try:
        found = find_stores(source, kind)
    except SourceError:
        return  # a store that cannot be found here is left to the SDK, which may refuse it
    for store in found:
        check_store_limits(store)


@dataclass(slots=True)
class _Budget:
    """How many more parts a store may have."""

    left: int

    def take(self) -> None:
        """Counts one part. Raises SourceError if there are too many."""
        self.left -= 1
        if self.left < 0:
            raise SourceError("too many parts for a real manifest", expected=f"at most {MAX_PARTS}")


def _cbor_spans(store: bytes, budget: _Budget) -> Iterator[tuple[int, int]]:
    """Yields (start, stop) of the content of each CBOR box. A box that runs past its parent ends with it:
    the SDK may read such a box."""
    waiting = [(0, len(store), 0)]
    while waiting:
        start, end, depth = waiting.pop()
        for kind, _, content, stop, _ in iterate_boxes(store, start, end):
            budget.take()
            if kind == b"jumb":
                if depth == MAX_DEPTH:
                    raise SourceError(
                        "a manifest store nests too deep", expected=f"at most {MAX_DEPTH} superboxes"
                    )
                waiting.append((content, stop, depth + 1))
            elif kind == b"cbor":
                yield content, stop


def _check_declared(cbor: bytes, budget: _Budget) -> None:
    """Raises SourceError if an item declares far more bytes or items than follow it.

    Reads the heads of all items in one pass: it does not recurse, and keeps no item.
    """
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


def _check_chunks(source: BinaryIO, form: ChunkFormat) -> None:
    if sum(1 for _ in islice(iterate_chunks(source, form), MAX_CHUNKS)) == MAX_CHUNKS:
        raise SourceError("too many chunks for a real file", expected=f"at most {MAX_CHUNKS}")
