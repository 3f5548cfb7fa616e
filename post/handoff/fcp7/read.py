"""Reads FCP7 XML (xmeml), as Final Cut Pro 7, Premiere Pro and DaVinci Resolve write it, into a timeline."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from post.errors import SourceError, unknown
from post.handoff.fcp7.files import Files
from post.handoff.fcp7.numbers import read_number, read_rate
from post.handoff.fcp7.track import Level, Tracks, own_metadata
from post.handoff.found import Found, ends, heard
from post.handoff.layers import lay
from post.handoff.losses import Refusal
from post.handoff.markup.xml_tree import XmlElement, read_xml
from post.handoff.timeline import ReadTimeline, Timeline
from post.printable import printable
from post.values.time import Clock

ZERO, FAR = Fraction(0), Fraction(10**9)


def read_fcp7(path: Path, sequence: str = "") -> ReadTimeline:
    """Returns the timeline of an FCP7 XML file.

    sequence: its name where a file holds several, "" for the first. Raises SourceError where the file cannot be read,
    is no FCP7 XML or holds no sequence; JobError where it has none of that name.
    """
    root, label = read_xml(path), str(path)
    if root.tag != "xmeml":
        where = f"{label}:{root.line}"
        fix = "export the whole sequence as Final Cut Pro XML"
        raise SourceError(
            "not FCP7 XML", where=where, expected="<xmeml>", got=f"<{printable(root.tag)}>", fix=fix
        )
    chosen, others = _chosen(root, label, sequence)
    rate = read_rate(chosen, label)
    clock, found = Clock(rate), Found(label)
    files = Files(label)
    files.add_all(root)
    Tracks(found, files).sequence(chosen, Level(ZERO, ZERO, FAR, (), rate))
    length = read_number(chosen, "duration", label, ZERO)
    laid = lay(found.pieces, found.passages, ends(found, length / rate), clock)
    clips, sounds, lost = heard(found, laid, clock)
    code, (width, height) = chosen.child("timecode"), _size(chosen)
    timeline = Timeline(
        name=chosen.word("name") or path.stem, clock=clock, clips=clips, transitions=laid.transitions, sounds=sounds,
        markers=found.marked(laid, clock), titles=found.titled(clock),
        start=max(0, int(read_number(code, "frame", label, ZERO))) if code is not None else 0,
        drop_frame=code is not None and code.word("displayformat") == "DF", width=width, height=height,
        metadata=own_metadata(chosen),
    )  # fmt: skip
    more = [Refusal(f"{label}: sequence {name!r}", "one at a time; name it to conform it") for name in others]
    return ReadTimeline(timeline, (*found.refused, *laid.refused, *more), (*found.lost, *laid.lost, *lost))


def _chosen(root: XmlElement, label: str, name: str) -> tuple[XmlElement, list[str]]:
    """Returns the sequence to conform, and the names of the others; those within clips do not count."""
    found, waiting = list[XmlElement](), [root]
    while waiting:
        each = waiting.pop()
        if each.tag == "sequence" and each.child("media") is not None:
            found.append(each)
        elif each.tag in ("xmeml", "project", "bin", "children"):
            waiting += reversed(each.children)
    if not found:
        raise SourceError("no sequence", where=label, expected="<sequence>", fix="export a sequence")
    names = [each.word("name") for each in found]
    if name and name not in names:
        raise unknown(name, names, "--project", "sequence")
    number = names.index(name) if name else 0
    return found[number], names[:number] + names[number + 1 :]


def _size(sequence: XmlElement) -> tuple[int, int]:
    media = sequence.child("media")
    video = media.child("video") if media is not None else None
    form = video.child("format") if video is not None else None
    shape = form.child("samplecharacteristics") if form is not None else None
    if shape is None:
        return 0, 0
    width, height = (shape.word(tag) for tag in ("width", "height"))
    known = width.isdecimal() and height.isdecimal() and max(len(width), len(height)) < 6
    return (int(width), int(height)) if known else (0, 0)
