"""Measures how well logos are seen on the pictures that they will stand on, before anything is rendered.

Along a logo's outline, its colour just inside is compared with what is just outside: WCAG 2.2, 1.4.11 asks for a
contrast of 3 for graphics. A logo that brings its own ground, as a badge does, is seen by what it shows there. Colours
of a logo are never changed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from post.engine import Store
from post.job.model import Job, Timed
from post.picture.blend.modes import NORMAL
from post.picture.brand.graphic import SIZE, Graphic
from post.picture.type.contrast import contrast, luminance
from post.plan.layers import DrawnLayer, draw_layer
from post.preflight.legibility import picture_behind
from post.preflight.poor_films import poor_films
from post.preflight.reading import WHOLE
from post.prepare.kept_answer import kept_answer
from post.stage import Raster
from post.values import ClipInSegment, Format, LayerInSegment, Plan, Rendition, Span, StageCall
from post.values.array import Array
from post.values.warning import JobWarning

MEASURE = 1  # rises when the same film may give another contrast
LEAST_CONTRAST_GRAPHIC = 3.0  # WCAG 2.2, 1.4.11
LOOKS_A_SECOND, MOST_FRAMES = 2, 16  # of one logo
SIDE = 160  # pixels of the longer side, of which a logo is measured
SOLID, CLEAR = 0.75, 0.25  # of alpha: what is the logo, and what is the picture
BORDER = 0.05  # of its longer side
# Two pixels apart, down and across: between them lies what is neither.
_ACROSS = (
    (np.s_[:-2], np.s_[2:]),
    (np.s_[:, :-2], np.s_[:, 2:]),
)
OWN = 0.3  # of all that is seen of a logo at all, that its own ground shows: then it needs no other


@dataclass(frozen=True, slots=True)
class _LogoQuestion:
    """What decides how well a logo is seen in a film. span: the logo's; shown: the frames of it that are made; under:
    the layers below it."""

    measure: int
    call: StageCall
    span: Span
    shown: Span
    film: Format
    clips: tuple[ClipInSegment, ...]
    under: tuple[LayerInSegment, ...]


@dataclass(frozen=True, slots=True)
class LogoContrast:
    """How well a logo is seen. contrast: along most of its outline, where that is worst, 1 to 21; at_frame: there, in
    the film; seconds: for how long it is below 3, as far as it was looked at."""

    contrast: float
    at_frame: int
    seconds: float


def logo_contrast_warnings(job: Job, plan: Plan, keep: Store | None = None) -> Iterator[JobWarning]:
    """Yields a warning for each logo that is hard to see in some film; of a part, in the frames that are made.

    keep: where measurements are looked up first, and kept. Raises SourceError where a clip cannot be read.
    """
    for timed in job.layers:
        layer = timed.layer
        if not isinstance(layer, Graphic) or layer.fit != SIZE or layer.backdrop or layer.blend != NORMAL:
            continue
        if poor := poor_films(timed, (job, plan), partial(_known, keep=keep), LEAST_CONTRAST_GRAPHIC):
            yield _warning(timed, poor, plan)


def _warning(timed: Timed, poor: Sequence[tuple[str, LogoContrast]], plan: Plan) -> JobWarning:
    """poor: of each film, the worst first."""
    names, worst = tuple(name for name, _ in poor), poor[0][1]
    at = float(plan.clock.seconds(worst.at_frame))
    return JobWarning(
        "logo-contrast",
        f"is hard to see on its picture: a graphic needs a contrast of {LEAST_CONTRAST_GRAPHIC:g} (WCAG 2.2, 1.4.11)",
        f"{worst.contrast:.1f} at {at:.2f} s, below it for {worst.seconds:.1f} s in {', '.join(names)}",
        "use the brand's logo for such a ground, another place or time, or lay a plain picture under it",
        draw_layer(timed, plan.renditions[0].format).name,
        timed.where,
        films=names,
        frame=worst.at_frame,
    )


def _known(timed: Timed, film: Rendition, keep: Store | None) -> LogoContrast | None:
    """Returns how well a logo is seen in a film; None where nothing of it is shown."""
    layer = draw_layer(timed, film.format)
    span = layer.placement.span
    if not span.meets(film.shown):
        return None
    shown = span.common(film.shown)
    segments = [each for each in film.on_film if each.span.meets(shown)]
    under = tuple(
        dict.fromkeys(below for each in segments for below in _below(each.layers, layer.placement.call))
    )
    small = replace(film.format, length=1)
    question = _LogoQuestion(MEASURE, layer.placement.call, span, shown, small, film.clips_in(shown), under)
    answer = kept_answer(keep, question, LogoContrast, partial(_measured, layer, film))
    return answer if answer.contrast else None


def _below(layers: Sequence[LayerInSegment], call: StageCall) -> Sequence[LayerInSegment]:
    """Returns the layers below one."""
    at = next((number for number, each in enumerate(layers) if each.call == call), len(layers))
    return layers[:at]


def _measured(layer: DrawnLayer, film: Rendition) -> LogoContrast:
    graphic, span, clock = Graphic.require(layer.timed.layer), layer.placement.span, film.format.clock
    poses = {at: graphic.pose(at - span.first, len(span), clock) for at in span if at in film.shown}
    most = max((pose.opacity for pose in poses.values()), default=0.0)
    whole = [at for at, pose in poses.items() if most and pose.opacity >= WHOLE * most]
    every = max(1, round(clock.rate / LOOKS_A_SECOND), -(-len(whole) // MOST_FRAMES))
    found, segments = list[tuple[float, int]](), film.on_film
    for at in whole[every // 2 :: every] or whole[:1]:
        moment = poses[at].moment
        drawn = graphic.draw_moment(film.format, moment) if moment else graphic.draw(film.format)
        raster = _with_border(drawn)
        segment = next(each for each in segments if at in each.span)
        under = {below.call for below in _below(segment.layers, layer.placement.call)}
        seen = outline_contrast(raster, picture_behind(film, at, raster, calls=under), poses[at].opacity)
        if seen:
            found.append((round(seen, 3), at))
    if not found:
        return LogoContrast(0, 0, 0)
    contrast_, frame = min(found)
    low = sum(each < LEAST_CONTRAST_GRAPHIC for each, _ in found)
    return LogoContrast(contrast_, frame, round(low * float(clock.seconds(every)), 2))


def outline_contrast(raster: Raster, behind: Array, opacity: float = 1.0) -> float:
    """Returns the contrast that half of a logo's outline has at least, 1 to 21, with the picture behind it; that of its
    own parts where it brings its own ground; 0 where it has no outline.

    raster: with a border that is clear; behind: (height, width, 3) float32 R'G'B' 0..1, of the raster's size.
    """
    rgba, ground = (
        _small(np.asarray(raster.multiplied().rgba, np.float32)),
        _small(np.asarray(behind, np.float32)),
    )
    alpha = rgba[..., 3] * opacity
    light = luminance(np.clip(rgba[..., :3] * opacity + ground * (1 - alpha[..., None]), 0, 1))
    solid, clear = rgba[..., 3] > SOLID, rgba[..., 3] < CLEAR
    outer, own = list[Array](), list[Array]()
    for one, two in _ACROSS:
        a, b = light[one], light[two]
        edge = (solid[one] & clear[two]) | (clear[one] & solid[two])
        outer.append(contrast(a[edge], b[edge]))
        inside = solid[one] & solid[two]
        between = contrast(a[inside], b[inside])
        own.append(between[between >= LEAST_CONTRAST_GRAPHIC])
    edges, parts = np.concatenate(outer), np.concatenate(own)
    if not len(edges):
        return 0.0
    middle = float(np.median(edges))
    if middle < LEAST_CONTRAST_GRAPHIC and len(parts) >= OWN * (len(edges) + len(parts)):
        return float(np.median(parts))
    return middle


def _with_border(raster: Raster) -> Raster:
    """Returns a drawn layer with a clear border, in which its outline ends."""
    wide = max(4, round(BORDER * max(raster.rgba.shape[:2])))
    rgba = np.pad(raster.multiplied().rgba, ((wide, wide), (wide, wide), (0, 0)))
    return Raster(rgba, raster.left - wide, raster.top - wide, premultiplied=True)


def _small(pixels: Array) -> Array:
    """Returns pixels, their longer side SIDE at most."""
    import cv2

    scale = min(1.0, SIDE / max(pixels.shape[:2]))
    size = max(4, round(pixels.shape[1] * scale)), max(4, round(pixels.shape[0] * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
