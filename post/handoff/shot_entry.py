"""Makes one entry of a job's cut from a clip of a timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from post.handoff.durations import duration_text, frames_text, number_text
from post.handoff.losses import Loss
from post.handoff.own_keys import own_speeds
from post.handoff.time_keys import Fitted, rebased, speeds_of
from post.handoff.timeline import Timeline, TimelineClip
from post.values.time import Span, SpeedKey, TimeMap

# Media frames by which what a file says may leave what the job's words gave and still mean the same. Files that count
# whole frames round by half of one.
SAME = Fraction(1, 2)
FURTHEST = 1_000_000  # frames that a trim is looked for
TIMED = ("in", "out", "length", "speed", "fit", "freeze", "reverse")


def shot_entry(timeline: Timeline, clip: TimelineClip, take: str) -> tuple[dict[str, Any], list[Loss]]:
    """Returns the entry of a cut that shows a clip, and what it could not hold. take: its take's name in the job.

    Raises ValueError for a time map that no speed makes, and for a start before the media's first frame.
    """
    kept = clip.metadata.get("cut")
    entry: dict[str, Any] = dict(kept) if isinstance(kept, Mapping) else {"name": clip.id}
    entry["take"] = take
    shown = timeline.shown(clip)
    losses = list[Loss]()
    if not _as_written(timeline, clip, shown):
        losses += _time(timeline, clip, shown, entry)
    _passage(timeline, clip, entry)
    _sound(clip, entry)
    return entry, losses


def own_timing(clip: TimelineClip) -> tuple[Fraction, int, int, tuple[SpeedKey, ...]] | None:
    """Returns the timing that travelled with a clip: its in point in seconds, its frames, those before its cut, and
    its speeds; None if none did, or it is none."""
    timing = clip.metadata.get("timing")
    if not isinstance(timing, Mapping):
        return None
    try:
        first, length, before = Fraction(timing["in"]), int(timing["length"]), int(timing["before"])
        return first, length, before, own_speeds(clip.metadata)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
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
        fitted = speeds_of(clip.positions, clock)
    first = clip.at(-skipped, clock)
    entry["length"] = frames_text(len(shown))
    if clip.media.still:
        return []
    if first < 0:
        raise ValueError("it begins before the first frame of its media")
    entry["in"] = duration_text(first, clock)
    speeds = rebased(fitted.speeds, Fraction(-skipped)) if fitted.speeds else ()
    if any(key.speed != 1 for key in speeds):
        entry["speed"] = speed_text(speeds)
    if not fitted.why:
        return []
    return [Loss("time map", clip.name, f"{fitted.why}; followed within {float(fitted.error):.3f} frames")]


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


def _passage(timeline: Timeline, clip: TimelineClip, entry: dict[str, Any]) -> None:
    """Writes the transition into a clip, in the job's own words where they still say its length."""
    into = timeline.into(clip)
    written = entry.get("transition")
    if into is None or not into.length:
        entry.pop("transition", None)
        return
    length = frames_text(into.length)
    own = clip.metadata.get("timing")
    if written is not None and isinstance(own, Mapping) and own.get("overlap") == into.length:
        return
    if isinstance(written, Mapping) and written.get("stage", "dissolve") == into.stage:
        entry["transition"] = {**written, "length": length}
    elif into.stage in ("", "dissolve"):
        entry["transition"] = length
    else:
        entry["transition"] = {"stage": into.stage, "length": length, **into.params}


def _sound(clip: TimelineClip, entry: dict[str, Any]) -> None:
    """Writes a clip's gain, mute and offsets where the job's words do not say them."""
    if isinstance(clip.metadata.get("cut"), Mapping):
        return
    audio, sound = clip.audio, dict[str, Any]()
    if audio.mute or (clip.media.picture and not clip.media.sound and clip.media.path):
        sound["mute"] = True
    if audio.gain_db:
        sound["gain"] = f"{audio.gain_db:g} dB"
    if sound:
        entry["sound"] = sound
