"""Merges an editor's cut into a job's, shot by shot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from fractions import Fraction
from pathlib import Path
from typing import Any

from post.atomic import real_path
from post.handoff.losses import Loss, Refusal
from post.handoff.media import file_name
from post.handoff.otio.write import average_scalar
from post.handoff.shot_entry import shot_entry
from post.handoff.timeline import Timeline, TimelineClip, TimelineMedia
from post.job.editing.cut import NewShot
from post.job.model import Job
from post.job.plain import plain_job
from post.job.write import relative, take_names
from post.knob import duration_seconds
from post.picture.retime import Retime
from post.unused_name import unused_name
from post.values.time import Clock, SpeedKey, TimeMap

NEAR = Fraction(1, 1000)  # frames by which two files may say the same time


@dataclass(frozen=True, slots=True)
class ShotChange:
    """What an editor changed of a shot. what: a key of the job, "order", "added" or "removed"."""

    id: str
    what: str
    before: Any = None
    after: Any = None

    def row(self) -> dict[str, Any]:
        """Returns it as JSON."""
        return {"id": self.id, "what": self.what, "from": self.before, "to": self.after}


@dataclass
class CutMerge:
    """Merges an edit into a cut. base: the job's; ours: that as the format brings it back; edit: the editor's."""

    job: Job
    base: Timeline
    ours: Timeline
    edit: Timeline
    added: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    lost: list[Loss] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.known = {clip.id: number for number, clip in enumerate(self.base.clips)}
        self.as_ours = {clip.id: clip for clip in self.ours.clips}
        self.entries: list[dict[str, Any]] = plain_job(self.job.path).get("cut") or []
        self.files = {real_path(ref.path): ref.name for ref in self.job.takes if ref.made is None}

    def items(self) -> Iterator[NewShot]:
        """Yields the shots of the new cut."""
        used = set[str]()
        for clip in self.edit.clips:
            own = self._own(clip)
            if own in self.known and own not in used:
                used.add(own)
                yield self._kept(own, clip)
            elif not self._is_artifact(clip):
                yield self._fresh(clip, used)

    def _own(self, clip: TimelineClip) -> str:
        """Returns the id of the job's shot that a clip is: by its id, else by a name that one shot has."""
        if clip.id in self.known:
            return clip.id
        named = [each.id for each in self.base.clips if each.name == clip.name and each.media == clip.media]
        return named[0] if len(named) == 1 else clip.id

    def _is_artifact(self, clip: TimelineClip) -> bool:
        """Says whether a clip is black that the format itself puts in: for a fade, or where nothing is."""
        twin = self.as_ours.get(clip.id)
        return bool(clip.media.make) and twin is not None and len(twin.record) == len(clip.record)

    def _kept(self, own: str, clip: TimelineClip) -> NewShot:
        number, twin = self.known[own], self.as_ours.get(own)
        before = self.entries[number]
        if twin is not None and self._same(clip, twin):
            return NewShot(number, before, before)
        base = self.base.clips[number]
        meant = replace(self._followed(clip, twin, base), id=own, metadata=clip.metadata or base.metadata)
        return NewShot(number, same_words(self._entry(meant), before, self.base.clock), before)

    def _followed(self, clip: TimelineClip, twin: TimelineClip | None, base: TimelineClip) -> TimelineClip:
        """Returns a clip with the job's own keys where the format has its average speed alone, and that is the same."""
        if twin is None or clip.metadata or len({key.speed for key in base.speeds}) < 2:
            return clip
        speed = average_scalar(twin, self.ours)
        if abs(average_scalar(clip, self.edit) - speed) > NEAR or not speed:
            return clip
        moved = round((clip.source - twin.source) * self.base.clock.rate / speed)
        # A format may cut where a transition begins, and the job's cut lies in its middle.
        moved += _skipped(twin, self.ours) - _skipped(base, self.base)
        run = TimeMap(Fraction(0), Fraction(1), base.speeds)
        keys = tuple(replace(key, at=key.at - moved) for key in base.speeds)
        return replace(
            clip, source=base.source + self.base.clock.seconds(run(moved)), speeds=keys, positions=()
        )

    def _same(self, clip: TimelineClip, twin: TimelineClip) -> bool:
        """Says whether the editor left a clip as it was handed off."""
        if len(clip.record) != len(twin.record) or file_name(clip.media) != file_name(self._media(twin)):
            return False
        into = [timeline.into(each) for timeline, each in ((self.edit, clip), (self.ours, twin))]
        outs = [timeline.out_of(each) for timeline, each in ((self.edit, clip), (self.ours, twin))]
        shapes = [(each.before, each.after, each.stage) if each else None for each in (*into, *outs)]
        if shapes[0] != shapes[1] or shapes[2] != shapes[3]:
            return False
        places = (Fraction(0), Fraction(len(clip.record), 3), Fraction(len(clip.record)))
        step = NEAR / self.base.clock.rate
        return clip.media.still or all(
            abs(clip.at(place, self.base.clock) - twin.at(place, self.base.clock)) <= step for place in places
        )

    def _media(self, twin: TimelineClip) -> TimelineMedia:
        number = self.known.get(twin.id)
        return self.base.clips[number].media if number is not None else twin.media

    def _fresh(self, clip: TimelineClip, used: set[str]) -> NewShot:
        given = unused_name(clip.id, used | self.known.keys())
        used.add(given)
        named = {
            key: value for key, value in (clip.metadata.get("cut") or {}).items() if key not in ("id", "name")
        }
        metadata = {**clip.metadata, "cut": {"id": given, **named}}
        return NewShot(None, self._entry(replace(clip, id=given, metadata=metadata)))

    def _entry(self, clip: TimelineClip) -> dict[str, Any]:
        """Returns the shot that shows a clip. One that no shot can show keeps nothing of it, and is refused."""
        timeline = replace(
            self.edit, clips=tuple(clip if each.record == clip.record else each for each in self.edit.clips)
        )
        entry, losses = shot_entry(timeline, clip, self._take(clip.media))
        self.lost += losses
        return entry

    def _take(self, media: TimelineMedia) -> str:
        """Returns the name of the take that media is; a new one is added."""
        if media.make:
            made = {ref.made.make: ref.name for ref in self.job.takes if ref.made is not None}
            made |= {str(entry.get("make")): name for name, entry in self.added.items()}
            return made.get(media.make) or self._add(media.make, {"make": media.make})
        path = real_path(Path(media.path))
        if path not in self.files:
            folder = real_path(self.job.path).parent
            fields = {"file": relative(path, folder), "sha256": media.sha256}
            self.files[path] = self._add(path.stem, fields)
        return self.files[path]

    def _add(self, stem: str, fields: dict[str, Any]) -> str:
        taken = [*(ref.name for ref in self.job.takes), *self.added]
        (name,) = take_names([Path(f"{stem}.x")], taken)
        self.added[name] = fields
        return name

    def changes(self, items: Sequence[NewShot]) -> Iterator[ShotChange]:
        """Yields what changed, in the order of the new cut; then what was taken out."""
        names = [clip.id for clip in self.base.clips]
        kept = [each.old for each in items if each.old is not None]
        moved = _moved(sorted(kept), kept)
        for place, each in enumerate(items):
            if each.old is None:
                yield ShotChange(str(each.entry.get("id", "")), "added", None, dict(each.entry))
                continue
            if each.old in moved:
                yield ShotChange(names[each.old], "order", each.old + 1, place + 1)
            for key in dict.fromkeys((*each.before, *each.entry)):
                if each.before.get(key) != each.entry.get(key):
                    yield ShotChange(names[each.old], key, each.before.get(key), each.entry.get(key))
        for number, name in enumerate(names):
            if number not in kept:
                yield ShotChange(name, "removed", dict(self.entries[number]))


