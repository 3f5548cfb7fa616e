"""Counts what an MP4 or MOV declares, before FFmpeg opens it: FFmpeg takes memory for every frame that is declared.

Source: ISO/IEC 14496-12, 4.2 (boxes), 8.4.3 (handlers), 8.6.1.2 (times), 8.7.3 and 8.7.4 (samples), 8.8.7 and 8.8.8
(fragments).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from post.errors import SourceError

MOST_TRACKS = 128  # FFmpeg takes 60 kB for each; a film in forty languages has fewer
# Eleven hours at 24 frames a second. Each takes 200 bytes and 3 microseconds.
MOST_PACKETS = 1_000_000
# Packets of sound in one track: five days of AAC, or seven minutes of fragments that hold each sample alone. Each
# takes 24 bytes.
MOST_SOUND = 20_000_000
MOST_BOXES = 20_000  # of the headers alone; a film of 128 tracks has 3,000
MOST_PARTS = 400_000  # boxes of fragments: nine hours of one a second; each takes 5 microseconds
PIECE = 1024  # samples of PCM that FFmpeg makes one packet of
FIRST = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"styp", b"uuid", b"moof", b"pnot")
# All boxes in which FFmpeg looks for others, wherever they are.
INSIDE = (
    b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts", b"mvex", b"schi", b"sinf", b"tref", b"udta", b"wave",
    b"moof", b"traf",
)  # fmt: skip


@dataclass(slots=True)
class _DeclaredTrack:
    """What a track declares.

    samples: by its table of sizes; fragments: those in fragments; in_step: each lasts one tick, as those of PCM do, by
    all its tables of times; chunks: how many there are; runs: (first chunk, samples in each) from there on, by each
    table of them.
    """

    is_picture: bool = False
    samples: int = 0
    fragments: int = 0
    in_step: bool | None = None
    chunks: int = 0
    runs: list[list[tuple[int, int]]] = field(default_factory=list)

    def check(self, name: str) -> None:
        """Raises SourceError if the track has more than one of a take has."""
        if self.is_picture:
            if self.samples + self.fragments > MOST_PACKETS:
                raise _fault(name, "frames", self.samples + self.fragments, MOST_PACKETS)
            return
        packets = self.fragments + (self._pieces() if self.in_step else self.samples)
        if packets > MOST_SOUND:
            raise _fault(name, "samples in a track", packets, MOST_SOUND)

    def _pieces(self) -> int:
        """Returns how many packets FFmpeg makes of the samples of PCM in the chunks."""
        return max((_pieces(rows, self.chunks) for rows in self.runs), default=0)


def _pieces(rows: list[tuple[int, int]], chunks: int) -> int:
    ends = [first for first, _ in rows[1:]] + [chunks + 1]
    return sum(
        max(0, end - first) * -(-samples // PIECE) for (first, samples), end in zip(rows, ends, strict=True)
    )


@dataclass(slots=True)
class _Film:
    """The tracks of a film. numbered: by the number that its fragments name them by; fragment: that of the last one."""

    tracks: list[_DeclaredTrack] = field(default_factory=list)
    numbered: dict[int, _DeclaredTrack] = field(default_factory=dict)
    fragment: _DeclaredTrack = field(default_factory=_DeclaredTrack)

    def read(self, file: BinaryIO, kind: bytes, content: int, end: int) -> None:
        """Adds what a box declares."""
        if kind == b"trak":
            self.tracks.append(_DeclaredTrack())
        elif kind == b"tfhd":
            self.fragment = self.numbered.get(_number(file, content + 4), self.fragment)
        elif kind == b"trun":
            self.fragment.fragments += _number(file, content + 4)
        elif kind == b"tkhd" and self.tracks:
            # The times before the number have 4 bytes each in version 0, and 8 in version 1.
            wide = _at(file, content, 1) == b"\1"
            self.numbered[_number(file, content + (20 if wide else 12))] = self.tracks[-1]
        elif self.tracks:
            _read_table(file, kind, content, end, self.tracks[-1])


def check_tracks(file: BinaryIO, name: str) -> None:
    """Raises SourceError for an MP4 or MOV with more tracks, frames or boxes than a take has; OSError if it cannot be
    read.

    Any other file, and what is broken in another way, is left to FFmpeg.
    """
    if _at(file, 0, 8)[4:] not in FIRST:
        return
    film = _Film()
    for kind, content, end in _boxes(file, file.seek(0, os.SEEK_END), name):
        film.read(file, kind, content, end)
        if len(film.tracks) > MOST_TRACKS:
            raise _fault(name, "tracks", len(film.tracks), MOST_TRACKS)
    for track in film.tracks:
        track.check(name)


def _read_table(file: BinaryIO, kind: bytes, content: int, end: int, track: _DeclaredTrack) -> None:
    """Adds what a box of a track's tables declares."""
    if kind == b"hdlr":
        # A track of QuickTime has a second one, of its data, and its boxes may be in any order.
        track.is_picture |= _at(file, content + 8, 4) == b"vide"
    elif kind in (b"stsz", b"stz2"):
        track.samples = max(track.samples, _number(file, content + 8))
    elif kind == b"stts":
        one_tick = _number(file, content + 4) == 1 and _number(file, content + 12) == 1
        track.in_step = one_tick and track.in_step is not False
    elif kind in (b"stco", b"co64"):
        track.chunks = max(track.chunks, min(_number(file, content + 4), (end - content) // 4))
    elif kind == b"stsc":
        rows = min(_number(file, content + 4), (end - content) // 12, MOST_PACKETS)
        table = _at(file, content + 8, rows * 12)
        track.runs.append([row[:2] for row in struct.iter_unpack(">III", table[: len(table) // 12 * 12])])


def _boxes(file: BinaryIO, stop: int, name: str) -> Iterator[tuple[bytes, int, int]]:
    """Yields the kind, and the start and end of the content, of each box of the headers, in the order of the file.

    Raises SourceError where there are more than any film has: nobody looked at those behind.
    """
    ends, at, parts, left = [stop], 0, 0, MOST_BOXES
    in_fragment = False
    while True:
        while at + 8 > ends[-1]:
            at = ends.pop()
            if not ends:
                return
        head = _at(file, at, 16)
        size, kind, content = int.from_bytes(head[:4], "big"), head[4:8], at + 8
        if size == 1:
            size, content = int.from_bytes(head[8:], "big"), at + 16
        end = min(at + size if size else ends[-1], ends[-1])
        if end < content:
            at = ends[-1]  # FFmpeg leaves the rest of the parent out, and goes on behind it
            continue
        if len(ends) == 1:
            in_fragment = kind in (b"moof", b"mdat", b"sidx", b"emsg", b"prft", b"styp")
        parts, left = (parts + 1, left) if in_fragment else (parts, left - 1)
        if parts > MOST_PARTS or left < 0:
            raise _fault(name, "boxes", "more", MOST_PARTS if in_fragment else MOST_BOXES)
        yield kind, content, end
        at = content if kind in INSIDE else end
        if kind in INSIDE:
            ends.append(end)


def _number(file: BinaryIO, place: int) -> int:
    return int.from_bytes(_at(file, place, 4), "big")


def _at(file: BinaryIO, place: int, length: int) -> bytes:
    file.seek(place)
    return file.read(length)


def _fault(name: str, what: str, count: object, most: int) -> SourceError:
    return SourceError(
        f"has too many {what}",
        where=name,
        expected=f"up to {most}",
        got=count,
        fix="fetch it again, or cut it into clips",
    )
