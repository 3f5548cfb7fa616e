"""Reads FCPXML into a timeline."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from post.errors import SourceError, unknown
from post.handoff.fcpxml.found import JOB_KEY, own_metadata
from post.handoff.fcpxml.place import Place
from post.handoff.fcpxml.resources import VideoFormat, read_resources
from post.handoff.fcpxml.times import time_of
from post.handoff.fcpxml.walk import Walk
from post.handoff.found import ends, heard
from post.handoff.layers import lay
from post.handoff.losses import Refusal
from post.handoff.markup.xml_tree import XmlElement, read_xml
from post.handoff.timeline import ReadTimeline, Timeline
from post.printable import printable
from post.values.time import Clock

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
    clips, sounds, lost = heard(found, laid, clock)
    timeline = Timeline(
        name=name, clock=clock, clips=clips, transitions=laid.transitions, sounds=sounds,
        markers=found.marked(laid, clock),
        titles=found.titled(clock),
        start=clock.frames(start), drop_frame=sequence.get("tcFormat") == "DF", width=form.width, height=form.height,
        sample_rate_hz=_audio_rate(sequence.get("audioRate")), metadata=own_metadata(sequence, JOB_KEY),
    )  # fmt: skip
    refused = [
        Refusal(f"{label}: project {each!r}", "one project at a time; name it to conform it")
        for each in others
    ]
    return ReadTimeline(timeline, (*found.refused, *laid.refused, *refused), (*found.lost, *laid.lost, *lost))


def _chosen(root: XmlElement, label: str, project: str) -> tuple[str, XmlElement, list[str]]:
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


def _walked(walk: Walk, sequence: XmlElement, clock: Clock, start: Fraction, label: str) -> Fraction:
    """Walks through a sequence and returns where it ends, in seconds."""
    spine = sequence.child("spine")
    assert spine is not None
    length = time_of(sequence, "duration", label, ZERO)
    far = Fraction(10**9)
    place = Place(-start, Fraction(1), ZERO, far, (), clock.rate)
    walk.spine(spine.children, place, start)
    return ends(walk.found, max(length, walk.stop))


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
