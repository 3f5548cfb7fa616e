"""Cuts a film into segments, which are made in parallel. Each holds everything that decides its pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from post.picture.between.weights import network_releases
from post.plan.between.shutter import exposures
from post.plan.shots import source_frames
from post.stage import LayerStage, release_of
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
from post.values.place import SYNTHESISED
from post.values.plan import SHORTEST_SEGMENT

LONGEST_S = 2  # one closed group of pictures: parallel work and re-made titles against +1.3 % size


@dataclass(frozen=True, slots=True)
class ShotTreatment:
    """What is done to one shot's picture.

    fade: the transition into it; weights: of the incoming shot, for each frame of the transition.
    """

    window: Window
    reframe: StageCall
    colour: tuple[StageCall, ...]
    effects: tuple[StageCall, ...]
    fade: StageCall | None
    weights: tuple[Fraction, ...]
    repairs: tuple[StageCall, ...] = ()
    grain: StageCall | None = None

    @property
    def calls(self) -> tuple[StageCall, ...]:
        """All stages that change the shot's pixels."""
        return (*self.repairs, *self.colour, *self.effects, *((self.grain,) if self.grain else ()))


@dataclass(frozen=True, slots=True)
class FilmTreatment:
    """What is done to the whole film's picture. finishes: stages that run last, on every frame."""

    layers: tuple[LayerPlacement, ...]
    encoder: EncoderSettings
    toolchain: tuple[tuple[str, str], ...]
    finishes: tuple[StageCall, ...] = ()


def cut_segments(
    film: Format,
    shots: Sequence[Shot],
    treated: Sequence[ShotTreatment],
    whole: FilmTreatment,
    part: Span | None = None,
) -> tuple[Segment, ...]:
    """Returns the film's segments, in order, covering every frame once; with a part, every frame of it."""
    edges = _edges(film, shots, whole.layers)
    if part is not None:  # those inside it stay, so that its segments are the film's own
        inside = Span(part.first + SHORTEST_SEGMENT, max(part.stop, part.first + SHORTEST_SEGMENT))
        inner = [edge for edge in edges if edge in inside and part.stop - edge >= SHORTEST_SEGMENT]
        edges = [part.first, *inner, part.stop]
    return tuple(_segment(Span(a, b), film, shots, treated, whole) for a, b in pairwise(edges))


def _edges(film: Format, shots: Sequence[Shot], layers: Sequence[LayerPlacement]) -> list[int]:
    """Returns the frames to cut at: edits first, then titles, then places in pieces that are still too long."""
    cuts = [0, film.length]
    for shot in shots:
        _add_cuts(cuts, shot.span.first, shot.span.first + shot.transition)
    for layer in layers:
        _add_cuts(cuts, layer.span.first, layer.span.stop)
    longest = int(LONGEST_S * film.clock.rate)
    edges = [0]
    for a, b in pairwise(sorted(cuts)):
        pieces = -(-(b - a) // longest)
        edges += [a + (b - a) * piece // pieces for piece in range(1, pieces + 1)]
    return edges


def _add_cuts(cuts: list[int], *places: int) -> None:
    """Adds those places to `cuts` that are far enough from every cut in it."""
    for place in places:
        if all(abs(place - other) >= SHORTEST_SEGMENT for other in cuts):
            cuts.append(place)


def _segment(
    span: Span, film: Format, shots: Sequence[Shot], treated: Sequence[ShotTreatment], whole: FilmTreatment
) -> Segment:
    shown = [pair for pair in zip(shots, treated, strict=True) if pair[0].span.meets(span)]
    clips = tuple(_clip(shot, treatment, shot.span.common(span)) for shot, treatment in shown)
    layers = tuple(_layer(layer, span, film) for layer in whole.layers if layer.span.meets(span))
    made = replace(film, length=len(span))
    calls = [call for _, treatment in shown for call in treatment.calls] + [layer.call for layer in layers]
    calls += whole.finishes
    plugged = sorted({release for call in calls for release in release_of(call.stage)})
    learned = any(clip.sampling == "learned" for clip in clips)
    toolchain = (*whole.toolchain, *plugged, *(network_releases() if learned else ()))
    return Segment(made, span, clips, layers, whole.encoder, toolchain, whole.finishes)


def _layer(layer: LayerPlacement, span: Span, film: Format) -> LayerInSegment:
    stage, seen = LayerStage.from_call(layer.call), layer.span.common(span)
    start, length = layer.span.first, len(layer.span)
    return LayerInSegment(
        layer.call, seen, tuple(stage.pose(frame - start, length, film.clock) for frame in seen)
    )


def _clip(shot: Shot, treatment: ShotTreatment, span: Span) -> ClipInSegment:
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
        effects=treatment.effects,
        fade=fade,
        repairs=treatment.repairs,
        grain=treatment.grain,
        sampling=shot.sampling if shot.sampling in SYNTHESISED else "blend",
        exposures=exposures(shot, span),
    )
