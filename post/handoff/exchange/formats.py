"""The formats of editors, one row each: what reads one, what writes one, and by what name it is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from post.atomic import open_regular, read_bounded, write_whole
from post.errors import JobError, SourceError, unknown
from post.handoff.losses import Loss
from post.handoff.timeline import ReadTimeline, Timeline
from post.os_faults import reading
from post.values.time import Clock


@dataclass(frozen=True, slots=True)
class ReadAsked:
    """What a reader is asked for. clock: of a list that says no rate, None to take the one that its timecodes allow;
    project: the name of one of several in a file, "" for the first."""

    clock: Clock | None = None
    project: str = ""


Read = Callable[[Path, ReadAsked], ReadTimeline]
Write = Callable[[Timeline, Path, str], tuple[Loss, ...]]


@dataclass(frozen=True, slots=True)
class TimelineFormat:
    """A format.

    suffixes: of its files, the first is the usual one; write: takes a timeline, the file to write, and the version of
    the format ("" for the usual one), and returns what is lost; read, write: None where there is none.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Read | None = None
    write: Write | None = None


# Projects that hold a timeline in a form that only their own program reads right, and what it exports.
ELSEWHERE = {
    ".kdenlive": "Kdenlive: Project > OpenTimelineIO Export gives .otio",
    ".mlt": "Shotcut or melt: export an EDL (File > Export > EDL)",
    ".prproj": "Premiere Pro: File > Export > Final Cut Pro XML gives .xml",
    ".drp": "DaVinci Resolve: File > Export > Timeline gives .otio or .fcpxml",
    ".avp": "Media Composer: export the sequence as AAF",
    ".fcpbundle": "Final Cut Pro: File > Export XML gives .fcpxml",
    ".veg": "VEGAS: export an EDL or FCP7 XML",
    ".aep": "After Effects has no timeline to conform: export the sequence from the editor",
    ".xges": "Pitivi: export as .otio",
    ".ale": "an ALE lists clips, not a cut: export an EDL or AAF",
    ".omf": "an OMF is sound alone: export an AAF",
}


def format_of(path: Path) -> TimelineFormat:
    """Returns the format of a timeline file, by its suffix, and of .xml by its root.

    Raises SourceError for a project of a program, with what to export instead, and for what is no timeline.
    """
    suffix = path.suffix.lower()
    if suffix in ELSEWHERE:
        raise SourceError("a project, not a timeline", where=str(path), fix=ELSEWHERE[suffix])
    if suffix == ".xml":
        suffix = _suffix_of_xml(path)
    found = next((each for each in FORMATS if suffix in each.suffixes and each.read is not None), None)
    if found is None:
        known = " ".join(end for each in FORMATS if each.read for end in each.suffixes)
        raise SourceError(
            "not a timeline that is read here", where=str(path), expected=known, got=path.suffix
        )
    return found


def _suffix_of_xml(path: Path) -> str:
    with reading(path), open_regular(path) as file:
        head = file.read(4096)
    if b"<mlt" in head:
        raise SourceError("an MLT project, not a timeline", where=str(path), fix=ELSEWHERE[".mlt"])
    return ".fcpxml" if b"<fcpxml" in head else ".xml"


def read_any(path: Path, asked: ReadAsked) -> ReadTimeline:
    """Returns the timeline in a file of any format. Raises what its reader does."""
    found = format_of(path)
    assert found.read is not None
    return found.read(path, asked)


def _read_otio(path: Path, _asked: ReadAsked) -> ReadTimeline:
    from post.handoff.otio.library import MOST_BYTES
    from post.handoff.otio.read import timeline_of_otio

    with reading(path):
        text = read_bounded(path, MOST_BYTES)
    return ReadTimeline(*timeline_of_otio(text, str(path)))


def _write_otio(timeline: Timeline, path: Path, _version: str) -> tuple[Loss, ...]:
    from post.handoff.otio.write import write_timeline

    text, lost = write_timeline(timeline)
    write_whole(path, text)
    return lost


def _read_otioz(path: Path, _asked: ReadAsked) -> ReadTimeline:
    from post.handoff.otio.bundle import read_content
    from post.handoff.otio.read import timeline_of_otio

    return ReadTimeline(*timeline_of_otio(read_content(path), str(path)))


