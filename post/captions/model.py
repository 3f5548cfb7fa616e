"""Defines captions: what is said, when, and how it is written, whatever file it came from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

# The end of a caption that its file never takes off: the last time that every format can write.
ENDLESS = Fraction(359_999_999, 1000)
Align = Literal["start", "center", "end", "left", "right"]
Writing = Literal["horizontal", "vertical-rl", "vertical-lr"]
Against = Literal["top", "middle", "bottom"]


@dataclass(frozen=True, slots=True)
class CaptionRun:
    """Text of one style. A line break is "\\n" in it.

    at: seconds from the file's start at which it is said, where the file times words; None where it does not.
    colour, background: #rrggbb or #rrggbbaa, "" where the file says none; ruby: the text set small beside it;
    language: BCP 47, and speaker: who says it; "" for the caption's own. size: of its letters, a share of the frame's
    height, 0 where the file leaves it to the player; family: names of fonts, and generic ones as TTML has them.
    """

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = ""
    background: str = ""
    at: Fraction | None = None
    ruby: str = ""
    language: str = ""
    speaker: str = ""
    size: Fraction = Fraction(0)
    family: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaptionBox:
    """Where a caption stands: shares of the frame, 0..1, from its left and its top.

    against: the side of the box that its lines lie against. In vertical writing "top" is the side of the first line.
    inset: shares of the frame at its left, top, right and bottom in which no text stands; background: #rrggbb or
    #rrggbbaa behind the whole box, "" for none.
    """

    left: Fraction
    top: Fraction
    width: Fraction
    height: Fraction
    against: Against = "bottom"
    inset: tuple[Fraction, Fraction, Fraction, Fraction] = (Fraction(0),) * 4
    background: str = ""


@dataclass(frozen=True, slots=True)
class Caption:
    """One caption. span: seconds from the start of its file, half open; where: "file:line".

    box: None where the file leaves its place to the player; speaker: who says it, "" where that is not said.
    stop: ENDLESS where the file never ends it. runs: none where only the background of its box is shown. background:
    #rrggbb or #rrggbbaa behind all its lines over the width of the box; line: from one line to the next, a share of the
    frame's height, 0 for the player's own;
    direction: of its paragraph, "" where its text shows it.
    """

    start: Fraction
    stop: Fraction
    runs: tuple[CaptionRun, ...]
    where: str
    align: Align = "center"
    writing: Writing = "horizontal"
    box: CaptionBox | None = None
    speaker: str = ""
    id: str = ""
    background: str = ""
    line: Fraction = Fraction(0)
    direction: Literal["", "ltr", "rtl"] = ""

    @property
    def text(self) -> str:
        """Returns what it says, without style."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class CaptionTrack:
    """All captions of one file, in order of time. language: BCP 47, "" where the file does not say.

    lost: what of the file this model does not hold, in words, each once.
    """

    captions: tuple[Caption, ...]
    language: str = ""
    lost: tuple[str, ...] = ()
