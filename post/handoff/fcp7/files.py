"""Files as FCP7 XML describes them: whole the first time, by their id after that."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from post.handoff.fcp7.numbers import is_true, read_number, read_rate
from post.handoff.markup.xml_tree import XmlElement
from post.handoff.timeline import BLACK, TimelineMedia

# What Premiere Pro makes itself, by name. Others that it makes have no form in a job.
MADE = {
    "black video": BLACK,
    "slug": BLACK,
    "hd bars and tone": TimelineMedia("bars", make="bars", still=True),
    "bars and tone": TimelineMedia("bars", make="bars", still=True),
}
_DIGITS = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(slots=True)
class Files:
    """The files and sequences of a document, by id."""

    label: str
    elements: dict[tuple[str, str], XmlElement] = field(default_factory=dict)

    def add_all(self, root: XmlElement) -> None:
        """Takes in every file and sequence that is described."""
        for each in root.walk():
            if each.tag in ("file", "sequence") and each.children:
                self.elements.setdefault((each.tag, each.get("id")), each)

    def whole(self, item: XmlElement, tag: str = "file") -> XmlElement | None:
        """Returns the description of the file, or the sequence, of a clip; None where it has none."""
        named = item.child(tag)
        if named is None:
            return None
        return named if named.children else self.elements.get((tag, named.get("id")))

    def media(self, found: XmlElement, item: XmlElement, rate: Fraction) -> TimelineMedia:
        """Returns a file as media. rate: the sequence's, where the file says none."""
        own = read_rate(found, self.label, rate)
        length = read_number(found, "duration", self.label, Fraction(0))
        media = found.child("media")
        video = media.child("video") if media is not None else None
        shape = video.child("samplecharacteristics") if video is not None else None
        code = found.child("timecode")
        still = is_true(item, "stillframe")
        return TimelineMedia(
            name=found.word("name") or item.word("name"),
            path=found.word("pathurl"),
            reel=_reel(found),
            rate=own,
            start=int(read_number(code, "frame", self.label, Fraction(0))) if code is not None else 0,
            length=None if still or not length else length / own,
            width=_pixels(shape, "width"),
            height=_pixels(shape, "height"),
            picture=video is not None or media is None,
            sound=media is not None and media.child("audio") is not None,
            still=still,
            drop_frame=code is not None and code.word("displayformat") == "DF",
        )


def _reel(found: XmlElement) -> str:
    code = found.child("timecode")
    reel = code.child("reel") if code is not None else None
    return reel.word("name") if reel is not None else ""


def _pixels(shape: XmlElement | None, tag: str) -> int:
    text = shape.word(tag) if shape is not None else ""
    return int(text) if _DIGITS.fullmatch(text) else 0
