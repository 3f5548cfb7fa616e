"""Tells of a file that ends before its container says that it does: half a copy, or a writer that has not ended.

Only heads are read. What is in no container that says its length, or in none that is known here, counts as whole: what
decodes it will say what is wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from post.atomic import open_regular

MOST_BOXES = 200_000  # of a fragmented film of a day
_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"


def what_is_missing(path: Path) -> str:
    """Returns what a file lacks, in words; "" where nothing is known to be missing. Raises OSError."""
    with open_regular(path) as file:
        size = file.seek(0, 2)
        file.seek(0)
        head = file.read(16)
        if not size:
            return "it is empty"
        if not head.strip(b"\0"):
            return "its first bytes are not written yet"
        if head[4:8] in (b"ftyp", b"styp", b"moov", b"mdat", b"wide", b"free", b"skip"):
            return _boxes(file, size)
        if head.startswith(_EBML):
            return _matroska(file, size)
        if head.startswith(b"RIFF"):
            said = int.from_bytes(head[4:8], "little")
            return _short(size, said + 8) if 0 < said < 0xFFFFFFFF else ""
    return ""


def _boxes(file: BinaryIO, size: int) -> str:
    """Walks the boxes of ISO/IEC 14496-12, 4.2."""
    at, index = 0, False
    for _ in range(MOST_BOXES):
        if at + 8 > size:
            break
        file.seek(at)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        index = index or kind in (b"moov", b"moof")
        if length == 0:  # to the end of the file; or a tail of zeros, which hold nothing
            break
        if not all(32 <= letter < 127 for letter in kind):
            return ""
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length < 8:
            return ""
        if at + length > size:
            return _short(size, at + length)
        at += length
    return "" if index else "it has no index (moov) yet"


def _matroska(file: BinaryIO, size: int) -> str:
    """Compares the size of the segment (RFC 8794, 9.5; an unknown size says nothing)."""
    file.seek(4)
    header, at = _vint(file.read(8), 4)
    if header < 0:
        return ""
    at += header
    file.seek(at)
    head = file.read(12)
    if len(head) < 5:
        return "it ends after its header"
    if head[:4] != _SEGMENT:
        return ""
    length, start = _vint(head[4:], at + 4)
    return _short(size, start + length) if length >= 0 else ""


def _vint(data: bytes, at: int) -> tuple[int, int]:
    """Returns a number of EBML (RFC 8794, 4), -1 for an unknown one, and where what follows it starts."""
    if not data or not data[0]:
        return -1, at
    width = 9 - data[0].bit_length()
    value = int.from_bytes(data[:width], "big") & ((1 << (7 * width)) - 1)
    unknown = value == (1 << (7 * width)) - 1 or len(data) < width
    return (-1 if unknown else value), at + width


def _short(size: int, wanted: int) -> str:
    return (
        f"it has {size} of {wanted} bytes" if wanted > size + 1 else ""
    )  # a last byte of padding may be left out
