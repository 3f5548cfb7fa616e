"""The timeline of a baked hand-off: the same cut, of plates that run as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from post.handoff.baked.files import PlateFile
from post.handoff.format_losses import job_losses
from post.handoff.losses import Loss
from post.handoff.own_keys import CLIP_SCHEMA
from post.handoff.timeline import ClipAudio, Metadata, Timeline, TimelineClip, TimelineMedia
from post.values import Rendition, Shot

# What `job_losses` names that plates do hold.
IN_PLATES = frozenset({"framing", "repair", "sampling", "generator records and signing"})
LEFT_OFF = "a plate is as before the grade: made when the film is finished"
SOUNDLESS = "a plate is picture alone; the hand-off without --baked has each clip's own sound"
UNSIGNED = "plates carry no Content Credentials, neither the film's nor their takes'"


def baked_timeline(live: Timeline, rendition: Rendition, files: Sequence[PlateFile]) -> Timeline:
    """Returns the cut of plates. live: the cut of takes, of the same rendition; black, colours, bars and slates stay
    as they are there.

    None of the job's own words travel with it, for they speak of the takes.
    """
    made = {file.plate.shot.name: file for file in files}
    clips = tuple(
        _clip(clip, shot, made.get(shot.name), live)
        for clip, shot in zip(live.clips, rendition.shots, strict=True)
    )
    return replace(live, clips=clips, metadata={})


def _clip(clip: TimelineClip, shot: Shot, file: PlateFile | None, live: Timeline) -> TimelineClip:
    plain = replace(clip, speeds=(), positions=(), sampling="", audio=ClipAudio(), metadata=_own(clip))
    if file is None:
        return plain
    clock, film = live.clock, file.plate.segment.format
    media = TimelineMedia(
        name=file.plate.name,
        path=str(file.path),
        sha256=file.sha256,
        rate=clock.rate,
        start=file.start,
        length=clock.seconds(file.plate.frames),
        width=film.width,
        height=film.height,
    )
    skipped = file.plate.before + clip.record.first - shot.span.first
    return replace(plain, media=media, source=clock.seconds(skipped))


def _own(clip: TimelineClip) -> Metadata:
    made = {"made": clip.metadata["made"]} if "made" in clip.metadata else {}
    return {"schema": CLIP_SCHEMA, "id": clip.id, **made}


def baked_losses(live: Timeline, files: Sequence[PlateFile], handles: int) -> Iterator[Loss]:
    """Yields what plates have not of the film, and which have fewer handles than were wanted."""
    for each in job_losses(live):
        if each.what not in IN_PLATES:
            yield Loss(each.what, each.where, LEFT_OFF)
    for clip in live.clips:
        if clip.media.sound and not clip.audio.mute:
            yield Loss("clip sound", clip.id, SOUNDLESS)
    for file in files:
        plate = file.plate
        if min(plate.before, plate.after) < handles:
            why = f"{plate.before} frames before and {plate.after} after, of {handles}: the take has no more"
            yield Loss("handles", plate.shot.name, why)
    if files:
        yield Loss("Content Credentials", "film", UNSIGNED)
