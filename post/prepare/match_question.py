"""Asks for the matches of a spot, whose shots share a reference, and keeps the answers under all that they depend on.

The transfer of one shot, which takes longest, depends on that shot and the reference, and is kept by itself. A balance
depends on all shots of the spot: where one of them changes, all are balanced anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from post.engine import Store
from post.measure.match import (
    WHEN,
    Decision,
    MeasuredFigures,
    Method,
    ShotFrames,
    When,
    decide_spot,
    decide_spot_by_figures,
    find_transfer,
    frames_of,
    open_any,
)
from post.picture.colour.match import ColourMatch
from post.prepare.kept_answer import kept_answer
from post.stage import ColourStage, call_of
from post.values import File, Picture, Span, StageCall, digest
from post.values.array import Array
from post.values.shot_figures import ShotFigures

MATCHER = 6  # rises when the same frames may lead to another decision


@dataclass(frozen=True, slots=True)
class MatchSide:
    """One side of a comparison: frames of a file after the stages that come before matching.

    picture, span: None for a reference that is a file of its own; stages: run on the frames first.
    """

    file: File
    picture: Picture | None
    span: Span | None
    stages: tuple[StageCall, ...]


@dataclass(frozen=True, slots=True)
class MatchAnswer:
    """A decision in the form that is kept. call: the `match` stage at full strength, None where there is none."""

    method: Method
    strength: float
    confidence: float
    guards: tuple[str, ...]
    why: str
    call: StageCall | None
    forced: bool = False
    needless: bool = False


@dataclass(frozen=True, slots=True)
class ShotToMatch:
    """A shot of a spot. after: the stages between the match and the finished colour, where the reference is the figures
    of a house, which are of that; none else."""

    target: MatchSide
    when: str
    after: tuple[StageCall, ...] = ()


@dataclass(frozen=True, slots=True)
class _TransferQuestion:
    """What a transfer depends on. matcher, stage: their versions."""

    matcher: int
    stage: int
    shot: ShotToMatch
    reference: MatchSide


@dataclass(frozen=True, slots=True)
class _SpotQuestion:
    """What the decisions of a spot depend on. shots: each once, in the order of their digests."""

    matcher: int
    stage: int
    shots: tuple[ShotToMatch, ...]
    reference: MatchSide | ShotFigures


@dataclass(frozen=True, slots=True)
class _SpotAnswer:
    """The decision for each shot of the question."""

    answers: tuple[MatchAnswer, ...]


def match_spot(
    shots: Sequence[ShotToMatch], reference: MatchSide | ShotFigures, keep: Store | None
) -> list[MatchAnswer]:
    """Returns the decision for each shot of a spot: the same for the same shots, in any order.

    keep: where decisions are looked up first, and kept; None to decide afresh.
    Raises SourceError where a file cannot be read.
    """
    once = {digest(shot): shot for shot in shots}
    question = _SpotQuestion(
        MATCHER, ColourMatch.version, tuple(once[key] for key in sorted(once)), reference
    )
    answer = kept_answer(keep, question, _SpotAnswer, partial(_decide, question, keep))
    found = dict(zip(sorted(once), answer.answers, strict=True))
    return [found[digest(shot)] for shot in shots]


def _decide(question: _SpotQuestion, keep: Store | None) -> _SpotAnswer:
    shots, reference = question.shots, question.reference
    targets = [_frames(shot.target) for shot in shots]
    whens = [_when(shot.when) for shot in shots]
    if isinstance(reference, ShotFigures):
        later = [partial(_coloured, [ColourStage.from_call(call) for call in shot.after]) for shot in shots]
        made = decide_spot_by_figures(targets, MeasuredFigures(reference, 1.0), whens, later)
    else:
        hero = _frames(reference)
        transfers = []
        for shot, frames, when in zip(shots, targets, whens, strict=True):
            asked = _TransferQuestion(MATCHER, ColourMatch.version, shot, reference)
            find = partial(_transfer, frames, hero, when)
            transfers.append(_decision(kept_answer(keep, asked, MatchAnswer, find)))
        made = decide_spot(targets, hero, whens, transfers)
    return _SpotAnswer(tuple(map(_answer, made)))


def _transfer(target: Sequence[Array], reference: Sequence[Array], when: When) -> MatchAnswer:
    return _answer(find_transfer(target, reference, when))


def _answer(made: Decision) -> MatchAnswer:
    call = call_of(made.stage) if made.strength else None
    return MatchAnswer(
        made.method, made.strength, made.confidence, made.guards, made.why, call, made.forced, made.needless
    )


def _decision(kept: MatchAnswer) -> Decision:
    stage = ColourMatch() if kept.call is None else ColourMatch.from_call(kept.call)
    return Decision(
        kept.method, kept.strength, kept.confidence, kept.guards, stage, kept.why, kept.forced, kept.needless
    )


def _when(word: str) -> When:
    return next(each for each in WHEN if each == word)


def _frames(side: MatchSide) -> list[Array]:
    """Returns frames to compare: (height, width, 3) float32 R'G'B', 0..1."""
    if side.picture is None:
        return frames_of(open_any(side.file.here))
    stages = [ColourStage.from_call(call) for call in side.stages]
    shot = ShotFrames(side.file.here, side.picture, side.span)
    return [_graded(stages, rgb) for rgb in frames_of(shot)]


def _graded(stages: Sequence[ColourStage], rgb: Array) -> Array:
    flat = _coloured(stages, rgb.reshape(-1, 3).astype(np.float64))
    return np.clip(flat, 0, 1).reshape(rgb.shape).astype(np.float32)


def _coloured(stages: Sequence[ColourStage], rgb: Array) -> Array:
    """Returns (n, 3) R'G'B' after the stages, unclamped."""
    for stage in stages:
        rgb = stage.colour(rgb)
    return rgb
