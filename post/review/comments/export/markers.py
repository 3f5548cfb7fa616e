"""Writes the notes of a revision as markers: OpenTimelineIO, FCPXML, an EDL with locators, CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from post.handoff.edl.write import write_events
from post.handoff.fcpxml.write import fcpxml_text
from post.handoff.otio.write import write_timeline
from post.handoff.timeline import ClipAudio, Timeline, TimelineClip, TimelineMarker, TimelineMedia
from post.printable import printable
from post.review.views import CommentView
from post.values import Clock, Span
from post.values.timecode import can_drop, timecode

LOCATOR_LETTERS = 200
# What spreadsheets take for a formula at the start of a cell.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class MarkedFilm:
    """A revision with its notes, for export. start: timecode of its first frame, in frames."""

    name: str
    file_name: str
    rate: Fraction
    frames: int
    width: int
    height: int
    sound: bool
    start: int
    drop_frame: bool
    notes: Sequence[CommentView]

    @property
    def threads(self) -> list[tuple[CommentView, list[CommentView]]]:
        """Each note that answers none, with its answers, by place and then by age."""
        first = sorted(
            (each for each in self.notes if each.parent is None), key=lambda each: (*each.at, each.id)
        )
        return [(note, [each for each in self.notes if each.parent == note.id]) for note in first]

    def timecode(self, frame: int) -> str:
        """Returns the timecode of a frame."""
        return timecode(self.start + frame, self.rate, self.drop_frame and can_drop(self.rate))


def otio_markers(film: MarkedFilm) -> str:
    """Returns a timeline with the film as its only clip, and a marker for each thread, as OpenTimelineIO."""
    return write_timeline(_timeline(film))[0]


def fcpxml_markers(film: MarkedFilm) -> str:
    """Returns the same as FCPXML."""
    return fcpxml_text(_timeline(film)).text


def edl_locators(film: MarkedFilm) -> str:
    """Returns the film as one event of an EDL, with a locator (`* LOC:`) for each thread, as Avid and Resolve read
    them: timecode, colour, text on one line."""
    text = write_events(_timeline(film, markers=False))[0].rstrip("\n")
    rows = [
        f"* LOC: {film.timecode(note.at[0])} {_colour(note):7} {_line(note, more)}"
        for note, more in film.threads
    ]
    return "\n".join([text, *rows, ""])


def csv_table(film: MarkedFilm) -> str:
    """Returns every note as a row, the answers below what they answer. What a spreadsheet would take for a formula
    starts with an apostrophe."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(
        [
            "note",
            "answers",
            "first",
            "stop",
            "timecode",
            "who",
            "when",
            "text",
            "resolved by",
            "from revision",
            "frames",
        ]
    )
    for thread, answers in film.threads:
        for note in (thread, *answers):
            when = datetime.fromtimestamp(note.written_at, UTC).isoformat(timespec="seconds")
            table.writerow(
                [
                    note.id, note.parent or "", *note.at, film.timecode(note.at[0]), _cell(note.author_name), when,
                    _cell(note.text), _cell(note.resolved_name), note.revision_number, note.carried,
                ]
            )  # fmt: skip
    return out.getvalue()


EXPORTS: Mapping[str, tuple[Callable[[MarkedFilm], str], str]] = {
    "otio": (otio_markers, "application/json"),
    "fcpxml": (fcpxml_markers, "application/xml"),
    "edl": (edl_locators, "text/plain; charset=utf-8"),
    "csv": (csv_table, "text/csv; charset=utf-8"),
}


def _timeline(film: MarkedFilm, *, markers: bool = True) -> Timeline:
    clock, span = Clock(film.rate), Span(0, film.frames)
    media = TimelineMedia(
        film.file_name, path=film.file_name, rate=film.rate, start=film.start, length=clock.seconds(film.frames),
        width=film.width, height=film.height, sound=film.sound, drop_frame=film.drop_frame,
    )  # fmt: skip
    clip = TimelineClip("film", film.name, media, span, audio=ClipAudio(mute=not film.sound))
    made = tuple(_marker(note, more) for note, more in film.threads) if markers else ()
    return Timeline(
        film.name, clock, (clip,), markers=made, start=film.start, drop_frame=film.drop_frame, width=film.width,
        height=film.height,
    )  # fmt: skip


def _marker(note: CommentView, answers: Sequence[CommentView]) -> TimelineMarker:
    first, stop = note.at
    return TimelineMarker(
        first,
        note.author_name,
        _whole(note, answers),
        stop - first,
        "done" if note.resolved_by else "todo",
        "film",
    )


def _whole(note: CommentView, answers: Sequence[CommentView]) -> str:
    moved = f" [from revision {note.revision_number}, frame changed]" if note.carried == "changed" else ""
    return "\n".join([note.text + moved, *(f"{each.author_name}: {each.text}" for each in answers)])


def _line(note: CommentView, answers: Sequence[CommentView]) -> str:
    text = printable(f"{note.author_name}: {_whole(note, answers)}").replace("\\n", " / ")
    return text if len(text) <= LOCATOR_LETTERS else f"{text[: LOCATOR_LETTERS - 3]}..."


def _colour(note: CommentView) -> str:
    return "GREEN" if note.resolved_by else "RED"


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
