"""Takes files apart into chunks, segments, tables and lines, and puts them together again."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from post.takes.stills.still_chunks import PNG

MOST_PARTS = 20_000
MOST_TABLES, LONGEST_TABLE = 100, 1 << 20
SFNT = (b"\0\1\0\0", b"OTTO", b"true")
_SCAN = 0xDA  # of a JPEG: what follows it is not in segments
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))  # markers without a length


@dataclass(frozen=True, slots=True)
class Form:
    """How a format is taken apart. split: head and parts; join: the file again, with its lengths corrected."""

    split: Callable[[bytes], tuple[bytes, list[bytes]]]
    join: Callable[[bytes, Sequence[bytes]], bytes]


def form_of(data: bytes, suffix: str) -> Form | None:
    """Returns how to take a file apart; None where it has no parts that are known here."""
    if data[:8] == PNG:
        return Form(_png_chunks, _png)
    if data[:4] == b"RIFF":
        return Form(_riff_chunks, _riff)
    if data[:2] == b"\xff\xd8":
        return Form(_jpeg_segments, _joined)
    if data[:4] in SFNT and len(data) >= 12:
        return Form(_tables, _sfnt)
    if suffix in (".cube", ".3dl", ".clf", ".cdl", ".cc", ".svg"):
        return Form(lambda text: (b"", text.splitlines(keepends=True)), _joined)
    return None


def _joined(head: bytes, parts: Sequence[bytes]) -> bytes:
    return head + b"".join(parts)


def _png_chunks(data: bytes) -> tuple[bytes, list[bytes]]:
    parts: list[bytes] = []
    at = len(PNG)
    while at + 12 <= len(data) and len(parts) < MOST_PARTS:
        stop = at + 12 + int.from_bytes(data[at : at + 4], "big")
        parts.append(data[at:stop])
        at = stop
    return PNG, parts


def _png(head: bytes, parts: Sequence[bytes]) -> bytes:
    return head + b"".join(_checked(part) for part in parts)


def _checked(chunk: bytes) -> bytes:
    """Returns a chunk with its own sum (PNG 1.2, 3.2): a decoder stops at a wrong one."""
    return chunk[:-4] + struct.pack(">I", zlib.crc32(chunk[4:-4])) if len(chunk) >= 12 else chunk


def _riff_chunks(data: bytes) -> tuple[bytes, list[bytes]]:
    parts: list[bytes] = []
    at = 12
    while at + 8 <= len(data) and len(parts) < MOST_PARTS:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        stop = at + 8 + size + size % 2
        parts.append(data[at:stop])
        at = stop
    return data[:12], parts


def _riff(head: bytes, parts: Sequence[bytes]) -> bytes:
    body = b"".join(parts)
    return head[:4] + struct.pack("<I", (len(body) + 4) & 0xFFFFFFFF) + head[8:12] + body


def _jpeg_segments(data: bytes) -> tuple[bytes, list[bytes]]:
    parts: list[bytes] = []
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and len(parts) < MOST_PARTS:
        size = 0 if data[at + 1] in _ALONE else int.from_bytes(data[at + 2 : at + 4], "big")
        stop = len(data) if data[at + 1] == _SCAN else at + 2 + size
        parts.append(data[at:stop])
        at = stop
    return data[:2], [*parts, data[at:]]


def _tables(data: bytes) -> tuple[bytes, list[bytes]]:
    """Returns the first four bytes, and each table with its tag before it."""
    (count,) = struct.unpack_from(">H", data, 4)
    rows = [data[12 + 16 * row : 28 + 16 * row] for row in range(min(count, MOST_TABLES))]
    found = [struct.unpack(">4s4xII", row) for row in rows if len(row) == 16]
    return data[:4], [tag + data[at : at + min(size, LONGEST_TABLE)] for tag, at, size in found]


def _sfnt(head: bytes, parts: Sequence[bytes]) -> bytes:
    at = 12 + 16 * len(parts)
    rows, body = b"", b""
    for part in parts:
        rows += struct.pack(">4sIII", part[:4].ljust(4), 0, at + len(body), max(len(part) - 4, 0))
        body += part[4:] + bytes(-len(part[4:]) % 4)
    return head + struct.pack(">HHHH", len(parts) & 0xFFFF, 0, 0, 0) + rows + body


_NUMBER = re.compile(rb"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")


def numbers(data: bytes, start: int, stop: int) -> list[tuple[int, int]]:
    """Returns where numbers are written in a part of a text."""
    return [found.span() for found in _NUMBER.finditer(data, start, stop)]
