"""Reads SubRip (SRT), which has no standard: what players agree on is read, and what they do not is refused.

A caption begins with a line of times, which a number may stand above; blank lines may be missing or stand within the
text. Tags are b, i, u, font colour and the {\\an8} of ASS, as VLC and ffmpeg read them.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace
from fractions import Fraction

from post.captions.clock import read_clock
from post.captions.colours import read_colour
from post.captions.model import Align, Caption, CaptionBox, CaptionRun, CaptionTrack
from post.captions.places import place_on_keypad
from post.captions.reading import check_length, track_of
from post.captions.runs import joined
from post.errors import JobError

_TIMES = re.compile(r"\s*+([\d:.,]++)\s*+--?>\s*+([\d:.,]++)(?:\s(.*))?", re.ASCII)
_NUMBER = re.compile(r"\s*\d+\s*", re.ASCII)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w.]*+)([^<>]*+)>|\{\\([^{}]*+)\}|\{(/?)([biu]|bold|italic|underline)\}")
_COLOUR = re.compile(r"""\bcolor\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|lt|gt|nbsp|lrm|rlm);")
_ALIGN = re.compile(r"an?(\d{1,2})")
OLD_KEYPAD = {1: 1, 2: 2, 3: 3, 5: 7, 6: 8, 7: 9, 9: 4, 10: 5, 11: 6}  # {\a6} of SSA, as {\an8}
_SWITCH = re.compile(r"([biu])([01])")
_STYLES = {
    "b": "bold", "i": "italic", "u": "underline", "strong": "bold", "em": "italic",
    "bold": "bold", "italic": "italic", "underline": "underline",
}  # fmt: skip


def read_srt(text: str, where: str, *, lenient: bool = False) -> CaptionTrack:
    """Returns the captions of an SRT file. where: its name.

    lenient: what cannot be read is left out and listed in `lost`. Without it, Problems names every such place.
    """
    blocks = _SrtBlocks(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), where)
    blocks.read()
    lost: list[str] = []
    captions = [_caption(block, where, lost) for block in blocks.found]
    return track_of(captions, where, lost, faults=blocks.faults, lenient=lenient)


@dataclass(slots=True)
class _SrtBlock:
    start: Fraction
    stop: Fraction
    line: int
    number: str
    rest: str
    text: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _SrtBlocks:
    """The captions of a file as blocks of lines."""

    lines: list[str]
    where: str
    found: list[_SrtBlock] = field(default_factory=list)
    faults: list[JobError] = field(default_factory=list)
    open: bool = False  # whether text belongs to the last block
    told: bool = False  # whether the text below belongs to what was refused already

    def read(self) -> None:
        number = ""
        for i, line in enumerate(self.lines):
            if "-->" in line or _TIMES.fullmatch(line):
                self._times(line, i, number)
                number = ""
            elif _NUMBER.fullmatch(line) and self._begins(i):
                number = line.strip()
            elif self.open:
                self.found[-1].text.append(line)
            elif not line.strip():
                self.told = False
            elif not self.told:
                self._fault(i, "no times stand above this text")

    def _begins(self, index: int) -> bool:
        """Says whether a number is that of a caption: times follow, or it stands above text after a blank line."""
        after = self.lines[index + 1] if index + 1 < len(self.lines) else ""
        if "-->" in after or _TIMES.fullmatch(after):
            return True
        if index and self.lines[index - 1].strip():
            return False
        if not after.strip():
            return index + 1 >= len(self.lines) or not any(map(str.strip, self.lines[index + 1 :]))
        self._fault(index, "this caption has no times")
        self.open = False
        return True

    def _times(self, line: str, index: int, number: str) -> None:
        found = _TIMES.fullmatch(line)
        start, stop = (read_clock(found[1]), read_clock(found[2])) if found else (None, None)
        self.open = start is not None and stop is not None
        if found is None or start is None or stop is None:
            self._fault(index, "these times cannot be read", "00:00:00,000 --> 00:00:00,000")
        else:
            self.found.append(_SrtBlock(start, stop, index + 1, number, (found[3] or "").strip()))

    def _fault(
        self, index: int, what: str, expected: str = "a line such as 00:00:01,000 --> 00:00:02,500"
    ) -> None:
        place = f"{self.where}:{index + 1}"
        self.faults.append(JobError(what, where=place, expected=expected, got=repr(self.lines[index][:80])))
        self.told = True


def _caption(block: _SrtBlock, where: str, lost: list[str]) -> Caption:
    place = f"{where}:{block.line}"
    text = "\n".join(line.strip() for line in block.text).strip("\n")
    check_length(text, place)
    reader = _Text(place, lost)
    reader.read(text)
    if block.rest:
        lost.append(f"{place}: {block.rest[:40]} (pixels of a picture of unknown size)")
    return Caption(
        block.start,
        block.stop,
        joined(reader.runs),
        place,
        reader.align,
        box=reader.box,
        id=block.number,
    )


@dataclass(slots=True)
class _Text:
    """The text of one caption: its runs, and where {\\an} puts it."""

    place: str
    lost: list[str]
    runs: list[CaptionRun] = field(default_factory=list)
    align: Align = "center"
    box: CaptionBox | None = None
    path: list[tuple[str, CaptionRun]] = field(default_factory=list)
    now: CaptionRun = field(default_factory=lambda: CaptionRun(""))

    def read(self, text: str) -> None:
        at = 0
        for found in _TAG.finditer(text):
            self._add(text[at : found.start()])
            at = found.end()
            name = (found[2] or found[6] or "").lower()
            if not name:
                self._override(found[4])
            elif found[1] or found[5]:
                self._end(name)
            else:
                self._begin(name, found[3] or "")
        self._add(text[at:])

    def _add(self, text: str) -> None:
        plain = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        self.runs.append(replace(self.now, text=plain))

    def _begin(self, name: str, attributes: str) -> None:
        if name in _STYLES:
            self.path.append((name, self.now))
            self.now = _switched(self.now, _STYLES[name], on=True)
        elif name == "font":
            self.path.append((name, self.now))
            found = _COLOUR.search(attributes)
            colour = _font_colour(next(filter(None, found.groups()), "")) if found else ""
            self.now = replace(self.now, colour=colour or self.now.colour)
            if not colour:
                self.lost.append(f"{self.place}: <font{attributes[:60]}>")
        else:
            self.lost.append(f"{self.place}: tag <{name}>")

    def _end(self, name: str) -> None:
        """Ends the last tag of that name; players let others that were opened in it end too."""
        for i in range(len(self.path) - 1, -1, -1):
            if self.path[i][0] == name:
                self.now = self.path[i][1]
                del self.path[i:]
                return

    def _override(self, text: str) -> None:
        for code in text.split("\\"):
            if found := _ALIGN.fullmatch(code.strip()):
                key = int(found[1]) if code.startswith("an") else OLD_KEYPAD.get(int(found[1]), 2)
                self.align, self.box = place_on_keypad(key)
            elif found := _SWITCH.fullmatch(code.strip()):
                self.now = _switched(self.now, _STYLES[found[1]], on=found[2] == "1")
            elif code.strip():
                self.lost.append(f"{self.place}: {{\\{code[:40]}}}")


def _switched(run: CaptionRun, style: str, *, on: bool) -> CaptionRun:
    if style == "bold":
        return replace(run, bold=on)
    return replace(run, italic=on) if style == "italic" else replace(run, underline=on)


def _font_colour(text: str) -> str:
    """Returns a colour; hex digits may lack their mark, as in files of many makers."""
    return read_colour(text) or (read_colour(f"#{text}") if len(text) in (6, 8) else "")
