"""Lays out one film in every way a muxer may: the same frames, the boxes in other places."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import av

from tests.provenance.formats.made_boxes import C2PA_USERTYPE, box, wide_box

PARENTS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def boxes(data: bytes) -> Iterator[tuple[bytes, int, int, int]]:
    """(kind, start, header, size) of each outermost box."""
    at = 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        header = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            header = 16
        size = size or len(data) - at
        yield kind, at, header, size
        at += size


def kinds(path: Path) -> list[str]:
    data = path.read_bytes()
    found = []
    for kind, at, _, _ in boxes(data):
        ours = kind == b"uuid" and data[at + 8 : at + 24] == C2PA_USERTYPE
        found.append("c2pa" if ours else kind.decode())
    return found


def rebuilt(data: bytes, place: Callable[[int], int], wide: bool = False) -> bytes:
    """Returns an index with other chunk offsets. place: maps old offsets to new; wide: in tables of 64 bits."""
    out = b""
    for kind, at, header, size in boxes(data):
        payload = data[at + header : at + size]
        if kind in PARENTS:
            out += box(kind, rebuilt(payload, place, wide))
        elif kind == b"stco":
            (count,) = struct.unpack_from(">I", payload, 4)
            moved = [place(each) for each in struct.unpack_from(f">{count}I", payload, 8)]
            name, form = (b"co64", "Q") if wide else (b"stco", "I")
            out += box(name, payload[:8] + struct.pack(f">{count}{form}", *moved))
        else:
            out += data[at : at + size]
    return out


class Parts:
    """The parts of a film: `ftyp`, the index, the media, and `was`, where the media started."""

    def __init__(self, film: Path) -> None:
        data = film.read_bytes()
        found = {kind: (at, header, size) for kind, at, header, size in boxes(data)}
        self.ftyp = data[: found[b"ftyp"][2]]
        at, _, size = found[b"moov"]
        self.moov = data[at : at + size]
        at, header, size = found[b"mdat"]
        self.was, self.media = at + header, data[at + header : at + size]

    def index(self, now: int, wide: bool = False) -> bytes:
        """Returns the index for media whose first byte is at `now`."""
        return rebuilt(self.moov, lambda each: each - self.was + now, wide)


def index_last(parts: Parts) -> bytes:
    head = parts.ftyp
    return head + box(b"mdat", parts.media) + parts.index(len(head) + 8)


def index_first(parts: Parts) -> bytes:
    head = len(parts.ftyp) + len(parts.moov)
    return parts.ftyp + parts.index(head + 8) + box(b"mdat", parts.media)


def spare_boxes(parts: Parts) -> bytes:
    """Has `wide` before the media, and free boxes with content on every side."""
    spare = box(b"free", b"\x00" * 9), box(b"wide", b""), box(b"skip", b"left over")
    head = parts.ftyp + spare[0]
    before = len(head) + len(parts.moov) + len(spare[1]) + 8
    return head + parts.index(before) + spare[1] + box(b"mdat", parts.media) + spare[2]


def size_of_64_bits(parts: Parts) -> bytes:
    return parts.ftyp + wide_box(b"mdat", parts.media) + parts.index(len(parts.ftyp) + 16)


def to_the_end(parts: Parts) -> bytes:
    """Has media of size 0: they go on to the end of the file (14496-12, 4.2.2)."""
    head = parts.ftyp + parts.index(len(parts.ftyp) + len(parts.moov) + 8)
    return head + struct.pack(">I4s", 0, b"mdat") + parts.media


def table_of_64_bits(parts: Parts) -> bytes:
    wide = parts.index(0, wide=True)
    head = parts.ftyp + parts.index(len(parts.ftyp) + len(wide) + 8, wide=True)
    return head + box(b"mdat", parts.media)


def two_media(parts: Parts) -> bytes:
    """Has the media in two boxes, split where a chunk begins."""
    chunks = sorted(chunks_of(parts.moov))
    split = chunks[len(chunks) // 2] - parts.was
    first, rest = box(b"mdat", parts.media[:split]), box(b"mdat", parts.media[split:])
    head = len(parts.ftyp) + len(parts.moov)

    def place(each: int) -> int:
        at = each - parts.was
        return head + 8 + at + (8 if at >= split else 0)

    return parts.ftyp + rebuilt(parts.moov, place) + first + rest


def chunks_of(moov: bytes) -> list[int]:
    found: list[int] = []
    rebuilt(moov, lambda each: found.append(each) or each)  # type: ignore[func-returns-value]  # append's None
    return found


LAYOUTS = (index_last, index_first, spare_boxes, size_of_64_bits, to_the_end, table_of_64_bits, two_media)


def frames(path: Path) -> list[str]:
    """Returns a digest of each decoded frame of picture and block of sound."""
    found = []
    with av.open(str(path)) as media:
        for frame in media.decode(*media.streams):
            planes = frame.to_ndarray().tobytes()
            found.append(f"{frame.pts} {hashlib.sha256(planes).hexdigest()}")
    return found
