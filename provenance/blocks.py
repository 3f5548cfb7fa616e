"""Which part of a film was changed: its media hashed in blocks, each tied to the seconds it is shown.

C2PA's own hash says only that something changed. Signing moves the media in the file (the manifest
goes in before it, chunk offsets follow) but does not touch a byte inside `mdat`, so blocks are counted
from the start of each `mdat` payload, before signing, and still hold after it.
C2PA's Merkle option would also locate, but two validators disagree on where its leaves start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from post.errors import SourceError
from provenance.boxes import Box, layout
from provenance.samples import Track, tracks

LABEL = "org.answerprint.blocks"
SCHEMA = "Blocks.1"
BLOCK_BYTES = 1 << 20
_SANE_BLOCK = range(4 << 10, (64 << 20) + 1)

Seconds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Change:
    """A block that no longer hashes to what was signed. shown: the seconds it holds, None where none
    of it is ever shown."""

    mdat: int
    block: int
    shown: Seconds | None


def record(film: Path, block_bytes: int = BLOCK_BYTES) -> dict[str, Any]:
    """The blocks assertion of a finished, unsigned film.

    Raises SourceError where the file is no MP4 that can be read.
    """
    with film.open("rb") as source:
        media = layout(source).of("mdat")
        shown = _timed(tracks(source))
        rows = [
            {
                "bytes": box.payload_bytes,
                "blocks": [
                    [name, *(_rounded(_when(shown, at, at + block_bytes)))]
                    for at, name in _hashes(source, box, block_bytes)
                ],
            }
            for box in media
        ]
    return {"schema": SCHEMA, "alg": "sha256", "block_bytes": block_bytes, "mdat": rows}


def changes(film: Path, signed: Mapping[str, Any]) -> tuple[Change, ...]:
    """The blocks of a film that differ from a blocks assertion, in file order.

    Blocks that are gone count as changed. Raises SourceError where the assertion cannot be read.
    """
    block_bytes, rows = _checked(signed)
    found: list[Change] = []
    with film.open("rb") as source:
        media = layout(source).of("mdat")
        for number, row in enumerate(rows):
            now = (
                [name for _, name in _hashes(source, media[number], block_bytes)]
                if number < len(media)
                else []
            )
            found += _differing(number, row, now)
    return tuple(found)


def seconds(found: Sequence[Change]) -> tuple[Seconds, ...]:
    """The stretches of time that changed blocks hold, merged where they touch."""
    merged: list[Seconds] = []
    for start, stop in sorted(change.shown for change in found if change.shown):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return tuple(merged)


def _differing(number: int, row: Sequence[Any], now: Sequence[str]) -> list[Change]:
    return [
        Change(number, at, None if first is None else (float(first), float(last)))
        for at, (name, first, last) in enumerate(row)
        if at >= len(now) or now[at] != name
    ]


def _checked(signed: Mapping[str, Any]) -> tuple[int, list[Any]]:
    """The assertion's block size and rows. It is signed, but not necessarily by us."""
    try:
        size, rows = int(signed["block_bytes"]), [row["blocks"] for row in signed["mdat"]]
        shaped = all(len(entry) == 3 and isinstance(entry[0], str) for row in rows for entry in row)
    except (KeyError, TypeError, ValueError) as exc:
        raise SourceError("the blocks assertion cannot be read", where=LABEL) from exc
    if not shaped or size not in _SANE_BLOCK or signed.get("alg") != "sha256":
        raise SourceError("the blocks assertion cannot be read", where=LABEL, expected=SCHEMA)
    return size, rows


def _hashes(source: Any, box: Box, block_bytes: int) -> list[tuple[int, str]]:
    """(position in the file, sha256) of each block of a box's payload."""
    source.seek(box.payload)
    found = []
    for at in range(box.payload, box.stop, block_bytes):
        data = source.read(min(block_bytes, box.stop - at))
        found.append((at, hashlib.sha256(data).hexdigest()))
    return found


@dataclass(frozen=True)
class _Order:
    """A track's samples in the order they lie in the file."""

    start: np.ndarray[Any, Any]
    stop: np.ndarray[Any, Any]
    first_s: np.ndarray[Any, Any]
    last_s: np.ndarray[Any, Any]


def _timed(found: Sequence[Track]) -> tuple[_Order, ...]:
    """Picture first: sound lies ahead of the picture it plays with, and would blur the answer."""
    ranked = sorted(found, key=lambda track: track.kind != "vide")
    return tuple(_ordered(track) for track in ranked if track.kind in ("vide", "soun"))


def _ordered(track: Track) -> _Order:
    order = np.argsort(track.offset, kind="stable")
    start = track.offset[order]
    return _Order(start, start + track.size[order], track.first_s[order], track.last_s[order])


def _when(ordered: Sequence[_Order], start: int, stop: int) -> Seconds | None:
    """What bytes start..stop of the file show: of the first track that has any of them."""
    for track in ordered:
        a = int(np.searchsorted(track.stop, start, side="right"))
        b = int(np.searchsorted(track.start, stop, side="left"))
        if a < b:
            return float(track.first_s[a:b].min()), float(track.last_s[a:b].max())
    return None


def _rounded(shown: Seconds | None) -> tuple[float | None, float | None]:
    return (None, None) if shown is None else (round(max(0.0, shown[0]), 6), round(max(0.0, shown[1]), 6))
