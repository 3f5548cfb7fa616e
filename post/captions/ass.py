"""Reads Advanced SubStation (ASS) and SSA: text, styles, places and karaoke; effects and drawings are told as lost."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

import pysubs2

from post.captions.colours import hex_colour
from post.captions.model import Align, Caption, CaptionBox, CaptionRun, CaptionTrack
from post.captions.places import place_in_margins, place_on_keypad, place_on_point
from post.captions.reading import MOST_CAPTIONS, check_length, refuse, track_of
from post.captions.runs import joined
from post.captions.srt import OLD_KEYPAD
from post.errors import JobError

SCREEN = (384, 288)  # of a script that does not say how large its screen is
_EVENT = re.compile(r"\s*(Dialogue|Comment)\s*:(.*)")
_TIME = re.compile(r"\d{1,4}:[0-5]?\d:[0-5]?\d(?:[.:]\d{1,3})?", re.ASCII)
_PIECE = re.compile(r"\{([^{}]*+)\}|\\([Nnh])")
_COLOUR = re.compile(r"1?c&?H?([0-9a-fA-F]{1,8})&?")
_POINT = re.compile(r"(pos|move)\(\s*(-?[\d.]{1,12})\s*,\s*(-?[\d.]{1,12})[^()]*\)")
_KARAOKE = re.compile(r"(?:k|K|kf|ko)(\d{1,6})")
_SWITCH = re.compile(r"([biu])(\d{0,4})")
_ALIGN = re.compile(r"an?(\d{1,2})")
_SIZE = re.compile(r"fs([\d.]{1,9})")
BOX_STYLES = (3, 4)  # a box behind the text, in the outline's colour or the shadow's


def read_ass(text: str, where: str, *, lenient: bool = False) -> CaptionTrack:
    """Returns the captions of a script. where: its name.

    lenient: what cannot be read is left out and listed in `lost`. Without it, Problems names every such place.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    events = list(_events(lines))
    if len(events) > MOST_CAPTIONS:
        raise JobError("too many events", where=where, expected=f"{MOST_CAPTIONS} at most", got=len(events))
    faults = [fault for fault in (_fault(line, fields, where) for line, fields in events) if fault]
    if not lenient:
        refuse(faults, where)
    bad = {fault.where for fault in faults}
    kept = [line if f"{where}:{i}" not in bad else "" for i, line in enumerate(lines, 1)]
    kind = "ssa" if any(line.strip().lower() == "[v4 styles]" for line in lines) else "ass"
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            script = pysubs2.SSAFile.from_string("\n".join(kept), format_=kind)
    except (pysubs2.exceptions.Pysubs2Error, ValueError, LookupError, TypeError, AttributeError) as fault:
        raise JobError(
            "cannot be read as ASS", where=where, got=f"{type(fault).__name__}: {fault}"
        ) from fault
    numbers = [line for line, _ in events if f"{where}:{line}" not in bad]
    lost = [*_lost_of(script, where), *(f"{where}: {each.message}" for each in told)]
    captions = []
    for i, event in enumerate(script.events):
        place = f"{where}:{numbers[i]}" if len(numbers) == len(script.events) else where
        if not event.is_comment:
            captions.append(_Event(script, event, place, lost).read())
    return track_of(captions, where, lost, faults=faults, lenient=lenient)


