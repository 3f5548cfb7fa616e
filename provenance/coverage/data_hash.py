"""Finds the bytes that the hash over a whole file leaves out, in files that are not made of ISO boxes.

It may leave out the manifest store, with the bytes that wrap it. Anything else there is covered by nothing.
Source: C2PA 2.4, 18.5 (data hash).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from post.errors import SourceError
from provenance.coverage.bmff import UnhashedBytes
from provenance.crjson.manifest import as_list, as_mapping, read_range
from provenance.formats.manifest_store import LIMIT
from provenance.formats.store_frames import unwrap_store

_LABEL = "c2pa.hash.data"
_MAX_RANGES = 1_000
_TIFF = "image/tiff"


def read_excluded_stores(path: Path, kind: str, assertions: Mapping[str, Any]) -> tuple[bytes, ...]:
    """Returns the manifest stores in the ranges that a file's data hash leaves out.

    kind: the media type of the file; assertions: of the active manifest, as crJSON gives them. Raises SourceError
    if the ranges are none of this file's.
    """
    with path.open("rb") as source:
        found = [unwrap_store(data, kind) for _, data in _ranges(source, assertions)]
    return tuple(store for store in found if store)


def find_unhashed_ranges(path: Path, kind: str, assertions: Mapping[str, Any]) -> tuple[UnhashedBytes, ...]:
    """Returns what a file's data hash leaves out beside its manifest store, as `read_excluded_stores` takes it."""
    with path.open("rb") as source:
        ranges = list(_ranges(source, assertions))
        source.seek(0)
        little = source.read(2) == b"II"
    stores = [store for _, data in ranges if (store := unwrap_store(data, kind))]
    # The length of a TIFF's field (TIFF 6.0, 2) stands apart from what it holds.
    lengths = (
        [len(store).to_bytes(4, "little" if little else "big") for store in stores] if kind == _TIFF else []
    )
    return tuple(
        UnhashedBytes(f"bytes {start} to {start + len(data)}, not a manifest alone", len(data))
        for start, data in ranges
        if data and data not in lengths and unwrap_store(data, kind) is None
    )


def _ranges(source: BinaryIO, assertions: Mapping[str, Any]) -> Iterator[tuple[int, bytes]]:
    """Yields the start and the bytes of each range that the data hash leaves out."""
    rows = as_list(as_mapping(assertions.get(_LABEL)).get("exclusions"))
    size, total = source.seek(0, 2), 0
    for row in rows[:_MAX_RANGES]:
        start, length = read_range(row)
        total += length
        if start + length > size or total > 2 * LIMIT:
            raise SourceError(
                "the hash leaves out more than there is", where=f"bytes {start} to {start + length}"
            )
        source.seek(start)
        yield start, source.read(length)
    if len(rows) > _MAX_RANGES:
        raise SourceError(
            "the hash leaves out too many ranges", expected=f"at most {_MAX_RANGES}", got=len(rows)
        )
