"""Where the film is cut into segments, and what each one holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from post.plan.shots import source_frames
from post.stage import LayerStage, open_call, release_of
from post.values import (
    ClipInSegment,
    EncoderSettings,
    Format,
    LayerInSegment,
    LayerPlacement,
    Segment,
    Shot,
    Span,
    StageCall,
    Window,
)
from post.values.plan import SHORTEST_SEGMENT

LONGEST_S = 2  # one closed group of pictures: parallel work and re-made titles against +1.3 % size


@dataclass(frozen=True, slots=True)
class ShotTreatment:
    """What is done to one shot's picture, as plan data. fade: the transition into it."""

    window: Window
    reframe: StageCall
    colour: tuple[StageCall, ...]
    doors: tuple[StageCall, ...]
    fade: StageCall | None
    weights: tuple[Fraction, ...]
    repairs: tuple[StageCall, ...] = ()
    grain: StageCall | None = None

    @property
    def calls(self) -> tuple[StageCall, ...]:
        """Every stage that changes its pixels."""
        return (*self.repairs, *self.colour, *self.doors, *((self.grain,) if self.grain else ()))


@dataclass(frozen=True, slots=True)
class FilmTreatment:
    """What is done to the whole film's picture."""

    layers: tuple[LayerPlacement, ...]
    encoder: EncoderSettings
    versions: tuple[tuple[str, str], ...]
    finishes: tuple[StageCall, ...] = ()


def cut_segments(
    film: Format, shots: Sequence[Shot], treated: Sequence[ShotTreatment], finish: FilmTreatment
) -> tuple[Segment, ...]:
    """The film's segments, in order, covering every frame once."""
    edges = _edges(film, shots, finish.layers)
    return tuple(_segment(Span(a, b), film, shots, treated, finish) for a, b in pairwise(edges))


def _edges(film: Format, shots: Sequence[Shot], layers: Sequence[LayerPlacement]) -> list[int]:
    """Where to cut: at edits first, then at titles, then wherever a piece is still too long."""
    cuts = [0, film.length]
    for shot in shots:
        _cut_at(cuts, shot.span.first, shot.span.first + shot.transition)
    for layer in layers:
        _cut_at(cuts, layer.span.first, layer.span.stop)
    longest = int(LONGEST_S * film.clock.rate)
    edges = [0]
    for a, b in pairwise(sorted(cuts)):
        pieces = -(-(b - a) // longest)
        edges += [a + (b - a) * piece // pieces for piece in range(1, pieces + 1)]
    return edges


def _cut_at(cuts: list[int], *places: int) -> None:
    """Add the places that are far enough from every cut there is."""
    for place in places:
        if all(abs(place - other) >= SHORTEST_SEGMENT for other in cuts):
            cuts.append(place)


def _segment(
    span: Span, film: Format, shots: Sequence[Shot], treated: Sequence[ShotTreatment], finish: FilmTreatment
) -> Segment:
    here = [pair for pair in zip(shots, treated, strict=True) if pair[0].span.meets(span)]
    readings = tuple(_reading(shot, treatment, shot.span.common(span)) for shot, treatment in here)
    layers = tuple(_shown(layer, span, film) for layer in finish.layers if layer.span.meets(span))
    made = replace(film, length=len(span))
    calls = [call for _, treatment in here for call in treatment.calls] + [layer.call for layer in layers]
    calls += finish.finishes
    plugged = sorted({release for call in calls for release in release_of(call.stage)})
    versions = (*finish.versions, *plugged)
    return Segment(made, span, readings, layers, finish.encoder, versions, finish.finishes)


def _shown(layer: LayerPlacement, span: Span, film: Format) -> LayerInSegment:
    stage, seen = open_call(layer.call), layer.span.common(span)
    assert isinstance(stage, LayerStage)
    start, length = layer.span.first, len(layer.span)
    return LayerInSegment(
        layer.call, seen, tuple(stage.pose(frame - start, length, film.clock) for frame in seen)
    )


def _reading(shot: Shot, treatment: ShotTreatment, span: Span) -> ClipInSegment:
    picture = shot.take.picture
    into = Span(shot.span.first, shot.span.first + shot.transition).common(span)
    fade = tuple(treatment.weights[frame - shot.span.first] for frame in into)
    return ClipInSegment(
        file=shot.take.file,
        picture=picture,
        span=span,
        frames=source_frames(shot, span),
        window=treatment.window,
        colour=treatment.colour,
        doors=treatment.doors,
        fade=fade,
        repairs=treatment.repairs,
        grain=treatment.grain,
    )
