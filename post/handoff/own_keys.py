"""What of a job travels in our own namespace: the job's words, and the timing that they gave.

An editor's file is read by its own facts. Where these still say what the job's words gave, the words come back as they
were; where the editor changed something, only that is written anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from post.handoff.durations import exact_fraction
from post.handoff.timeline import BLACK, TimelineClip, TimelineMedia, TimelineSound
from post.takes.made.source import MAKES
from post.values.ease import read_ease
from post.values.time import Clock, Span, SpeedKey

CLIP_SCHEMA, TITLE_SCHEMA, JOB_SCHEMA = "Clip.1", "Title.1", "Timeline.1"
# Prompts are for the film's credentials; who signs is no editor's business.
LEFT_OUT = ("cut", "provenance")
_COLOUR = re.compile("#[0-9a-f]{6}")
PRIVATE = ("generator", "accept")


def clip_metadata(
    entry: Mapping[str, Any], clip: TimelineClip, shown: Span, overlap: int, clock: Clock
) -> dict[str, Any]:
    """Returns what travels with a clip. entry: the shot as the job writes it; shown: its frames with transitions;
    overlap: those that it shares with the clip before."""
    skipped = clip.record.first - shown.first
    media = clip.media
    made = {"made": {"make": media.make, "fill": media.fill, "text": media.text}} if media.make else {}
    return {
        "schema": CLIP_SCHEMA,
        "id": clip.id,
        **made,
        "cut": dict(entry),
        "timing": {
            "in": str(clip.at(-skipped, clock)),
            "length": len(shown),
            "before": skipped,
            "overlap": overlap,
            "speeds": [[str(key.at + skipped), str(key.speed), key.ease] for key in clip.speeds],
        },
    }


def title_metadata(entry: Mapping[str, Any], text: str, record: Span) -> dict[str, Any]:
    """Returns what travels with a title. entry: the title as the job writes it."""
    return {"schema": TITLE_SCHEMA, "title": dict(entry), "text": text, "frames": [record.first, record.stop]}


def job_metadata(
    written: Mapping[str, Any], folder: Path, sounds: Sequence[Sequence[int]] = ()
) -> dict[str, Any]:
    """Returns what travels with the timeline: the job without its shots, prompts and signing.

    folder: the job's; sounds: where its words laid sound, as `sound_frames` gives it.
    """
    job = {key: value for key, value in written.items() if key not in LEFT_OUT}
    job["takes"] = {name: _public(take) for name, take in (written.get("takes") or {}).items()}
    return {"schema": JOB_SCHEMA, "folder": str(folder), "job": job, "sounds": [list(row) for row in sounds]}


def sound_frames(sounds: Sequence[TimelineSound], clock: Clock) -> list[list[int]]:
    """Returns the first frame and the length of each sound beside the picture, in frames, in order of time."""
    return sorted([clock.frames(each.at), clock.frames(each.length)] for each in sounds)


def _public(take: Any) -> Any:
    if not isinstance(take, Mapping):
        return take
    return {key: value for key, value in take.items() if key not in PRIVATE}


def made_media(metadata: Mapping[str, Any]) -> TimelineMedia:
    """Returns the picture that is made of which a clip's metadata tells; black where it tells of none."""
    made, cut = metadata.get("made"), metadata.get("cut")
    if not isinstance(made, Mapping) or made.get("make") not in MAKES:
        return BLACK
    fill, text = str(made.get("fill", "")), str(made.get("text", ""))
    name = str(cut["take"]) if isinstance(cut, Mapping) and "take" in cut else str(made["make"])
    fill = fill if _COLOUR.fullmatch(fill) else "#000000"
    return TimelineMedia(name, make=str(made["make"]), fill=fill, text=text, still=True)


def own_speeds(metadata: Mapping[str, Any]) -> tuple[SpeedKey, ...]:
    """Returns the speed keys that travelled with a clip, in frames after its first shown one; () if there are none.

    Raises ValueError or TypeError where what travelled is no keys.
    """
    timing = metadata.get("timing") or {}
    return tuple(
        SpeedKey(exact_fraction(at), exact_fraction(speed), read_ease(str(ease)))
        for at, speed, ease in timing.get("speeds") or ()
    )