def same_words(entry: Mapping[str, Any], before: Mapping[str, Any], clock: Clock) -> dict[str, Any]:
    """Returns a shot with its old words wherever they mean the same: `1s` for `24f`, nothing for `in: 0f`."""
    made = dict(entry)
    for key, unsaid in (("in", "0s"), ("length", "")):
        if key in made and _seconds(made[key], clock) == _seconds(before.get(key, unsaid), clock):
            made[key] = before.get(key)
    if "speed" in made and _keys(made["speed"], clock) == _keys(before.get("speed", "1"), clock):
        made["speed"] = before.get("speed")
    return {key: value for key, value in made.items() if value is not None}


def _seconds(text: Any, clock: Clock) -> Fraction | None:
    return duration_seconds(str(text), clock) if text else None


def _keys(text: Any, clock: Clock) -> tuple[SpeedKey, ...]:
    return Retime(speed=str(text)).keys(clock)


def _skipped(clip: TimelineClip, timeline: Timeline) -> int:
    """Returns the frames of a clip that are seen before its cut, in the transition into it."""
    return clip.record.first - timeline.shown(clip).first


def _moved(before: Sequence[int], after: Sequence[int]) -> set[int]:
    """Returns the fewest that moved: all that are not in the longest run that both orders share."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return set(before) - {before[n] for block in blocks for n in range(block.a, block.a + block.size)}
