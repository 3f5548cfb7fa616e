"""Reads a few frames of a shot for the matcher, reduced, as display-encoded R'G'B'."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from post.measure.frames import Frame, frame_of
from post.measure.stills import read_still
from post.picture.display.convert import convert_colour, shown_as_it_is
from post.takes.open_picture import open_picture
from post.takes.picture import PictureReader
from post.takes.probe import probe
from post.takes.stills.reader import StillReader
from post.takes.stills.still_file import STILLS
from post.values.array import Array
from post.values.colour import BT709, Colour
from post.values.media import Picture
from post.values.time import Span
from post.values.ycbcr import code_range
from post.values.ycbcr import rgb_of as rgb_from

Frames = Sequence[Array]
SIDE = 384  # the longer side of a pooled frame: features of a 1080p picture are still found in it
FRAMES = 8
LEAST_KEYS = 3


@dataclass(frozen=True, slots=True)
class ShotFrames:
    """The frames of a shot in a file. picture: the result of `probe`, with the colour that the film reads it as; span:
    source frames on the grid of the clip, or None for all."""

    path: Path
    picture: Picture
    span: Span | None = None


def frames_of(what: ShotFrames | Frames) -> list[Array]:
    """Returns frames, (height, width, 3) float32 R'G'B' each, 0..1, no side longer than SIDE. Raises SourceError."""
    if not isinstance(what, ShotFrames):
        return [smaller_rgb(rgb) for rgb in what]
    span = what.span or Span(0, what.picture.length)
    with open_picture(what.path, what.picture) as reader:
        return _read(reader, what.picture, _cheap(reader.keys(span)) or spread(span))


def _cheap(keys: list[int]) -> list[int]:
    """Returns key frames if there are enough to represent the shot: other frames cost their whole group (of 5 s of
    1080p, 2.6 CPU seconds for 16 frames, .2 for 6 key frames)."""
    if len(keys) < LEAST_KEYS:
        return []
    return [keys[place] for place in spread(Span(0, len(keys)))]


def read_clip(path: Path, picture: Picture, numbers: Iterable[int]) -> list[Array]:
    """Returns frames of the grid as R'G'B' of BT.709, (height, width, 3) float32 each, 0..1."""
    with open_picture(path, picture) as reader:
        return _read(reader, picture, numbers)


def _read(reader: PictureReader | StillReader, picture: Picture, numbers: Iterable[int]) -> list[Array]:
    frames = ((number, reader.frame(number)) for number in numbers)
    return [rgb_of(frame_of(number, frame, picture.colour.range), picture.colour) for number, frame in frames]


def spread(span: Span, count: int = FRAMES) -> list[int]:
    """Returns up to `count` frames of a span, each in the middle of an equal part of it."""
    count = min(count, len(span))
    return [span.first + (2 * part + 1) * len(span) // (2 * count) for part in range(count)]


def rgb_of(frame: Frame, colour: Colour) -> Array:
    """Returns the planes of a frame, reduced, as (height, width, 3) float32 R'G'B', 0..1."""
    size = _small(frame.luma.shape[1], frame.luma.shape[0])
    luma, *chroma = (_shrunk(plane, size) for plane in (frame.luma, *frame.chroma))
    codes = code_range(frame.range, frame.depth)
    black, span, reach = (code / frame.unit for code in (codes.black, codes.luma, codes.chroma))
    signal = (luma / frame.unit - black) / span
    if not chroma:
        return np.clip(np.repeat(signal[..., None], 3, 2), 0, 1)
    cb, cr = ((plane / frame.unit - 128) / reach for plane in chroma)
    rgb = np.asarray(np.clip(np.stack(rgb_from(signal, cb, cr, colour), -1), 0, 1))
    if shown_as_it_is(colour, BT709):
        return rgb
    return convert_colour(rgb.reshape(-1, 3), colour, BT709).reshape(rgb.shape).astype(np.float32)


def smaller_rgb(rgb: Array) -> Array:
    """Returns the picture reduced so that no side is longer than SIDE, (height, width, 3) float32."""
    return _shrunk(rgb, _small(rgb.shape[1], rgb.shape[0]))


def _small(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _shrunk(plane: Array, size: tuple[int, int]) -> Array:
    import cv2

    if plane.shape[1::-1] == size:
        return plane.astype(np.float32)
    return cv2.resize(plane, size, interpolation=cv2.INTER_AREA).astype(np.float32)


def open_any(path: Path) -> ShotFrames | Frames:
    """Opens a still (by its suffix) or a whole clip. Raises SourceError."""
    if path.suffix.lower() in STILLS:
        return [smaller_rgb(read_still(path))]
    return ShotFrames(path, probe(path, path.stem).picture)