def _events(lines: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The line of each event, from 1, with its fields by name."""
    names = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"]
    inside = False
    for number, line in enumerate(lines, 1):
        if line.strip().startswith("["):
            inside = line.strip().lower() == "[events]"
        elif inside and line.strip().lower().startswith("format:"):
            names = [name.strip().lower() for name in line.partition(":")[2].split(",")]
        elif inside and (found := _EVENT.match(line)):
            values = found[2].split(",", len(names) - 1)
            yield number, dict(zip(names, values, strict=False))


def _fault(line: int, fields: dict[str, str], where: str) -> JobError | None:
    for name in ("start", "end"):
        value = fields.get(name, "").strip()
        if not _TIME.fullmatch(value):
            return JobError(
                f"this event's {name} cannot be read",
                where=f"{where}:{line}",
                expected="0:00:00.00",
                got=repr(value),
            )
    if "text" not in fields:
        return JobError("this event is cut off", where=f"{where}:{line}", expected="a text")
    return None


def _lost_of(script: pysubs2.SSAFile, where: str) -> list[str]:
    outlined = any(
        (style.outline or style.shadow) and style.borderstyle == 1 for style in script.styles.values()
    )
    struck = any(style.strikeout or style.angle or style.spacing for style in script.styles.values())
    return [f"{where}: outlines and shadows of styles"] * outlined + [
        f"{where}: strikeout, angle and spacing of styles"
    ] * struck


def _number(text: str | None, other: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"[0-9]{1,5}", text) and int(text) else other


@dataclass(slots=True)
class _Event:
    """One event: its text is read in order, and each override changes what follows."""

    script: pysubs2.SSAFile
    event: pysubs2.SSAEvent
    place: str
    lost: list[str]
    runs: list[CaptionRun] = field(default_factory=list)
    now: CaptionRun = field(default_factory=lambda: CaptionRun(""))
    key: int = 2
    point: tuple[Fraction, Fraction] | None = None
    drawing: bool = False
    said: Fraction = Fraction(0)  # seconds from the event's start at which the next syllable is said

    def read(self) -> Caption:
        check_length(self.event.text, self.place)
        style = self._style(self.event.style)
        self.now = self._run(style)
        self.key = int(style.alignment)
        at = 0
        for found in _PIECE.finditer(self.event.text):
            self._add(self.event.text[at : found.start()])
            at = found.end()
            if found[1] is not None:
                self._override(found[1])
            else:
                self._add({"N": "\n", "n": "\n" if self._breaks() else " ", "h": "\u00a0"}[found[2]])
        self._add(self.event.text[at:])
        if self.event.effect.strip():
            self.lost.append(f"{self.place}: effect {self.event.effect[:40]}")
        align, box = self._box(style)
        return Caption(
            Fraction(int(self.event.start), 1000),
            Fraction(int(self.event.end), 1000),
            joined(self.runs),
            self.place,
            align,
            box=box,
            speaker=self.event.name.strip(),
        )

    def _screen(self) -> tuple[int, int]:
        info = self.script.info
        return _number(info.get("PlayResX"), SCREEN[0]), _number(info.get("PlayResY"), SCREEN[1])

    def _breaks(self) -> bool:
        return self.script.info.get("WrapStyle", "0").strip() == "2"

    def _style(self, name: str) -> pysubs2.SSAStyle:
        styles = self.script.styles
        return styles.get(name) or styles.get(name.lstrip("*")) or styles.get("Default") or pysubs2.SSAStyle()

    def _run(self, style: pysubs2.SSAStyle) -> CaptionRun:
        size = Fraction(str(style.fontsize)).limit_denominator(1000) / self._screen()[1]
        boxed = style.outlinecolor if style.borderstyle == BOX_STYLES[0] else style.backcolor
        return CaptionRun(
            "",
            bold=bool(style.bold),
            italic=bool(style.italic),
            underline=bool(style.underline),
            colour=_plain(style.primarycolor),
            background=_shown(boxed) if style.borderstyle in BOX_STYLES else "",
            size=size,
            family=(style.fontname,) if style.fontname else (),
        )

    def _add(self, text: str) -> None:
        if self.drawing and text:
            self.lost.append(f"{self.place}: drawing")
        elif text:
            self.runs.append(replace(self.now, text=text))

    def _override(self, block: str) -> None:
        if not block.lstrip().startswith("\\"):
            return  # a comment
        for code in block.split("\\")[1:]:
            if not self._look(code.strip()) and not self._motion(code.strip()):
                self.lost.append(f"{self.place}: {{\\{code.strip()[:40]}}}")

    def _look(self, code: str) -> bool:
        """Says whether a code changes how the text looks, and changes it."""
        if found := _SWITCH.fullmatch(code):
            style = self._run(self._style(self.event.style))
            plain = {"b": style.bold, "i": style.italic, "u": style.underline}[found[1]]
            on = found[2] not in ("0", "") and (found[1] != "b" or int(found[2]) == 1 or int(found[2]) >= 600)
            on = plain if not found[2] else on
            keys = {"b": "bold", "i": "italic", "u": "underline"}
            self.now = _with(self.now, keys[found[1]], on=on)
        elif found := _COLOUR.fullmatch(code):
            number = int(found[1], 16) & 0xFFFFFF
            blue, green, red = number >> 16, number >> 8 & 255, number & 255
            self.now = replace(self.now, colour=_named(hex_colour(red, green, blue)))
        elif found := _SIZE.fullmatch(code):
            size = Fraction(found[1]) if re.fullmatch(r"\d+(?:\.\d+)?", found[1]) else Fraction(0)
            self.now = replace(self.now, size=size / self._screen()[1])
        elif code.startswith("fn") and len(code) > 2:
            self.now = replace(self.now, family=(code[2:],))
        elif code == "r" or code[1:] in self.script.styles:
            self.now = replace(self._run(self._style(code[1:] or self.event.style)), at=self.now.at)
        else:
            return False
        return True

    def _motion(self, code: str) -> bool:
        """Says whether a code tells when or where, and keeps it."""
        if found := _KARAOKE.fullmatch(code):
            self.now = replace(self.now, at=Fraction(int(self.event.start), 1000) + self.said)
            self.said += Fraction(int(found[1]), 100)
        elif found := _ALIGN.fullmatch(code):
            self.key = int(found[1]) if code.startswith("an") else OLD_KEYPAD.get(int(found[1]), 2)
        elif found := _POINT.fullmatch(code):
            if found[1] == "move":
                self.lost.append(f"{self.place}: {{\\{code[:40]}}}")
            if found[2].count(".") <= 1 and found[3].count(".") <= 1:
                across, down = self._screen()
                self.point = (
                    Fraction(found[2].strip(".") or 0) / across,
                    Fraction(found[3].strip(".") or 0) / down,
                )
        elif re.fullmatch(r"p\d{1,3}", code):
            self.drawing = int(code[1:]) > 0
        else:
            return False
        return True

    def _box(self, style: pysubs2.SSAStyle) -> tuple[Align, CaptionBox | None]:
        if self.point is not None:
            return place_on_point(self.key, *self.point)
        across, down = self._screen()
        own = self.event.marginl, self.event.marginr, self.event.marginv
        margins = [mine or theirs for mine, theirs in zip(own, self._margins(style), strict=True)]
        shares = [Fraction(int(each), down if i == 2 else across) for i, each in enumerate(margins)]
        if self.key == 2 and all(0 <= each <= Fraction(1, 20) for each in shares):
            return place_on_keypad(2)  # at the very edge, as scripts say that say nothing
        return place_in_margins(self.key, *shares)

    @staticmethod
    def _margins(style: pysubs2.SSAStyle) -> tuple[int, int, int]:
        return style.marginl, style.marginr, style.marginv


def _with(run: CaptionRun, style: str, *, on: bool) -> CaptionRun:
    if style == "bold":
        return replace(run, bold=on)
    return replace(run, italic=on) if style == "italic" else replace(run, underline=on)


def _shown(colour: pysubs2.Color) -> str:
    """Returns a colour; its alpha is 0 where it is opaque there."""
    return hex_colour(colour.r, colour.g, colour.b, 255 - colour.a)


def _plain(colour: pysubs2.Color) -> str:
    return _named(_shown(colour))


def _named(colour: str) -> str:
    """Returns "" for white, which every script says."""
    return "" if colour == "#ffffff" else colour
