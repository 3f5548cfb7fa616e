"""Cuts a film into segments, which are made in parallel. Each holds everything that decides its pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import TypedDict

from post.picture.between.weights import network_releases
from post.picture.transitions.picture_transition import PictureTransition
from post.plan.between.shutter import exposures
from post.plan.pieces.count import seeds_of
from post.plan.pieces.edges import choose_edges
from post.plan.shots import source_frames
from post.stage import LayerStage, find, release_of
from post.values import (
    ClipInSegment,
    EncoderSettings,
    Format,
    LayerInSegment,
    LayerPlacement,
    Placed,
    Segment,
    Shot,
    Span,
    StageCall,
    Window,
)
from post.values.plan import SHORTEST_SEGMENT
from post.values.plan.place import SYNTHESISED
from post.values.plan.segment import BLACK


@dataclass(frozen=True, slots=True)
class ShotTreatment:
    """What is done to one shot's picture.

    fade: the transition into it; weights: of the incoming shot, for each frame of the transition; ending: the
    transition at the end of the film; windows: of each frame of the shot, where the window moves; ground: what lies
    beside its picture.
    """

    window: Window
    reframe: StageCall
    colour: tuple[StageCall, ...]
    effects: tuple[StageCall, ...]
    fade: StageCall | None
    weights: tuple[Fraction, ...]
    repairs: tuple[StageCall, ...] = ()
    grain: StageCall | None = None
    ending: StageCall | None = None
    windows: tuple[Window, ...] = ()
    ground: str = BLACK

    @property
    def calls(self) -> tuple[StageCall, ...]:
        """All stages that change the shot's pixels."""
        others = (self.grain, self.fade, self.ending)
        return (*self.repairs, *self.colour, *self.effects, *(call for call in others if call))


class _Windows(TypedDict):
    window: Window
    windows: tuple[Window, ...]


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
    edges = choose_edges(film, shots, whole.layers)
    if part is not None:  # those inside it stay, so that its segments are the film's own
        inside = Span(part.first + SHORTEST_SEGMENT, max(part.stop, part.first + SHORTEST_SEGMENT))
        inner = [edge for edge in edges if edge in inside and part.stop - edge >= SHORTEST_SEGMENT]
        edges = [part.first, *inner, part.stop]
    shown = Span(edges[0], edges[-1])
    rows = [
        (shot, treatment, tuple(seeds_of(shots, number)))
        for number, (shot, treatment) in enumerate(zip(shots, treated, strict=True))
        if shot.span.meets(shown)
    ]
    return tuple(_segment(Span(a, b), film, rows, whole).shift(-a) for a, b in pairwise(edges))


# A shot, what is done to it, and the seed of each of its frames.
_Treated = tuple[Shot, ShotTreatment, tuple[int, ...]]


def _segment(span: Span, film: Format, rows: Sequence[_Treated], whole: FilmTreatment) -> Segment:
    """Returns a segment whose frames count on the film's clock."""
    shown = [row for row in rows if row[0].span.meets(span)]
    clips = tuple(_clip(row, row[0].span.common(span)) for row in shown)
    layers = tuple(_layer(layer, span, film) for layer in whole.layers if layer.span.meets(span))
    made = replace(film, length=len(span))
    calls = [call for _, treatment, _ in shown for call in treatment.calls] + [layer.call for layer in layers]
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


def _clip(row: _Treated, span: Span) -> ClipInSegment:
    shot, treatment, seeds = row
    picture, before = shot.take.picture, span.first - shot.span.first
    whole_into = Span(shot.span.first, shot.span.first + shot.transition)
    fade = tuple(treatment.weights[frame - shot.span.first] for frame in whole_into.common(span))
    return ClipInSegment(
        file=shot.take.file,
        picture=picture,
        span=span,
        frames=source_frames(shot, span),
        colour=treatment.colour,
        effects=treatment.effects,
        fade=fade,
        repairs=treatment.repairs,
        grain=treatment.grain,
        transition=_transition(treatment.fade, whole_into, span),
        ending=_ending(treatment.ending, Span(shot.span.stop - shot.ending, shot.span.stop), span),
        sampling=shot.sampling if shot.sampling in SYNTHESISED else "blend",
        exposures=exposures(shot, span),
        **_windows(shot, treatment, span),
        seeds=seeds[before : before + len(span)],
        shown_before=before if treatment.effects else 0,
        ground=treatment.ground,
    )


def _windows(shot: Shot, treatment: ShotTreatment, span: Span) -> _Windows:
    """Returns the windows of a shot's frames in a segment; of one that moves, also where it stands still for a while:
    a still window is rounded to whole pixels, and would jump there."""
    shown = treatment.windows[span.first - shot.span.first : span.stop - shot.span.first]
    return {"window": shown[0] if shown else treatment.window, "windows": shown}


def _transition(call: StageCall | None, frames: Span, span: Span) -> Placed | None:
    """Returns the stage that makes a transition's own picture, where a segment shows it; None for a mix by weights."""
    if call is None or not frames.meets(span) or not issubclass(find(call.stage), PictureTransition):
        return None
    return Placed(call, frames)


def _ending(call: StageCall | None, frames: Span, span: Span) -> Placed | None:
    return Placed(call, frames) if call is not None and frames.meets(span) else None
