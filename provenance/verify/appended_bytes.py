"""Finds bytes that were added after the end of a signed file, and whether what is before them is as it was signed.

A changed film and a film with something behind it read alike by their hash. Here the file is read again without what
lies behind its end: where that holds, and our own checks of its manifests found nothing, nothing else was changed.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import BinaryIO

from post.errors import SourceError
from post.values.claim import Finding
from provenance.formats.bmff import read_layout
from provenance.formats.media_type import BMFF_TYPES
from provenance.manifest.reader import read_stream
from provenance.verify.integrity import integrity_of
from provenance.verify.locate_manifest import LocatedManifest
from provenance.verify.own_checks import Before

APPENDED = "bytes.appended"
# Outermost boxes of films, pictures and their segments (ISO/IEC 14496-12, 23000-19, QuickTime).
_BOXES = frozenset(
    ("ftyp", "moov", "mdat", "free", "skip", "wide", "uuid", "meta", "moof", "mfra", "sidx", "ssix", "styp", "emsg",
     "prft", "pdin", "pnot", "udta", "meco", "jumb")
)  # fmt: skip
_TAIL = 1 << 20  # bytes of a JPEG in which its end is looked for
_CHUNK_HEAD = 12  # bytes of a PNG's chunk beside its data


def find_appended(located: LocatedManifest, before: Before) -> Finding | None:
    """Returns where the media of a file ends, if bytes follow and the SDK finds all before them as it was signed.

    before: what our own checks found of that. None where no bytes follow, or the SDK finds a fault before them.
    """
    kind = located.reading.media_type
    find_end = next((row for types, row in _ENDS.items() if kind in types), None)
    if find_end is None:
        return None
    try:
        with located.path.open("rb") as source:
            size = source.seek(0, io.SEEK_END)
            end = find_end(source, size)
            if not 0 < end < size:
                return None
            found = read_stream(io.BufferedReader(Prefix(source, end)), kind, "", located.detached or None)
    except (OSError, SourceError):
        return None
    if not found.manifests or integrity_of(found) != "intact":
        return None
    why = f"{size - end} bytes were added after the end of the media, which is at byte {end}; what is before {before}"
    return Finding(APPENDED, "integrity", f"byte {end}", why)


class Prefix(io.RawIOBase):
    """The first bytes of an open file, as a file of their own."""

    def __init__(self, source: BinaryIO, size: int) -> None:
        self._source, self._size, self._at = source, size, 0

    def readable(self) -> bool:
        """Returns True."""
        return True

    def seekable(self) -> bool:
        """Returns True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves to a place, and returns it."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Returns the place."""
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # narrower than any Buffer
        """Fills a buffer as far as there are bytes, and returns how many."""
        wanted = min(len(buffer), max(0, self._size - self._at))
        self._source.seek(self._at)
        data = self._source.read(wanted)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _end_of_boxes(source: BinaryIO, _: int) -> int:
    """Returns where the outermost boxes of known kinds end."""
    end = 0
    for box in read_layout(source).boxes:
        if box.kind not in _BOXES or box.missing:
            break
        end = box.stop
    return end


def _end_of_riff(source: BinaryIO, _: int) -> int:
    source.seek(4)
    length = int.from_bytes(source.read(4), "little")
    return 8 + length + length % 2


def _end_of_png(source: BinaryIO, size: int) -> int:
    at = 8
    while at + _CHUNK_HEAD <= size:
        source.seek(at)
        head = source.read(8)
        at += int.from_bytes(head[:4], "big") + _CHUNK_HEAD
        if head[4:] == b"IEND":
            return at
    return 0


def _end_of_jpeg(source: BinaryIO, size: int) -> int:
    start = max(0, size - _TAIL)
    source.seek(start)
    found = source.read(_TAIL).rfind(b"\xff\xd9")
    return start + found + 2 if found >= 0 else 0


_ENDS: Mapping[frozenset[str], Callable[[BinaryIO, int], int]] = {
    frozenset(BMFF_TYPES): _end_of_boxes,
    frozenset(("audio/wav", "image/webp", "video/avi")): _end_of_riff,
    frozenset(("image/png",)): _end_of_png,
    frozenset(("image/jpeg",)): _end_of_jpeg,
}
