"""Brings an editor's change into the job that the cut came from, by the ids of its shots.

What the editor's file says is compared with what our own hand-off in that format says, so that what a format rounds or
loses is no change. A shot that did not change keeps its text; of one that did, only its timing is written.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from post.errors import AnswerprintError, Problems, SourceError
from post.handoff.exchange.conform import TakeIn, check_text, located, planned_shots, refuse_other_rate
from post.handoff.exchange.formats import ReadAsked, TimelineFormat
from post.handoff.exchange.merge_cut import CutMerge, ShotChange
from post.handoff.exchange.unmerged import unmerged
from post.handoff.from_plan import timeline_of
from post.handoff.losses import Loss, Refusal
from post.handoff.media import TakesFolder, file_name
from post.handoff.timeline import ReadTimeline, Timeline, TimelineClip
from post.job import load_job
from post.job.editing.cut import changed_text
from post.job.model import Job
from post.values import Format, Shot
from post.values.plan import Mix, Rendition


@dataclass(frozen=True, slots=True)
class UpdatedJob:
    """A job's new text, and what changed in it; counts of clips, retimes and transitions of the edit."""

    text: str
    changed: tuple[ShotChange, ...]
    clips: int
    retimes: int
    transitions: int
    refused: tuple[Refusal, ...]
    lost: tuple[Loss, ...]


def update_job(
    path: Path, read: ReadTimeline, form: TimelineFormat, takes: TakesFolder | None, take_in: TakeIn
) -> UpdatedJob:
    """Returns a job with an editor's changes; nothing is written.

    read: the edit; form: its format; takes: the folder of media that the job does not know, None for none; take_in:
    returns the take in a file. Raises JobError for a timeline of another rate; Problems for media that changed since
    the hand-off, or that is missing; and what the job itself raises with the changes in it.
    """
    job = load_job(path)
    refuse_other_rate(read.timeline, job)
    shots = planned_shots(job, take_in)
    refuse_changed(job, shots)
    base = timeline_of(job, rendition_of(job, shots))
    ours = through(form, base, path)
    merging = CutMerge(job, base, ours, _placed(read.timeline, base, takes, take_in))
    items = list(merging.items())
    text = changed_text(path, items, merging.added)
    check_text(text, path, take_in)
    timeline = read.timeline
    return UpdatedJob(
        text, tuple(merging.changes(items)), sum(not clip.media.make for clip in timeline.clips),
        sum(clip.retimed for clip in timeline.clips), len(timeline.transitions),
        (*read.refused, *merging.refused), (*read.lost, *merging.lost, *unmerged(timeline, ours)),
    )  # fmt: skip


def rendition_of(job: Job, shots: tuple[Shot, ...]) -> Rendition:
    """Returns a job's first deliverable as far as its cut goes: without segments and sound."""
    first = job.deliver[0]
    form = Format(first.width, first.height, job.clock, shots[-1].span.stop)
    return Rendition(first.name, form, shots, (), Mix((), 48000, 2, 0, None, -1.0, "aac", 128000, ()), ())


def refuse_changed(job: Job, shots: Sequence[Shot]) -> None:
    """Raises Problems with a fault for each take of a job whose file has other content than the job says."""
    asked = {ref.name: ref for ref in job.takes}
    faults: list[AnswerprintError] = []
    for take in {shot.take.name: shot.take for shot in shots}.values():
        ref = asked[take.name]
        if ref.sha256 and ref.made is None and take.file.sha256 != ref.sha256:
            faults.append(_other_content(ref.where, ref.sha256, take.file.sha256))
    if faults:
        raise Problems(faults)


def _other_content(where: str, expected: str, got: str) -> SourceError:
    return SourceError(
        "the file has changed since the hand-off", where=where, expected=f"sha256 {expected[:12]}...",
        got=f"{got[:12]}...", fix="bring back the file that was handed off",
    )  # fmt: skip


def through(form: TimelineFormat, timeline: Timeline, job: Path) -> Timeline:
    """Returns a timeline as a format brings it back; as it is where the format is not written here."""
    if form.write is None or form.read is None or form.name == "otioz":
        return timeline
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / f"{job.stem}{form.suffixes[0]}"
        form.write(timeline, place, "")
        return form.read(place, ReadAsked(timeline.clock)).timeline


def _placed(timeline: Timeline, base: Timeline, takes: TakesFolder | None, take_in: TakeIn) -> Timeline:
    """Returns an edit whose media are those of the job, by the names of their files, and else files of a folder."""
    known = {file_name(clip.media).casefold(): clip.media for clip in base.clips}
    by_id = {clip.id: clip.media for clip in base.clips}
    faults: list[AnswerprintError] = []

    def same(clip: TimelineClip) -> TimelineClip:
        found = known.get(file_name(clip.media).casefold())
        if found is None and clip.id in by_id and not clip.media.path and not clip.media.make:
            found = by_id[clip.id]
        if found is None or found.make or clip.media.make:
            return clip
        if clip.media.sha256 and clip.media.sha256 != found.sha256:
            faults.append(_other_content(found.path, clip.media.sha256, found.sha256))
        return replace(clip, media=found)

    placed = replace(timeline, clips=tuple(map(same, timeline.clips)), sounds=())
    if faults:
        raise Problems(list({str(fault): fault for fault in faults}.values()))
    ours = set(known.values())
    missing = [clip.media for clip in placed.clips if clip.media not in ours and not clip.media.make]
    if not missing:
        return placed
    if takes is None:
        names = sorted({file_name(media) for media in missing})
        raise SourceError(
            "media that the job does not have", where=timeline.name, got=", ".join(names),
            fix="say --takes: the folder that they are in",
        )  # fmt: skip
    fresh = _touching(timeline, [clip for clip in placed.clips if clip.media in missing])
    spans = {clip.id: clip for clip in located(fresh, takes, take_in)[0].clips}
    return replace(
        placed,
        clips=tuple(
            replace(spans[clip.id], record=clip.record) if clip.id in spans else clip for clip in placed.clips
        ),
    )


def _touching(timeline: Timeline, clips: Sequence[TimelineClip]) -> Timeline:
    """Returns a timeline of some clips alone, which follow each other from frame 0 on."""
    made, here = list[TimelineClip](), 0
    for clip in clips:
        made.append(replace(clip, record=clip.record.shift(here - clip.record.first)))
        here += len(clip.record)
    return replace(timeline, clips=tuple(made), transitions=(), sounds=())
