"""Reads FCPXML into a timeline."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from post.errors import SourceError, unknown
from post.handoff.fcpxml.found import JOB_KEY, Found, HeardSound, ShownTitle, own_metadata
from post.handoff.fcpxml.place import Place
from post.handoff.fcpxml.resources import VideoFormat, read_resources
from post.handoff.fcpxml.times import time_of
from post.handoff.fcpxml.walk import Walk
from post.handoff.layers import Laid, Piece, lay
from post.handoff.losses import Loss, Refusal
from post.handoff.timeline import (
    ReadTimeline,
    Timeline,
    TimelineClip,
    TimelineMarker,
    TimelineSound,
    TimelineTitle,
)
from post.handoff.xml_tree import Element, read_xml
from post.printable import printable
from post.values.time import Clock, Span

ZERO = Fraction(0)
INSIDE_BUNDLE = "Info.fcpxml"  # of a folder that Final Cut Pro exports (.fcpxmld)


def read_fcpxml(path: Path, project: str = "") -> ReadTimeline:
    """Returns the timeline of an FCPXML file, or of a bundle (.fcpxmld).

    project: its name where a file holds several, "" for the first. Raises SourceError where the file cannot be read, is
    no FCPXML or holds nothing to conform; JobError where it has no project of that name.
    """
    file = path / INSIDE_BUNDLE if path.is_dir() else path
    root = read_xml(file)
    label = str(path)
    if root.tag != "fcpxml":
        where = f"{label}:{root.line}"
        raise SourceError("not FCPXML", where=where, expected="<fcpxml>", got=f"<{printable(root.tag)}>")
    name, sequence, others = _chosen(root, label, project)
    walk = Walk(read_resources(root, label))
    form = walk.found.resources.formats.get(sequence.get("format"), VideoFormat())
    if form.rate is None:
        fix = "export it again with a format that has a frame duration"
        raise SourceError("the sequence says no frame rate", where=f"{label}:{sequence.line}", fix=fix)
    clock = Clock(form.rate)
    start = time_of(sequence, "tcStart", label, ZERO)
    stop = _walked(walk, sequence, clock, start, label)
    found = walk.found
    laid = lay(found.pieces, found.passages, stop, clock)
    clips, sounds, lost = _heard(found, laid, clock)
    timeline = Timeline(
        name=name, clock=clock, clips=clips, transitions=laid.transitions, sounds=sounds,
        markers=_markers(found, laid, clock),
        titles=tuple(_title(each, number, clock) for number, each in enumerate(found.titles, 1)),
        start=clock.frames(start), drop_frame=sequence.get("tcFormat") == "DF", width=form.width, height=form.height,
        sample_rate_hz=_audio_rate(sequence.get("audioRate")), metadata=own_metadata(sequence, JOB_KEY),
    )  # fmt: skip
    refused = [
        Refusal(f"{label}: project {each!r}", "one project at a time; name it to conform it")
        for each in others
    ]
    return ReadTimeline(timeline, (*found.refused, *laid.refused, *refused), (*found.lost, *laid.lost, *lost))


def _chosen(root: Element, label: str, project: str) -> tuple[str, Element, list[str]]:
    """Returns the name and the sequence to conform, and the names of those that are not.

    A file without a project may hold a compound clip alone: its sequence is conformed.
    """
    projects = [each for each in root.walk() if each.tag == "project"]
    named = [(each.get("name"), each.child("sequence")) for each in projects]
    if not named:
        used = {each.get("ref") for each in root.walk() if each.tag == "ref-clip"}
        media = [each for each in root.walk() if each.tag == "media" and each.get("id") in used]
        named = [(each.get("name"), each.child("sequence")) for each in media]
    whole = [(name, sequence) for name, sequence in named if sequence is not None and sequence.child("spine")]
    if not whole:
        fix = "export a project"
        raise SourceError("no project and no compound clip", where=label, expected="a sequence", fix=fix)
    names = [name for name, _ in whole]
    if project and project not in names:
        raise unknown(project, names, "--project", "project")
    number = names.index(project) if project else 0
    return names[number], whole[number][1], names[:number] + names[number + 1 :]


def _walked(walk: Walk, sequence: Element, clock: Clock, start: Fraction, label: str) -> Fraction:
    """Walks through a sequence and returns where it ends, in seconds."""
    spine = sequence.child("spine")
    assert spine is not None
    length = time_of(sequence, "duration", label, ZERO)
    far = Fraction(10**9)
    place = Place(-start, Fraction(1), ZERO, far, (), clock.rate)
    walk.spine(spine.children, place, start)
    ends = [piece.stop for piece in walk.found.pieces] + [title.stop for title in walk.found.titles]
    return max([length, *ends])


def _heard(
    found: Found, laid: Laid, clock: Clock
) -> tuple[tuple[TimelineClip, ...], tuple[TimelineSound, ...], list[Loss]]:
    """Returns the clips with their own sound, the sounds beside them, and what is not heard any more."""
    lost, beside = list[Loss](), list[HeardSound]()
    own = dict[str, bool]()
    step = 1 / clock.rate
    for sound in found.sounds:
        whose = next((p for p in found.pieces if _belongs(sound, p, step)), None)
        if whose is None:
            beside.append(sound)
        else:
            own[whose.where] = True
    for piece, span in laid.hidden:
        if piece.audio.mute and piece.where not in own:
            continue
        if piece.keys or piece.speed != 1:
            lost.append(Loss("sound", piece.where, "of a retimed clip under another one"))
            continue
        first, stop = clock.seconds(span.first), clock.seconds(span.stop)
        source = piece.source + first - piece.first
        beside.append(
            HeardSound(
                piece.media, first, stop, source, "voice", piece.audio.gain_db, piece.where, piece.name
            )
        )
    runs = _runs(laid, found.pieces, own)
    kept = {(s.media, s.first, s.stop, s.source): s for s in beside}
    sounds = tuple(_sound(each, number) for number, each in enumerate(kept.values(), 1))
    return runs, sounds, lost


def _belongs(sound: HeardSound, piece: Piece, step: Fraction) -> bool:
    """Returns whether a sound is the piece's own: of its file, in step with it, and heard with it alone."""
    shift = (sound.source - sound.first) - (piece.source - piece.first)
    same = sound.media == piece.media and piece.speed == 1 and not piece.keys and abs(shift) < step
    return same and abs(sound.first - piece.first) < step and abs(sound.stop - piece.stop) < step