def _write_otioz(timeline: Timeline, path: Path, _version: str) -> tuple[Loss, ...]:
    from post.handoff.otio.bundle import write_bundle

    return write_bundle(timeline, path)


def _read_edl(path: Path, asked: ReadAsked) -> ReadTimeline:
    from post.handoff.edl.events import read_events
    from post.handoff.edl.file import clock_of, edl_text, guessed_rate
    from post.handoff.edl.read import timeline_of_events

    listed = read_events(edl_text(path), str(path))
    clock = clock_of(listed, asked.clock, str(path))
    lost = guessed_rate(listed, asked.clock, clock, str(path))
    return ReadTimeline(*timeline_of_events(listed, clock, str(path)), lost)


def _write_edl(timeline: Timeline, path: Path, _version: str) -> tuple[Loss, ...]:
    from post.handoff.edl.write import write_events

    text, lost = write_events(timeline)
    write_whole(path, text)
    return lost


def _read_fcpxml(path: Path, asked: ReadAsked) -> ReadTimeline:
    from post.handoff.fcpxml.read import read_fcpxml

    return read_fcpxml(path, asked.project)


def _fcpxml_writer(dialect: str) -> Write:
    def write(timeline: Timeline, path: Path, version: str) -> tuple[Loss, ...]:
        from post.handoff.fcpxml.write import fcpxml_text

        made = fcpxml_text(timeline, dialect, version) if version else fcpxml_text(timeline, dialect)
        write_whole(path, made.text)
        return made.lost

    return write


def _read_fcp7(path: Path, asked: ReadAsked) -> ReadTimeline:
    from post.handoff.fcp7.read import read_fcp7

    return read_fcp7(path, asked.project)


def _write_fcp7(timeline: Timeline, path: Path, _version: str) -> tuple[Loss, ...]:
    from post.handoff.fcp7.write import fcp7_text

    made = fcp7_text(timeline)
    write_whole(path, made.text)
    return made.lost


def _read_aaf(path: Path, asked: ReadAsked) -> ReadTimeline:
    from post.handoff.aaf.read import read_aaf

    return read_aaf(path, asked.project)


FORMATS = (
    TimelineFormat("otio", (".otio",), _read_otio, _write_otio),
    TimelineFormat("otioz", (".otioz",), _read_otioz, _write_otioz),
    TimelineFormat("edl", (".edl",), _read_edl, _write_edl),
    TimelineFormat("fcpxml", (".fcpxml", ".fcpxmld"), _read_fcpxml, _fcpxml_writer("fcpxml")),
    TimelineFormat("fcpxml-resolve", (".fcpxml",), None, _fcpxml_writer("fcpxml-resolve")),
    TimelineFormat("fcp7xml", (".xml",), _read_fcp7, _write_fcp7),
    TimelineFormat("aaf", (".aaf",), _read_aaf),
)
COLOURS = ("cdl", "cube")  # for each shot, and no timeline: `post.handoff.exchange.shot_colour`
VERSIONED = ("fcpxml", "fcpxml-resolve")


def find_writer(name: str) -> TimelineFormat:
    """Returns the format of a name. Raises JobError where none of that name is written."""
    found = next((each for each in FORMATS if each.name == name and each.write is not None), None)
    if found is None:
        known = [*(each.name for each in FORMATS if each.write is not None), *COLOURS]
        raise unknown(name, known, "--to", "format")
    return found


def refuse_version(name: str, version: str) -> None:
    """Raises JobError where a version is asked for of a format that has one form."""
    if version and name not in VERSIONED:
        raise JobError(
            "this format has no versions",
            where="--version",
            expected=f"--to {' or '.join(VERSIONED)}",
            got=version,
        )


def refuse_dtd(name: str) -> None:
    """Raises JobError where a DTD is pointed to for a format that is not checked against one."""
    if name not in VERSIONED:
        expected = f"--to {' or '.join(VERSIONED)}"
        raise JobError("this format has no DTD to check against", where="--dtd", expected=expected, got=name)
