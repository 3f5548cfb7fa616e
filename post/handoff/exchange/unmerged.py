"""Says what an editor changed that an update does not bring into a job: the cut alone is merged."""

from __future__ import annotations

from collections.abc import Iterator

from post.handoff.losses import Loss
from post.handoff.timeline import ClipAudio, Timeline
from post.handoff.to_job import changed_sound

WHY = "changed in the editor; the job's own is kept: change it in the job by hand"
# What files may round: the ends of sound by a frame, levels by a twentieth of a dB.
FRAME, LEVEL_DB = 1, 0.05


def unmerged(edit: Timeline, ours: Timeline) -> Iterator[Loss]:
    """Returns a loss for each part of an edit outside the cut that is not as it was handed off.

    ours: the job's cut as the same format brings it back, so that what a format loses is no change.
    """
    if _ending(edit) != _ending(ours):
        yield Loss("ending", "film", f"{_ending(edit)[1]} frames in place of {_ending(ours)[1]}: {WHY}")
    if _titles(edit) != _titles(ours):
        yield Loss("titles", "film", WHY)
    yield from changed_sound(edit)
    known = {clip.id: clip.audio for clip in ours.clips}
    for clip in edit.clips:
        if clip.id in known and not clip.media.make and not _same_audio(clip.audio, known[clip.id]):
            yield Loss("clip sound", clip.id, WHY)


def _ending(timeline: Timeline) -> tuple[str, int]:
    """Returns the stage and the frames of a film's own fade out; 0 frames for none."""
    out = timeline.out_of(timeline.clips[-1]) if timeline.clips else None
    return (out.stage, out.length) if out is not None and out.length else ("", 0)


def _titles(timeline: Timeline) -> list[tuple[str, int, int]]:
    return sorted((each.text, each.record.first, each.record.stop) for each in timeline.titles)


def _same_audio(edit: ClipAudio, ours: ClipAudio) -> bool:
    return (
        edit.mute == ours.mute
        and abs(edit.gain_db - ours.gain_db) <= LEVEL_DB
        and abs(edit.lead - ours.lead) <= FRAME
        and abs(edit.lag - ours.lag) <= FRAME
    )