def _runs(laid: Laid, pieces: list[Piece], own: dict[str, bool]) -> tuple[TimelineClip, ...]:
    """Returns the clips, heard where their own sound was found beside their picture."""
    heard = {piece.name for piece in pieces if piece.where in own}
    return tuple(
        replace(clip, audio=replace(clip.audio, mute=False)) if clip.name in heard else clip
        for clip in laid.clips
    )


def _sound(sound: HeardSound, number: int) -> TimelineSound:
    return TimelineSound(
        id=f"{sound.role}-{number}", media=sound.media, at=sound.first, length=sound.stop - sound.first,
        source=sound.source, role=sound.role, gain_db=sound.gain_db,
    )  # fmt: skip


def _title(title: ShownTitle, number: int, clock: Clock) -> TimelineTitle:
    span = Span(max(0, clock.frames(title.first)), max(0, clock.frames(title.stop)))
    own: dict[str, Any] = dict(title.metadata)
    kept = own.get("title")
    name = kept.get("id") if isinstance(kept, dict) else None
    return TimelineTitle(str(name or f"title-{number}"), title.text, span, own)


def _markers(found: Found, laid: Laid, clock: Clock) -> tuple[TimelineMarker, ...]:
    film = laid.clips[-1].record.stop if laid.clips else 0
    rows = []
    for each in sorted(found.markers, key=lambda marked: marked.at):
        at = clock.frames(each.at)
        clip = next((c for c in laid.clips if at in c.record), None)
        if 0 <= at < film:
            length = max(1, clock.frames(each.length))
            rows.append(TimelineMarker(at, each.name, each.note, length, each.kind, clip.id if clip else ""))
    return tuple(rows)


def _audio_rate(text: str) -> int:
    rates = {
        "32k": 32000,
        "44.1k": 44100,
        "48k": 48000,
        "88.2k": 88200,
        "96k": 96000,
        "176.4k": 176400,
        "192k": 192000,
    }
    return rates.get(text, 48000)
