"""Makes one entry of a job's cut from a clip of a timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from post.handoff.durations import duration_text, exact_fraction, frames_text, number_text
from post.handoff.losses import Loss
from post.handoff.own_keys import own_speeds
from post.handoff.ramps import in_ramps
from post.handoff.time_keys import Fitted, rebased, speeds_of
from post.handoff.timeline import Timeline, TimelineClip, TimelineTransition
from post.handoff.transition_names import is_installed
from post.knob import public_knobs
from post.picture.retime import SPEEDS, Retime, is_speed
from post.sound.stages import ClipSound
from post.stage import find
from post.values.time import Span, SpeedKey, TimeMap, round_half_up

# Media frames by which what a file says may leave what the job's words gave and still mean the same. Files that count
# whole frames round by half of one.
SAME = Fraction(1, 2)
ROUNDED = Fraction(1, 10**6)
FURTHEST = 1_000_000  # frames that a trim is looked for
TIMED = ("in", "out", "length", "speed", "fit", "freeze", "reverse")


def shot_entry(timeline: Timeline, clip: TimelineClip, take: str) -> tuple[dict[str, Any], list[Loss]]:
    """Returns the entry of a cut that shows a clip, and what it could not hold. take: its take's name in the job.

    Raises ValueError for a time map that no speed makes, and for a start before the media's first frame.
    """
    kept = clip.metadata.get("cut")
    entry: dict[str, Any] = dict(kept) if isinstance(kept, Mapping) else {"id": clip.id}
    entry["take"] = take
    shown = timeline.shown(clip)
    losses = list[Loss]()
    if not _as_written(timeline, clip, shown):
        losses += _time(timeline, clip, shown, entry)
        losses += _sampling(clip, entry)
    losses += _passage(timeline, clip, entry)
    losses += _sound(clip, entry)
    return entry, losses


def own_timing(clip: TimelineClip) -> tuple[Fraction, int, int, tuple[SpeedKey, ...]] | None:
    """Returns the timing that travelled with a clip: its in point in seconds, its frames, those before its cut, and
    its speeds; None if none did, or it is none."""
    timing = clip.metadata.get("timing")
    if not isinstance(timing, Mapping):
        return None
    try:
        first, length, before = exact_fraction(timing["in"]), int(timing["length"]), int(timing["before"])
        return first, length, before, own_speeds(clip.metadata)
    except (KeyError, TypeError, ValueError):
        return None


def _as_written(timeline: Timeline, clip: TimelineClip, shown: Span) -> bool:
    """Returns whether a clip still has the timing that the job's words gave it."""
    own = own_timing(clip)
    if own is None or own[1] != len(shown):
        return False
    return follows(timeline, clip, own[0], own[3], clip.record.first - shown.first)


def follows(
    timeline: Timeline, clip: TimelineClip, first: Fraction, speeds: tuple[SpeedKey, ...], skipped: int
) -> bool:
    """Returns whether a clip shows what speed keys give. first: media time of their frame 0; skipped: the clip's first
    record frame, counted from there."""
    clock = timeline.clock
    near = SAME / (clip.media.rate or clock.rate)
    if clip.media.still:
        return True
    run = TimeMap(Fraction(0), Fraction(1), speeds) if speeds else TimeMap()
    places = {Fraction(0), Fraction(len(clip.record)), *(key.at for key in clip.positions)}
    wanted = [place for place in places if -skipped <= place <= len(clip.record) + 1]
    return all(
        abs(first + clock.seconds(run(place + skipped)) - clip.at(place, clock)) <= near for place in wanted
    )


def _time(timeline: Timeline, clip: TimelineClip, shown: Span, entry: dict[str, Any]) -> list[Loss]:
    clock = timeline.clock
    for key in TIMED:
        entry.pop(key, None)
    skipped = clip.record.first - shown.first
    fitted = Fitted(clip.speeds or _own_speeds(timeline, clip))
    if clip.positions and not fitted.speeds:
        fitted = in_ramps(speeds_of(clip.positions, clock))
    first = _snapped(clip.at(-skipped, clock), clip.media.rate or clock.rate)
    if clip.media.still:
        entry["length"] = frames_text(len(shown))
        return []
    if first < 0:
        raise ValueError("it begins before the first frame of its media")
    speeds = rebased(fitted.speeds, Fraction(-skipped)) if fitted.speeds else ()
    wrong = next((key.speed for key in speeds if not is_speed(key.speed)), None)
    if wrong is not None:
        raise ValueError(f"a speed of {float(wrong):.4g}, and a shot has {SPEEDS}, the same backwards, or 0")
    if any(key.speed != 1 for key in speeds):
        entry["speed"] = speed_text(speeds)
    if speeds and next((key.speed for key in speeds if key.speed), Fraction(0)) < 0:
        entry |= _backwards(timeline, clip, speeds, first, len(shown))
    else:
        entry["in"], entry["length"] = duration_text(first, clock), frames_text(len(shown))
    if not fitted.why:
        return []
    return [Loss("time map", clip.name, f"{fitted.why}; followed within {float(fitted.error):.3f} frames")]


def _snapped(time: Fraction, rate: Fraction) -> Fraction:
    """Returns a media time on the frame that it lies within a millionth of: files round what they write."""
    frame = round_half_up(time * rate)
    return frame / rate if abs(time * rate - frame) < ROUNDED else time


