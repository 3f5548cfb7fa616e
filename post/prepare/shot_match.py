"""Matches shots to the colour of their references before anything is planned; decisions are kept.

A reference is a file, another shot of the job after its own matching, or the house's figures. Each decision is made
from a few frames, once for all shots that share a reference, and kept beside the store under a digest of everything it
depends on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from post.engine import Store
from post.job.model import Cut, Matching
from post.picture.colour.develop import Develop
from post.picture.colour.match import ColourMatch
from post.picture.colour.tone_map import ToneMap, read_as
from post.plan.repair import used_frames
from post.plan.shots import plan_shots, source_frames
from post.plan.treatment import tone_mapped
from post.prepare.match_question import MatchSide, ShotToMatch, match_spot
from post.prepare.sources import JobSources
from post.stage import ColourStage, call_of, open_call
from post.values import BT709, Matched, Shot, StageCall


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
            self._decide_spot(cut.match)
        return self.decisions[cut.name]

    def _decide_spot(self, asked: Matching) -> None:
        """Decides every shot that has the same reference."""
        file, house = asked.file, asked.house
        spot = [
            (cut, wanted)
            for cut in self._cut.values()
            if (wanted := cut.match) and (wanted.to, wanted.file, wanted.house) == (asked.to, file, house)
        ]
        shown = MatchSide(file, None, None, ()) if file else None
        reference = house or shown or self._side(self._cut[asked.to])
        shots = [self._shot(cut, wanted) for cut, wanted in spot]
        name = asked.to or (file.name if file else "house")
        for (cut, wanted), answer in zip(spot, match_spot(shots, reference, self._keep), strict=True):
            self.decisions[cut.name] = Matched(
                cut.name, name, file, answer.method, round(answer.strength * wanted.strength, 4),
                answer.confidence, answer.guards, answer.why, _weakened(answer.call, wanted), answer.forced,
                answer.needless,
            )  # fmt: skip

    def _shot(self, cut: Cut, wanted: Matching) -> ShotToMatch:
        later = cut.colour[len(_code_stages(cut)) :] if wanted.house else ()
        return ShotToMatch(
            self._side(cut, with_match=False), wanted.when, tuple(call_of(stage) for stage in later)
        )

    def _side(self, cut: Cut, *, with_match: bool = True) -> MatchSide:
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
        return MatchSide(shot.take.file, picture, used, tuple(stages))


def _code_stages(cut: Cut) -> tuple[ColourStage, ...]:
    """Returns the stage that takes the clip's own codes, if there is one."""
    return tuple(stage for stage in cut.colour[:1] if isinstance(stage, Develop | ToneMap))


def _weakened(call: StageCall | None, wanted: Matching) -> StageCall | None:
    """Returns the stage at the strength that the job wants; None where it then changes nothing."""
    if call is None or wanted.strength == 0:
        return None
    stage = ColourMatch.from_call(call)
    made = stage if wanted.strength == 1 else stage.weaker(wanted.strength)
    return call_of(replace(made, reference=wanted.file))
