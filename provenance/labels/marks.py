"""Reads the marks that a finished file carries for readers of no manifest: China's AIGC label, IPTC's type."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from post.errors import JobError, SourceError
from provenance.formats.mp4_tags import read_placed_tags
from provenance.labels import aigc, xmp

# TC260-PG-20257A: key `AIGC` in moov/udta/meta, its value in the list beside it.
AIGC_BOX = "/moov/udta/meta/ilst"


@dataclass(frozen=True, slots=True)
class AigcCopy:
    """One copy of the AIGC label in a file. box: the path of the box it stands in; label: None where it is no label."""

    box: str
    label: aigc.AigcLabel | None


@dataclass(frozen=True, slots=True)
class FileMarks:
    """The marks of a file. aigc: every copy, in file order; source_type: IPTC's, in XMP, "" where there is none; fault:
    why they cannot be read, "" where they can."""

    aigc: tuple[AigcCopy, ...] = ()
    source_type: str = ""
    fault: str = ""


def read_file_marks(film: Path) -> FileMarks:
    """Returns the marks of an MP4 or QuickTime file; a fault for a file that cannot be read as one."""
    try:
        copies = tuple(
            AigcCopy(each.box, aigc.parse(each.value))
            for each in read_placed_tags(film)
            if each.key.casefold() == aigc.KEY.casefold()
        )
        fields = xmp.read_fields(film)
    except SourceError as fault:
        return FileMarks(fault=fault.what)
    return FileMarks(copies, fields.source_type if fields else "")


def lacking_fields(label: aigc.AigcLabel) -> tuple[str, ...]:
    """Returns what a label lacks of Annex E: a known `Label`, and the producer and number of the content, of visible
    ASCII."""
    values = {"ContentProducer": label.producer, "ProduceID": label.produce_id}
    lacking = [name for name, value in values.items() if not value]
    try:
        aigc.check_label(label, aigc.KEY)
    except JobError as fault:
        lacking.append(fault.what)
    return tuple(lacking)
