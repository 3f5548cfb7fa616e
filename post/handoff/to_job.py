"""Makes a job from a timeline and a folder of takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from post.atomic import real_path
from post.handoff.durations import duration_text, frames_text
from post.handoff.exchange.moved_files import MovedFiles
from post.handoff.losses import Loss, Refusal
from post.handoff.media import TakesFolder, file_name
from post.handoff.own_keys import sound_frames
from post.handoff.shot_entry import passage_words, shot_entry
from post.handoff.timeline import Timeline, TimelineClip, TimelineMedia, TimelineSound, TimelineTitle
from post.job.rates import DECIMAL_RATES
from post.job.table.schema_table import SCHEMA
from post.job.write import relative, take_names
from post.knob import duration_frames

# What an editor cut is not graded here unless somebody asks for it.
HOUSE = "plain"
SHAPES = {"social-16x9": Fraction(16, 9), "social-9x16": Fraction(9, 16), "social-1x1": Fraction(1)}


@dataclass(frozen=True, slots=True)
class ConformedJob:
    """A job made from a timeline, as plain data; clips, retimes, transitions: how many of them it has.

    refused: what has no right meaning in a job, media that is missing too; lost: what a job does not hold.
    """

    data: dict[str, Any]
    clips: int
    retimes: int
    transitions: int
    refused: tuple[Refusal, ...] = ()
    lost: tuple[Loss, ...] = ()


@dataclass(slots=True)
class _Takes:
    """The takes that a job names, as they are found."""

    folder: TakesFolder
    job: Path
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: dict[TimelineMedia, str] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)

    def name(self, media: TimelineMedia, base: Mapping[str, Any]) -> str:
        """Returns the name of a media's take, which is added where it is new. base: what is known of takes by name."""
        if media not in self.names:
            path = self.folder.find(media) if not media.make else None
            wanted = media.name if media.name in base else ""
            taken = self.entries if wanted not in self.entries else {*self.entries, wanted}
            name = wanted if wanted and wanted not in self.entries else ""
            name = name or take_names([Path(f"{media.make or Path(file_name(media)).stem}.x")], taken)[0]
            known = base.get(wanted)
            self.names[media] = name
            self.entries[name] = self._entry(media, path, known if isinstance(known, Mapping) else {})
        return self.names[media]

    def _entry(self, media: TimelineMedia, path: Path | None, known: Mapping[str, Any]) -> dict[str, Any]:
        if media.make:
            made = {"make": media.make}
            made |= {"fill": media.fill} if media.make in ("colour", "slate") else {}
            return made | ({"text": media.text} if media.make == "slate" else {})
        where = f"media {media.name!r}"
        if path is None:
            path = self.folder.folder / file_name(media)
            why = f"no file of this name under {self.folder.folder}; put it there, or name its folder with --takes"
            self.refused.append(Refusal(where, why))
            return {**known, "file": relative(path, self.job)}
        content = self.folder.sha256(path)
        if media.sha256 and content != media.sha256:
            why = (
                f"{path} is not the file that was handed off: its content has changed; bring back the old one"
            )
            self.refused.append(Refusal(where, why))
        return {**known, "file": relative(path, self.job), "sha256": media.sha256 or content}


def job_of(timeline: Timeline, takes: TakesFolder, folder: Path) -> ConformedJob:
    """Returns the job that a timeline asks for. folder: where the job will lie; its paths are relative to that.

    What travelled in our own namespace comes back as the job had it, and an editor's changes are laid over it. Media
    that is not found keeps its place in the cut: its file is named where it is expected, and refused.
    """
    kept = timeline.metadata.get("job")
    base: dict[str, Any] = dict(kept) if isinstance(kept, Mapping) else {}
    known = base.get("takes")
    found = _Takes(takes, real_path(folder))
    refused, lost, cut = list[Refusal](), list[Loss](), list[dict[str, Any]]()
    used = list[TimelineClip]()
    for clip in timeline.clips:
        take = found.name(clip.media, known if isinstance(known, Mapping) else {})
        try:
            entry, losses = shot_entry(timeline, clip, take)
        except ValueError as fault:
            refused.append(Refusal(f"clip {clip.name!r} at frame {clip.record.first}", str(fault)))
            continue
        cut.append(entry)
        lost += losses
        used.append(clip)
    files = MovedFiles(Path(str(timeline.metadata.get("folder", ""))), takes, found.job)
    ending, ending_lost = _ending(timeline, base)
    sound, sounds_lost = _sound(timeline, base, found, files)
    rest = {
        key: value for key, value in base.items() if key not in ("takes", "cut", "titles", "sound", "ending")
    }
    rest, lost_brief = _rest(rest, files)
    words = files.moved({"cut": cut, **ending, **_titles(timeline)})
    unused, unused_lost = _unused(known, found, files)
    data = _head(timeline, rest) | {"takes": found.entries | unused} | words | sound
    data |= {"deliver": rest.pop("deliver", None) or [_deliver(timeline)]}
    data |= {key: value for key, value in rest.items() if key not in data}
    data["provenance"] = {"key": "development", "training_mining": "notAllowed"}
    return ConformedJob(
        data=data,
        clips=sum(not clip.media.make for clip in used),
        retimes=sum(clip.retimed for clip in used),
        transitions=len(timeline.transitions),
        refused=(*found.refused, *refused, *files.refused),
        lost=(*lost, *ending_lost, *sounds_lost, *lost_brief, *unused_lost),
    )  # fmt: skip


