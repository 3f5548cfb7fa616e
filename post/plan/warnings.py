"""Says what a person should know of a planned film: of its shots' speed, and where its layers and sounds end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from post.job.model import AudioClip, Cut, Deliver, Job, Timed
from post.knob import duration_frames, duration_seconds
from post.measure.cuts import Cuts
from post.measure.defects import Defects
from post.picture.colour.tone_map import takes_codes
from post.plan.between.sampling import LEAST_PICTURES, slowest
from post.plan.layers import layer_name
from post.plan.repair import used_frames
from post.plan.shots import source_frames
from post.plan.sound import AudioSource, sounding_frames
from post.values import Clock, Mix, Shot, SoundEvent, Span, round_half_up
from post.values.files.film_container import FILM_CONTAINERS
from post.values.media import Fact
from post.values.warning import JobWarning

# Of 28 clips, the one broken generation has a contrast of .18 of white, and no other less than .64.
LEAST_PICTURE = 0.3
# Music that ends this much before its film was chosen for that, or nobody will hear it.
NEAR_END_S = Fraction(1, 2)


def container_warnings(deliver: Sequence[Deliver]) -> Iterator[JobWarning]:
    """Yields a warning for each film whose container has no place for what says that it was generated."""
    for each in deliver:
        if not FILM_CONTAINERS[each.container].boxes:
            yield JobWarning(
                "credentials-beside",
                f"{each.container} holds no credentials and no XMP (IPTC fields): its manifest is {each.name}.c2pa",
                fix="pass both files on, or choose container: mp4 | mov",
                of=f"film {each.name}",
                where=each.where,
                films=(each.name,),
            )


def shot_warnings(cuts: Sequence[Cut], shots: Sequence[Shot], clock: Clock) -> Iterator[JobWarning]:
    """Yields a warning for each shot that shows so few different pictures a second that its motion stutters.

    A picture that stands still has no motion, and a film of few frames a second shows each of them once.
    """
    for cut, shot in zip(cuts, shots, strict=True):
        pictures = shot.take.picture.grid.rate * slowest(shot)
        moves = shot.sampling == "nearest" and not shot.take.picture.stands_still
        if moves and pictures < LEAST_PICTURES and pictures < clock.rate:
            yield JobWarning(
                "low-rate",
                f"shows each picture {float(clock.rate / pictures):.3g} times: its motion will stutter",
                f"{float(pictures):.3g} pictures a second in a film of {float(clock.rate):.6g}",
                "set `sampling: auto` in the shot, or a higher speed",
                f"shot {cut.name}",
                cut.where,
            )


def defect_warnings(
    cuts: Sequence[Cut], shots: Sequence[Shot], facts: Mapping[str, Mapping[str, Fact]], part: Span
) -> Iterator[JobWarning]:
    """Yields a warning for each thing in a shot's frames that a broken generation shows.

    cuts: with the tone maps of their takes; facts: by take, by measure; part: the frames of the film to look at.
    """
    for cut, shot in zip(cuts, shots, strict=True):
        fact = facts.get(cut.take, {}).get("defects")
        if fact is None or not isinstance(fact.value, Defects):
            continue
        used = used_frames(source_frames(shot, shot.span.common(part)), shot.take.picture.length)
        # Log and HDR hold a whole picture in a part of their codes: only what they become has contrast.
        known = replace(fact.value, contrast=1.0) if takes_codes(cut.colour) else fact.value
        for code, what, got in _defects(known, used, shot.take.picture.grid):
            fix = "generate it again, or use another part of the take"
            yield JobWarning(code, what, got, fix, f"shot {cut.name}", cut.where)


def cut_warnings(
    cuts: Sequence[Cut], shots: Sequence[Shot], facts: Mapping[str, Mapping[str, Fact]], part: Span
) -> Iterator[JobWarning]:
    """Yields a warning for each shot that shows its take on both sides of a cut in it.

    facts: by take, by measure; part: the frames of the film to look at.
    """
    for cut, shot in zip(cuts, shots, strict=True):
        fact = facts.get(cut.take, {}).get("cuts")
        if fact is None or not isinstance(fact.value, Cuts):
            continue
        seen = source_frames(shot, shot.span.common(part))
        shown = {number for number, _ in seen} | {number + 1 for number, weight in seen if weight}
        inside = [at for at in fact.value.frames if shown and min(shown) < at <= max(shown)]
        if inside:
            grid = shot.take.picture.grid
            yield JobWarning(
                "cut-inside",
                "cuts to another picture inside its take",
                f"a cut at {', '.join(_at(at, grid) for at in inside)} s of its take",
                "start it after the cut, or end it before; `answerprint selects` shows the parts between cuts",
                f"shot {cut.name}",
                cut.where,
            )


def _defects(found: Defects, used: Span, grid: Clock) -> Iterator[tuple[str, str, str]]:
    """Yields the code of each defect in the frames that are used, what is so, and where in the take."""
    if found.contrast < LEAST_PICTURE:
        yield (
            "faint",
            "shows next to nothing: its picture has hardly any contrast",
            f"{found.contrast:.0%} of white",
        )
    runs = (("frozen", "stands still", found.still), ("black", "is black", found.black))
    for code, what, spans in runs:
        shown = [Span(*run).common(used) for run in spans if Span(*run).meets(used)]
        if shown:
            times = ", ".join(
                f"{_at(each.first, grid)} to {_at(each.stop, grid)} s of its take" for each in shown
            )
            yield code, what, times
    flashes = [at for at in found.flashes if at in used]
    if flashes:
        yield "flash", "flashes", f"{', '.join(_at(at, grid) for at in flashes)} s of its take"


def _at(frame: int, grid: Clock) -> str:
    return f"{float(grid.seconds(frame)):.2f}"


def layer_warnings(job: Job, frames: int, part: Span) -> Iterator[JobWarning]:
    """Yields a warning for each layer in a part of the film that is asked to go on past its end. frames: the film's."""
    for timed in job.layers:
        end = _end(timed, job.clock)
        over = end - frames
        if over > 0 and Span(duration_frames(timed.at, job.clock), end).meets(part):
            yield JobWarning(
                "past-end",
                f"ends with the film, {_seconds(over, job.clock)} before it should",
                f"at {timed.at} for {timed.length} in a film of {_seconds(frames, job.clock)}",
                "start it earlier, or make it shorter",
                layer_name(timed.layer),
                timed.where,
            )


