"""Matches shots to the colour of their references before anything is planned; decisions are kept.

A reference is a file, another shot of the job after its own matching, or the house's figures. Each decision is made
from a few frames, once, and kept beside the store under a digest of everything it depends on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from post.engine import Store
from post.job.model import Cut, Matching
from post.measure.match import (
    WHEN,
    MeasuredFigures,
    ShotFrames,
    When,
    decide_by_figures,
    frames_of,
    match,
    open_any,
)
from post.picture.colour.develop import Develop
from post.picture.colour.match import ColourMatch
from post.picture.colour.tone_map import ToneMap, read_as
from post.plan.repair import used_frames
from post.plan.shots import plan_shots, source_frames
from post.plan.treatment import tone_mapped
from post.prepare.kept_answer import kept_answer
from post.prepare.sources import JobSources
from post.stage import ColourStage, call_of, open_call
from post.values import BT709, File, Matched, Picture, Shot, Span, StageCall
from post.values.array import Array
from post.values.shot_figures import ShotFigures

MATCHER = 5  # rises when the same frames may lead to another decision


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a comparison: frames of a file after the stages that come before matching.

    picture, span: None for a reference that is a file of its own; stages: run on the frames first.
    """

    file: File
    picture: Picture | None
    span: Span | None
    stages: tuple[StageCall, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """Everything that a decision depends on: its digest is the decision's key. matcher, stage: their versions.

    reference: a side, or the figures of a house; after: stages between the match and the finished colour, which those
    figures are of.
    """

    matcher: int
    stage: int
    when: str
    target: _Side
    reference: _Side | ShotFigures
    after: tuple[StageCall, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answer:
    """A decision in the form that is kept. call: the `match` stage at full strength, None where there is none."""

    method: str
    strength: float
    confidence: float
    guards: tuple[str, ...]
    why: str
    call: StageCall | None
    forced: bool = False
    needless: bool = False


def match_shots(sources: JobSources, keep: Store | None) -> tuple[JobSources, tuple[Matched, ...]]:
    """Returns the job with a `match` stage in every shot that is matched, and each shot's decision.

    keep: where decisions are looked up first, and kept; None to decide afresh.
    Raises SourceError where a reference cannot be read, Problems where the cut does not fit its takes.
    """
    job = sources.job
    if not any(cut.match for cut in job.cut):
        return sources, ()
    job = tone_mapped(job, sources.takes)
    sources = replace(sources, job=job)
    matcher = _Matcher(sources, keep)
    cut = tuple(replace(each, colour=matcher.colour_stages(each)) for each in job.cut)
    decisions = tuple(matcher.decisions[each.name] for each in job.cut if each.match)
    origins = (*job.origins, *_origins(decisions, job.cut))
    return replace(sources, job=replace(job, cut=cut, origins=origins)), decisions


def _origins(decisions: tuple[Matched, ...], cut: tuple[Cut, ...]) -> Iterator[tuple[str, str, str]]:
    """Yields each decision as `plan` lists it: (place in the job, value, why)."""
    names = [each.name for each in cut]
    for each in decisions:
        value = each.method if each.call is None else f"{each.method}, {each.strength:.0%}"
        value += ", although unsure" if each.forced else ""
        yield f"cut[{names.index(each.shot)}].match", value, f"to {each.reference}: {each.why}"


class _Matcher:
    """Decides the matches of one job; a shot that is a reference is decided first."""

    def __init__(self, sources: JobSources, keep: Store | None) -> None:
        self._sources, self._keep = sources, keep
        self._cut = {cut.name: cut for cut in sources.job.cut}
        self.decisions: dict[str, Matched] = {}

    @cached_property
    def _shots(self) -> dict[str, Shot]:
        return {shot.name: shot for shot in plan_shots(self._sources.job, self._sources.takes)}

    def colour_stages(self, cut: Cut) -> tuple[ColourStage, ...]:
        """Returns a shot's colour stages with its match: after the camera's stage, before the look."""
        before = _code_stages(cut)
        decision = self._decision(cut) if cut.match else None
        stage = open_call(decision.call) if decision and decision.call else None
        return (*before, *([stage] if isinstance(stage, ColourMatch) else []), *cut.colour[len(before) :])

    def _decision(self, cut: Cut) -> Matched:
        if cut.name not in self.decisions:
            assert cut.match is not None
            self.decisions[cut.name] = self._decide(cut, cut.match)
        return self.decisions[cut.name]

    def _decide(self, cut: Cut, wanted: Matching) -> Matched:
        file = wanted.file
        shown = _Side(file, None, None, ()) if file else None
        reference = wanted.house or shown or self._side(self._cut[wanted.to])
        later = cut.colour[len(_code_stages(cut)) :] if wanted.house else ()
        question = _Question(
            MATCHER, ColourMatch.version, wanted.when, self._side(cut, with_match=False), reference,
            tuple(call_of(stage) for stage in later),
        )  # fmt: skip
        answer = kept_answer(self._keep, question, _Answer, partial(_answer, question))
        name = wanted.to or (file.name if file else "house")
        return Matched(
            cut.name, name, file, answer.method, round(answer.strength * wanted.strength, 4),
            answer.confidence, answer.guards, answer.why, _weakened(answer.call, wanted), answer.forced,
            answer.needless,
        )  # fmt: skip

    def _side(self, cut: Cut, *, with_match: bool = True) -> _Side:
        """Returns a shot's side of a comparison. with_match: includes its own match, for a reference."""
        shot = self._shots[cut.name]
        developed = _code_stages(cut)
        stages = [call_of(stage) for stage in developed]
        decision = self._decision(cut) if with_match and cut.match else None
        if decision is not None and decision.call is not None:
            stages.append(decision.call)
        used = used_frames(source_frames(shot, shot.span), shot.take.picture.length)
        picture = shot.take.picture
        # Frames are compared as BT.709; a log or HDR clip is BT.709 after the stage that takes its codes.
        picture = replace(picture, colour=read_as(picture.colour, BT709, developed))
        return _Side(shot.take.file, picture, used, tuple(stages))


def _code_stages(cut: Cut) -> tuple[ColourStage, ...]:
    """Returns the stage that takes the clip's own codes, if there is one."""
    return tuple(stage for stage in cut.colour[:1] if isinstance(stage, Develop | ToneMap))


def _answer(question: _Question) -> _Answer:
    target, when, reference = _frames(question.target), _when(question.when), question.reference
    if isinstance(reference, ShotFigures):
        later = [ColourStage.from_call(call) for call in question.after]
        made = decide_by_figures(target, MeasuredFigures(reference, 1.0), when, partial(_coloured, later))
    else:
        made = match(target, _frames(reference), when)
    call = call_of(made.stage) if made.strength else None
    return _Answer(
        made.method, made.strength, made.confidence, made.guards, made.why, call, made.forced, made.needless
    )


def _when(word: str) -> When:
    return next(each for each in WHEN if each == word)


def _frames(side: _Side) -> list[Array]:
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


def _weakened(call: StageCall | None, wanted: Matching) -> StageCall | None:
    """Returns the stage at the strength that the job wants; None where it then changes nothing."""
    if call is None or wanted.strength == 0:
        return None
    stage = ColourMatch.from_call(call)
    made = stage if wanted.strength == 1 else stage.weaker(wanted.strength)
    return call_of(replace(made, reference=wanted.file))
