"""Measures how well titles can be read on the pictures that they will stand on, before anything is rendered.

A few frames under each title are drawn as the film will have them, small and without layers. Type is compared with
what is right around its strokes, its shadow and its plate included. WCAG 2.2, 1.4.3 asks for a contrast of 3 for large
type.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from post.engine import Store
from post.job.model import Job, Timed
from post.picture.kernel import new_planes, to_rgb
from post.picture.title import Title
from post.picture.type.contrast import LEAST_CONTRAST_LARGE, contrast, luminance
from post.picture.type.paint import hex_colour
from post.plan.layers import DrawnLayer, draw_layer, layer_for
from post.prepare.kept_answer import kept_answer
from post.render.segment import draw
from post.render.segment_grain import without_grain
from post.stage import Raster
from post.values import ClipInSegment, Format, Plan, Rendition, Segment, Span, StageCall
from post.values.array import Array
from post.values.warning import JobWarning

MEASURE = 2  # rises when the same film may give another contrast
# Of the picture's shorter side, in pixels: enough for what is around a title, and drawn in a tenth of the time.
SMALL = 360
MOST_FRAMES = 6  # of one title
WHOLE = 0.95  # of its highest opacity: a title that fades in or out is not read meanwhile
# The share of its surroundings in which type may have less contrast: one word of five is a word that is not read.
WORST_SHARE = 0.2
# How far around a stroke counts, in % of the frame's shorter side; nearer than RIM pixels is the stroke's own edge.
AROUND_PCT, RIM = 0.8, 2
INK_ALPHA, SAME_COLOUR = 0.98, 0.02


@dataclass(frozen=True, slots=True)
class _LegibilityQuestion:
    """What decides how well a title can be read in a film. span: the title's; shown: the frames of it that are made."""

    measure: int
    call: StageCall
    span: Span
    shown: Span
    film: Format
    clips: tuple[ClipInSegment, ...]


@dataclass(frozen=True, slots=True)
class Legibility:
    """How well a title can be read. contrast: where it is worst, 1..21; at_frame: there, in the film."""

    contrast: float
    at_frame: int


def legibility_warnings(job: Job, plan: Plan, keep: Store | None = None) -> Iterator[JobWarning]:
    """Yields a warning for each title that is hard to read in some film; of a part, in the frames that are made.

    keep: where measurements are looked up first, and kept. Raises SourceError where a clip cannot be read.
    """
    for timed in job.titles:
        found = [
            (film.name, _legibility(layer_for(timed, asked.clear), film, keep))
            for asked, film in zip(job.deliver, plan.renditions, strict=True)
        ]
        poor = [(name, known) for name, known in found if known and known.contrast < LEAST_CONTRAST_LARGE]
        if poor:
            yield _warning(timed, poor, plan)


def _warning(timed: Timed, poor: Sequence[tuple[str, Legibility]], plan: Plan) -> JobWarning:
    worst = min((known for _, known in poor), key=lambda known: known.contrast)
    at = float(plan.clock.seconds(worst.at_frame))
    drawn = draw_layer(timed, plan.renditions[0].format)
    names = tuple(name for name, _ in poor)
    return JobWarning(
        "type-contrast",
        f"is hard to read on its picture: type needs a contrast of {LEAST_CONTRAST_LARGE:g}",
        f"{worst.contrast:.1f} at {at:.2f} s in {', '.join(names)}",
        "set `plate: true`, another `colour` or another `place`",
        drawn.name,
        timed.where,
        films=names,
    )


def _legibility(timed: Timed, film: Rendition, keep: Store | None) -> Legibility | None:
    """Returns how well a title can be read in a film; None where nothing of it is shown, or can be measured."""
    layer = draw_layer(timed, film.format)
    span = layer.placement.span
    if not span.meets(film.shown):
        return None
    shown = span.common(film.shown)
    clips = tuple(clip for each in film.segments for clip in each.clips if clip.span.meets(shown))
    question = _LegibilityQuestion(
        MEASURE, layer.placement.call, span, shown, replace(film.format, length=1), clips
    )
    answer = kept_answer(keep, question, Legibility, partial(_measured, layer, film))
    return answer if answer.contrast else None


