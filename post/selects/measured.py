"""Opens every take of a job, whether or not the cut uses it, and measures what people choose by. Each file is decoded
once: what was measured is kept in the store."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path

from post.brief.measure import measures_for, take_footage
from post.brief.rulings import take_rulings
from post.engine import ContentStore, Store
from post.engine.file_state import refuse_touched
from post.errors import AnswerprintError, Problems, SourceError
from post.job.model import Job, TakeRef
from post.measure import facts_of
from post.measure.cuts import Cuts
from post.measure.defects import Defects
from post.measure.fact import Unmeasured
from post.measure.film import softness
from post.measure.film.softness import Softness
from post.measure.flicker import Flicker
from post.measure.motion import ClipMotion
from post.naming import Shown, naming
from post.picture.colour.tone_map import takes_codes
from post.prepare.facts import file_picture
from post.prepare.kept_answer import kept_answer
from post.prepare.sources import take_of
from post.prepare.still_takes import hold_take
from post.prepare.warnings import take_warnings
from post.selects.usable import Defect, defects_in, usable_spans
from post.sound import measure
from post.takes.sound.decode import read_sound_file
from post.values import Take
from post.values.claim import Ruling
from post.values.colour import HDR
from post.values.media import Fact, Sound
from post.values.time import Span
from post.values.warning import JobWarning
from provenance.trust.lists import Anchors

MEASURES = ("cuts", "defects", "flicker", "softness", "motion")
SOUND_VERSION = 1  # rises where the same file would give other levels


@dataclass(frozen=True, slots=True)
class TakeFigures:
    """What was measured of a take; None where it could not be, or there is nothing to measure.

    edge_pct: how wide its sharpest edges are (one sigma), in % of the picture's height, with the blur of pixels
    themselves: of two clips that are as sharp as pixels allow, the one with more pixels is sharper; speed_pct: how far
    its usual pixel moves in a second, in % of the width; flicker_pct, drift_pct: of light; loudness_lufs,
    true_peak_dbtp: of its sound.
    """

    edge_pct: float | None = None
    speed_pct: float | None = None
    flicker_pct: float | None = None
    drift_pct: float | None = None
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None


@dataclass(frozen=True, slots=True)
class MeasuredTake:
    """A take with what was measured of it.

    cuts: the first frame of each new shot inside it; usable: spans of its frames that a shot can use; unmeasured:
    (figure, why) of what could not be measured; warnings: as the plan tells them; rulings: what the brief's rules about
    takes came to.
    """

    ref: TakeRef
    take: Take
    cuts: tuple[int, ...]
    defects: tuple[Defect, ...]
    usable: tuple[Span, ...]
    figures: TakeFigures
    unmeasured: tuple[tuple[str, str], ...]
    warnings: tuple[JobWarning, ...]
    rulings: tuple[Ruling, ...] = ()

    @property
    def broken(self) -> tuple[Ruling, ...]:
        """The rules of the brief that it breaks."""
        return tuple(each for each in self.rulings if each.verdict == "fail")

    @property
    def best(self) -> Span | None:
        """The longest usable span, the first of several; None where there is none."""
        return max(self.usable, key=len, default=None)


@dataclass(frozen=True, slots=True)
class SoundLevels:
    """The loudness of a take's sound, and why a figure is missing."""

    integrated_lufs: float | None
    true_peak_dbtp: float | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class LevelsQuestion:
    """Everything that a take's levels depend on: they are kept under its digest."""

    asset: str
    sound: Sound
    version: int


def measure_coverage(
    job: Job, anchors: Sequence[Anchors], content: ContentStore, keep: Store | None
) -> tuple[MeasuredTake, ...]:
    """Returns every take that comes from a file, in the job's order, measured.

    anchors: the trust lists to judge credentials by; content: where copies of the files are held; keep: where
    measurements are looked up first, and kept; None to measure afresh. A take that was changed after it was signed is
    told and not refused: it may be looked at. Raises Problems with a fault for each file that cannot be read.
    """
    opened, faults = list[tuple[TakeRef, Take]](), list[AnswerprintError]()
    for ref in job.takes:
        if ref.made is not None:
            continue
        try:
            held = hold_take(ref, content)
            take = take_of(replace(ref, path=held.here), anchors, job.clock, held.sha256, keep)
            opened.append((ref, replace(take, name=ref.name)))
        except AnswerprintError as fault:
            faults.append(content.placed(fault, ref.where))
    if faults:
        raise Problems(faults)
    shown = {str(take.file.here): Shown(take.file.name, ref.where) for ref, take in opened}
    states = content.states(take.file.here for _, take in opened)
    guarded = keep.guarded(partial(refuse_touched, states)) if keep else None
    with naming(shown):
        return tuple(_measured(job, ref, take, guarded) for ref, take in opened)


