"""Reads the lines of an EDL as events. Sources: CMX 3600 (SMPTE RP 146 in its simplest form) and File32, which differs
in longer reel names and event numbers; M2 lines and comments as Avid, Premiere and Resolve write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from post.errors import SourceError
from post.job.rates import read_rate
from post.printable import printable

MOST_BYTES, LONGEST_LINE, MOST_EVENTS = 4_000_000, 1_000, 10_000
_TC = r"(\S*\d\d[:;.,]\d\d\S*)"
_EVENT = re.compile(
    rf"(\d{{1,6}})\s+(\S+)\s+(\S+)\s+([A-Z]\w*)(?:\s+(\d{{1,4}}))?\s+{_TC}\s+{_TC}\s+{_TC}\s+{_TC}\s*\Z",
    re.ASCII,
)
_LIKE_AN_EVENT = re.compile(r"\d{1,6}\s+\S+\s+\S+\s+\S", re.ASCII)
_TIMECODE = re.compile(r"\d\d:\d\d:\d\d[:;.,]\d\d", re.ASCII)
_SPEED = re.compile(rf"M2\s+(\S*)\s+([+-]?\d{{1,5}}(?:\.\d{{1,9}})?)\s+{_TC}\s*\Z", re.ASCII)
_NUMBERS = re.compile(r"[+-]?\d{1,5}(?:\.\d{1,9})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class SpeedLine:
    """An M2 line.

    rate: source frames a second, 0 for a freeze, below 0 backwards; at: where in the source it starts.
    """

    rate: Fraction
    at: str
    line: int


@dataclass(frozen=True, slots=True)
class CdlLines:
    """The ASC CDL of an event: slope, offset and power as nine numbers, and saturation."""

    sop: tuple[float, ...] = ()
    saturation: float | None = None


@dataclass(frozen=True, slots=True)
class EdlEvent:
    """One line of an event, with what M2 lines and comments say of it.

    line: from 1; transition: "C" (a cut), "D" (a dissolve) or "W" and the wipe's code; frames: how long it takes;
    source, record: the first timecode and the one after the last, as they are written; drop: the list counts in drop
    frame here.
    """

    line: int
    number: str
    reel: str
    tracks: str
    transition: str
    frames: int
    source: tuple[str, str]
    record: tuple[str, str]
    drop: bool = False
    speed: SpeedLine | None = None
    name: str = ""
    file: str = ""
    clip_id: str = ""
    cdl: CdlLines = CdlLines()

    @property
    def is_black(self) -> bool:
        """Whether it shows black: the reel BL."""
        return self.reel.upper() == "BL"

    @property
    def shows_picture(self) -> bool:
        """Whether it is an event of the picture track; the others are sound alone."""
        return "V" in self.tracks or self.tracks == "B"


@dataclass(frozen=True, slots=True)
class EventList:
    """An EDL. rate: frames a second where a comment says so, else None; unread: numbers of lines that say nothing that
    is known here."""

    title: str
    events: tuple[EdlEvent, ...]
    rate: Fraction | None = None
    unread: tuple[int, ...] = ()


def read_events(text: str, where: str) -> EventList:
    """Returns the events of an EDL. where: its name, for errors.

    Raises SourceError, with the line, for an event that cannot be read, for a key, and for a text without events.
    """
    if "\0" in text:
        raise SourceError("not an EDL", where=where, expected="lines of text", got="a NUL character")
    reading = _ListReader(where)
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST_LINE:
            raise SourceError(
                "a line is too long", where=f"{where}:{number}", expected=f"at most {LONGEST_LINE} characters",
                got=len(line),
            )  # fmt: skip
        reading.take(number, line.strip().lstrip("\ufeff"))
    if not reading.events:
        raise SourceError("an EDL without events", where=where, expected="lines such as `001 REEL V C ...`")
    return EventList(reading.title, tuple(reading.events), reading.rate, tuple(reading.unread))


class _ListReader:
    """Reads one line after the other. Comments belong to the lines of the event above them."""

    def __init__(self, where: str) -> None:
        self.where, self.title, self.drop = where, "", False
        self.events: list[EdlEvent] = []
        self.unread: list[int] = []
        self.rate: Fraction | None = None

    def take(self, number: int, line: str) -> None:
        """Reads a line. number: from 1. Raises SourceError where it is an event or a speed that cannot be read."""
        head, _, rest = line.partition(":")
        if head.upper() == "TITLE":
            self.title = rest.strip()
        elif head.upper() == "FCM":
            self.drop = rest.strip().upper().startswith("DROP")
        elif _LIKE_AN_EVENT.match(line):
            self._add(self._event(number, line))
        elif line.startswith("M2"):
            self._speed(number, line)
        elif line.startswith("*"):
            self._comment(number, line[1:].strip())
        elif line:
            self.unread.append(number)

    def _add(self, event: EdlEvent) -> None:
        if len(self.events) >= MOST_EVENTS:
            raise SourceError("too many events", where=self.where, expected=f"at most {MOST_EVENTS}")
        self.events.append(event)

    def _event(self, number: int, line: str) -> EdlEvent:
        found, place = _EVENT.match(line), f"{self.where}:{number}"
        if found is None:
            raise SourceError(
                "an event that cannot be read", where=place, got=printable(line[:80]),
                expected="NUMBER REEL TRACK TRANSITION [FRAMES] and four timecodes",
            )  # fmt: skip
        event, reel, tracks, how, frames, *times = found.groups()
        if how.startswith("K"):
            raise SourceError(
                "a key event", where=place, expected="cuts, dissolves and wipes", got=printable(line[:80]),
                fix="render what is keyed in the editor, and cut the result into the picture track",
            )  # fmt: skip
        if how not in ("C", "D") and not re.fullmatch(r"W\d{3}", how):
            raise SourceError(
                "an unknown transition", where=place, expected="C, D, or W and three digits", got=how
            )
        a, b, c, d = (self._timecode(each, place) for each in times)
        return EdlEvent(
            number, event, reel, tracks, how, int(frames or 0), (a, b), (c, d), self.drop or ";" in c
        )

    def _timecode(self, text: str, place: str) -> str:
        if not _TIMECODE.fullmatch(text):
            raise SourceError("bad timecode", where=place, expected="HH:MM:SS:FF", got=printable(text))
        return text

    def _speed(self, number: int, line: str) -> None:
        found, place = _SPEED.match(line), f"{self.where}:{number}"
        if found is None or not self.events:
            raise SourceError(
                "a speed that cannot be read", where=place, expected="`M2 REEL SPEED TIMECODE` below its event",
                got=printable(line[:80]),
            )  # fmt: skip
        reel, rate, at = found.groups()
        said = SpeedLine(Fraction(rate), self._timecode(at, place), number)
        mine = [each for each in self._latest() if self.events[each].reel == reel] or [len(self.events) - 1]
        # Two lines of one reel: the one that starts where the speed does; else the last.
        meant = [each for each in mine if self.events[each].source[0] == said.at] or mine
        self.events[meant[-1]] = replace(self.events[meant[-1]], speed=said)

    def _latest(self) -> list[int]:
        """Returns the places of the lines of the last event: two in a transition."""
        last = self.events[-1].number
        places = range(len(self.events) - 1, -1, -1)
        return sorted(each for each in places[:2] if self.events[each].number == last)

    def _comment(self, number: int, text: str) -> None:
        head, colon, rest = text.partition(":")
        key, value = head.strip().upper(), rest.strip()
        if key == "FRAME RATE":
            self.rate = read_rate(value)
        elif not self.events:
            self.unread.append(number)
        elif text.upper().startswith(("ASC_SOP", "ASC_SAT")):
            self._colour(number, text)
        elif colon and key in _COMMENTS:
            field, whose = _COMMENTS[key]
            self._note(field, value, whose)
        elif "FREEZE FRAME" not in text.upper() and not text.upper().startswith("BLEND"):
            self.unread.append(number)

    def _note(self, field: str, value: str, whose: str) -> None:
        lines = self._latest()
        first, last = lines[0], lines[-1]
        if whose == "from" and first == last and self.events[last].transition != "C":
            return  # the clip before this event, which has said its name
        if whose == "either" and first != last and (old := self.events[last].file):
            # The second of two comments: the first was of the clip that goes.
            self.events[first] = replace(self.events[first], file=old)
        place = first if whose == "from" else last
        self.events[place] = _NOTE[field](self.events[place], value)

    def _colour(self, number: int, text: str) -> None:
        event = self.events[-1]
        numbers = tuple(
            float(each) for each in _NUMBERS.findall(text.partition(" ")[2].partition(":")[2] or text[7:])
        )
        sop = text.upper().startswith("ASC_SOP")
        if len(numbers) != (9 if sop else 1):
            raise SourceError(
                "a CDL that cannot be read", where=f"{self.where}:{number}", got=printable(text[:80]),
                expected="ASC_SOP and nine numbers, or ASC_SAT and one",
            )  # fmt: skip
        cdl = replace(event.cdl, sop=numbers) if sop else replace(event.cdl, saturation=numbers[0])
        self.events[-1] = replace(event, cdl=cdl)


# What a comment says, and of which line of the event above it.
_COMMENTS = {
    "FROM CLIP NAME": ("name", "from"), "TO CLIP NAME": ("name", "to"), "KEY CLIP NAME": ("name", "to"),
    "SOURCE FILE": ("file", "either"), "ANSWERPRINT ID": ("clip_id", "to"),
}  # fmt: skip

_NOTE: dict[str, Callable[[EdlEvent, str], EdlEvent]] = {
    "name": lambda event, text: replace(event, name=text),
    "file": lambda event, text: replace(event, file=text),
    "clip_id": lambda event, text: replace(event, clip_id=text),
}
