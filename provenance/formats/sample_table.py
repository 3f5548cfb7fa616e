"""Reads from an MP4 where each frame and each packet of sound is, and when it is presented.

Of an edit list, the empty edits and the first other one count: encoders write these to delay or trim a start.
Source: ISO/IEC 14496-12:2022, 8.6 (times), 8.7 (sizes and places), 8.6.6 (edit lists).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from post.errors import SourceError
from provenance.formats.bmff import Box, read_children, read_layout, read_payload

# 57 hours at 24 frames a second. A table of twelve bytes may declare four thousand million.
MAX_SAMPLES = 5_000_000

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class TrackSamples:
    """The samples of one track, in decoding order.

    kind: "vide", "soun", ...; offset: (n,) int64, where each starts, in bytes from the beginning of the file;
    size: (n,) int64 bytes; first_s, last_s: (n,) float64 seconds, the start and the end of its presentation.
    """

    kind: str
    offset: Numbers
    size: Numbers
    first_s: NDArray[np.float64]
    last_s: NDArray[np.float64]


def read_tracks(source: BinaryIO) -> tuple[TrackSamples, ...]:
    """Returns the samples of every track of a file; () where it has no `moov`.

    Raises SourceError if a table is cut short, contradicts another, or declares over 5 000 000 samples.
    """
    movies = read_layout(source).of("moov")
    if not movies:
        return ()
    parts = list(read_children(source, movies[0]))
    scale = _movie_scale(source, parts)
    return tuple(_track(source, part, scale) for part in parts if part.kind == "trak")


def _movie_scale(source: BinaryIO, parts: list[Box]) -> int:
    header = next((part for part in parts if part.kind == "mvhd"), None)
    return _scale(read_payload(source, header)) if header else 1000


def _track(source: BinaryIO, trak: Box, movie_scale: int) -> TrackSamples:
    found = _tables(source, trak)
    kind = found["hdlr"][8:12].decode("latin-1")
    scale = _scale(found["mdhd"])
    size = _sizes(found["stsz"])
    duration = _runs(found["stts"], len(size), "stts")
    decoded = np.cumsum(duration) - duration
    shown = decoded + (_runs(found["ctts"], len(size), "ctts") if "ctts" in found else 0)
    start = (shown - _media_start(found)) / scale + _delay(found) / movie_scale
    return TrackSamples(kind, _offsets(found, size), size, start, start + duration / scale)


def _tables(source: BinaryIO, trak: Box) -> dict[str, bytes]:
    """Returns the payloads of a track's tables, by name. Only the boxes on the way to them are opened."""
    found: dict[str, bytes] = {}
    opened = [trak]
    while opened:
        for box in read_children(source, opened.pop()):
            if box.path.removeprefix("/moov/trak") in _FOLLOWED:
                opened.append(box)
            elif box.kind in _TABLES and box.kind not in found:
                found[box.kind] = read_payload(source, box)
    missing = _NEEDED - set(found)
    if missing:
        raise SourceError("a track lacks tables", where=trak.path, expected=" ".join(sorted(missing)))
    return found


_FOLLOWED = {"/mdia", "/mdia/minf", "/mdia/minf/stbl", "/edts"}
_NEEDED = {"hdlr", "mdhd", "stts", "stsz", "stsc"}
_TABLES = _NEEDED | {"ctts", "stco", "co64", "elst"}


def _scale(header: bytes) -> int:
    """Returns the time scale of an mvhd or mdhd: units a second, above 0."""
    at = 20 if header[:1] == b"\x01" else 12
    (scale,) = _unpack(">I", header, at)
    if scale == 0:
        raise SourceError("a time scale of 0", where="mvhd or mdhd")
    return int(scale)


def _sizes(table: bytes) -> Numbers:
    fixed, count = _unpack(">II", table, 4)
    if count > MAX_SAMPLES:
        raise SourceError("too many samples", where="stsz", expected=f"at most {MAX_SAMPLES}", got=count)
    return np.full(count, fixed, np.int64) if fixed else _column(table, ">u4", 12, count)


