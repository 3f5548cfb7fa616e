"""Counts what an MP4 or MOV declares, before FFmpeg opens it: FFmpeg takes memory for every frame that is declared.

Source: ISO/IEC 14496-12, 4.2 (boxes), 8.4.3 (handlers), 8.7.3 (sample sizes).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from post.errors import SourceError

MOST_TRACKS = 128  # FFmpeg takes 60 kB for each; a film in forty languages has fewer
# Eleven hours at 24 frames a second. Each takes 200 bytes and 3 microseconds.
MOST_PACKETS = 1_000_000
MOST_BOXES = 20_000  # of the headers alone; a film of 128 tracks has 3,000
FIRST = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"styp", b"uuid")
# All boxes in which FFmpeg looks for others, wherever they are.
INSIDE = (
    b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts", b"mvex", b"schi", b"sinf", b"tref", b"udta", b"wave",
)  # fmt: skip


def check_tracks(file: BinaryIO, name: str) -> None:
    """Raises SourceError for an MP4 or MOV with more tracks or frames than a take has; OSError if it cannot be read.

    Any other file, and what is broken in another way, is left to FFmpeg.
    """
    if _at(file, 0, 8)[4:] not in FIRST:
        return
    tracks, is_picture, count = 0, False, 0
    for kind, content in _boxes(file, 0, file.seek(0, os.SEEK_END)):
        if kind == b"trak":
            tracks, is_picture, count = tracks + 1, False, 0
        if tracks > MOST_TRACKS:
            raise _fault(name, "tracks", tracks, MOST_TRACKS)
        if kind == b"hdlr":
            # A track of QuickTime has a second one, of its data, and its boxes may be in any order.
            is_picture |= _at(file, content + 8, 4) == b"vide"
        if kind in (b"stsz", b"stz2"):
            count = max(count, int.from_bytes(_at(file, content + 8, 4), "big"))
        if is_picture and count > MOST_PACKETS:
            raise _fault(name, "frames", count, MOST_PACKETS)


def _boxes(file: BinaryIO, first: int, stop: int) -> Iterator[tuple[bytes, int]]:
    """Yields the kind and the start of the content of each box of the headers, in the order of the file."""
    ends, at = [stop], first
    for _ in range(MOST_BOXES):
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
            return
        yield kind, content
        if kind in INSIDE:
            ends.append(end)
            at = content
        else:
            at = end


def _at(file: BinaryIO, place: int, length: int) -> bytes:
    file.seek(place)
    return file.read(length)


def _fault(name: str, what: str, count: int, most: int) -> SourceError:
    return SourceError(
        f"has too many {what}",
        where=name,
        expected=f"up to {most}",
        got=count,
        fix="fetch it again, or cut it into clips",
    )
