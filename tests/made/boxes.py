"""Puts boxes into MP4 and MOV files, and elements into Matroska files, that no encoder here writes."""

from __future__ import annotations

import struct
from pathlib import Path

ON_THE_WAY = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
SEGMENT, TRACKS, TRACK, VIDEO = 0x18538067, 0x1654AE6B, 0xAE, 0xE0


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def add_to_sample_entry(path: Path, boxes: bytes) -> Path:
    """Puts boxes at the end of the first sample entry of a file with one track."""
    data = bytearray(path.read_bytes())
    sizes, at, stop, table = [], 0, len(data), 0
    for kind in ON_THE_WAY:
        at = _find(data, kind, at, stop)
        sizes.append(at)
        stop = at + struct.unpack_from(">I", data, at)[0]
        at += 16 if kind == b"stsd" else 8
        table = at if kind == b"stbl" else table
    end = at + struct.unpack_from(">I", data, at)[0]
    _move_samples(
        data, _find(data, b"stco", table, len(data)), len(boxes) if end < data.rindex(b"mdat") else 0
    )
    for place in [*sizes, at]:
        struct.pack_into(">I", data, place, struct.unpack_from(">I", data, place)[0] + len(boxes))
    data[end:end] = boxes
    path.write_bytes(data)
    return path


def _move_samples(data: bytearray, offsets: int, by: int) -> None:
    (count,) = struct.unpack_from(">I", data, offsets + 12)
    for place in range(offsets + 16, offsets + 16 + 4 * count, 4):
        struct.pack_into(">I", data, place, struct.unpack_from(">I", data, place)[0] + by)


def _find(data: bytes | bytearray, kind: bytes, at: int, stop: int) -> int:
    while at < stop:
        if data[at + 4 : at + 8] == kind:
            return at
        at += struct.unpack_from(">I", data, at)[0]
    raise LookupError(kind)


def clap(width: int, height: int, across: int, down: int) -> bytes:
    """A clean aperture: its size, and how far its middle is right and below of the picture's, in half pixels."""
    terms = (width, 1, height, 1, across, 2, down, 2)
    return box(b"clap", struct.pack(">IIIIiIiI", *terms))


def dolby_vision(profile: int, base: int) -> bytes:
    """The configuration of Dolby Vision. Source: Dolby Vision Streams Within the ISO Base Media File Format, 3.2."""
    bits = profile << 9 | 6 << 3 | 0b101  # level 6; metadata and a base layer, no enhancement layer
    record = struct.pack(">BBHB", 1, 0, bits, base << 4) + bytes(19)
    return box(b"dvcC" if profile < 8 else b"dvvC", record)


def add_pixel_crop(path: Path, left: int, top: int, right: int, bottom: int) -> Path:
    """Writes a Matroska file anew with PixelCrop elements in its first picture track (RFC 9559, 5.1.4.1.28)."""
    crop = b"".join(
        _element(code, value.to_bytes(2, "big"))
        for code, value in ((0x54CC, left), (0x54BB, top), (0x54DD, right), (0x54AA, bottom))
    )
    path.write_bytes(_rewritten(path.read_bytes(), [SEGMENT, TRACKS, TRACK, VIDEO], crop))
    return path


def _rewritten(data: bytes, way: list[int], more: bytes) -> bytes:
    """Copies elements; the one that the way leads to gets more content. Indexes are dropped: their places move."""
    if not way:
        return data + more
    made, at = b"", 0
    while at < len(data):
        code, at = _number(data, at, keep=True)
        size, at = _number(data, at, keep=False)
        content, at = data[at : at + size], at + size
        if code in (0x114D9B74, 0x1C53BB6B):  # SeekHead, Cues
            continue
        if code == way[0]:
            content, way = _rewritten(content, way[1:], more), [-1]
        made += _element(code, content)
    return made


def _element(code: int, content: bytes) -> bytes:
    head = code.to_bytes((code.bit_length() + 7) // 8, "big")
    return head + (len(content) | 1 << 56).to_bytes(8, "big") + content


def _number(data: bytes, at: int, *, keep: bool) -> tuple[int, int]:
    length = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + length], "big")
    return (value if keep else value & ((1 << (7 * length)) - 1)), at + length
