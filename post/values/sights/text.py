"""What text a film shows on screen (SeenText, TextSight)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from post.values.claim import Stretch
from post.values.sights.seen import SeenInStretches


@dataclass(frozen=True, slots=True)
class SeenText(SeenInStretches):
    """One line of text on screen.

    text: as it was read, "" where type stands and cannot be read; stretches: the seconds in which it is seen,
    (start, end), in order; box: left, top, right, bottom in pixels of the upright frame; height_percent: of the
    line, in percent of the frame's shorter side; confidence: mean of its characters, 0..1; digits: of the least
    certain digit, 1 where it has none; script: of most of its letters (Unicode's name, "Latin"), "" where it has
    none; words: the share of its letters that stand in what looks like words of a language, 0..1; frame: one that
    shows it well.
    """

    text: str
    stretches: tuple[Stretch, ...]
    box: tuple[int, int, int, int]
    height_percent: float
    confidence: float
    digits: float
    script: str
    words: float
    frame: int


@dataclass(frozen=True, slots=True)
class TextSight:
    """What reading a film came to.

    seen: the lines that were read, by time and place; unread: places where type stands that could not be read;
    scripts: those that the reader knows; frames: how many frames were read; step: the seconds between them: what
    is shown for less may be missed; length: the seconds of the film; shorter: pixels of the shorter side of its
    frame; fault: why nothing was read, "" where it was.
    """

    seen: tuple[SeenText, ...] = ()
    unread: tuple[SeenText, ...] = ()
    scripts: tuple[str, ...] = ()
    frames: int = 0
    step: Fraction = Fraction(0)
    length: Fraction = Fraction(0)
    fault: str = ""
