"""Shots brought to a reference's colour before anything is planned: each decision made once, and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from post.atomic import write_whole
from post.job.model import Cut, Matching
from post.measure.match import ShotFrames, frames_of, match, open_any
from post.picture.colour.develop import Develop, read_as
from post.picture.colour.match import Match
from post.plan.repair import used_frames
from post.plan.shots import lay_shots, source_frames
from post.prepare.sources import Gathered
from post.stage import ColourStage, Stage, call_of, open_call
from post.values import BT709, File, Matched, Picture, Shot, Span, StageCall, digest, from_plain, plain
from post.values.array import Array

MATCHER = 2  # rises when the same frames may lead to another decision


@dataclass(frozen=True, slots=True)
class _Side:
    """What is compared: frames of a file as the stages before matching leave them. picture: None of a
    reference that is a file of its own."""

    file: File
    picture: Picture | None
    span: Span | None
    done: tuple[StageCall, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """All that a decision depends on: it is kept under this value's digest. matcher, stage: versions."""

    matcher: int
    stage: int
    target: _Side
    reference: _Side


@dataclass(frozen=True, slots=True)
class _Answer:
    method: str
    strength: float
    confidence: float
    guards: tuple[str, ...]
    why: str
    call: StageCall | None


def matched_shots(gathered: Gathered, keep: Path | None) -> tuple[Gathered, tuple[Matched, ...]]:
    """The same job with a `match` stage in every shot that is matched, and what was decided of each.

    keep: a folder where decisions are looked for first and kept. Raises SourceError where a reference
    cannot be read, Problems where the cut itself does not hold together.
    """
    job = gathered.job
    if not any(cut.match for cut in job.cut):
        return gathered, ()
    film = _Film(gathered, keep)
    cut = tuple(replace(each, colour=film.colour(each)) for each in job.cut)
    found = tuple(film.matched[each.name] for each in job.cut if each.match)
    origins = (*job.origins, *_said(found, job.cut))
    return replace(gathered, job=replace(job, cut=cut, origins=origins)), found


def _said(found: tuple[Matched, ...], cut: tuple[Cut, ...]) -> Iterator[tuple[str, str, str]]:
    names = [each.name for each in cut]
    for each in found:
        value = each.method if each.call is None else f"{each.method}, {each.strength:.0%}"
        yield f"cut[{names.index(each.shot)}].match", value, f"to {each.reference}: {each.why}"


class _Film:
    """The shots of a job while they are matched, each after the one it is matched to."""

    def __init__(self, gathered: Gathered, keep: Path | None) -> None:
        self._gathered, self._keep = gathered, keep
        self._cut = {cut.name: cut for cut in gathered.job.cut}
        self.matched: dict[str, Matched] = {}

    @cached_property
    def _shots(self) -> dict[str, Shot]:
        return {shot.name: shot for shot in lay_shots(self._gathered.job, self._gathered.takes)}

    def colour(self, cut: Cut) -> tuple[ColourStage, ...]:
        """A shot's colour stages, matching among them: after its camera's own, before its look."""
        before = _developed(cut)
        found = self._found(cut) if cut.match else None
        stage = open_call(found.call) if found and found.call else None
        return (*before, *([stage] if isinstance(stage, Match) else []), *cut.colour[len(before) :])

    def _found(self, cut: Cut) -> Matched:
        if cut.name not in self.matched:
            assert cut.match is not None
            self.matched[cut.name] = self._match(cut, cut.match)
        return self.matched[cut.name]

    def _match(self, cut: Cut, asked: Matching) -> Matched:
        reference = (
            self._side(self._cut[asked.to]) if asked.file is None else _Side(asked.file, None, None, ())
        )
        question = _Question(MATCHER, Match.version, self._side(cut, with_match=False), reference)
        answer = _kept(self._keep, question) or _put(self._keep, question, _decided(question))
        call = _stage(answer.call, asked)
        named = asked.to or (asked.file.name if asked.file else "")
        return Matched(
            cut.name, named, asked.file, answer.method, round(answer.strength * asked.strength, 4),
            answer.confidence, answer.guards, answer.why, call,
        )  # fmt: skip

    def _side(self, cut: Cut, *, with_match: bool = True) -> _Side:
        """A shot as it is compared; as a reference, with what it is itself matched to."""
        shot = self._shots[cut.name]
        developed = _developed(cut)
        done = [call_of(stage) for stage in developed]
        found = self._found(cut) if with_match and cut.match else None
        if found is not None and found.call is not None:
            done.append(found.call)
        used = used_frames(source_frames(shot, shot.span), shot.take.picture.length)
        picture = shot.take.picture
        # Frames are compared as BT.709; of a log clip that is what its stage makes of it.
        picture = replace(picture, colour=read_as(picture.colour, BT709, developed))
        return _Side(shot.take.file, picture, used, tuple(done))


def _developed(cut: Cut) -> tuple[ColourStage, ...]:
    return tuple(stage for stage in cut.colour[:1] if isinstance(stage, Develop))


def _decided(question: _Question) -> _Answer:
    found = match(_frames(question.target), _frames(question.reference))
    call = call_of(found.stage) if found.strength else None
    return _Answer(found.method, found.strength, found.confidence, found.guards, found.why, call)


def _frames(side: _Side) -> list[Array]:
    if side.picture is None:
        return frames_of(open_any(side.file.here))
    stages = [open_call(call) for call in side.done]
    return [_through(stages, rgb) for rgb in frames_of(ShotFrames(side.file.here, side.picture, side.span))]


def _through(stages: Sequence[Stage], rgb: Array) -> Array:
    flat = rgb.reshape(-1, 3).astype(np.float64)
    for stage in stages:
        assert isinstance(stage, ColourStage)
        flat = stage.colour(flat)
    return np.clip(flat, 0, 1).reshape(rgb.shape).astype(np.float32)


def _stage(call: StageCall | None, asked: Matching) -> StageCall | None:
    """The stage done by the share that is asked for; None where nothing is left of it."""
    if call is None or asked.strength == 0:
        return None
    stage = open_call(call)
    assert isinstance(stage, Match)
    made = stage if asked.strength == 1 else stage.weaker(asked.strength)
    return call_of(replace(made, reference=asked.file))


def _place(keep: Path, question: _Question) -> Path:
    return keep / f"{digest(question)}.match.json"


def _kept(keep: Path | None, question: _Question) -> _Answer | None:
    if keep is None:
        return None
    try:
        return from_plain(_Answer, json.loads(_place(keep, question).read_text("utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _put(keep: Path | None, question: _Question, answer: _Answer) -> _Answer:
    if keep is not None:
        write_whole(_place(keep, question), json.dumps(plain(answer)))
    return answer
