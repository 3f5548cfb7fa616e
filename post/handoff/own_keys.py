"""What of a job travels in our own namespace: the job's words, and the timing that they gave.

An editor's file is read by its own facts. Where these still say what the job's words gave, the words come back as they
were; where the editor changed something, only that is written anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.values.time import Clock, Ease, Span, SpeedKey

if TYPE_CHECKING:
    from post.handoff.timeline import TimelineClip

CLIP_SCHEMA, TITLE_SCHEMA, JOB_SCHEMA = "Clip.1", "Title.1", "Timeline.1"
# Prompts are for the film's credentials; who signs is no editor's business.
LEFT_OUT = ("cut", "provenance")
PRIVATE = ("generator", "accept")


def clip_metadata(
    entry: Mapping[str, Any], clip: TimelineClip, shown: Span, overlap: int, clock: Clock
) -> dict[str, Any]:
    """Returns what travels with a clip. entry: the shot as the job writes it; shown: its frames with transitions;
    overlap: those that it shares with the clip before."""
    skipped = clip.record.first - shown.first
    return {
        "schema": CLIP_SCHEMA,
        "id": clip.id,
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
    written: Mapping[str, Any], folder: Path, sounds: Sequence[Sequence[str]] = ()
) -> dict[str, Any]:
    """Returns what travels with the timeline: the job without its shots, prompts and signing.

    folder: the job's; sounds: the start, length and file of each sound, as the job's words gave them.
    """
    job = {key: value for key, value in written.items() if key not in LEFT_OUT}
    job["takes"] = {name: _public(take) for name, take in (written.get("takes") or {}).items()}
    return {"schema": JOB_SCHEMA, "folder": str(folder), "job": job, "sounds": sounds}


def _public(take: Any) -> Any:
    if not isinstance(take, Mapping):
        return take
    return {key: value for key, value in take.items() if key not in PRIVATE}


def own_speeds(metadata: Mapping[str, Any]) -> tuple[SpeedKey, ...]:
    """Returns the speed keys that travelled with a clip, in frames after its first shown one; () if there are none.

    Raises ValueError or TypeError where what travelled is no keys.
    """
    timing = metadata.get("timing") or {}
    eases: dict[str, Ease] = {"linear": "linear", "smooth": "smooth", "hold": "hold"}
    return tuple(
        SpeedKey(Fraction(at), Fraction(speed), eases[ease]) for at, speed, ease in timing.get("speeds") or ()
    )
