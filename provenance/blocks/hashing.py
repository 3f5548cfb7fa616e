"""Hashes a film in blocks, each with its seconds of the film, and finds the blocks and boxes that changed.

C2PA's own hash says only that something changed. Signing moves the media in the file (the manifest goes in
before it, and chunk offsets follow) but changes no byte inside `mdat`. So blocks are counted from the start
of each `mdat` payload before signing, and stay valid after it. All other boxes are hashed one by one.
C2PA's Merkle option would also locate a change, but two validators disagree on where its leaves start.

Blocks.2 cuts by time and adds the boxes; Blocks.1, cut by size, is still read. See `assertion`.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from post.atomic import checksum
from provenance.blocks.assertion import ALGORITHM, LABEL, SCHEMA, SignedBlock, parse_blocks, parse_boxes
from provenance.blocks.layout import MAX_BYTES, BlockSpan, Seconds, cut_blocks
from provenance.formats.bmff import Box, read_layout, walk
from provenance.formats.media_type import BESIDE_ALONE, detect_media_type
from provenance.formats.sample_table import read_tracks

__all__ = [
    "LABEL",
    "SCHEMA",
    "ChangedBlock",
    "FilmDigests",
    "Seconds",
    "build_assertion",
    "find_changed_blocks",
    "find_changed_boxes",
    "hash_boxes",
    "hash_film",
    "hash_payload",
    "merge_seconds",
    "parse_boxes",
]

_STEP = 1 << 20
# Signing rewrites these tables, because the media moves in the file.
_REWRITTEN = frozenset({"stco", "co64"})


@dataclass(frozen=True, slots=True)
class ChangedBlock:
    """A block whose bytes are not those that were signed. mdat, block: numbers from 0; shown: its seconds
    of the film, None where nothing in it is presented."""

    mdat: int
    block: int
    shown: Seconds | None


@dataclass(frozen=True, slots=True)
class FilmDigests:
    """The digests of a film. assertion: the blocks assertion's data, {} for a film that has no boxes, such as Matroska;
    sha256: of the whole file, hexadecimal."""

    assertion: dict[str, Any]
    sha256: str


def build_assertion(film: Path, most_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """Returns the blocks assertion's data of a finished, unsigned film.

    most_bytes: of one block. Raises SourceError if the file cannot be read as an MP4.
    """
    return hash_film(film, most_bytes).assertion


def hash_film(film: Path, most_bytes: int = MAX_BYTES) -> FilmDigests:
    """Returns the blocks assertion's data of a finished, unsigned film, and its digest, reading it once.

    most_bytes: of one block. Raises SourceError if the file cannot be read as an MP4.
    """
    with film.open("rb") as source:
        if detect_media_type(source) in BESIDE_ALONE:
            return FilmDigests({}, checksum(film).sha256)
        media = read_layout(source).of("mdat")
        found = read_tracks(source)
        boxes = [[place, digest] for place, digest in hash_boxes(source)]
        reader = _HashingReader(source)
        rows = [
            {
                "bytes": box.payload_bytes,
                "blocks": [_row(cut, reader.digest(cut)) for cut in cut_blocks(box, found, most_bytes)],
            }
            for box in media
        ]
        sha256 = reader.finish()
    return FilmDigests({"schema": SCHEMA, "alg": ALGORITHM, "mdat": rows, "boxes": boxes}, sha256)


def find_changed_blocks(film: Path, signed: Mapping[str, Any]) -> tuple[ChangedBlock, ...]:
    """Returns the blocks of a film that differ from a blocks assertion, in file order.

    Blocks that are missing count as changed, and so do bytes behind the last block of an `mdat`.
    Raises SourceError if the assertion or the film cannot be parsed.
    """
    rows = parse_blocks(signed)
    found: list[ChangedBlock] = []
    with film.open("rb") as source:
        media = read_layout(source).of("mdat")
        for number, row in enumerate(rows):
            found += _differing(source, number, row, media[number] if number < len(media) else None)
    return tuple(found)


def find_changed_boxes(film: Path, signed: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns the paths of the boxes that differ from a blocks assertion: changed, added, removed or moved.

    `mdat` is left out. The second box with the same path is PATH[2]. () for Blocks.1, which records no boxes.
    Raises SourceError if the assertion or the boxes cannot be parsed.
    """
    then = parse_boxes(signed)
    if then is None:
        return ()
    with film.open("rb") as source:
        now = dict(hash_boxes(source))
    differing = [place for place in {**then, **now} if then.get(place) != now.get(place)]
    if not differing and list(then) != list(now):
        return ("(the order of boxes)",)
    return tuple(differing)