def sound_warnings(
    job: Job, mix: Mix, sounds: Sequence[AudioSource], film: tuple[int, Span]
) -> Iterator[JobWarning]:
    """Yields a warning for each sound beside the shots that is heard for less time than the job asks, and what was
    dropped, joined or assumed to read it.

    mix: of any deliverable; sounds: beside the shots; film: how many frames it has, and the part to look at.
    """
    frames, part = film
    events = [event for event in mix.events if event.role != "clip"]
    for source, event in zip(sounds, events, strict=True):
        of = f"{event.role} {source.clip.path.name}"
        if sounding_frames(event, job.clock, mix.rate_hz).meets(part):
            yield from (each.at(of, source.clip.where) for each in source.said)
        yield from _too_short(source.clip, event, job, (frames, part, of))


def _too_short(
    clip: AudioClip, event: SoundEvent, job: Job, film: tuple[int, Span, str]
) -> Iterator[JobWarning]:
    """Yields what is to be said of a sound that ends too early. film: its frames, the part to look at, and what the
    sound is called."""
    frames, part, of = film
    rate = job.sample_rate_hz
    end = Fraction(job.clock.samples(frames, rate), rate)
    at, heard, asked = Fraction(event.at, rate), Fraction(event.length, rate), _asked(clip, event, job, end)
    wanted = sounding_frames(replace(event, length=round_half_up(asked * rate)), job.clock, rate)
    if asked - heard <= NEAR_END_S or not wanted.meets(part):
        return
    past = at + heard >= end
    yield JobWarning(
        "past-end" if past else "sound-short",
        "ends with the film, before it should" if past else "ends before it should: its file is shorter",
        f"{float(heard):.2f} s of {float(asked):.2f} s",
        "make it shorter" if past else "set `loop: true`, or a shorter `length`",
        of,
        clip.where,
    )


def _end(timed: Timed, clock: Clock) -> int:
    if not timed.length:
        return 0
    return duration_frames(timed.at, clock) + duration_frames(timed.length, clock)


def _asked(clip: AudioClip, event: SoundEvent, job: Job, film: Fraction) -> Fraction:
    """Returns how long a sound should be heard, in seconds: as the job says, and music else to the film's end."""
    if clip.length:
        return duration_seconds(clip.length, job.clock)
    rest = film - Fraction(event.at, job.sample_rate_hz)
    return rest if event.role == "music" else Fraction(event.length, job.sample_rate_hz)


def _seconds(frames: int, clock: Clock) -> str:
    return f"{float(clock.seconds(frames)):.2f} s"
