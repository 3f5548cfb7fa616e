"""Foresees, from thumbnails of its takes, in which frames of a film a title is hardest to read.

Every frame is looked at, and none is decoded. What is found is a guess: the frames it names are drawn and measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from post.measure.thumbnails import Thumbnails
from post.picture.display.convert import convert_colour
from post.picture.type.contrast import contrast, luminance
from post.render.worker_cache import open_stage
from post.stage import ColourStage
from post.takes.decoded.orientation import upright_array
from post.values import BT709, ClipInSegment, File, Format, Span
from post.values.array import Array
from post.values.ycbcr import code_range, rgb_of

MOST_POINTS = 240  # around the strokes of one title
APART = 3  # frames: nearer ones show the same
# The share of its surroundings in which type may have less contrast: one word of five is a word that is not read.
WORST_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class TypePoints:
    """Some points right around a title's strokes, and what the title itself lays over the picture there.

    x, y: shares of the film's size, (n,); over: (n, 3) R'G'B' times alpha, keep: (n,) 1 - alpha, of plate and shadow;
    colour: of the strokes, R'G'B'.
    """

    x: Array
    y: Array
    over: Array
    keep: Array
    colour: Array


@dataclass(frozen=True, slots=True)
class ShownClips:
    """The clips that a film of a format shows in some of its frames, in the order they are mixed."""

    clips: tuple[ClipInSegment, ...]
    film: Format
    span: Span


def hardest_frames(
    shown: ShownClips, points: TypePoints, thumbnails: Callable[[ClipInSegment], Thumbnails | None], most: int
) -> list[int]:
    """Returns the frames, at most `most`, in which the contrast of a title is foreseen to be lowest.

    thumbnails: of a clip's take, None where there are none.
    """
    views: dict[File, Array] = {}
    for clip in shown.clips:
        known = None if clip.file in views else thumbnails(clip)
        if known is not None:
            views[clip.file] = _upright(known, clip)
    behind = _behind(shown, points, views)
    ratios = {frame: _ratio(seen, points) for frame, seen in behind.items()}
    chosen: list[int] = []
    for frame in sorted(ratios, key=lambda each: (ratios[each], each)):
        if all(abs(frame - other) >= APART for other in chosen):
            chosen.append(frame)
        if len(chosen) == most:
            break
    return sorted(chosen)


def _ratio(behind: Array, points: TypePoints) -> float:
    seen = behind * points.keep[:, None] + points.over
    found = contrast(luminance(points.colour[None]), luminance(np.clip(seen, 0, 1)))
    return float(np.quantile(found, WORST_SHARE))


def _upright(known: Thumbnails, clip: ClipInSegment) -> Array:
    """Returns a take's thumbnails as display-encoded R'G'B', (frames, height, width, 3) float32, upright."""
    codes = known.unpacked().astype(np.float32)
    spread = code_range("limited" if known.from_rgb else clip.picture.colour.range, 8)
    luma = (codes[..., 0] - spread.black) / spread.luma
    cb, cr = ((codes[..., part] - spread.neutral) / spread.chroma for part in (1, 2))
    rgb = np.stack(rgb_of(luma, cb, cr, BT709 if known.from_rgb else clip.picture.colour), -1)
    turned = upright_array(np.moveaxis(rgb, 0, 2), clip.picture)  # its first two axes are turned
    return np.asarray(np.moveaxis(turned, 2, 0))


def _behind(shown: ShownClips, points: TypePoints, views: Mapping[File, Array]) -> dict[int, Array]:
    """Returns the picture at the points, (n, 3) R'G'B', of each frame that thumbnails show."""
    found: dict[int, Array] = {}
    for clip in shown.clips:
        view = views.get(clip.file)
        if view is None or not clip.span.meets(shown.span):
            continue
        frames = clip.span.common(shown.span)
        for frame, seen in zip(frames, _graded(clip, shown.film, frames, points, view), strict=True):
            at = frame - clip.span.first
            share = float(clip.fade[at]) if at < len(clip.fade) else 1.0
            under = found.get(frame)
            found[frame] = seen if under is None else under * (1 - share) + seen * share
    return found


def _graded(clip: ClipInSegment, film: Format, frames: Span, points: TypePoints, view: Array) -> Array:
    """Returns what a clip shows at the points in each frame of a span, graded, (frames, n, 3)."""
    length, height, width = view.shape[:3]
    windows = [clip.window_at(frame) for frame in frames]
    column = np.array([_cells(points.x, each.left, each.width, width) for each in windows])
    row = np.array([_cells(points.y, each.top, each.height, height) for each in windows])
    numbers = [min(clip.frames[frame - clip.span.first][0], length - 1) for frame in frames]
    rgb = view[np.array(numbers)[:, None], row, column].astype(np.float64).reshape(-1, 3)
    rgb = convert_colour(rgb, clip.picture.colour, film.colour)
    for call in clip.colour:
        rgb = ColourStage.require(open_stage(call)).colour(rgb)
    return np.asarray(np.clip(rgb, 0, 1)).reshape(len(numbers), -1, 3)


def _cells(share: Array, start: Fraction, size: Fraction, cells: int) -> Array:
    """Returns the row or column of a thumbnail that is shown at each share of the film's height or width."""
    place = (float(start) + share * float(size)) * cells
    return np.asarray(np.clip(place.astype(int), 0, cells - 1))
