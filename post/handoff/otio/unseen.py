"""Says what of a timeline travels in our own namespace alone: OpenTimelineIO has no words for it."""

from __future__ import annotations

from collections.abc import Iterator

from post.handoff.format_losses import job_losses
from post.handoff.losses import Loss
from post.handoff.timeline import Timeline, TimelineClip


def has_levels(clip: TimelineClip) -> bool:
    """Says whether a clip's own sound has a gain, fades or offsets."""
    audio = clip.audio
    return any((audio.gain_db, audio.fade_in, audio.fade_out, audio.lead, audio.lag))


def unseen_losses(timeline: Timeline) -> Iterator[Loss]:
    """Returns what travels in our own namespace, and no editor shows."""
    why = "OTIO has no word for it: it is kept in our metadata, and no editor shows it"
    yield from job_losses(timeline)
    for clip in timeline.clips:
        yield from _of_clip(clip, why)
    for each in timeline.transitions:
        if each.stage != "dissolve":
            name = each.stage or each.name
            yield Loss("transition", f"frame {each.at}", f"editors show their own in place of {name}")
    for title in timeline.titles:
        yield Loss("title", title.id, why)
    for sound in timeline.sounds:
        if sound.gain_db or sound.fade_in or sound.fade_out or sound.loop:
            yield Loss("sound levels and fades", sound.id, why)


def _of_clip(clip: TimelineClip, why: str) -> Iterator[Loss]:
    if clip.grade is not None:
        yield Loss("grade", clip.id, f"{why}; hand off as cdl or cube too")
    if has_levels(clip):
        yield Loss("sound levels and fades", clip.id, why)
    if clip.sampling not in ("", "nearest"):
        yield Loss("sampling", clip.id, why)
