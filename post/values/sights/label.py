"""Defines what is seen of AI labels in the picture of a film."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from post.values.claim import Box, Stretch
from post.values.sights.seen import SeenInStretches


@dataclass(frozen=True, slots=True)
class SeenLabel(SeenInStretches):
    """One label text that stands in the picture.

    stretches: the seconds in which it is seen, (start, end), in order; box: left, top, right, bottom in pixels of the
    upright frame; height_percent: of a capital, in percent of the frame's shorter side; contrast: the least of the
    type to its surroundings, 1..21 (WCAG 2.2, of luma); score: how much the letters look like the text, 0..1; frame:
    one that shows it well; declared: whether the manifest declares a label of this text; alone: whether no other word
    stands beside it on its line, as in a sentence that has these words in it; character_percent: the height of its Han,
    kana or Hangul characters, of the shorter side, None where it has none; places: boxes of all the places that it
    stood in, as far as it moved in each.
    """

    text: str
    stretches: tuple[Stretch, ...]
    box: Box
    height_percent: float
    contrast: float
    score: float
    frame: int
    declared: bool = False
    alone: bool = True
    character_percent: float | None = None
    places: tuple[Box, ...] = ()

    @property
    def text_percent(self) -> float:
        """The height of its characters: of the square ones of East Asia, else of a capital."""
        return self.height_percent if self.character_percent is None else self.character_percent

    @property
    def all_places(self) -> tuple[Box, ...]:
        """The boxes of every place that it stood in: at least one."""
        return self.places or (self.box,)

    @property
    def gaps(self) -> tuple[Stretch, ...]:
        """The seconds between its stretches, in which it is not seen."""
        return tuple((before[1], after[0]) for before, after in pairwise(self.stretches))

    def plain(self) -> dict[str, Any]:
        """Returns the label as JSON values."""
        return {
            "text": self.text,
            "first_s": float(self.first),
            "dwell_s": float(self.dwell),
            "stretches": [_span(each) for each in self.stretches],
            "gaps": [_span(each) for each in self.gaps],
            "height_percent": self.height_percent,
            "character_percent": self.character_percent,
            "box": list(self.box),
            "places": [list(each) for each in self.all_places],
            "contrast": self.contrast,
            "score": self.score,
            "frame": self.frame,
            "declared": self.declared,
            "alone": self.alone,
        }


@dataclass(frozen=True, slots=True)
class LabelSight:
    """What a search for labels came to.

    seen: the labels, longest first; texts: those that were searched for; undrawn: those that could not be, as no
    font at hand has their letters; step: the most seconds between two frames that were looked at; frames: how many
    they were; length: the seconds of the film; width, height: of the upright frame, in pixels; fault: why the picture
    could not be searched, "" where it was.
    """

    seen: tuple[SeenLabel, ...] = ()
    texts: tuple[str, ...] = ()
    undrawn: tuple[str, ...] = ()
    step: Fraction = Fraction(0)
    frames: int = 0
    length: Fraction = Fraction(0)
    fault: str = ""
    width: int = 0
    height: int = 0


def _span(stretch: Stretch) -> dict[str, float]:
    return {"from_s": float(stretch[0]), "to_s": float(stretch[1])}
