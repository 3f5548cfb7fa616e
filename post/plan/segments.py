"""Cuts a film into segments, which are made in parallel. Each holds everything that decides its pixels."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import TypedDict

from post.picture.between.weights import network_releases
from post.picture.captions.caption import CaptionLayer
from post.picture.transitions.picture_transition import PictureTransition
from post.plan.between.shutter import exposures
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

LONGEST_S = 2  # one closed group of pictures: parallel work and re-made titles against +1.3 % size


@dataclass(frozen=True, slots=True)
class ShotTreatment:
    """What is done to one shot's picture.

    fade: the transition into it; weights: of the incoming shot, for each frame of the transition; ending: the
    transition at the end of the film; windows: of each frame of the shot, where the window moves.
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
    edges = _edges(film, shots, whole.layers)
    if part is not None:  # those inside it stay, so that its segments are the film's own
        inside = Span(part.first + SHORTEST_SEGMENT, max(part.stop, part.first + SHORTEST_SEGMENT))
        inner = [edge for edge in edges if edge in inside and part.stop - edge >= SHORTEST_SEGMENT]
        edges = [part.first, *inner, part.stop]
    return tuple(_segment(Span(a, b), film, shots, treated, whole) for a, b in pairwise(edges))


def _edges(film: Format, shots: Sequence[Shot], layers: Sequence[LayerPlacement]) -> list[int]:
    """Returns the frames to cut at: every LONGEST_S of the film, then edits, then titles.

    Each is counted from the film's start, and none depends on another that is SHORTEST_SEGMENT away. So a change leaves
    every segment as it was that shows nothing of it; pieces of even length would all change with the length of a shot.
    """
    cuts = [0, film.length]
    longest = int(LONGEST_S * film.clock.rate)
    _add_cuts(cuts, *range(longest, film.length, longest))
    for shot in shots:
        _add_cuts(cuts, shot.span.first, shot.span.first + shot.transition, shot.span.stop - shot.ending)
    for layer in layers:
        if layer.call.stage == CaptionLayer.name:
            continue  # captions come so often that they would cut the film to pieces
        _add_cuts(cuts, layer.span.first, layer.span.stop)
    return cuts


def _add_cuts(cuts: list[int], *places: int) -> None:
    """Adds those places to `cuts`, which rise, that are far enough from every cut in it."""
    for place in places:
        at = bisect(cuts, place)
        if all(abs(place - near) >= SHORTEST_SEGMENT for near in cuts[max(0, at - 1) : at + 1]):
            cuts.insert(at, place)


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
    )


def _windows(shot: Shot, treatment: ShotTreatment, span: Span) -> _Windows:
    """Returns the windows of a shot's frames in a segment: one, where it stands still in them."""
    shown = treatment.windows[span.first - shot.span.first : span.stop - shot.span.first]
    still = len(set(shown)) < 2
    return {"window": shown[0] if shown else treatment.window, "windows": () if still else shown}


def _transition(call: StageCall | None, frames: Span, span: Span) -> Placed | None:
    """Returns the stage that makes a transition's own picture, where a segment shows it; None for a mix by weights."""
    if call is None or not frames.meets(span) or not issubclass(find(call.stage), PictureTransition):
        return None
    return Placed(call, frames)


def _ending(call: StageCall | None, frames: Span, span: Span) -> Placed | None:
    return Placed(call, frames) if call is not None and frames.meets(span) else None