def hash_boxes(source: BinaryIO) -> Iterator[tuple[str, str]]:
    """Yields (path, sha256 of the payload in base64) of every box that signing does not change, without media.

    These are the outermost boxes and, instead of `moov`, each box inside it that holds no boxes.
    """
    seen: dict[str, int] = {}
    for box in _recorded(source):
        seen[box.path] = seen.get(box.path, 0) + 1
        number = f"[{seen[box.path]}]" if seen[box.path] > 1 else ""
        yield f"{box.path}{number}", hash_payload(source, box)


def hash_payload(source: BinaryIO, box: Box) -> str:
    """Returns the sha256 of a box's payload, in base64."""
    total = hashlib.sha256()
    source.seek(box.payload)
    for at in range(box.payload, box.stop, _STEP):
        total.update(source.read(min(_STEP, box.stop - at)))
    return _text(total.digest())


def merge_seconds(found: Sequence[ChangedBlock]) -> tuple[Seconds, ...]:
    """Returns the spans of time of changed blocks, (first, last) in seconds, merged where they touch."""
    merged: list[Seconds] = []
    for start, stop in sorted(change.shown for change in found if change.shown):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return tuple(merged)


def _row(cut: BlockSpan, digest: bytes) -> list[Any]:
    first, last = (round(at, 3) for at in cut.shown) if cut.shown else (None, None)
    return [cut.stop - cut.start, _text(digest), first, last]


def _text(digest: bytes) -> str:
    return b64encode(digest).decode("ascii")


def _differing(
    source: BinaryIO, number: int, row: Sequence[SignedBlock], box: Box | None
) -> Iterator[ChangedBlock]:
    at, stop = (box.payload, box.stop) if box else (0, 0)
    source.seek(at)
    for index, block in enumerate(row):
        data = source.read(min(block.size, stop - at)) if at < stop else b""
        at += block.size
        if hashlib.sha256(data).digest() != block.sha256:
            yield ChangedBlock(number, index, block.shown)
    if at < stop:
        yield ChangedBlock(number, len(row), None)


def _recorded(source: BinaryIO) -> Iterator[Box]:
    for top in read_layout(source).boxes:
        if top.kind == "moov":
            yield from (
                box for box in walk(source, top) if not box.holds_boxes and box.kind not in _REWRITTEN
            )
        elif top.kind != "mdat" and not top.c2pa:
            yield top


class _HashingReader:
    """Reads a file once, and hashes blocks of it and the whole of it."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._at, self._all = source, 0, hashlib.sha256()
        source.seek(0)

    def digest(self, cut: BlockSpan) -> bytes:
        """Returns the sha256 of one block, 32 bytes. Blocks must come in file order."""
        self._skip(cut.start)
        data = self._take(cut.stop - cut.start)
        return hashlib.sha256(data).digest()

    def finish(self) -> str:
        """Reads the rest of the file, and returns the sha256 of all of it, in hexadecimal."""
        while self._take(_STEP):
            pass
        return self._all.hexdigest()

    def _skip(self, to: int) -> None:
        while self._at < to:
            self._take(min(_STEP, to - self._at))

    def _take(self, count: int) -> bytes:
        data = self._source.read(count)
        self._all.update(data)
        self._at += len(data)
        return data
