"""Measures how well titles can be read on the pictures that they will stand on, before anything is rendered.

The worst frames under each title, as thumbnails of the takes foresee them, are drawn as the film will have them, small
and without layers. Type is compared with what is right around its strokes, its shadow and its plate included. WCAG 2.2,
1.4.3 asks for a contrast of 3 for large type.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from post.engine import Store
from post.job.model import Job, Timed
from post.measure import facts_of
from post.measure.thumbnails import Thumbnails
from post.picture.kernel import new_planes, to_rgb
from post.picture.title import Title
from post.picture.type.contrast import LEAST_CONTRAST_LARGE
from post.picture.type.paint import hex_colour
from post.plan.layers import DrawnLayer, draw_layer
from post.preflight.foreseen import ShownClips, hardest_frames
from post.preflight.poor_films import poor_films
from post.preflight.reading import WHOLE
from post.preflight.strokes import Strokes, find_strokes
from post.prepare.facts import is_short
from post.prepare.kept_answer import kept_answer
from post.render.segment import draw
from post.render.segment_grain import without_grain
from post.stage import Raster
from post.values import ClipInSegment, Format, Plan, Rendition, Segment, Span, StageCall
from post.values.array import Array
from post.values.warning import JobWarning

MEASURE = 4  # rises when the same film may give another contrast
# Of the picture's shorter side, in pixels: enough for what is around a title, and drawn in a tenth of the time.
SMALL = 360
MOST_FRAMES = 6  # of one title, in its shots; as many more where it is foreseen to be hard to read


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
        if not isinstance(timed.layer, Title):  # a card brings its own ground
            continue
        if poor := poor_films(timed, (job, plan), partial(_legibility, keep=keep), LEAST_CONTRAST_LARGE):
            yield _warning(timed, poor, plan)


def _warning(timed: Timed, poor: Sequence[tuple[str, Legibility]], plan: Plan) -> JobWarning:
    """poor: of each film, the worst first."""
    names, worst = tuple(name for name, _ in poor), poor[0][1]
    at = float(plan.clock.seconds(worst.at_frame))
    drawn = draw_layer(timed, plan.renditions[0].format)
    return JobWarning(
        "type-contrast",
        f"is hard to read on its picture: type needs a contrast of {LEAST_CONTRAST_LARGE:g}",
        f"{worst.contrast:.1f} at {at:.2f} s in {', '.join(names)}",
        "set `plate: true`, another `colour` or another `place`",
        drawn.name,
        timed.where,
        films=names,
        frame=worst.at_frame,
    )


def _legibility(timed: Timed, film: Rendition, keep: Store | None) -> Legibility | None:
    """Returns how well a title can be read in a film; None where nothing of it is shown, or can be measured."""
    layer = draw_layer(timed, film.format)
    span = layer.placement.span
    if not span.meets(film.shown):
        return None
    shown = span.common(film.shown)
    question = _LegibilityQuestion(
        MEASURE, layer.placement.call, span, shown, replace(film.format, length=1), film.clips_in(shown)
    )
    answer = kept_answer(keep, question, Legibility, partial(_measured, layer, film, keep))
    return answer if answer.contrast else None


def _measured(layer: DrawnLayer, film: Rendition, keep: Store | None) -> Legibility:
    title, span = Title.require(layer.timed.layer), layer.placement.span
    short = min(film.format.width, film.format.height)
    other = "#000000" if title.colour != "#000000" else "#ffffff"
    recoloured = replace(title, colour=other, second_colour=other).draw(film.format)
    colour = np.array(hex_colour(title.colour), np.float32)
    strokes = find_strokes(title.draw(film.format), colour, short, recoloured)
    if strokes is None:
        return Legibility(0, 0)
    opacity = {at: title.pose(at - span.first, len(span), film.format.clock).opacity for at in span}
    whole = [at for at in span if opacity[at] >= WHOLE * max(opacity.values())]
    read = Span(whole[0], whole[-1] + 1)
    if not read.meets(film.shown):
        return Legibility(0, 0)
    looked_at = _frames(film, read.common(film.shown), strokes, partial(_thumbnails, keep))
    found = [
        Legibility(
            round(strokes.contrast_on(picture_behind(film, frame, strokes.raster), opacity[frame]), 3), frame
        )
        for frame in looked_at
    ]
    return min(found, key=lambda each: each.contrast, default=Legibility(0, 0))


def _thumbnails(keep: Store | None, clip: ClipInSegment) -> Thumbnails | None:
    """Returns the thumbnails of a clip's take; None of a still, of a long take, and of what cannot be decoded whole."""
    picture = clip.picture
    if not is_short(picture):
        return None
    fact = facts_of(clip.file.here, picture, clip.file.sha256, keep, ("thumbnails",))["thumbnails"]
    return fact.value if isinstance(fact.value, Thumbnails) else None


def _frames(
    film: Rendition, span: Span, strokes: Strokes, thumbnails: Callable[[ClipInSegment], Thumbnails | None]
) -> list[int]:
    """Returns the frames to look at: in the middle of each shot under the title, of one that lasts its thirds too;
    those that are foreseen to be worst; and every other frame of a transition, which thumbnails do not show."""
    common = [shot.span.common(span) for shot in film.shots if shot.span.meets(span)]
    found: list[int] = []
    for each in common:
        shares = (1, 3, 5) if len(each) > film.format.clock.rate and len(common) == 1 else (3,)
        found += [each.first + len(each) * share // 6 for share in shares]
    found = found[:: -(-len(found) // MOST_FRAMES)]
    if (points := strokes.points(film.format)) is not None:
        found += hardest_frames(
            ShownClips(film.clips_in(span), film.format, span), points, thumbnails, MOST_FRAMES
        )
    mixed = [Span(shot.span.first, shot.span.first + shot.transition) for shot in film.shots]
    found += [frame for each in mixed if each.meets(span) for frame in each.common(span)][::2]
    return sorted(set(found))


def picture_behind(
    film: Rendition, frame: int, raster: Raster, under: Sequence[str] = (), calls: Collection[StageCall] = ()
) -> Array:
    """Returns the picture behind a layer, (height, width, 3) float32 R'G'B' 0..1, of the raster's size.

    under: the stages whose layers are part of that picture; calls: the layers that are.
    """
    import cv2

    segment = next(each for each in film.on_film if frame in each.span)
    small = _small(film.format)
    layers = tuple(layer for layer in segment.layers if layer.call.stage in under or layer.call in calls)
    rgb = _drawn(replace(without_grain(segment), format=small, layers=layers, finishes=()), frame)
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
