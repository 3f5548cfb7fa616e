"""Defines what is declared of a film (Action), what is found in a file (Finding, Ruling), and what is seen in its
picture (SeenLabel, LabelSight)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from post.values.time import Span

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
HUMAN_EDITS = IPTC + "humanEdits"
ENHANCED = IPTC + "algorithmicallyEnhanced"
ALGORITHMIC = IPTC + "algorithmicMedia"
GENERATED = IPTC + "trainedAlgorithmicMedia"
COMPOSITE_WITH_GENERATED = IPTC + "compositeWithTrainedAlgorithmicMedia"
COMPOSITE = IPTC + "composite"
COMPOSITE_CAPTURE = IPTC + "compositeCapture"
DIGITAL_CREATION = IPTC + "digitalCreation"

Plain = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Action:
    """One thing done to the film, in C2PA's terms.

    name: a `c2pa.*` action; source_type: an IPTC digital source type URI, or "" if the action
    carries none; where: the film's frames that it was done to, None for all; parameters: knobs by dotted
    name; ingredients: sha256 of the files that it brings in.
    """

    name: str
    source_type: str = ""
    where: Span | None = None
    parameters: tuple[tuple[str, Plain], ...] = ()
    description: str = ""
    ingredients: tuple[str, ...] = ()


Kind = Literal["integrity", "signer", "time", "chain", "conformance", "unhashed", "ai", "policy", "media"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a file. code: a stable dotted name (a C2PA status code if there is one);
    where: a box, manifest or time; why: one sentence."""

    code: str
    kind: Kind
    where: str
    why: str


Verdict = Literal["pass", "fail", "warn", "needs_human", "not_applicable", "cannot_check", "waived"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """The result of one policy rule. origin: who fixed the threshold (law, code, platform, house...)."""

    id: str
    verdict: Verdict
    measured: str = ""
    threshold: str = ""
    origin: str = ""
    evidence: str = ""


Stretch = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class SeenLabel:
    """One label text that stands in the picture.

    stretches: the seconds in which it is seen, (start, end), in order; box: left, top, right, bottom in pixels of the
    upright frame; height_percent: of a capital, in percent of the frame's shorter side; contrast: the least of the
    type to its surroundings, 1..21 (WCAG 2.2, of luma); score: how much the letters look like the text, 0..1; frame:
    one that shows it well; declared: whether the manifest declares a label of this text; alone: whether no other word
    stands beside it on its line, as in a sentence that has these words in it.
    """

    text: str
    stretches: tuple[Stretch, ...]
    box: tuple[int, int, int, int]
    height_percent: float
    contrast: float
    score: float
    frame: int
    declared: bool = False
    alone: bool = True

    @property
    def first(self) -> Fraction:
        """The seconds at which it is first seen."""
        return self.stretches[0][0]

    @property
    def dwell(self) -> Fraction:
        """The seconds of its longest unbroken stretch."""
        return max(end - start for start, end in self.stretches)

    @property
    def gaps(self) -> tuple[Stretch, ...]:
        """The seconds between its stretches, in which it is not seen."""
        return tuple((before[1], after[0]) for before, after in pairwise(self.stretches))


@dataclass(frozen=True, slots=True)
class LabelSight:
    """What a search for labels came to.

    seen: the labels, longest first; texts: those that were searched for; undrawn: those that could not be, as no
    font at hand has their letters; step: the seconds between the frames that were looked at; frames: how many they
    were; length: the seconds of the film; fault: why the picture could not be searched, "" where it was.
    """

    seen: tuple[SeenLabel, ...] = ()
    texts: tuple[str, ...] = ()
    undrawn: tuple[str, ...] = ()
    step: Fraction = Fraction(0)
    frames: int = 0
    length: Fraction = Fraction(0)
    fault: str = ""
