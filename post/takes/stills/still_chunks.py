"""Counts what the head of a PNG or a TIFF declares, before Pillow reads it.

Pillow keeps every chunk and every tag, and allocates the lengths that they declare.
Sources: PNG (ISO/IEC 15948), 5.3; TIFF 6.0, 2; BigTIFF.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

PNG = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS = 50_000  # a writer that puts 8 kB in each needs 35,000 for 36 megapixels of 16 bits
MOST_BESIDE = 16 << 20  # bytes of a chunk that is not the picture: a CMYK profile has 2 MB
# Values of one tag of numbers: an offset for each of 16,384 rows in each of four planes.
MOST_NUMBERS = 1 << 16
TEXT_OR_BYTES = (1, 2, 6, 7)  # TIFF's types of one byte each; profiles, thumbnails and XMP have them
# By the version in the head: where it says the first directory lies, how a directory says its number of entries, and
# an entry.
_TIFF = {42: ("I", 4, "H", "HHI4s"), 43: ("Q", 8, "Q", "HHQ8s")}


def check_chunks(file: BinaryIO, size: int) -> None:
    """Raises ValueError for a PNG or a TIFF whose head declares more than any picture has; OSError if it cannot be
    read.

    size: the file's, in bytes. The file stays open, somewhere in its middle.
    """
    file.seek(0)
    head = file.read(8)
    if head == PNG:
        _check_png(file, size)
    elif head[:2] in (b"II", b"MM"):
        _check_tiff(file, head)


def _check_png(file: BinaryIO, size: int) -> None:
    for _ in range(MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8 or head[4:] == b"IEND":
            return
        length = int.from_bytes(head[:4], "big")
        if length > (size if head[4:] == b"IDAT" else MOST_BESIDE):
            raise ValueError(f"a chunk that declares {length} bytes")
        file.seek(length + 4, 1)
    raise ValueError(f"more than {MOST_CHUNKS} chunks")


def _check_tiff(file: BinaryIO, head: bytes) -> None:
    order = "<" if head[:2] == b"II" else ">"
    form = _TIFF.get(struct.unpack(f"{order}H", head[2:4])[0])
    if form is None:
        return
    pointer, at, counter, entry = form
    file.seek(at)
    file.seek(_read(file, order + pointer)[0])
    for _ in range(min(_read(file, order + counter)[0], MOST_NUMBERS)):
        tag, kind, count, _ = _read(file, order + entry)
        if count > MOST_NUMBERS and kind not in TEXT_OR_BYTES:
            raise ValueError(f"a tag ({tag}) that declares {count} numbers")


def _read(file: BinaryIO, form: str) -> tuple[int, ...]:
    data = file.read(struct.calcsize(form))
    if len(data) < struct.calcsize(form):
        raise ValueError("it is cut short")
    return struct.unpack(form, data)
