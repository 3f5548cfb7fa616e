"""Where each frame and each packet of sound lies in an MP4, and when it is shown.

Of an edit list, empty edits and the first shown one count: what encoders write to delay or trim a start.
Source: ISO/IEC 14496-12:2022, 8.6 (times), 8.7 (sizes and places), 8.6.6 (edit lists).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from post.errors import SourceError
from provenance.formats.bmff import Box, inside, layout, payload

# 57 hours at 24 frames a second; a twelve-byte table may claim four thousand million.
MAX_SAMPLES = 5_000_000

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Track:
    """One track's samples, in decoding order. kind: "vide", "soun", ...; offset, size: (n,) int64 bytes
    in the file; first_s, last_s: (n,) float64 seconds, when each is first and no longer presented."""

    kind: str
    offset: Numbers
    size: Numbers
    first_s: NDArray[np.float64]
    last_s: NDArray[np.float64]


def tracks(source: BinaryIO) -> tuple[Track, ...]:
    """Every track of a file; empty where it has no `moov`.

    Raises SourceError where a table is cut short, contradicts another, or claims too much.
    """
    movies = layout(source).of("moov")
    if not movies:
        return ()
    parts = list(inside(source, movies[0]))
    scale = _movie_scale(source, parts)
    return tuple(_track(source, part, scale) for part in parts if part.kind == "trak")


def _movie_scale(source: BinaryIO, parts: list[Box]) -> int:
    header = next((part for part in parts if part.kind == "mvhd"), None)
    return _scale(payload(source, header)) if header else 1000


def _track(source: BinaryIO, trak: Box, movie_scale: int) -> Track:
    found = _tables(source, trak)
    kind = found["hdlr"][8:12].decode("latin-1")
    scale = _scale(found["mdhd"])
    size = _sizes(found["stsz"])
    duration = _runs(found["stts"], len(size), "stts")
    decoded = np.cumsum(duration) - duration
    shown = decoded + (_runs(found["ctts"], len(size), "ctts") if "ctts" in found else 0)
    start = (shown - _media_start(found)) / scale + _delay(found) / movie_scale
    return Track(kind, _offsets(found, size), size, start, start + duration / scale)


def _tables(source: BinaryIO, trak: Box) -> dict[str, bytes]:
    """The payloads of a track's tables, by name. One known path is followed; nothing else is opened."""
    found: dict[str, bytes] = {}
    opened = [trak]
    while opened:
        for box in inside(source, opened.pop()):
            if box.path.removeprefix("/moov/trak") in _FOLLOWED:
                opened.append(box)
            elif box.kind in _TABLES and box.kind not in found:
                found[box.kind] = payload(source, box)
    missing = _NEEDED - set(found)
    if missing:
        raise SourceError("a track lacks tables", where=trak.path, expected=" ".join(sorted(missing)))
    return found


_FOLLOWED = {"/mdia", "/mdia/minf", "/mdia/minf/stbl", "/edts"}
_NEEDED = {"hdlr", "mdhd", "stts", "stsz", "stsc"}
_TABLES = _NEEDED | {"ctts", "stco", "co64", "elst"}


def _scale(header: bytes) -> int:
    """The time scale of an mvhd or mdhd: units a second, above 0."""
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
    """A run-length table (count, value) laid out one value a sample. ctts values may be below 0."""
    (entries,) = _unpack(">I", table, 4)
    pairs = _column(table, ">u4", 8, 2 * entries).reshape(-1, 2)
    values = (
        pairs[:, 1].astype(np.uint32).astype(np.int32).astype(np.int64) if name == "ctts" else pairs[:, 1]
    )
    if int(pairs[:, 0].sum()) != samples:
        raise SourceError(
            "two tables disagree", where=name, expected=f"{samples} samples", got=int(pairs[:, 0].sum())
        )
    laid: Numbers = np.repeat(values, pairs[:, 0])
    return laid


def _offsets(found: dict[str, bytes], size: Numbers) -> Numbers:
    """Where each sample starts: chunk by chunk, samples lie back to back. (n,) int64."""
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
    for name, kind in (("stco", ">u4"), ("co64", ">u8")):
        if name in found:
            (count,) = _unpack(">I", found[name], 4)
            return _column(found[name], kind, 8, count)
    raise SourceError("a track lacks its chunk offsets", where="stbl")


def _edits(found: dict[str, bytes]) -> list[tuple[int, int]]:
    """(duration in movie units, media time in track units) of each edit."""
    table = found.get("elst")
    if table is None:
        return []
    wide = table[:1] == b"\x01"
    (count,) = _unpack(">I", table, 4)
    row, step = (">Qq", 20) if wide else (">Ii", 12)
    return [_unpack(row, table, 8 + step * k) for k in range(min(count, len(table) // step))]


def _media_start(found: dict[str, bytes]) -> int:
    """Media time of the first edit that shows anything: what comes before it is decoded and not shown."""
    return next((media for _, media in _edits(found) if media >= 0), 0)


def _delay(found: dict[str, bytes]) -> int:
    """Empty edits before the picture starts, in movie units."""
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