def _measured(layer: DrawnLayer, film: Rendition) -> Legibility:
    title = Title.require(layer.timed.layer)
    raster = title.draw(film.format)
    span = layer.placement.span
    opacity = {at: title.pose(at - span.first, len(span), film.format.clock).opacity for at in span}
    whole = [at for at in span if opacity[at] >= WHOLE * max(opacity.values())]
    found = []
    for frame in _frames(film, Span(whole[0], whole[-1] + 1).common(film.shown)):
        shown = opacity[frame]
        behind = _behind(film, frame, raster)
        ratio = _contrast(title, raster, behind, shown, min(film.format.width, film.format.height))
        found.append(Legibility(round(ratio, 3), frame))
    return min(
        (each for each in found if each.contrast), key=lambda each: each.contrast, default=Legibility(0, 0)
    )


def _frames(film: Rendition, span: Span) -> list[int]:
    """Returns the frames to look at: in the middle of each shot under the title; of one that lasts, its thirds too."""
    common = [shot.span.common(span) for shot in film.shots if shot.span.meets(span)]
    found: list[int] = []
    for each in common:
        shares = (1, 3, 5) if len(each) > film.format.clock.rate and len(common) == 1 else (3,)
        found += [each.first + len(each) * share // 6 for share in shares]
    step = -(-len(found) // MOST_FRAMES)
    return sorted(set(found))[::step]


def _behind(film: Rendition, frame: int, raster: Raster) -> Array:
    """Returns the picture behind a layer, (height, width, 3) float32 R'G'B' 0..1, of the raster's size."""
    import cv2

    segment = next(each for each in film.segments if frame in each.span)
    small = _small(film.format)
    rgb = _drawn(replace(without_grain(segment), format=small, layers=(), finishes=()), frame)
    across, down = small.width / film.format.width, small.height / film.format.height
    height, width = raster.rgba.shape[:2]
    xs = ((np.arange(width, dtype=np.float32) + raster.left + 0.5) * across - 0.5)[None].repeat(height, 0)
    ys = ((np.arange(height, dtype=np.float32) + raster.top + 0.5) * down - 0.5)[:, None].repeat(width, 1)
    return np.asarray(cv2.remap(rgb, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _drawn(segment: Segment, frame: int) -> Array:
    film = segment.format
    planes = new_planes(film.height, film.width, film.depth, film.chroma)
    draw(segment, frame, planes)
    return np.clip(to_rgb(planes, film.depth, film.colour, film.chroma), 0, 1)


def _small(film: Format) -> Format:
    share = min(1.0, SMALL / min(film.width, film.height))
    return replace(film, width=_even(film.width * share), height=_even(film.height * share), length=1)


def _even(pixels: float) -> int:
    return max(2, 2 * round(pixels / 2))


def _contrast(title: Title, raster: Raster, behind: Array, opacity: float, short: int) -> float:
    """Returns the contrast of a title's strokes to what is around them, in the worst fifth; 0 without a stroke.

    behind: the picture there, as R'G'B'; opacity: of the title, 0..1; short: the film's shorter side, in pixels.
    """
    colour = np.array(hex_colour(title.colour), np.float32)
    ink = _ink(raster, colour)
    if not ink.any():
        return 0.0
    near = _grown(ink, max(RIM + 1, round(AROUND_PCT / 100 * short))) & ~_grown(ink, RIM)
    if not near.any():  # a plate of the type's own colour
        return 1.0
    alpha = raster.rgba[..., 3:] * opacity
    seen = behind * (1 - alpha) + raster.rgba[..., :3] * alpha
    strokes = behind * (1 - opacity) + colour * opacity
    ratios = contrast(luminance(strokes[near]), luminance(seen[near]))
    return float(np.quantile(ratios, WORST_SHARE))


def _ink(raster: Raster, colour: Array) -> Array:
    """Returns where a title's strokes are, (height, width) bool; of thin type, where they are thickest."""
    alpha = raster.rgba[..., 3]
    alike = np.abs(raster.rgba[..., :3] - colour).max(-1) <= SAME_COLOUR
    return np.asarray(alike & (alpha >= INK_ALPHA * max(float(alpha[alike].max(initial=0)), 0.1)))


def _grown(mask: Array, by: int) -> Array:
    """Returns a mask grown by that many pixels on every side."""
    import cv2

    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1, 2 * by + 1))
    return np.asarray(cv2.dilate(mask.astype(np.uint8), disc)).astype(bool)