def _rest(rest: Mapping[str, Any], files: MovedFiles) -> tuple[dict[str, Any], list[Loss]]:
    """Returns the other sections of a job with their files; a brief that is not there is left out."""
    brief = rest.get("brief")
    if brief is None or files.find(str(brief)) is not None:
        return files.moved(rest), []
    why = f"the brief {str(brief)!r} is neither at {files.home} nor under --takes"
    return files.moved({key: value for key, value in rest.items() if key != "brief"}), [
        Loss("brief", "film", why)
    ]


def _unused(known: Any, found: _Takes, files: MovedFiles) -> tuple[dict[str, Any], list[Loss]]:
    """Returns the takes of a job that its cut does not show; one whose file is not there is left out."""
    kept, lost = dict[str, Any](), list[Loss]()
    for name, entry in known.items() if isinstance(known, Mapping) else ():
        if name in found.entries:
            continue
        file = entry.get("file") if isinstance(entry, Mapping) else entry
        if file is not None and files.find(str(file)) is None:
            lost.append(Loss("take", str(name), "no shot shows it, and its file is not found"))
        else:
            kept[name] = files.moved(entry, "file")
    return kept, lost


def _ending(timeline: Timeline, base: Mapping[str, Any]) -> tuple[dict[str, Any], list[Loss]]:
    """Returns the film's own fade out, in the job's own words where they still say its length."""
    out = timeline.out_of(timeline.clips[-1]) if timeline.clips else None
    if out is None or not out.length:
        return {}, []
    words, lost = passage_words(out)
    kept = base.get("ending")
    own = kept.get("length") if isinstance(kept, Mapping) else kept
    if own is not None and _frames(str(own), timeline) == out.length:
        return {"ending": kept}, []
    return {"ending": words}, lost


def _frames(text: str, timeline: Timeline) -> int | None:
    try:
        return duration_frames(text, timeline.clock)
    except ValueError:
        return None


def _head(timeline: Timeline, rest: Mapping[str, Any]) -> dict[str, Any]:
    rate = timeline.clock.rate
    decimal = next((text for text, exact in DECIMAL_RATES.items() if exact == rate), "")
    clock = rest.get("clock") if str(rest.get("clock")) in (decimal, str(rate)) else decimal or str(rate)
    return {
        "schema": rest.get("schema", SCHEMA),
        "title": timeline.name or "Untitled",
        "clock": clock,
        "house": rest.get("house", HOUSE),
    }


def _deliver(timeline: Timeline) -> dict[str, Any]:
    width, height = timeline.width or 1920, timeline.height or 1080
    shape = Fraction(width, height)
    preset = min(SHAPES, key=lambda name: abs(SHAPES[name] - shape))
    return {"preset": preset, "width": width - width % 2, "height": height - height % 2, "focus": "auto"}


def _titles(timeline: Timeline) -> dict[str, Any]:
    written = [_title(each) for each in timeline.titles]
    return {"titles": written} if written else {}


def _title(title: TimelineTitle) -> dict[str, Any]:
    kept = title.metadata.get("title")
    entry: dict[str, Any] = dict(kept) if isinstance(kept, Mapping) else {}
    if not entry or title.metadata.get("text") != title.text:
        entry["text"] = title.text
    if not entry.get("at") or title.metadata.get("frames") != [title.record.first, title.record.stop]:
        entry["at"] = frames_text(title.record.first)
        entry["length"] = frames_text(len(title.record))
    return entry


def _sound(
    timeline: Timeline, base: Mapping[str, Any], found: _Takes, files: MovedFiles
) -> tuple[dict[str, Any], list[Loss]]:
    """Returns the sound of a job: as it was where its words travelled, else what the timeline has."""
    kept = base.get("sound")
    if isinstance(kept, Mapping):
        return {"sound": files.moved(kept)}, changed_sound(timeline)
    laid: dict[str, list[dict[str, Any]]] = {}
    for sound in timeline.sounds:
        laid.setdefault(sound.role, []).append(_laid(sound, timeline, found))
    return ({"sound": laid} if laid else {}), []


def changed_sound(timeline: Timeline) -> list[Loss]:
    """Returns that an editor changed the sound, where it did: the job's own words on it are kept. Where the file does
    not have our words any more, nobody knows."""
    now, then = sound_frames(timeline.sounds, timeline.clock), timeline.metadata.get("sounds")
    # A file counts sound in frames: each may be one off.
    same = isinstance(then, list) and len(now) == len(then) and all(
        isinstance(b, list) and len(b) == 2 and all(isinstance(n, int) for n in b)
        and max(abs(x - y) for x, y in zip(a, b, strict=True)) <= 1
        for a, b in zip(now, then, strict=True)
    )  # fmt: skip
    if same or not isinstance(then, list):
        return []
    return [Loss("sound", "film", "music and effects were changed in the editor; the job's own are kept")]


def _laid(sound: TimelineSound, timeline: Timeline, found: _Takes) -> dict[str, Any]:
    path = found.folder.find(sound.media)
    if path is None:
        path = found.folder.folder / file_name(sound.media)
        why = (
            f"no file of this name under {found.folder.folder}; put it there, or name its folder with --takes"
        )
        found.refused.append(Refusal(f"sound {sound.media.name!r}", why))
    entry: dict[str, Any] = {"file": relative(path, found.job), "at": duration_text(sound.at, timeline.clock)}
    if sound.source:
        entry["in"] = duration_text(sound.source, timeline.clock)
    entry["length"] = duration_text(sound.length, timeline.clock)
    if sound.gain_db:
        entry["gain"] = f"{sound.gain_db:g} dB"
    for key, fade in (("fade_in", sound.fade_in), ("fade_out", sound.fade_out)):
        if fade:
            entry[key] = duration_text(fade, timeline.clock)
    return entry