def _runs(table: bytes, samples: int, name: str) -> Numbers:
    """Returns a run-length table (count, value) as one value for each sample, (n,) int64.

    Values of ctts may be negative.
    """
    (entries,) = _unpack(">I", table, 4)
    pairs = _column(table, ">u4", 8, 2 * entries).reshape(-1, 2)
    values = (
        pairs[:, 1].astype(np.uint32).astype(np.int32).astype(np.int64) if name == "ctts" else pairs[:, 1]
    )
    if int(pairs[:, 0].sum()) != samples:
        raise SourceError(
            "two tables disagree", where=name, expected=f"{samples} samples", got=int(pairs[:, 0].sum())
        )
    expanded: Numbers = np.repeat(values, pairs[:, 0])
    return expanded


def _offsets(found: dict[str, bytes], size: Numbers) -> Numbers:
    """Returns where each sample starts, (n,) int64: inside a chunk, samples follow each other without gaps."""
    chunks = _chunks(found)
    (entries,) = _unpack(">I", found["stsc"], 4)
    rows = _column(found["stsc"], ">u4", 8, 3 * entries).reshape(-1, 3)
    edges = np.append(rows[:, 0], len(chunks) + 1)
    repeats = np.diff(edges)
    if len(rows) and (rows[0, 0] != 1 or (repeats < 0).any()):
        raise SourceError("chunks out of order", where="stsc")
    in_chunk = np.repeat(rows[:, 1], repeats)
    if int(in_chunk.sum()) != len(size):
        raise SourceError(
            "two tables disagree", where="stsc", expected=f"{len(size)} samples", got=int(in_chunk.sum())
        )
    before = np.cumsum(size) - size
    first = np.cumsum(in_chunk) - in_chunk
    base = chunks - before[np.minimum(first, max(len(size) - 1, 0))] if len(size) else chunks[:0]
    placed: Numbers = np.repeat(base, in_chunk[: len(base)]) + before
    return placed


def _chunks(found: dict[str, bytes]) -> Numbers:
    """Returns where each chunk starts, (n,) int64 bytes from the beginning of the file."""
    for name, kind in (("stco", ">u4"), ("co64", ">u8")):
        if name in found:
            (count,) = _unpack(">I", found[name], 4)
            return _column(found[name], kind, 8, count)
    raise SourceError("a track lacks its chunk offsets", where="stbl")


def _edits(found: dict[str, bytes]) -> list[tuple[int, int]]:
    """Returns (duration in movie units, media time in track units) of each edit."""
    table = found.get("elst")
    if table is None:
        return []
    wide = table[:1] == b"\x01"
    (count,) = _unpack(">I", table, 4)
    row, step = (">Qq", 20) if wide else (">Ii", 12)
    return [_unpack(row, table, 8 + step * k) for k in range(min(count, len(table) // step))]


def _media_start(found: dict[str, bytes]) -> int:
    """Returns the media time at which presentation starts: samples before it are only decoded."""
    return next((media for _, media in _edits(found) if media >= 0), 0)


def _delay(found: dict[str, bytes]) -> int:
    """Returns the length of the empty edits before presentation starts, in movie units."""
    total = 0
    for duration, media in _edits(found):
        if media >= 0:
            break
        total += duration
    return total


def _column(table: bytes, kind: str, at: int, count: int) -> Numbers:
    if at + count * np.dtype(kind).itemsize > len(table):
        raise SourceError("a table is cut short", expected=f"{count} entries")
    values: Numbers = np.frombuffer(table, kind, count, at).astype(np.int64)
    return values


def _unpack(form: str, table: bytes, at: int) -> tuple[Any, ...]:
    try:
        return struct.unpack_from(form, table, at)
    except struct.error as exc:
        raise SourceError("a table is cut short") from exc
