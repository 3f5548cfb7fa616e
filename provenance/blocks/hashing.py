"""Which part of a film was changed: its media hashed in blocks, each tied to the seconds it is shown,
and every other box hashed by itself.

C2PA's own hash says only that something changed. Signing moves the media in the file (the manifest
goes in before it, chunk offsets follow) but does not touch a byte inside `mdat`, so blocks are counted
from the start of each `mdat` payload, before signing, and still hold after it.
C2PA's Merkle option would also locate, but two validators disagree on where its leaves start.

Blocks.2 cuts by time and adds the boxes; Blocks.1, cut by size, is still read. See `signed_blocks`.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from provenance.blocks.assertion import ALGORITHM, LABEL, SCHEMA, Block, boxes_of, rows_of
from provenance.blocks.layout import MOST_BYTES, Cut, Seconds, cuts
from provenance.formats.bmff import Box, layout, walk
from provenance.formats.sample_table import tracks

__all__ = [
    "LABEL",
    "SCHEMA",
    "Change",
    "Record",
    "Seconds",
    "boxes_changed",
    "boxes_now",
    "boxes_of",
    "changes",
    "digest_of",
    "read",
    "record",
    "seconds",
]

_STEP = 1 << 20
# Signing writes these anew: where the media lies has changed.
_MOVED = frozenset({"stco", "co64"})


@dataclass(frozen=True, slots=True)
class Change:
    """A block that no longer hashes to what was signed. shown: the seconds it holds, None where none
    of it is ever shown."""

    mdat: int
    block: int
    shown: Seconds | None


@dataclass(frozen=True, slots=True)
class Record:
    """A film read once. assertion: its blocks; sha256: of the whole file, hexadecimal."""

    assertion: dict[str, Any]
    sha256: str


def record(film: Path, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """The blocks assertion of a finished, unsigned film.

    Raises SourceError where the file is no MP4 that can be read.
    """
    return read(film, most_bytes).assertion


def read(film: Path, most_bytes: int = MOST_BYTES) -> Record:
    """The blocks assertion of a finished, unsigned film, and its digest, from one reading of its bytes.

    Raises SourceError where the file is no MP4 that can be read.
    """
    with film.open("rb") as source:
        media = layout(source).of("mdat")
        found = tracks(source)
        boxes = [[place, digest] for place, digest in boxes_now(source)]
        whole = _Whole(source)
        rows = [
            {
                "bytes": box.payload_bytes,
                "blocks": [_row(cut, whole.digest(cut)) for cut in cuts(box, found, most_bytes)],
            }
            for box in media
        ]
        sha256 = whole.finish()
    return Record({"schema": SCHEMA, "alg": ALGORITHM, "mdat": rows, "boxes": boxes}, sha256)


def changes(film: Path, signed: Mapping[str, Any]) -> tuple[Change, ...]:
    """The blocks of a film that differ from a blocks assertion, in file order.

    Blocks that are gone count as changed, and so does what lies behind the last of an `mdat`. Raises
    SourceError where the assertion cannot be read.
    """
    rows = rows_of(signed)
    found: list[Change] = []
    with film.open("rb") as source:
        media = layout(source).of("mdat")
        for number, row in enumerate(rows):
            found += _differing(source, number, row, media[number] if number < len(media) else None)
    return tuple(found)


def boxes_changed(film: Path, signed: Mapping[str, Any]) -> tuple[str, ...]:
    """Which boxes other than `mdat` differ from a blocks assertion: changed, added, gone or moved, by
    path, each of several of the same path by its number. Empty for Blocks.1, which has none.

    Raises SourceError where the assertion or the boxes cannot be read.
    """
    then = boxes_of(signed)
    if then is None:
        return ()
    with film.open("rb") as source:
        now = dict(boxes_now(source))
    differing = [place for place in {**then, **now} if then.get(place) != now.get(place)]
    if not differing and list(then) != list(now):
        return ("(the order of boxes)",)
    return tuple(differing)


def boxes_now(source: BinaryIO) -> Iterator[tuple[str, str]]:
    """(path, sha256 of the payload in base64) of every box that signing leaves as it is, media aside: the
    outermost ones, and in place of `moov` each that lies in it and holds no others."""
    seen: dict[str, int] = {}
    for box in _recorded(source):
        seen[box.path] = seen.get(box.path, 0) + 1
        number = f"[{seen[box.path]}]" if seen[box.path] > 1 else ""
        yield f"{box.path}{number}", digest_of(source, box)


def digest_of(source: BinaryIO, box: Box) -> str:
    """sha256 of a box's payload, in base64."""
    total = hashlib.sha256()
    source.seek(box.payload)
    for at in range(box.payload, box.stop, _STEP):
        total.update(source.read(min(_STEP, box.stop - at)))
    return _text(total.digest())


def seconds(found: Sequence[Change]) -> tuple[Seconds, ...]:
    """The stretches of time that changed blocks hold, merged where they touch."""
    merged: list[Seconds] = []
    for start, stop in sorted(change.shown for change in found if change.shown):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return tuple(merged)


def _row(cut: Cut, digest: bytes) -> list[Any]:
    first, last = (round(at, 3) for at in cut.shown) if cut.shown else (None, None)
    return [cut.stop - cut.start, _text(digest), first, last]


def _text(digest: bytes) -> str:
    return b64encode(digest).decode("ascii")


def _differing(source: BinaryIO, number: int, row: Sequence[Block], box: Box | None) -> Iterator[Change]:
    at, stop = (box.payload, box.stop) if box else (0, 0)
    source.seek(at)
    for index, block in enumerate(row):
        data = source.read(min(block.size, stop - at)) if at < stop else b""
        at += block.size
        if hashlib.sha256(data).digest() != block.sha256:
            yield Change(number, index, block.shown)
    if at < stop:
        yield Change(number, len(row), None)


def _recorded(source: BinaryIO) -> Iterator[Box]:
    for top in layout(source).boxes:
        if top.kind == "moov":
            yield from (box for box in walk(source, top) if not box.holds_boxes and box.kind not in _MOVED)
        elif top.kind != "mdat" and not top.c2pa:
            yield top


class _Whole:
    """Hashes blocks and, in the same reading, the whole file they lie in."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._at, self._all = source, 0, hashlib.sha256()
        source.seek(0)

    def digest(self, cut: Cut) -> bytes:
        """Of one block. Blocks come in the order of the file."""
        self._skip(cut.start)
        data = self._take(cut.stop - cut.start)
        return hashlib.sha256(data).digest()

    def finish(self) -> str:
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
