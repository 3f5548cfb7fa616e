"""Decides whether a label is light on dark or dark on light, where its polarity is auto: for each shot, by the picture
that it will stand on. Its plate keeps it legible either way; the picture decides which way is read better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from post.engine import Store
from post.picture.label import AUTO, GIVEN, SWAPPED, Label
from post.picture.type.contrast import contrast, luminance
from post.preflight.legibility import picture_behind
from post.prepare.kept_answer import kept_answer
from post.stage import Raster, call_of
from post.values import (
    ClipInSegment,
    Format,
    LayerInSegment,
    Placed,
    Plan,
    Rendition,
    Segment,
    Span,
    StageCall,
)
from post.values.array import Array

MEASURE = 1  # rises when the same film may give another polarity
WORST_SHARE = 0.02  # of the plate's pixels: the contrast that all others have at least
GROUNDS = ("card", "graphic")  # layers under the label that may cover the picture there
VIEWS = (1, 3, 5)  # sixths of a shot: the frames that are looked at


@dataclass(frozen=True, slots=True)
class _PolarityQuestion:
    """What decides a label's polarity in a shot. span: the frames of the shot that show it; grounds: layers under it
    that are part of its picture."""

    measure: int
    call: StageCall
    span: Span
    film: Format
    clips: tuple[ClipInSegment, ...]
    grounds: tuple[LayerInSegment, ...]


@dataclass(frozen=True, slots=True)
class Polarity:
    """How well a label can be read in a shot. given, swapped: the contrast of type to plate over the picture, 1..21,
    where it is worst."""

    given: float
    swapped: float

    @property
    def better(self) -> str:
        """The polarity that is read better; as given where there is no difference."""
        return SWAPPED if self.swapped > self.given else GIVEN


@dataclass(frozen=True, slots=True)
class _Decision:
    """The label's call in some frames of a film."""

    span: Span
    call: StageCall


def settle_polarity(plan: Plan, keep: Store | None = None) -> Plan:
    """Returns the plan with each label of auto polarity as it is shown: constant over a shot.

    keep: where measurements are looked up first, and kept. Raises SourceError where a clip cannot be read.
    """
    films, origins = list[Rendition](), list[tuple[str, str, str]]()
    for film in plan.renditions:
        made = film
        for call in dict.fromkeys(layer.call for each in film.segments for layer in each.layers):
            if call.stage == "label" and call.knob("polarity") == AUTO:
                decided = list(_decide(film, call, keep))
                made = _shown_as(made, call, [each for each, _ in decided])
                origins += [row for _, row in decided]
        films.append(made)
    return replace(plan, renditions=tuple(films), origins=(*plan.origins, *origins)) if origins else plan


def _decide(
    film: Rendition, call: StageCall, keep: Store | None
) -> Iterator[tuple[_Decision, tuple[str, str, str]]]:
    """Yields the label's call in each shot, and the decision as `plan` lists it: (place in the job, value, why)."""
    label = Label.from_call(call)
    for number, shot in enumerate(film.shots):
        span = _own_frames(film, number)
        parts = [
            layer.span.common(span)
            for each in film.on_film
            for layer in each.layers
            if layer.call == call and layer.span.meets(span)
        ]
        if not parts:
            continue
        shown = Span(parts[0].first, parts[-1].stop)
        grounds = tuple(
            layer
            for each in film.on_film
            for layer in each.layers
            if layer.call.stage in GROUNDS and layer.span.meets(shown)
        )
        question = _PolarityQuestion(
            MEASURE, call, shown, replace(film.format, length=1), film.clips_in(shown), grounds
        )
        known = kept_answer(keep, question, Polarity, partial(_measured, label, film, parts))
        settled = call_of(replace(label, polarity=known.better))
        why = f"auto: {known.given:.1f}:1 as given, {known.swapped:.1f}:1 swapped, over the picture of {shot.name}"
        place = f"label.polarity ({film.name}, {shot.name})"
        yield _Decision(span, settled), (place, known.better, why)


def _own_frames(film: Rendition, number: int) -> Span:
    """Returns the frames in which a shot is the one that is seen most: to the middle of each transition."""
    shot, others = film.shots[number], film.shots[number + 1 :]
    first = shot.span.first + shot.transition // 2 if number else 0
    stop = others[0].span.first + others[0].transition // 2 if others else film.format.length
    return Span(first, max(stop, first))


def _measured(label: Label, film: Rendition, shown: Sequence[Span]) -> Polarity:
    frames = [frame for span in shown for frame in span]
    looked_at = sorted({frames[len(frames) * share // 6] for share in VIEWS})
    drawn = label.draw(film.format)
    views = [picture_behind(film, frame, drawn, GROUNDS) for frame in looked_at]
    given, swapped = (
        min(_contrast(replace(label, polarity=each), drawn, behind) for behind in views)
        for each in (GIVEN, SWAPPED)
    )
    return Polarity(round(given, 2), round(swapped, 2))


def _contrast(label: Label, drawn: Raster, behind: Array) -> float:
    """Returns the contrast of type to plate over a picture, nearly where it is worst."""
    type_, plate = (np.array(colour, np.float32) for colour in label.colours)
    ground = behind[drawn.rgba[..., 3] > 0]
    ink = ground * (1 - label.opacity) + type_ * label.opacity
    share = label.opacity * label.plate_opacity
    panel = ground * (1 - share) + plate * share
    return float(np.quantile(contrast(luminance(ink), luminance(panel)), WORST_SHARE))


def _shown_as(film: Rendition, call: StageCall, decisions: Sequence[_Decision]) -> Rendition:
    segments = tuple(_segment_as(each, call, decisions).shift(-each.span.first) for each in film.on_film)
    start = film.shown.first if film.part is not None else 0
    placed = [
        part
        for each in film.placed
        for part in (_placed_as(each, decisions, start) if each.call == call else [each])
    ]
    return replace(film, segments=segments, placed=tuple(placed))


def _segment_as(segment: Segment, call: StageCall, decisions: Sequence[_Decision]) -> Segment:
    layers = [
        part
        for layer in segment.layers
        for part in (_layer_as(layer, decisions) if layer.call == call else [layer])
    ]
    return replace(segment, layers=tuple(layers))


def _layer_as(layer: LayerInSegment, decisions: Sequence[_Decision]) -> Iterator[LayerInSegment]:
    for each in decisions:
        if layer.span.meets(each.span):
            span = layer.span.common(each.span)
            first = span.first - layer.span.first
            yield LayerInSegment(each.call, span, layer.poses[first : first + len(span)])


def _placed_as(placed: Placed, decisions: Sequence[_Decision], start: int) -> Iterator[Placed]:
    """Yields the label in each shot. start: the film's frame that the places of its stages count from."""
    for each in decisions:
        span = (
            each.span.shift(-start) if each.span.first >= start else Span(0, max(each.span.stop - start, 0))
        )
        if placed.span.meets(span):
            yield replace(placed, call=each.call, span=placed.span.common(span))