def _backwards(
    timeline: Timeline, clip: TimelineClip, speeds: Sequence[SpeedKey], first: Fraction, length: int
) -> dict[str, str]:
    """Returns the range of a clip that runs backwards: a job starts it at the range's end and ends it at its start.

    first: media time of its first frame; length: its frames. Raises ValueError where it turns round.
    """
    clock, run = timeline.clock, TimeMap(Fraction(0), Fraction(1), tuple(speeds))
    if run.direction >= 0:
        raise ValueError("it runs backwards first and forwards later; cut it where it turns")
    stands = next(
        (key.at for number, key in enumerate(speeds) if all(not k.speed for k in speeds[number:])), None
    )
    moving = length if stands is None else min(length, stands.__floor__() + 1)
    stop = first + abs(next(key.speed for key in speeds if key.speed)) * clock.seconds(1)
    if clip.media.length is not None:
        stop = min(stop, clip.media.length)
    last = max(first + clock.seconds(run(moving - 1)), Fraction(0))
    found = {"in": duration_text(last, clock), "out": duration_text(stop, clock)}
    return found | ({"freeze": frames_text(length - moving)} if moving < length else {})


def _sampling(clip: TimelineClip, entry: dict[str, Any]) -> list[Loss]:
    """Writes how frames between frames are made, where the editor chose it: the nearest way that there is."""
    if not clip.sampling or isinstance(clip.metadata.get("cut"), Mapping):
        return []
    known = public_knobs(Retime)["sampling"].choices
    chosen = clip.sampling if clip.sampling in known else "blend"
    entry["sampling"] = chosen
    return (
        []
        if chosen == clip.sampling
        else [Loss("sampling", clip.name, f"{clip.sampling} is made as {chosen}")]
    )


def _own_speeds(timeline: Timeline, clip: TimelineClip) -> tuple[SpeedKey, ...]:
    """Returns the speed keys that travelled with a clip that was trimmed, counted from its first record frame; () where
    it no longer follows them."""
    own = own_timing(clip)
    if own is None or not own[3] or any(key.speed < 0 for key in own[3]):
        return ()
    first, _, _, speeds = own
    wanted = (clip.at(0, timeline.clock) - first) * timeline.clock.rate
    run = TimeMap(Fraction(0), Fraction(1), speeds)
    low, high = -FURTHEST, FURTHEST
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if run(middle) < wanted else (low, middle)
    near = [skipped for skipped in (low, low - 1) if follows(timeline, clip, first, speeds, skipped)]
    return tuple(replace(key, at=key.at - near[0]) for key in speeds) if near else ()


def speed_text(speeds: tuple[SpeedKey, ...]) -> str:
    """Returns speed keys as a job writes them; those after the last change are left out."""
    if len({key.speed for key in speeds}) == 1:
        return number_text(speeds[0].speed)
    first, *rest = speeds
    parts = [f"{number_text(first.at)}f:{number_text(first.speed)}"]
    parts += [f"{number_text(key.at)}f:{number_text(key.speed)}:{key.ease}" for key in rest]
    return ", ".join(parts)


def _passage(timeline: Timeline, clip: TimelineClip, entry: dict[str, Any]) -> list[Loss]:
    """Writes the transition into a clip, in the job's own words where they still say its length."""
    into = timeline.into(clip)
    written = entry.pop("transition", None)
    if into is None or not into.length:
        return []
    own = clip.metadata.get("timing")
    if written is not None and isinstance(own, Mapping) and own.get("overlap") == into.length:
        entry["transition"] = written
        return []
    if isinstance(written, Mapping) and written.get("stage", "dissolve") == into.stage:
        entry["transition"] = {**written, "length": frames_text(into.length)}
        return []
    entry["transition"], losses = passage_words(into)
    return losses


def passage_words(each: TimelineTransition) -> tuple[str | dict[str, Any], list[Loss]]:
    """Returns a transition as a job writes it, and what it could not keep of it."""
    length, where = frames_text(each.length), f"transition at frame {each.at}"
    if each.stage in ("", "dissolve"):
        return length, []
    if not is_installed(each.stage):
        return length, [
            Loss("transition", where, f"there is no {each.stage!r} here; a dissolve takes its place")
        ]
    known = public_knobs(find(each.stage))
    params = {name: value for name, value in each.params.items() if name in known}
    if each.wipe is not None and "code" in known:
        params.setdefault("code", each.wipe)
    return {"stage": each.stage, "length": length, **params}, []


def _sound(clip: TimelineClip, entry: dict[str, Any]) -> list[Loss]:
    """Writes a clip's gain, mute, lead and lag where the job's words do not say them."""
    if isinstance(clip.metadata.get("cut"), Mapping) or clip.media.make:
        return []
    audio, sound, losses = clip.audio, dict[str, Any](), list[Loss]()
    known = public_knobs(ClipSound)
    if audio.mute and (clip.media.sound or not clip.media.picture):
        sound["mute"] = True
    if audio.gain_db:
        sound["gain"] = f"{audio.gain_db:g} dB"
    for name, frames in (("lead", audio.lead), ("lag", audio.lag)):
        if frames > 0 and name in known:
            sound[name] = frames_text(frames)
        elif frames > 0:
            losses.append(
                Loss("sound", clip.name, f"{frames} frames that it is heard beyond its picture ({name})")
            )
    if audio.pitch and "pitch" in known and clip.retimed:
        sound["pitch"] = audio.pitch
    if sound:
        entry["sound"] = sound
    return losses