def _measured(job: Job, ref: TakeRef, take: Take, keep: Store | None) -> MeasuredTake:
    picture, sha256 = take.picture, take.file.sha256
    facts: Mapping[str, Fact] = {}
    brief = job.motion_brief
    if picture.decoded > 1 and not picture.stands_still:
        names = {*MEASURES, *(measures_for(brief.rules) if brief else ())}
        facts = facts_of(take.file.here, file_picture(job, take, keep), sha256, keep, names)
    values = {name: facts[name].value for name in MEASURES if name in facts}
    unmeasured = [(name, value.why) for name, value in values.items() if isinstance(value, Unmeasured)]
    cuts, found = values.get("cuts"), values.get("defects")
    at = cuts.frames if isinstance(cuts, Cuts) else ()
    codes = takes_codes([ref.develop] if ref.develop else []) or picture.colour.transfer in HDR
    defects = defects_in(found, picture.length, codes=codes) if isinstance(found, Defects) else ()
    usable = (
        usable_spans(picture.length, picture.grid.rate, at, defects) if isinstance(found, Defects) else ()
    )
    figures = replace(_figures(values), speed_pct=speed_pct(values.get("motion"), at, picture.grid.rate))
    if take.sound is not None:
        levels = _levels(take, take.sound, keep)
        figures = replace(figures, loudness_lufs=levels.integrated_lufs, true_peak_dbtp=levels.true_peak_dbtp)
        unmeasured += [("loudness", levels.why)] if levels.why else []
    warnings = tuple(take_warnings(take, ref, job))
    footage = take_footage(job, ref, take, keep, facts)
    rulings = take_rulings(brief, footage) if brief and footage else ()
    return MeasuredTake(ref, take, at, defects, usable, figures, tuple(unmeasured), warnings, rulings)


def _figures(values: Mapping[str, object]) -> TakeFigures:
    soft, light = values.get("softness"), values.get("flicker")
    return TakeFigures(
        edge_pct=_edge_pct(soft) if isinstance(soft, Softness) else None,
        flicker_pct=light.flicker_pct if isinstance(light, Flicker) else None,
        drift_pct=light.drift_pct if isinstance(light, Flicker) else None,
    )


def speed_pct(motion: object, cuts: Sequence[int], rate: Fraction) -> float | None:
    """Returns how far the usual pixel of a take moves in a second, in % of the width; None where that is not known.

    motion: a ClipMotion; cuts: the first frame of each new shot, whose motion from the frame before is none; rate:
    frames a second. A frame that repeats the one before counts as no movement: a clip has one speed whatever its rate.
    """
    if not isinstance(motion, ClipMotion):
        return None
    moved = [path for at, path in enumerate(motion.moved, start=1) if at not in cuts]
    return round(float(rate) * sum(moved) / len(moved), 2) if moved else None


def _edge_pct(soft: Softness) -> float:
    return 100 * math.hypot(soft.edge_px, softness.OWN) / soft.lines


def _levels(take: Take, sound: Sound, keep: Store | None) -> SoundLevels:
    question = LevelsQuestion(take.file.sha256, sound, SOUND_VERSION)
    return kept_answer(keep, question, SoundLevels, partial(_heard, take.file.here, sound))


def _heard(path: Path, sound: Sound) -> SoundLevels:
    try:
        found = measure(read_sound_file(path, sound.rate_hz), sound.rate_hz, sound.speakers)
    except SourceError as fault:
        return SoundLevels(None, None, str(fault))
    why = dict(found.unmeasured).get("integrated_lufs", "")
    return SoundLevels(found.integrated_lufs, found.true_peak_dbtp, why)
