"""Cuts a job down to one of its versions: the shots that it shows, and what lies on them, which moves with them.

    titles, brand elements, labels   the longest part that stays whole, where that is half of it or more
    captions of the film             each in the same way
    voice, dialogue, effects         go with the shot that they start on, at their full length
    music, ambience                  from where they start to where they end, over whatever is left between

What spans the whole film, or lies at its end by `last`, does so in every version; so does what a version places itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from post.captions.model import ENDLESS, Caption
from post.job.asserted import Asserted
from post.job.model import AudioClip, CaptionFile, Cut, Job, Timed
from post.knob import duration_frames, duration_seconds
from post.plan.cut.moved import Moves, Stretch, moves_between
from post.plan.shots import plan_shots
from post.plan.sound import AudioSource
from post.sound.stages import Ambience, Music
from post.values import Clock, Take, round_half_up
from post.values.warning import JobWarning

BEDS = (Music, Ambience)
LOST, SHORTER = "version-lost", "version-shorter"


@dataclass(frozen=True, slots=True)
class VersionCut:
    """A job as one of its versions shows it. sounds: beside the shots, moved; told: what is left out or shorter."""

    job: Job
    sounds: tuple[AudioSource, ...]
    told: tuple[JobWarning, ...] = ()


def cut_version(job: Job, takes: Mapping[str, Take], sounds: Sequence[AudioSource]) -> VersionCut:
    """Returns what a version shows of its job; a job that is no version, or has the job's own cut, as it is.

    takes: by name, those of the job's own cut too; sounds: those of `job`. Raises Problems where a cut does not fit its
    takes.
    """
    version = job.version
    if version is None:
        return VersionCut(job, tuple(sounds))
    cut = _shown(job.cut, version.left_out)
    shown = replace(job, cut=cut)
    if not version.base:
        return VersionCut(shown, tuple(sounds))
    base = plan_shots(replace(job, cut=version.base), takes)
    mover = _Mover(
        moves_between(base, plan_shots(shown, takes)), job.clock, tuple(each.name for each in job.deliver)
    )
    heard = mover.sounds(sounds)
    ids = {each.id for each in job.titles}
    titles = mover.layers(job.titles)
    gone = ids - {each.id for each in titles}
    moved = replace(
        shown,
        titles=tuple(_without_after(each, gone) for each in titles),
        brand=mover.layers(job.brand),
        marks=mover.layers(job.marks),
        captions=tuple(mover.captions(each) for each in job.captions),
        sounds=tuple(each.clip for each in heard),
        origins=(*job.origins, *mover.origins),
    )
    return VersionCut(moved, heard, tuple(mover.told))


def _shown(cut: tuple[Cut, ...], left_out: Sequence[str]) -> tuple[Cut, ...]:
    """Returns the shots that are shown. One that becomes the first starts with a cut; the film ends as it did."""
    kept = [each for each in cut if each.name not in left_out]
    if kept[0] is not cut[0]:
        kept[0] = replace(kept[0], transition=None, transition_length="0f")
    kept[-1] = replace(kept[-1], ending=cut[-1].ending, ending_length=cut[-1].ending_length)
    return tuple(kept)


def _without_after(title: Timed, gone: set[str]) -> Timed:
    if title.asserted is None or title.asserted.after not in gone - {""}:
        return title
    return replace(title, asserted=replace(title.asserted, after=""))


class _Mover:
    """Moves what lies on shots, and notes what it did. films: the names of the version's films."""

    def __init__(self, moves: Moves, clock: Clock, films: tuple[str, ...]) -> None:
        self._moves, self._clock, self._films = moves, clock, films
        self.told: list[JobWarning] = []
        self.origins: list[tuple[str, str, str]] = []

    def layers(self, layers: Sequence[Timed]) -> tuple[Timed, ...]:
        """Returns layers where they are in the version, without those that are not in it."""
        return tuple(moved for each in layers if (moved := self._layer(each)) is not None)

    def _layer(self, timed: Timed) -> Timed | None:
        first = duration_frames(timed.at, self._clock)
        length = duration_frames(timed.length, self._clock) if timed.length else None
        whole = not first and (length is None or length >= self._moves.frames)
        if timed.own_time or timed.last or whole:
            return timed
        stop = self._moves.frames if length is None else first + length
        found = self._moves.stretch(Fraction(first), Fraction(stop))
        name = f"{timed.layer.name} {timed.id}".strip()
        if found is None:
            self._lose(name, timed.where)
            return None
        start, end = (round_half_up(place) for place in found)
        if (start, end) == (first, stop):
            return timed
        if end - start < stop - first:
            self._shorten(name, timed.where, (stop - first, end - start))
        self._moved(name, first, start)
        open_end = length is None and end >= self._moves.new_frames
        return replace(
            timed,
            at=f"{start}f",
            length="" if open_end else f"{end - start}f",
            asserted=self._asserted(timed.asserted, start - first, shorter=end - start < stop - first),
        )

    def _asserted(self, said: Asserted | None, shift: int, *, shorter: bool) -> Asserted | None:
        """Returns what is asserted of a moved layer; a shorter one is not asserted to stay as long."""
        if said is None:
            return None

        def moved(time: str) -> str:
            return f"{max(duration_frames(time, self._clock) + shift, 0)}f" if time else ""

        stays = "" if shorter else moved(said.stays_until)
        return replace(said, enters_before=moved(said.enters_before), stays_until=stays)

    def sounds(self, sounds: Sequence[AudioSource]) -> tuple[AudioSource, ...]:
        """Returns sounds where they are in the version, without those that are not in it."""
        moved = ((each, self._clip(each)) for each in sounds)
        return tuple(replace(each, clip=clip) for each, clip in moved if clip is not None)

    def _clip(self, source: AudioSource) -> AudioClip | None:
        clip = source.clip
        first = duration_seconds(clip.at, self._clock) * self._clock.rate
        bed = isinstance(clip.stage, BEDS)
        if clip.own_time or (bed and not first and not clip.length):
            return clip
        start = self._moves.after(first) if bed else self._moves.point(first)
        name = f"{clip.stage.name} {clip.id or clip.path.name}"
        if start is None:
            self._lose(name, clip.where)
            return None
        length = clip.length
        if bed and length:
            stop = self._moves.before(first + duration_seconds(length, self._clock) * self._clock.rate)
            if stop is None or stop <= start:
                self._lose(name, clip.where)
                return None
            length = _written(stop - start)
        if start == first and length == clip.length:
            return clip
        self._moved(name, round_half_up(first), round_half_up(start))
        return replace(clip, at=_written(start), length=length)

    def captions(self, file: CaptionFile) -> CaptionFile:
        """Returns a file's captions where they are in the version. Those of a take follow it by themselves."""
        if file.own_time or file.take:
            return file
        moved = [(each, self._caption(each)) for each in file.captions.captions]
        lost = sum(caption is None for _, caption in moved)
        if lost:
            name = f"captions {file.id or file.language or file.path.name}"
            self._say(
                LOST, name, file.where, f"{lost} of {len(moved)} captions lie on shots that are not in it"
            )
        kept = sorted((each for _, each in moved if each is not None), key=lambda each: each.start)
        return replace(file, captions=replace(file.captions, captions=tuple(kept)))

    def _caption(self, caption: Caption) -> Caption | None:
        rate = self._clock.rate
        end = min(caption.stop, Fraction(self._moves.frames) / rate)
        found: Stretch | None = self._moves.stretch(caption.start * rate, end * rate)
        if found is None:
            return None
        start, stop = (place / rate for place in found)
        if caption.stop == ENDLESS and found[1] >= self._moves.new_frames:
            stop = ENDLESS
        shift = start - caption.start
        runs = tuple(
            run if run.at is None else replace(run, at=min(max(run.at + shift, start), stop))
            for run in caption.runs
        )
        return replace(caption, start=start, stop=stop, runs=runs)

    def _moved(self, name: str, first: int, start: int) -> None:
        if start != first:
            seconds = (f"{float(self._clock.seconds(place)):.2f} s" for place in (start, first))
            self.origins.append((name, f"at {next(seconds)}", f"with its shot, from {next(seconds)}"))

    def _lose(self, name: str, where: str) -> None:
        self._say(LOST, name, where, "lies on shots that are not in it")

    def _shorten(self, name: str, where: str, frames: tuple[int, int]) -> None:
        before, now = (f"{float(self._clock.seconds(each)):.2f} s" for each in frames)
        self._say(SHORTER, name, where, f"is {now} long in it, as its shots are; {before} in the job")

    def _say(self, code: str, name: str, where: str, what: str) -> None:
        fix = "place it in the version, by `at`, where it should be in it" if code == LOST else ""
        self.told.append(JobWarning(code, what, "", fix, name, where, films=self._films))


def _written(frames: Fraction) -> str:
    """Returns a place as a duration on the clock. A part of a frame is kept to a thousandth: sound is placed by it."""
    return f"{frames}f" if frames.denominator == 1 else f"{float(frames):.3f}f"
